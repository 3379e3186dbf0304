import { afterAll, expect, test } from 'vitest';
import { writeNpz } from '../../src/models/formats/npz.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

test('a run on packed samples that is killed in mid-epoch goes on to the same bits', async () => {
  const count = 90;
  const x = Float32Array.from({ length: 64 * count }, (_, k) => ((k * 37) % 101) / 50 - 1);
  const y = Int32Array.from({ length: count }, (_, k) => k % 3);
  rig.write(
    'a.npz',
    writeNpz([
      { name: 'x', shape: [count, 64], values: x, dtype: 'float32' },
      { name: 'y', shape: [count], values: y, dtype: 'int32' },
    ]),
  );
  rig.write(
    'a.yaml',
    'name: a\nseed: 1\ndata: { memory: 20KB, source: { npz: { file: a.npz } }, split: { validation: 0.2 } }\n' +
      'model: { layers: [dense 8 relu, dense 3] }\n' +
      'train: { loss: softmaxCrossEntropy, optimizer: adam, epochs: 2, batchSize: 8 }\nvisualize: { figures: [] }\n',
  );
  const { code, stdout, stderr } = await rig.run(['verify-resume', 'a.yaml']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('the same to the bit');
});
