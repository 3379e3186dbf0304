import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkFile } from '../../src/plan/check-pipeline.ts';
import { Rig } from '../rig.ts';

test.each([
  ['resnet8', 1],
  ['resnet20', 3],
])('bench/pipelines/%s.yaml has the weights of the net of He et al. 2016', async (name, blocks) => {
  const rig = new Rig();
  try {
    for (const part of ['train', 't10k']) {
      // A hundred images of 32 x 32 x 3, of which the plan reads the sizes alone, and their labels.
      rig.write(
        `bench/pipelines/data/random32/${part}-images-idx3-ubyte`,
        new Uint8Array([
          0,
          0,
          8,
          4,
          0,
          0,
          0,
          100,
          0,
          0,
          0,
          32,
          0,
          0,
          0,
          32,
          0,
          0,
          0,
          3,
          ...Array.from({ length: 100 * 32 * 32 * 3 }, () => 0),
        ]),
      );
      rig.write(
        `bench/pipelines/data/random32/${part}-labels-idx1-ubyte`,
        new Uint8Array([0, 0, 8, 1, 0, 0, 0, 100, ...Array.from({ length: 100 }, (_, i) => i % 10)]),
      );
    }
    for (const file of ['pipelines/resnet20.yaml', 'bench/pipelines/resnet20.yaml', 'bench/pipelines/resnet8.yaml'])
      rig.write(file, readFileSync(new URL(`../../${file}`, import.meta.url)));
    const { layers, parameters } = (await checkFile(join(rig.folder, `bench/pipelines/${name}.yaml`))).plan;
    // By hand: the stem and the classifier, blocks of one width, and the two that widen and have a projection.
    const norm = (channels: number) => 4 * channels;
    const conv = (size: number, from: number, to: number) => size * size * from * to;
    const plain = (width: number) => 2 * (conv(3, width, width) + norm(width));
    const widening = (width: number) =>
      conv(3, width / 2, width) + conv(3, width, width) + conv(1, width / 2, width) + 3 * norm(width);
    const expected =
      conv(3, 3, 16) +
      norm(16) +
      blocks * plain(16) +
      widening(32) +
      widening(64) +
      (blocks - 1) * (plain(32) + plain(64)) +
      65 * 10;
    expect(parameters.trainable + parameters.nonTrainable).toBe(expected);
    expect(layers.at(-1)!.outputShape).toEqual([10]);
  } finally {
    rig.remove();
  }
});
