import { beforeAll, describe, expect, inject, test } from 'vitest';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { type Clipping, withClipping } from '../../src/training/clipping.ts';
import { losses } from '../../src/training/losses.ts';
import { withAverages } from '../../src/training/moving-average.ts';
import { optimizerRow, optimizers } from '../../src/training/optimizers.ts';
import { type ScheduleFacts, scheduleRow } from '../../src/training/schedules.ts';
import { exampleTraining } from '../contract/row-examples.ts';
import { type Work, randomBatch, scale, trainBy } from '../contract/training.ts';
import { relativeDifference } from '../engine/graph/rig.ts';
import { layersOf } from '../layers/layer-rig.ts';
import { type Answer, type KerasObject, type WireArray, answered, fromWire, judge, toWire } from './judge.ts';
import { kerasLayer } from './keras-layers.ts';
import { kerasLoss, kerasOptimizer } from './keras-training.ts';
import { correctsEpsilon, knownOptimizerDifferences } from './known-differences.ts';

const engine = await loadEngine();
const [FEATURES, CLASSES, STEPS] = [6, 3, 10];
/** A net without kinks, penalties and bounds on some of its weights. */
const net = layersOf(
  JSON.stringify([
    { dense: { units: 5, kernelInitializer: { randomUniform: {} }, kernelRegularizer: { l2: { l2: 0.02 } } } },
    'tanh',
    'dense 4 sigmoid',
    { dense: { units: CLASSES, kernelConstraint: { maxNorm: { maxValue: 0.9 } } } },
  ]),
);
const batches = Array.from({ length: STEPS }, (_, seed) => randomBatch(8, [FEATURES], CLASSES, seed + 1));
const facts: ScheduleFacts = { learningRate: 0.1, epochs: 4, stepsPerEpoch: 3 };

type OptimizerType = keyof typeof optimizers;

interface Case {
  readonly title: string;
  readonly type: OptimizerType;
  readonly options: Readonly<Record<string, unknown>>;
  readonly clipping?: Clipping;
  /** Weight of the past in an average of the weights. */
  readonly average?: number;
  readonly schedule?: {
    readonly type: string;
    readonly options: Readonly<Record<string, unknown>>;
    readonly keras: KerasObject;
  };
}

/** Numbers that no row has as default. */
const otherNumbers = {
  momentum: 0.7,
  beta1: 0.8,
  beta2: 0.95,
  rho: 0.8,
  decay: 0.7,
  epsilon: 1e-3,
  weightDecay: 0.03,
  initialAccumulatorValue: 0.3,
};
/** Rates at which weights move well, and none of them by steps of rounding. */
const rateOf = (type: OptimizerType): number =>
  ({ adadelta: 2.5, lion: 0.01, sgd: 0.5 } as Partial<Record<OptimizerType, number>>)[type] ?? 0.05;

/** The example's options, with those of other values that the row has. */
function optionsOf(type: OptimizerType, values: object = {}): Case['options'] {
  const row = optimizerRow(type);
  const own = Object.entries(values).filter(([name]) => name in row.options.properties);
  return { ...exampleTraining(row).optimizer.options, learningRate: rateOf(type), ...Object.fromEntries(own) };
}

function optimizerCases(type: OptimizerType): Case[] {
  const switches = ['useNesterov', 'centered'].filter((name) => name in optimizerRow(type).options.properties);
  return [
    { title: 'its defaults', type, options: optionsOf(type) },
    { title: 'other numbers', type, options: optionsOf(type, otherNumbers) },
    ...switches.map((name): Case => ({
      title: name,
      type,
      options: { ...optionsOf(type, otherNumbers), [name]: true },
    })),
  ];
}

const schedule = (name: string, options: object): KerasObject => ({
  kind: 'schedule',
  class: name,
  options: { initial_learning_rate: facts.learningRate, ...options },
});
const total = facts.epochs * facts.stepsPerEpoch;

/** Each schedule that Keras has, with numbers at which it is busy within the ten steps. */
const schedules: readonly NonNullable<Case['schedule']>[] = [
  {
    type: 'step',
    options: { every: 1, factor: 0.5, warmUp: 0 },
    keras: schedule('ExponentialDecay', { decay_steps: facts.stepsPerEpoch, decay_rate: 0.5, staircase: true }),
  },
  {
    type: 'exponential',
    options: { every: 2, factor: 0.3, warmUp: 0 },
    keras: schedule('ExponentialDecay', { decay_steps: 2 * facts.stepsPerEpoch, decay_rate: 0.3 }),
  },
  {
    type: 'cosine',
    options: { endLearningRate: 0.02, warmUp: 0 },
    keras: schedule('CosineDecay', { decay_steps: total, alpha: 0.2 }),
  },
  {
    type: 'cosine',
    options: { endLearningRate: 0.01, epochs: 2, warmUp: 0 },
    keras: schedule('CosineDecay', { decay_steps: 2 * facts.stepsPerEpoch, alpha: 0.1 }),
  },
  // Keras rises from a first rate; with no fall after it, one step less and the rate's share of the first make it the
  // same.
  {
    type: 'cosine',
    options: { endLearningRate: facts.learningRate, warmUp: 2 },
    keras: schedule('CosineDecay', {
      initial_learning_rate: facts.learningRate / (2 * facts.stepsPerEpoch),
      warmup_target: facts.learningRate,
      warmup_steps: 2 * facts.stepsPerEpoch - 1,
      decay_steps: total,
      alpha: 1,
    }),
  },
  {
    type: 'polynomial',
    options: { endLearningRate: 0.01, power: 1, warmUp: 0 },
    keras: schedule('PolynomialDecay', { decay_steps: total, end_learning_rate: 0.01, power: 1 }),
  },
  {
    type: 'polynomial',
    options: { endLearningRate: 0.001, power: 2.5, epochs: 2, warmUp: 0 },
    keras: schedule('PolynomialDecay', { decay_steps: 2 * facts.stepsPerEpoch, end_learning_rate: 0.001, power: 2.5 }),
  },
];

const cases: readonly Case[] = [
  ...(Object.keys(optimizers) as OptimizerType[]).flatMap(optimizerCases),
  ...(['sgd', 'adam'] as const).flatMap((type): Case[] => {
    // With an epsilon that rounding does not count beside.
    const options = optionsOf(type, otherNumbers);
    return [
      { title: 'clipNorm', type, options, clipping: { clipNorm: 0.05 } },
      { title: 'clipValue', type, options, clipping: { clipValue: 0.01 } },
      { title: 'a moving average of the weights', type, options, average: 0.8 },
      ...schedules.map((one): Case => ({
        title: `${one.type} ${JSON.stringify(one.options)}`,
        type,
        options,
        schedule: one,
      })),
    ];
  }),
];

function compute({ type, options, clipping = {}, average, schedule: rates }: Case, asKeras = false) {
  const row: Work['optimizer']['row'] = {
    create: (tf, weights, given) => {
      const optimizer = withClipping(tf, optimizerRow(type).create(tf, weights, given), clipping);
      return average === undefined ? optimizer : withAverages(tf, optimizer, weights, average);
    },
  };
  const learningRate =
    rates === undefined ? (options['learningRate'] as number) : scheduleRow(rates.type).rates(rates.options, facts, []);
  const { step, states } = trainBy(engine, 'auto', {
    inputShape: [FEATURES],
    layers: net,
    loss: { row: losses.softmaxCrossEntropy, options: { labelSmoothing: 0 } },
    optimizer: { row, options },
    learningRate,
    classes: CLASSES,
    towers: 1,
    batches,
  });
  const [first, last] = [states[0]!, states.at(-1)!];
  const shapes = net.flatMap((layer, index) =>
    layer.type === 'dense'
      ? [
          [index === 0 ? FEATURES : unitsAbove(index), layer.options['units'] as number],
          [layer.options['units'] as number],
        ]
      : [],
  );
  const more = {
    learning_rate: rates?.keras ?? options['learningRate'],
    ...(clipping.clipNorm === undefined ? {} : { global_clipnorm: clipping.clipNorm }),
    ...(clipping.clipValue === undefined ? {} : { clipvalue: clipping.clipValue }),
    ...(average === undefined ? {} : { use_ema: true, ema_momentum: average }),
  };
  const asked = {
    kind: 'training',
    correctsEpsilon: !asKeras && correctsEpsilon(type),
    layers: net.map(kerasLayer),
    weights: shapes.map((shape, index) => toWire(first[index]!, shape)),
    optimizer: kerasOptimizer(type, options, more),
    loss: kerasLoss('softmaxCrossEntropy', {}),
    batches: batches.map(({ x: [x], count }) =>
      toWire(
        Float32Array.from(x!, (byte) => Math.fround(byte * Math.fround(scale))),
        [count, FEATURES],
      ),
    ),
    labels: batches.map(({ y: [y], count }) =>
      toWire(
        Float32Array.from({ length: count * CLASSES }, (_, index) =>
          Number(y![Math.floor(index / CLASSES)] === index % CLASSES),
        ),
        [count, CLASSES],
      ),
    ),
  };
  const weights = last.slice(0, shapes.length);
  // The averages come behind the optimizer's own slots, and before their decay.
  return {
    step,
    first: first.slice(0, shapes.length),
    weights,
    averages: average === undefined ? [] : last.slice(-shapes.length - 1, -1),
    asked,
  };
}

interface TrainingAnswer {
  readonly weights: readonly WireArray[];
  readonly averages: readonly WireArray[];
}

/** Units of the dense layer above one. */
function unitsAbove(index: number): number {
  return net.slice(0, index).findLast(({ type }) => type === 'dense')!.options['units'] as number;
}

describe.skipIf(inject('kerasMissing') !== '')('training as Keras does it', () => {
  let ours: readonly ReturnType<typeof compute>[];
  let theirs: readonly Answer<TrainingAnswer>[];
  beforeAll(async () => {
    ours = cases.map((one) => compute(one));
    theirs = await judge(ours.map(({ asked }) => asked));
  });

  test.each(cases.map((one, index) => ({ ...one, index })))(
    `$type, $title: the same weights after ${STEPS} steps`,
    ({ index }) => {
      const { step, first, weights, averages } = ours[index]!;
      const keras = answered(theirs[index]);
      expect(step).toBe('compiled');
      expect(relativeDifference(weights, keras.weights.map(fromWire))).toBeLessThan(1e-5);
      expect(relativeDifference(averages, keras.averages.map(fromWire))).toBeLessThan(1e-5);
      expect(relativeDifference(weights, first)).toBeGreaterThan(0.05);
    },
  );

  test.each(knownOptimizerDifferences)('$type differs: $reason', async ({ type, options, fallingRate }) => {
    const { weights, asked } = compute(
      { title: type, type, options: optionsOf(type, options), ...(fallingRate ? { schedule: schedules[0]! } : {}) },
      true,
    );
    const [keras] = await judge<TrainingAnswer>([asked]);
    expect(relativeDifference(weights, answered(keras).weights.map(fromWire))).toBeGreaterThan(0.01);
  });
});
