import { beforeAll, describe, expect, inject, test } from 'vitest';
import type { Predictions } from '../../src/training/metric-row.ts';
import { judge as judgeEpochs } from '../../src/training/early-stopping.ts';
import { measure, metrics } from '../../src/training/metrics.ts';
import { scheduleRow } from '../../src/training/schedules.ts';
import { numbers } from '../engine/graph/rig.ts';
import { type Answer, type KerasObject, answered, judge, toWire } from './judge.ts';

const [SAMPLES, CLASSES] = [200, 4];
const labels = Uint8Array.from(numbers(SAMPLES, 5), (value) => Math.floor(((value + 1) / 2) * CLASSES));
/** Softmax of noise, with some of the truth in it. */
const probabilities = ((): Float32Array => {
  const scores = numbers(SAMPLES * CLASSES, 6).map((value, index) =>
    Math.exp(2 * value + (labels[Math.floor(index / CLASSES)] === index % CLASSES ? 1 : 0)),
  );
  return scores.map(
    (score, index) =>
      score /
      scores.slice(index - (index % CLASSES), index - (index % CLASSES) + CLASSES).reduce((sum, one) => sum + one, 0),
  );
})();
const rowOf = (sample: number) => probabilities.slice(sample * CLASSES, (sample + 1) * CLASSES);
const predicted = Uint8Array.from(labels, (_, sample) => rowOf(sample).indexOf(Math.max(...rowOf(sample))));
const oneHot = (classes: Uint8Array) =>
  toWire(
    Float32Array.from({ length: SAMPLES * CLASSES }, (_, index) =>
      Number(classes[Math.floor(index / CLASSES)] === index % CLASSES),
    ),
    [SAMPLES, CLASSES],
  );
const confusion = Array.from({ length: CLASSES }, (_, actual) =>
  Array.from(
    { length: CLASSES },
    (__, guess) => labels.filter((label, sample) => label === actual && predicted[sample] === guess).length,
  ),
);
const outcome: Predictions = {
  kind: 'class',
  classes: ['a', 'b', 'c', 'd'],
  confusion,
  labels,
  probabilities,
  ranks: probabilities,
};

const metric = (name: string, options: object = {}): KerasObject => ({
  kind: 'metric',
  class: name,
  options: { ...options },
});
/** Keras averages neither over the classes: one of each, over predictions of 0 and 1. */
const ofEach = (name: string) => Array.from({ length: CLASSES }, (_, k) => metric(name, { class_id: k }));

interface MetricCase {
  readonly row: keyof typeof metrics;
  readonly options?: { readonly k: number };
  /** The mean of these. */
  readonly keras: readonly KerasObject[];
  /** Keras gets the class that is predicted instead of the probabilities. */
  readonly decided?: true;
  readonly tolerance?: number;
}

/** Every metric but cohenKappa, which Keras 3 has not. */
const metricCases: readonly MetricCase[] = [
  { row: 'accuracy', keras: [metric('CategoricalAccuracy')] },
  { row: 'precision', keras: ofEach('Precision'), decided: true },
  { row: 'recall', keras: ofEach('Recall'), decided: true },
  { row: 'balancedAccuracy', keras: ofEach('Recall'), decided: true },
  { row: 'f1', keras: [metric('F1Score', { average: 'macro' })], decided: true },
  { row: 'topK', options: { k: 2 }, keras: [metric('TopKCategoricalAccuracy', { k: 2 })] },
  { row: 'topK', options: { k: 3 }, keras: [metric('TopKCategoricalAccuracy', { k: 3 })] },
  // Keras draws the curve through so many thresholds; ours goes through every sample.
  { row: 'auc', keras: [metric('AUC', { num_thresholds: 4000, multi_label: true })], tolerance: 1e-3 },
  { row: 'logLoss', keras: [metric('CategoricalCrossentropy')] },
];

/** A metric that falls, stays, and rises again; the other way round as an accuracy. */
const history = [1, 0.8, 0.79, 0.81, 0.7, 0.7, 0.695, 0.72, 0.71, 0.6, 0.65, 0.64, 0.63, 0.62, 0.61].map((value) => ({
  val_loss: value,
  val_accuracy: 1 - value,
}));
const facts = { learningRate: 0.1, epochs: history.length, stepsPerEpoch: 1 };
const monitors = [
  { monitor: 'val_loss', mode: 'auto', patience: 2, minDelta: 0 },
  { monitor: 'val_loss', mode: 'min', patience: 2, minDelta: 0.02 },
  { monitor: 'val_accuracy', mode: 'max', patience: 3, minDelta: 0.001 },
  { monitor: 'val_accuracy', mode: 'max', patience: 1, minDelta: 0 },
] as const;
const kerasMonitor = ({ monitor, mode, patience, minDelta }: (typeof monitors)[number]) => ({
  monitor,
  mode,
  patience,
  min_delta: minDelta,
});
const plateaus = monitors.flatMap((one) =>
  [
    { cooldown: 0, minLearningRate: 0 },
    { cooldown: 2, minLearningRate: 0.02 },
  ].map((more) => ({ ...one, ...more, factor: 0.5, warmUp: 0 })),
);

interface CallbackAnswer {
  /** The learning rate after each epoch. */
  readonly rates: readonly number[];
  /** Whether the training was to end then. */
  readonly stops: readonly boolean[];
  /** Counted from 0. */
  readonly best: number;
}

describe.skipIf(inject('kerasMissing') !== '')('metrics and what waits for them, as Keras counts them', () => {
  let answers: Record<
    'metrics' | 'plateaus' | 'stopping',
    readonly Answer<CallbackAnswer & { readonly value: number }>[]
  >;
  beforeAll(async () => {
    const callback = (name: string, options: object) => ({
      kind: 'callback',
      callback: { kind: 'callback', class: name, options },
      learningRate: facts.learningRate,
      history,
    });
    const asked = {
      metrics: metricCases.flatMap(({ keras, decided }) =>
        keras.map((one) => ({
          kind: 'metric',
          metric: one,
          labels: oneHot(labels),
          predictions: decided ? oneHot(predicted) : toWire(probabilities, [SAMPLES, CLASSES]),
        })),
      ),
      plateaus: plateaus.map((one) =>
        callback('ReduceLROnPlateau', {
          ...kerasMonitor(one),
          factor: one.factor,
          cooldown: one.cooldown,
          min_lr: one.minLearningRate,
        }),
      ),
      stopping: monitors.map((one) => callback('EarlyStopping', kerasMonitor(one))),
    };
    const all = await judge<CallbackAnswer & { readonly value: number }>(Object.values(asked).flat());
    const [plateauStart, stoppingStart] = [asked.metrics.length, asked.metrics.length + plateaus.length];
    answers = {
      metrics: all.slice(0, plateauStart),
      plateaus: all.slice(plateauStart, stoppingStart),
      stopping: all.slice(stoppingStart),
    };
  });

  test.each(
    metricCases.map((one, index) => ({
      ...one,
      start: metricCases.slice(0, index).reduce((sum, { keras }) => sum + keras.length, 0),
    })),
  )('$row', ({ row, options = {}, keras, start, tolerance = 1e-6 }) => {
    const values = keras.map((_, index) => answered(answers.metrics[start + index]).value);
    const expected = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(expected).toBeGreaterThan(0.1);
    expect(
      Math.abs(Object.values(measure({ type: row, options: { ...options } }, outcome))[0]! - expected),
    ).toBeLessThan(tolerance);
  });

  test.each(plateaus.map((one, index) => ({ ...one, index })))(
    'reduceOnPlateau of $monitor, patience $patience, cooldown $cooldown',
    ({ index, ...options }) => {
      const { rates } = answered(answers.plateaus[index]);
      expect(Math.min(...rates)).toBeLessThan(facts.learningRate);
      expect(
        history.map((_, epoch) => scheduleRow('reduceOnPlateau').rates(options, facts, history.slice(0, epoch + 1))(0)),
      ).toEqual(rates.map((rate) => expect.closeTo(rate, 6)));
    },
  );

  test.each(monitors.map((one, index) => ({ ...one, index })))(
    'earlyStopping by $monitor, patience $patience, minDelta $minDelta',
    ({ index, ...options }) => {
      const { stops, best } = answered(answers.stopping[index]);
      const verdicts = history.map((_, epoch) =>
        judgeEpochs(history.slice(0, epoch + 1), { ...options, restoreBestWeights: true }),
      );
      expect(verdicts.findIndex(({ stop }) => stop)).toBe(stops.indexOf(true));
      expect(stops).toContain(true);
      expect(verdicts.at(-1)!.best).toBe(best + 1);
    },
  );
});
