import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import type { Chosen } from '../../src/base/row.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { targetsOf } from '../../src/training/loss.ts';
import { misfitOf } from '../../src/training/output.ts';
import { activated, anything } from '../../src/layers/values.ts';
import { lossRow, losses } from '../../src/training/losses.ts';
import { lossVariants } from '../contract/row-examples.ts';
import { numbers, relativeDifference } from '../engine/graph/rig.ts';
import { type Answer, type WireArray, answered, fromWire, judge, toWire } from './judge.ts';
import { kerasLoss } from './keras-training.ts';

const engine = await loadEngine();
const { tf, ops } = engine;
const SAMPLES = 16;

interface LossAnswer {
  /** Of each sample. */
  readonly values: WireArray;
  /** Of their mean, by what goes into the last activation. */
  readonly gradient: WireArray;
}

type LossType = keyof typeof losses;

const numbersOf = { labelSmoothing: 0.1, gamma: 1.5, alpha: 0.4, delta: 0.3 };

/** The row's example, its variants, and one with other numbers. */
function variantsOf(type: LossType): readonly { readonly title: string; readonly options: Chosen['options'] }[] {
  const own = Object.entries(numbersOf).filter(([name]) => name in lossRow(type).options.properties);
  const variants = lossVariants(lossRow(type)).map(({ title, chosen: { options } }) => ({ title, options }));
  return own.length === 0
    ? variants
    : [...variants, { title: 'other numbers', options: { ...variants[0]!.options, ...Object.fromEntries(own) } }];
}

/** Each row with each of its options; three classes with a unit each and, where the row takes it, two with one unit. */
const cases = (Object.keys(losses) as LossType[]).flatMap((type) =>
  variantsOf(type).flatMap(({ title, options }) =>
    [
      [3, 3],
      [1, 2],
    ].flatMap(([units, classes]) => {
      const fits = (activation: string) =>
        misfitOf(type, lossRow(type), {
          layer: 'out',
          shape: [units!],
          classes: classes!,
          values: activated(activation, anything, [units!]),
        }) === undefined;
      const end = ['sigmoid', 'softmax', 'softplus', 'linear'].find(fits);
      return end === undefined
        ? []
        : [
            {
              type,
              title: `${title}, ${units} of ${classes} after ${end}`,
              options,
              end,
              units: units!,
              classes: classes!,
            },
          ];
    }),
  ),
);

function compute({ type, options, end, units, classes }: (typeof cases)[number]) {
  const z = numbers(SAMPLES * units, 31).map((value) => 3 * value);
  const y = tf.tensor1d(
    Int32Array.from(numbers(SAMPLES, 32), (value) => Math.floor(((value + 1) / 2) * classes)),
    'int32',
  );
  const labels = targetsOf(tf, y, classes, units);
  const activation = tf.layers.activation({ activation: end as 'softmax' });
  const lossesOf = (values: Tensor2D) =>
    lossRow(type).compute(tf, ops, activation.apply(values) as Tensor2D, labels, options as never) as Tensor1D;
  const input = tf.tensor2d(z, [SAMPLES, units]);
  const values = lossesOf(input).dataSync() as Float32Array;
  const gradient = tf
    .grad((x) => tf.mean(lossesOf(x as Tensor2D)) as Scalar)(input)
    .dataSync() as Float32Array;
  const asked = {
    kind: 'loss',
    loss: kerasLoss(type, options),
    z: toWire(z, input.shape),
    labels: toWire(labels.dataSync() as Float32Array, labels.shape),
    end,
  };
  return { values, gradient, asked };
}

describe.skipIf(inject('kerasMissing') !== '')('losses as Keras has them', () => {
  const ours = cases.map(compute);
  let theirs: readonly Answer<LossAnswer>[];
  beforeAll(async () => {
    theirs = await judge<LossAnswer>(ours.map(({ asked }) => asked));
  });

  test.each(cases.map((one, index) => ({ ...one, index })))('$type: $title', ({ index }) => {
    const keras = answered(theirs[index]);
    expect(relativeDifference([ours[index]!.values], [fromWire(keras.values)])).toBeLessThan(1e-5);
    expect(relativeDifference([ours[index]!.gradient], [fromWire(keras.gradient)])).toBeLessThan(1e-4);
  });
});
