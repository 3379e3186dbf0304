import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeNpz } from '../../src/models/formats/npz.ts';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const part = (name: string, count: number) => [
  {
    name: `x_${name}`,
    dtype: 'float32' as const,
    shape: [count, 2],
    values: Float32Array.from({ length: 2 * count }, (_, i) => (Math.floor(i / 2) % 2) * 4 + ((i * 7) % 5) / 5),
  },
  {
    name: `y_${name}`,
    dtype: 'int32' as const,
    shape: [count],
    values: Int32Array.from({ length: count }, (_, i) => i % 2),
  },
];

beforeAll(() => {
  rig.write('set.npz', writeNpz([...part('train', 60), ...part('test', 20)]));
  rig.write(
    'set.yaml',
    `name: set
seed: 1
data: { source: { npz: { file: set.npz, targets: { y: [low, high] } } }, split: { validation: 0.2 } }
model: { layers: [dense 4 relu, dense 2] }
train: { optimizer: adam(0.05), loss: softmaxCrossEntropy, batchSize: 10, epochs: 4 }
visualize: { figures: [] }
`,
  );
});

test('arrays are learnt from, predicted, and measured again with the same score', async () => {
  const ran = await rig.run(['run', 'set.yaml']);
  expect(ran.code, ran.stderr).toBe(0);
  const predicted = await rig.run(['predict', 'last', 'set.npz']);
  expect(predicted.code, predicted.stderr).toBe(0);
  const rows = eventsOf(predicted.stdout);
  expect(rows).toHaveLength(20);
  expect(rows.map(({ predicted: said }) => (said as { y: string }).y).slice(0, 4)).toEqual([
    'low',
    'high',
    'low',
    'high',
  ]);
  const evaluated = await rig.run(['evaluate', 'last', '--data', 'set.npz']);
  expect(evaluated.code, evaluated.stderr).toBe(0);
  const wrong = await rig.run(['validate', 'set.yaml', '--set', 'data.source.npz.inputs=[z]']);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('set.npz has no array `z`');
  const part = (label: number) => [
    { name: 'x', dtype: 'float32' as const, shape: [9, 2], values: new Float32Array(18) },
    {
      name: 'y',
      dtype: 'int32' as const,
      shape: [9],
      values: Int32Array.from({ length: 9 }, (_, i) => (i < 2 ? i : label + (i % 2))),
    },
  ];
  rig.write('strange.npz', writeNpz(part(2)));
  const strange = await rig.run(['predict', 'last', 'strange.npz']);
  expect(eventsOf(strange.stdout)).toHaveLength(9);
  expect(strange.stderr.match(/error unknown-label.*/g)).toEqual([
    "error unknown-label: `y` of strange.npz, index 2: y is '2', a label that training did not have; " +
      'the same of 3 more (index 4, index 6, index 8)',
    "error unknown-label: `y` of strange.npz, index 3: y is '3', a label that training did not have; " +
      'the same of 2 more (index 5, index 7)',
  ]);
  expect(strange.stderr).toContain('The classes are low, high. Numbers stand for them from 0 on');
  expect(strange.stderr).toContain('The row is predicted, and left out of what is measured.');
  const unmeasured = await rig.run(['evaluate', 'last', '--data', 'strange.npz']);
  expect([unmeasured.code, unmeasured.stdout]).toEqual([1, '']);
  expect(unmeasured.stderr).toContain('Correct what is said of it, or leave the row out.');
  expect(unmeasured.stderr).not.toContain('Name every class');
});
