import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeNpz } from '../../src/models/formats/npz.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const arrays = (count: number, from: number) => [
  {
    name: 'x',
    dtype: 'float32' as const,
    shape: [count, 2],
    values: Float32Array.from({ length: 2 * count }, (_, i) => from + ((i * 7) % 11) / 11),
  },
  {
    name: 'y',
    dtype: 'int32' as const,
    shape: [count],
    values: Int32Array.from({ length: count }, (_, i) => i % 2),
  },
];

const rows = (count: number, from: number) =>
  Array.from({ length: count }, (_, i) => `${from + ((i * 7) % 11)},${['red', 'blue'][i % 2]},${i % 3}`).join('\n');

beforeAll(() => {
  rig.write('a.npz', writeNpz(arrays(30, 0)));
  rig.write('b.npz', writeNpz(arrays(90, 1)));
  rig.write('a.csv', `size,colour,y\n${rows(30, 0)}\n`);
  rig.write('b.csv', `size,colour,y\n${rows(90, 5)}\n`);
  for (const [name, source] of Object.entries({
    npz: '{ npz: { file: [a.npz, b.npz], targets: { y: fromData } } }',
    csv:
      '{ csv: { file: [a.csv, b.csv], targets: { y: fromData }, ' +
      'prepare: { texts: oneHot, numbers: standardize } } }',
  }))
    rig.write(
      `${name}.yaml`,
      `name: ${name}
data: { source: ${source}, split: { validation: 0.2 } }
model: { layers: [dense 4 relu, dropout 0.2, dense ${name === 'npz' ? 2 : 3}] }
train:
  optimizer: adam(0.05)
  loss: softmaxCrossEntropy
  batchSize: 7
  epochs: 4
  sampling: { a.${name}: 0.7, b.${name}: 0.3 }
  checkpoint: { everySteps: 3 }
visualize: { figures: [] }
`,
    );
});

test('a run that was killed goes on with the rows that it would have taken', async () => {
  const { code, stdout, stderr } = await rig.run(['verify-resume', 'csv.yaml']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/\nthe same to the bit: [0-9a-f]{64}\n$/);
}, 120_000);

test('a resolved file is the same run, and its model is measured and packed', async () => {
  const first = await rig.run(['run', 'npz.yaml', '--json']);
  expect(first.code, first.stderr).toBe(0);
  const { stdout: resolved } = await rig.run(['plan', 'npz.yaml', '--resolved']);
  rig.write('resolved.yaml', resolved);
  const again = await rig.run(['run', 'resolved.yaml', '--json']);
  expect(again.code, again.stderr).toBe(0);
  expect(again.stdout.match(/"stage-skipped"/g)?.length).toBeGreaterThan(1);
  const measured = await rig.run(['evaluate', 'last', '--data', 'a.npz']);
  expect(measured.code, measured.stderr).toBe(0);
  const packed = await rig.run(['package', 'last', '--out', 'packed']);
  expect(packed.code, packed.stderr).toBe(0);
}, 120_000);
