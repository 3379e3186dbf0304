import { expect, test } from 'vitest';
import { lastEpoch } from '../../src/sweeps/last-epoch.ts';

const line = (epoch: number, metrics: unknown) =>
  `${JSON.stringify({ type: 'epoch-finished', epoch, epochs: 9, metrics, samplesPerSecond: 1, seconds: 1 })}\n`;
const training = `${JSON.stringify({ type: 'training-progress', epoch: 3, batch: 1 })}\n`;

test('the last epoch that a job printed is found among whatever else is there', () => {
  const before = '1,"accuracy":1}}\nsetting up Layerline on n1\n';
  const printed = `${before}${line(1, { val_loss: 0.5 })}${training}${line(2, { val_loss: 0.25 })}`;
  const last = { epoch: 2, score: 0.25 };
  expect(lastEpoch(`${printed}${training}`, 'val_loss')).toEqual(last);
  // Still being written, cut by others' lines, or of another form.
  expect(lastEpoch(`${printed}${line(3, { val_loss: 0.1 }).trim()}`, 'val_loss')).toEqual(last);
  expect(lastEpoch(`${printed}"epoch-finished"\n{"type":"epoch-finished"}\n`, 'val_loss')).toEqual(last);
  expect(lastEpoch(`${printed}${line(3, { val_loss: 'low' })}${line(4, [])}`, 'val_loss')).toEqual(last);
  // JSON has no other word for what is no number.
  for (const metrics of [{ val_loss: Number.NaN }, {}])
    expect(lastEpoch(`${printed}${line(3, metrics)}`, 'val_loss')).toEqual({ epoch: 3, score: Number.NaN });
});

test('where a job printed no epoch, or not all of one, there is none', () => {
  for (const printed of [
    '',
    '\n',
    'error worker-without-room: x\n',
    training,
    line(1, {}).trim(),
    '"epoch-finished"\n',
  ])
    expect(lastEpoch(printed, 'val_loss')).toBeUndefined();
});
