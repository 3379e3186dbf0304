import { encode } from 'fast-png';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const picture = (path: string, value: number) =>
  rig.write(
    path,
    encode({ width: 4, height: 4, channels: 1, data: Uint8Array.from({ length: 16 }, (_, i) => value + (i % 5)) }),
  );

beforeAll(() => {
  for (let i = 0; i < 10; i++) picture(`own/${['cat', 'dog'][i % 2]}/${i}.png`, (i % 2) * 150 + i);
  for (let i = 0; i < 40; i++) picture(`public/${['cat', 'dog'][i % 2]}/${i}.png`, (i % 2) * 150 + 20 + i);
  rig.write(
    'photos.yaml',
    `name: photos
seed: 1
data:
  source: { images: { folder: [own, public], standardize: perChannel } }
  split: { validation: 0.2 }
model: { layers: [flatten, dense 2] }
train:
  optimizer: adam(0.05)
  loss: softmaxCrossEntropy
  batchSize: 8
  epochs: 2
  sampling: { own: 0.5, public: 0.5 }
  augment: [shift(1)]
visualize: { figures: [] }
`,
  );
});

test('own pictures and public ones are learnt from by their shares, and the model is asked as any', async () => {
  const { stdout: told } = await rig.run(['data', 'photos.yaml']);
  expect(told).toMatch(
    /^samples {3}32 training, 8 validation, 10 test\nsources {3}2\n +training {2}validation {2}test\n +own +\d/m,
  );
  const first = await rig.run(['run', 'photos.yaml', '--json']);
  expect(first.code, first.stderr + first.stdout).toBe(0);
  expect(first.stdout).toMatch(/trained on \d+ of own, \d+ of public/);
  const other = await rig.run(['status', 'photos.yaml', '--set', 'train.sampling.own=2']);
  expect(other.stdout).toMatch(/^load +fresh.*\ntrain +runs +train.sampling.own: 0.5 -> 2\n/);
  const evaluated = await rig.run(['evaluate', 'last', '--data', 'own', '--json']);
  expect(evaluated.code, evaluated.stderr).toBe(0);
  picture('own/cat/0.png', 77);
  const changed = await rig.run(['status', 'photos.yaml']);
  expect(changed.stdout).toMatch(/^load +runs .*own\/cat\/0.png/);
  const { stdout: predicted, code } = await rig.run(['predict', 'last', 'public/dog/1.png']);
  expect(code).toBe(0);
  expect(predicted).toContain('dog');
}, 240_000);
