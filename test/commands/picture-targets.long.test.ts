import { encode } from 'fast-png';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
const count = 120;
const light = (k: number) => 20 + ((k * 37) % 101) * 2;
const tagsOf = (k: number) => ['light', 'odd'].filter((_, tag) => [light(k) > 120, k % 2 === 1][tag]);

beforeAll(() => {
  const lines: string[] = [];
  for (let k = 0; k < count; k++) {
    const data = Uint8Array.from({ length: 16 }, (_, at) => light(k) + (at < 8 && k % 2 === 1 ? 30 : 0));
    rig.write(`pictures/${k}.png`, encode({ width: 4, height: 4, channels: 1, data }));
    lines.push(`${k}.png,${tagsOf(k).join('|')},${4200 + 10 * light(k)}\n`);
  }
  rig.write('pictures/all.csv', `file,tags,rent\n${lines.join('')}`);
  rig.write('pictures/some.csv', `file,tags,rent\n${lines.slice(0, 3).join('')}`);
  rig.write(
    'a.yaml',
    `name: rooms
seed: 1
data:
  source:
    images: { table: pictures/all.csv, targets: { tags: { labels: fromData, separator: '|' }, rent: number } }
model:
  layers:
    - flatten
    - { dense: 16 relu, name: h }
    - { dense: 2 sigmoid, name: tags, from: h }
    - { dense: 1, name: rent, from: h }
train:
  outputs: { tags: { loss: binaryCrossentropy }, rent: { loss: meanSquaredError } }
  optimizer: adam 0.02
  epochs: 30
  batchSize: 16
`,
  );
});
afterAll(() => rig.remove());

test('labels and numbers of pictures are learnt, told in their own unit, and measured again', async () => {
  const ran = await rig.run(['run', 'a.yaml', '--json']);
  expect(ran.code, ran.stderr).toBe(0);
  const { metrics } = eventsOf(ran.stdout).at(-1) as { metrics: Record<string, number> };
  expect(metrics['test_tags_accuracy']).toBeGreaterThan(0.8);
  // Rents are 4400 to 6400; the loss is of standardized ones.
  expect(metrics['test_rent_meanAbsoluteError']).toBeGreaterThan(1);
  expect(metrics['test_rent_meanAbsoluteError']).toBeLessThan(250);
  expect(metrics['test_rent_loss']).toBeLessThan(0.2);
  const predicted = await rig.run(['predict', 'last', 'pictures/some.csv']);
  expect(predicted.code, predicted.stderr).toBe(0);
  const rows = eventsOf(predicted.stdout);
  expect(rows.map(({ actual }) => actual)).toEqual(
    [0, 1, 2].map((k) => ({ tags: tagsOf(k), rent: 4200 + 10 * light(k) })),
  );
  rows.forEach(({ predicted: said }, k) =>
    expect(Math.abs((said as { rent: number }).rent - 4200 - 10 * light(k))).toBeLessThan(600),
  );
  const evaluated = await rig.run(['evaluate', 'last', '--data', 'pictures/all.csv']);
  expect(evaluated.code, evaluated.stderr).toBe(0);
  expect(evaluated.stdout + evaluated.stderr).toContain('test_tags_subsetAccuracy');
  const looked = await rig.run(['data', 'a.yaml', '--json']);
  expect(looked.code, looked.stderr).toBe(0);
});
