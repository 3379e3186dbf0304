import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ClassTarget } from '../../src/datasets/dataset.ts';
import { noOrYes } from '../../src/datasets/several-labels.ts';
import { losses } from '../../src/training/losses.ts';
import type { ClassPredictions } from '../../src/training/metric-row.ts';
import { measure } from '../../src/training/metrics.ts';
import { lossMisfit } from '../../src/training/output.ts';

interface Judged {
  readonly labels: number;
  readonly actual: readonly number[];
  readonly ranks: readonly number[];
  readonly said: Readonly<Record<string, number>>;
}

const judged = JSON.parse(readFileSync(new URL('several-labels.json', import.meta.url), 'utf8')) as readonly Judged[];

function outcomeOf({ labels, actual, ranks }: Judged): ClassPredictions {
  const [right, said] = [Uint8Array.from(actual), Uint8Array.from(ranks, (rank) => Number(rank > 0.5))];
  const confusion = [
    [0, 0],
    [0, 0],
  ];
  right.forEach((mark, i) => confusion[mark]![said[i]!]!++);
  return {
    kind: 'class',
    classes: noOrYes,
    confusion,
    labels: right,
    probabilities: new Float32Array(),
    ranks: Float32Array.from(ranks.flatMap((rank) => [-rank, rank])),
    several: { labels: Array.from({ length: labels }, (_, k) => `l${k}`), actual: right, predicted: said },
  };
}

test.each(judged)('metrics of $labels labels at once are those of scikit-learn', (one) => {
  const told = Object.keys(one.said).map((name) => {
    const [type, more] = name.split('_') as [string, string?];
    const options = more === undefined ? {} : { [more.startsWith('l') ? 'of' : 'mean']: more };
    return Object.entries(measure({ type, options }, outcomeOf(one)))[0]!;
  });
  expect(told.map(([name]) => name)).toEqual(Object.keys(one.said));
  for (const [name, value] of told) expect(value, name).toBeCloseTo(one.said[name]!, 9);
});

test('what needs one class of each sample does not measure them, nor the other way round', () => {
  const several = outcomeOf(judged[2]!);
  for (const type of ['balancedAccuracy', 'meanIoU', 'cohenKappa', 'perplexity'])
    expect(measure({ type, options: {} }, several)).toEqual({});
  const { several: _, ...single } = several;
  expect(measure({ type: 'subsetAccuracy', options: {} }, single)).toEqual({});
});

const target: ClassTarget = {
  kind: 'class',
  name: 'tags',
  classes: noOrYes,
  shape: [3],
  several: { labels: ['red', 'round', 'far'] },
};
const output = { layer: 'out', shape: [3], values: { low: 0, high: 1, by: 'sigmoid' } };

test.each([
  ['binaryCrossentropy', output, undefined],
  ['sigmoidCrossEntropy', { ...output, values: { low: -Infinity, high: Infinity } }, undefined],
  ['softmaxCrossEntropy', output, 'softmaxCrossEntropy takes one class of each sample, but `tags` is several of 3'],
  ['binaryCrossentropy', { ...output, shape: [4] }, '`out` gives 4 values per sample, but `tags` has 3 labels'],
  ['binaryCrossentropy', { ...output, shape: [2, 3] }, '`out` gives 2 x 3 per sample, but `tags` has 3 labels'],
  [
    'binaryCrossentropy',
    { ...output, values: { low: 0, high: 1, by: 'softmax', distribution: true as const } },
    '`out` is a softmax, whose values add up to 1',
  ],
  ['sigmoidCrossEntropy', output, 'sigmoidCrossEntropy takes logits'],
])('%s of %o', (loss, facts, problem) => {
  const misfit = lossMisfit(loss, losses[loss as keyof typeof losses], target, facts);
  if (problem === undefined) expect(misfit).toBeUndefined();
  else expect(misfit!.problem).toContain(problem);
});
