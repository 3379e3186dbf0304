import { beforeAll, describe, expect, inject, test } from 'vitest';
import type { Predictions } from '../../src/training/metric-row.ts';
import type { Chosen } from '../../src/base/row.ts';
import { nativeTf, numbers } from '../engine/graph/rig.ts';
import { lossRow } from '../../src/training/losses.ts';
import { measure, metrics } from '../../src/training/metrics.ts';
import { predictions } from '../../src/training/output.ts';
import { type Answer, answered, judge, toWire } from './judge.ts';

const tf = await nativeTf();
const names = ['a', 'b', 'c', 'd', 'e'];

/** A model that ends so, and what is true. */
interface Case {
  readonly title: string;
  readonly loss: string;
  /** [samples, units] */
  readonly output: Float32Array;
  readonly units: number;
  /** Left out: numbers. */
  readonly classes?: number;
  readonly actual: Float32Array;
}

const drawn = (count: number, below: number, seed: number) =>
  numbers(count, seed).map((value) => Math.floor(((value + 1) / 2) * below));

/**
 * What becomes of outputs and labels that are random at first; a class is there or not, outputs are far apart, or
 * equal.
 */
const shapes: Readonly<
  Record<string, (output: Float32Array, actual: Float32Array, classes: number) => readonly [Float32Array, Float32Array]>
> = {
  random: (output, actual) => [output, actual],
  'last class absent from the truth': (output, actual, classes) => [
    output,
    actual.map((label) => label % (classes - 1)),
  ],
  'last class absent from truth and predictions': (output, actual, classes) => [
    withoutLast(output, classes),
    actual.map((label) => label % (classes - 1)),
  ],
  'first class alone': (output, actual) => [output, actual.fill(0)],
  'last class alone': (output, actual, classes) => [output, actual.fill(classes - 1)],
  'first class alone, and nothing else predicted': (output, actual, classes) => [
    output.length === actual.length ? output.fill(-1) : output.map((_, i) => Number(i % classes === 0)),
    actual.fill(0),
  ],
  'equal outputs of one sample': (output, actual) => [output.map(Math.round), actual],
  'equal outputs of many samples': (output, actual) => [
    output.map((_, i) => output[i % (7 * (output.length / actual.length))]!),
    actual,
  ],
  'all outputs equal': (output, actual) => [output.fill(0.25), actual],
  'sure of it, where probabilities round to 0 and 1': (output, actual) => [
    output.map((value) => 30 * value - 40),
    actual,
  ],
  'as sure of the other': (output, actual) => [output.map((value) => 30 * value + 40), actual],
  'a single sample': (output, actual) => [output.slice(0, output.length / actual.length), actual.slice(0, 1)],
};

function withoutLast(output: Float32Array, classes: number): Float32Array {
  const units = classes === 2 && output.length % 2 === 1 ? 1 : classes;
  return output.map((value, i) => (i % units === units - 1 ? -9 : value));
}

const ends: readonly Pick<Case, 'loss' | 'units' | 'classes'>[] = [
  { loss: 'softmaxCrossEntropy', units: 2, classes: 2 },
  { loss: 'softmaxCrossEntropy', units: 3, classes: 3 },
  { loss: 'focalLoss', units: 5, classes: 5 },
  { loss: 'sigmoidCrossEntropy', units: 1, classes: 2 },
  { loss: 'sigmoidCrossEntropy', units: 4, classes: 4 },
  { loss: 'meanSquaredError', units: 1, classes: 2 },
  { loss: 'meanSquaredError', units: 3, classes: 3 },
  { loss: 'hinge', units: 1, classes: 2 },
  { loss: 'categoricalHinge', units: 3, classes: 3 },
];

const SAMPLES = 41;
const classCases = ends.flatMap(({ loss, units, classes = 0 }, k) =>
  Object.entries(shapes).map(([shape, change], j): Case => {
    const [output, actual] = change(
      numbers(SAMPLES * units, 100 * k + j).map((value) => 3 * value),
      drawn(SAMPLES, classes, 100 * k + j + 50),
      classes,
    );
    return { title: `${loss}, ${units} units for ${classes} classes: ${shape}`, loss, output, units, classes, actual };
  }),
);

const truth = numbers(SAMPLES, 8).map((value) => 5 * value + 7);
const off = (size: number) => truth.map((value, i) => value + size * numbers(SAMPLES, 9)[i]!);
const numberCases = Object.entries({
  random: [off(2), truth],
  perfect: [truth, truth],
  worse: [off(60), truth],
  'all alike': [off(2), truth.map(() => 0.1)],
  'all alike and right': [truth.map(() => 0.1), truth.map(() => 0.1)],
  'a single number': [off(2).slice(0, 1), truth.slice(0, 1)],
}).map(([shape, [output, actual]]): Case => ({
  title: `numbers: ${shape}`,
  loss: 'meanSquaredError',
  output: output!,
  units: 1,
  actual: actual!,
}));

const cases = [...classCases, ...numberCases];

/**
 * Losses whose outputs are logits of classes that exclude each other; Keras' clip of probabilities is another than
 * scikit-learn's.
 */
function hasProbabilities({ loss, output, units }: Case): boolean {
  return (
    (/^(softmax|focal)/.test(loss) || (loss === 'sigmoidCrossEntropy' && units === 1)) &&
    output.every((value) => Math.abs(value) < 7)
  );
}

/** All but those of several labels at once, which are judged in training/several-labels. */
const judged = Object.fromEntries(
  Object.entries(metrics).filter(([, row]) => !('several' in row && row.several === 'only')),
);

/** Each metric that such a case can be measured by. */
function metricsOf(one: Case): readonly Chosen[] {
  const { classes } = one;
  return Object.entries(judged)
    .filter(([, row]) => row.of === (classes === undefined ? 'number' : 'class'))
    .flatMap(([type, row]): Chosen[] => {
      if ('mean' in row.options.properties)
        return [
          {},
          ...names.slice(0, classes).map((name) => ({ of: name })),
          { mean: 'macro' },
          { mean: 'weighted' },
          { mean: 'micro' },
        ].map((options) => ({ type, options }));
      if (type === 'topK')
        return Array.from({ length: classes! - 2 }, (_, i) => ({ type, options: { k: i + 2 } })).filter(
          ({ options: { k } }) => k < classes!,
        );
      // The softmax of 0, 1, 2 is that of 2, 1, 0 but for rounding, in either order of adding.
      if (type === 'auc' && /^(softmax|focal).*of one sample$/.test(one.title)) return [];
      return row.of === 'class' && 'needs' in row && row.needs === 'probabilities' && !hasProbabilities(one)
        ? []
        : [{ type, options: {} }];
    });
}

function outcomeOf({ loss, output, units, classes, actual }: Case): Predictions {
  if (classes === undefined)
    return { kind: 'number', predicted: Float64Array.from(output), actual: Float64Array.from(actual) };
  const target = { kind: 'class', name: 'k', classes: names.slice(0, classes), shape: [] } as const;
  const { predicted, probabilities, ranks } = tf.tidy(() =>
    predictions(
      tf,
      { target, loss: { row: lossRow(loss), options: {} }, weight: 1 },
      tf.tensor2d(output, [actual.length, units]),
      ['probabilities', 'ranks'],
    ),
  );
  const confusion = target.classes.map(() => target.classes.map(() => 0));
  predicted!.dataSync().forEach((label, i) => confusion[actual[i]!]![label]!++);
  return {
    kind: 'class',
    classes: target.classes,
    confusion,
    labels: Uint8Array.from(actual),
    probabilities: probabilities!.dataSync() as Float32Array,
    ranks: ranks!.dataSync() as Float32Array,
  };
}

const asked = (one: Case) => ({
  kind: 'scores',
  output: toWire(one.output, [one.actual.length, one.units]),
  actual: toWire(one.actual, [one.actual.length]),
  classes: one.classes ?? null,
  names,
  threshold: lossRow(one.loss).threshold ?? 0,
  softmax: /^(softmax|focal)/.test(one.loss),
  metrics: metricsOf(one).map(({ type, options }) => [type, options]),
});

describe.skipIf(inject('kerasMissing') !== '')('metrics as scikit-learn has them', () => {
  let answers: readonly Answer<{ readonly values: readonly (number | null)[] }>[];
  beforeAll(async () => {
    answers = await judge(cases.map(asked));
  });

  test.each(cases.map((one, index) => ({ ...one, index })))('$title', ({ index }) => {
    const one = cases[index]!;
    const { values } = answered(answers[index]);
    const [ours, theirs] = [
      metricsOf(one).map((metric) => measure(metric, outcomeOf(one))),
      values.map((value) => value ?? Number.NaN),
    ];
    const close = (value: number) => {
      if (Number.isNaN(value)) return Number.NaN;
      const size = Math.abs(value);
      const digits = size > 10 ? 3 : 5;
      return expect.closeTo(value, size > 1000 ? 2 : digits) as number;
    };
    expect(ours).toEqual(ours.map((told, i) => ({ [Object.keys(told)[0]!]: close(theirs[i]!) })));
  });

  test('every row is asked about', () => {
    expect(new Set(cases.flatMap((one) => metricsOf(one).map(({ type }) => type)))).toEqual(
      new Set(Object.keys(judged)),
    );
  });
});

test('an output that is no number has no rank, and no loss', () => {
  const broken = { ...classCases[1]!, output: classCases[1]!.output.with(4, Number.NaN) };
  for (const [type, options] of [
    ['auc', {}],
    ['topK', { k: 2 }],
    ['logLoss', {}],
    ['perplexity', {}],
  ] as const)
    expect(Object.values(measure({ type, options }, outcomeOf(broken)))).toEqual([Number.NaN]);
  for (const type of [
    'meanAbsoluteError',
    'meanSquaredError',
    'rootMeanSquaredError',
    'meanAbsolutePercentageError',
    'r2Score',
  ]) {
    expect(
      measure({ type, options: {} }, outcomeOf({ ...numberCases[0]!, output: truth.with(3, Number.NaN) })),
    ).toEqual({ [type]: Number.NaN });
  }
});
