import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunEvent } from '../../src/base/events.ts';
import { Rig, digitsPipeline } from '../rig.ts';
import { runHere } from './run-file.ts';

const rig = new Rig();
beforeAll(() => rig.writeDigits(310, 70));
afterAll(() => rig.remove());

/** 210 training images: a partial last batch. With dropout, and all that is random. */
const text = digitsPipeline({
  epochs: 2,
  layers: '[conv 3x3x4 same, batchnorm, relu, maxpool 2x2, flatten, dropout 0.3, dense 10]',
});

/** The weights and losses of a run of a text. */
async function train(pipeline: string) {
  const history: Readonly<Record<string, number>>[] = [];
  const outcome = await runHere(rig, pipeline, (event: RunEvent) => {
    if (event.type === 'epoch-finished') history.push(event.metrics);
  });
  const { status, step, weightsSha256, metrics } = outcome;
  expect(status).toBe('FINISHED');
  return { step, weightsSha256, metrics, history };
}

test('one file gives the same weights, losses and test results, to the bit; another seed gives others', async () => {
  const first = await train(text);
  expect(first.step).toBe('compiled');
  expect(first.weightsSha256).toMatch(/^[0-9a-f]{64}$/);
  expect(await train(text)).toEqual(first);
  expect((await train(text.replace('seed: 7', 'seed: 8'))).weightsSha256).not.toBe(first.weightsSha256);
});

test('an eager run is the same each time too, and learns what the compiled one does', async () => {
  const eager = await train(`${text}  step: eager\n`);
  expect(eager.step).toBe('eager (as the file asks)');
  expect(await train(`${text}  step: eager\n`)).toEqual(eager);
  const compiled = await train(text);
  compiled.history.forEach((metrics, epoch) => {
    // Adam and batch normalization amplify rounding from step to step; 8 steps in all.
    for (const name of ['loss', 'val_loss']) expect(metrics[name]! / eager.history[epoch]![name]!).toBeCloseTo(1, 3);
  });
  expect(Object.keys(compiled.metrics)).toEqual(Object.keys(eager.metrics));
});

test('each layer of dropout has masks of its own, by its name', async () => {
  const layers = (name: string) => `[flatten, { dropout: { rate: 0.5 }, name: ${name} }, dense 10]`;
  const run = (name: string) => train(digitsPipeline({ epochs: 1, layers: layers(name) }));
  expect((await run('a')).weightsSha256).not.toBe((await run('b')).weightsSha256);
});
