import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import type { RunEvent } from '../../src/base/events.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { graphOf } from '../../src/plan/plan-pipeline.ts';
import { evaluate } from '../../src/stages/evaluate.ts';
import { load } from '../../src/stages/load.ts';
import { type TrainOutput, train } from '../../src/stages/train.ts';
import { neededValues } from '../../src/training/metrics.ts';
import { Rig, digitsPipeline } from '../rig.ts';

const rig = new Rig();
let engine: Engine;
beforeAll(async () => {
  rig.writeDigits(400, 200);
  engine = await loadEngine();
});
afterAll(() => rig.remove());

interface Trial {
  /** Lines of the train section. */
  readonly options?: string;
  readonly layers?: string;
  readonly optimizer?: string;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly loss?: string;
  readonly metrics?: string;
}

function check({
  options = '',
  layers = '[flatten, dense 10]',
  optimizer = 'sgd(0.1)',
  epochs = 3,
  batchSize = 64,
  loss = 'softmaxCrossEntropy',
  metrics = '[accuracy]',
}: Trial) {
  const text = digitsPipeline({ layers, train: optimizer, epochs, batchSize }).replace(
    'loss: softmaxCrossEntropy',
    `loss: ${loss}`,
  );
  return checkSource({
    name: join(rig.folder, 'digits.yaml'),
    text: `${text}${options}\nevaluate: { metrics: ${metrics} }\n`,
  });
}

/** Trains by the real stages; what the run leaves in TensorFlow is counted. */
async function run<T>(
  trial: Trial,
  use: (trained: TrainOutput, events: readonly RunEvent[]) => T | Promise<T>,
): Promise<T> {
  const { checked, diagnostics } = check(trial);
  if (checked === undefined) throw new UserError(diagnostics, 2);
  const { pipeline, plan } = checked;
  const events: RunEvent[] = [];
  const before = engine.tf.memory().numTensors;
  const data = await load({ ...pipeline.data, seed: pipeline.seed, folder: rig.folder });
  const wanted = pipeline.evaluate.metrics!.flatMap(({ type }) => neededValues(type) ?? []);
  const trained = await train({
    engine,
    data,
    graph: graphOf(plan),
    ...pipeline.train,
    wanted,
    seed: 7,
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
  });
  try {
    return await use(trained, events);
  } finally {
    trained.dispose();
    expect(engine.tf.memory().numTensors).toBe(before);
  }
}

const everything = `
  clipNorm: 1
  schedule: { cosine: { warmUp: 1 } }
  classWeights: balanced
  ema: { decay: 0.9 }
  earlyStopping: { patience: 10 }`;

test.each(['sgd(0.1)', 'adamW', 'nadam', 'lion(0.001)'])(
  '%s with every option is compiled, and learns the same op by op',
  async (optimizer) => {
    const trial = { optimizer, loss: '{ softmaxCrossEntropy: { labelSmoothing: 0.1 } }' };
    const compiled = await run({ ...trial, options: everything }, ({ step, history }) => ({
      step,
      history,
    }));
    const eager = await run({ ...trial, options: `${everything}\n  step: eager` }, ({ history }) => history);
    expect(compiled.step).toBe('compiled');
    compiled.history.forEach((metrics, epoch) => {
      for (const [name, value] of Object.entries(metrics))
        expect(value, name).toBeCloseTo(eager[epoch]![name]!, name.endsWith('accuracy') ? 1 : 3);
    });
  },
  60_000,
);

describe('schedule', () => {
  test('the rate of each epoch is a metric, and the rate that steps take', async () => {
    const { rates, weights } = await run(
      { options: '  schedule: { step: { every: 1, factor: 0.5 } }' },
      ({ history, weightsSha256 }) => ({
        rates: history.map((metrics) => metrics['learning_rate']),
        weights: weightsSha256,
      }),
    );
    expect(rates).toEqual([0.1, 0.05, 0.025]);
    const constant = await run({}, ({ history, weightsSha256 }) => {
      expect(history[0]).not.toHaveProperty('learning_rate');
      return weightsSha256;
    });
    expect(weights).not.toBe(constant);
  });

  test('reduceOnPlateau lowers the rate of the next epoch', async () => {
    const options = '  schedule: { reduceOnPlateau: { patience: 1, factor: 0.1, minDelta: 100 } }';
    const rates = await run({ options, epochs: 4 }, ({ history }) =>
      history.map((metrics) => metrics['learning_rate']!),
    );
    [0.1, 0.1, 0.01, 0.001].forEach((rate, i) => expect(rates[i]).toBeCloseTo(rate, 9));
  });
});

describe('early stopping', () => {
  test('stops, and the model is that of the best epoch to the bit', async () => {
    const options = '  earlyStopping: { monitor: val_loss, patience: 2, minDelta: 0 }';
    const stopped = await run({ options, optimizer: 'sgd(3)', epochs: 30 }, ({ history, epoch, weightsSha256 }) => ({
      history,
      epoch,
      weightsSha256,
    }));
    const losses = stopped.history.map((metrics) => metrics['val_loss']!);
    expect(losses.length).toBeLessThan(30);
    expect(stopped.epoch).toBe(losses.indexOf(Math.min(...losses)) + 1);
    expect(losses.length).toBe(stopped.epoch + 2);
    const short = await run({ optimizer: 'sgd(3)', epochs: stopped.epoch }, ({ weightsSha256 }) => weightsSha256);
    expect(stopped.weightsSha256).toBe(short);
  });

  test('without restoreBestWeights the last weights stay', async () => {
    const options = '  earlyStopping: { patience: 0, minDelta: 100, restoreBestWeights: false }';
    const { epoch, weights } = await run({ options, epochs: 30 }, ({ epoch: at, weightsSha256 }) => ({
      epoch: at,
      weights: weightsSha256,
    }));
    expect(epoch).toBe(2);
    expect(weights).toBe(await run({ epochs: 2 }, ({ weightsSha256 }) => weightsSha256));
  });
});

const valuesOf = ({ model }: TrainOutput) => model.trainable.map((variable) => [...variable.dataSync()]);
/** All training samples in one step per epoch. */
const steps = (epochs: number, options = '', optimizer = 'sgd(0.5)') =>
  run({ epochs, options, optimizer, batchSize: 300 }, valuesOf);

function expectClose(actual: readonly number[][], expected: readonly number[][], digits = 5): void {
  actual.forEach((values, i) => values.forEach((value, k) => expect(value).toBeCloseTo(expected[i]![k]!, digits)));
}

test('ema: the model ends with the average of its weights over the steps', async () => {
  const [first, second, third] = [await steps(1), await steps(2), await steps(3)];
  const average = first.map((values, i) =>
    values.map((value, k) => 0.9 * (0.9 * value + 0.1 * second[i]![k]!) + 0.1 * third[i]![k]!),
  );
  expectClose(await steps(3, '  ema: { decay: 0.9 }'), average);
  expectClose(await steps(1, '  ema: { decay: 0.9 }'), first);
});

describe('gradient clipping', () => {
  const changes = async (options: string) => {
    const [start, end] = [await steps(1, '', 'sgd(1e-30)'), await steps(1, options, 'sgd(1)')];
    return end.flatMap((values, i) => values.map((value, k) => value - start[i]![k]!));
  };

  test('clipNorm: all gradients together are no longer, and keep their direction', async () => {
    const norm = (values: readonly number[]) => Math.hypot(...values);
    const [plain, clipped, loose] = [
      await changes(''),
      await changes('  clipNorm: 0.01'),
      await changes('  clipNorm: 1000'),
    ];
    expect(norm(plain)).toBeGreaterThan(0.1);
    expect(norm(clipped)).toBeCloseTo(0.01, 4);
    clipped.forEach((change, i) => expect(change).toBeCloseTo((plain[i]! * 0.01) / norm(plain), 5));
    expectClose([loose], [plain]);
  });

  test('clipValue: no gradient of a weight is larger', async () => {
    const [plain, clipped] = [await changes(''), await changes('  clipValue: 0.002')];
    clipped.forEach((change, i) => expect(change).toBeCloseTo(Math.max(-0.002, Math.min(0.002, plain[i]!)), 5));
  });
});

describe('class weights', () => {
  test('multiply the loss: 2 for every class is twice the step', async () => {
    const all = Array.from({ length: 10 }, (_, k) => `'${k}': 2`).join(', ');
    expectClose(await steps(1, `  classWeights: { ${all} }`, 'sgd(0.25)'), await steps(1, '', 'sgd(0.5)'));
  });

  test('balanced: samples / (classes * samples of the class), of the training samples', async () => {
    const { checked } = check({});
    const { dataset, split } = await load({ ...checked!.pipeline.data, seed: 7, folder: rig.folder });
    const counts = new Map<number, number>();
    const labels = dataset.train.labels(0);
    for (const row of split.train) counts.set(labels[row]!, (counts.get(labels[row]!) ?? 0) + 1);
    const all = [...counts].map(([k, count]) => `'${k}': ${300 / (10 * count)}`).join(', ');
    expectClose(await steps(1, '  classWeights: balanced'), await steps(1, `  classWeights: { ${all} }`));
  });
});

describe('numbers that are no longer finite', () => {
  test.each(['compiled', 'eager'])('%s: the message names epoch, batch and the first layer', async (step) => {
    const layers =
      '[flatten, { dense: { units: 20, activation: relu }, name: wide }, { dense: { units: 10 }, name: last }]';
    const error = await run(
      { layers, options: `  step: ${step}`, optimizer: 'sgd(1e25)', batchSize: 50 },
      () => undefined,
    ).catch((one: unknown) => one as Error);
    expect(error).toBeInstanceOf(UserError);
    expect(error!.message).toMatch(
      /^the loss became (NaN|Infinity|-Infinity) in epoch 1, batch [23] \(step [23]\): .* (outputs of last|weights of wide, since the step before)$/,
    );
  });

  test('in a later epoch it is found by repeating that epoch up to the step', async () => {
    // Each step makes the weights some hundred times larger.
    const error = await run(
      { optimizer: 'sgd(5)', loss: 'meanSquaredError', epochs: 20, batchSize: 50 },
      ({ history }) => history,
    ).catch((one: unknown) => one as Error);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(
      /in epoch ([2-9]), batch [1-6] \(step \d+\): .* are (outputs of dense_1|those of the loss itself)$/,
    );
  });

  test('weights that the last step of an epoch has broken are found by validation', async () => {
    const error = await run(
      { optimizer: 'sgd(1e25)', layers: '[flatten, dense 20 relu, dense 10]', batchSize: 300 },
      () => undefined,
    ).catch((one: unknown) => one as Error);
    expect(error!.message).toMatch(/^the validation loss became (NaN|Infinity) after epoch 1: .* outputs of dense_2$/);
  });
});

describe('metrics of the test split', () => {
  test('those that need all probabilities agree with those that do not', async () => {
    const trial = { metrics: '[accuracy, topK(1), topK 3, auc, logLoss, f1, cohenKappa, balancedAccuracy]' };
    const { checked } = check(trial);
    const { pipeline } = checked!;
    const { dataset } = await load({ ...pipeline.data, seed: 7, folder: rig.folder });
    const measured = await run(
      trial,
      async ({ evaluator }) =>
        (
          await evaluate({
            evaluator,
            dataset,
            metrics: pipeline.evaluate.metrics!,
            signal: new AbortController().signal,
          })
        ).metrics,
    );
    expect(Object.keys(measured)).toEqual([
      'test_loss',
      'test_accuracy',
      'test_top1',
      'test_top3',
      'test_auc',
      'test_logLoss',
      'test_f1',
      'test_cohenKappa',
      'test_balancedAccuracy',
    ]);
    expect(measured['test_top1']).toBeCloseTo(measured['test_accuracy']!, 6);
    expect(measured['test_logLoss']).toBeCloseTo(measured['test_loss']!, 4);
    expect(measured['test_top3']).toBeGreaterThan(measured['test_top1']!);
    expect(measured['test_auc']).toBeGreaterThan(0.8);
  });
});

describe('options that do not fit are mistakes with a place', () => {
  test.each<[string, Trial, string, string]>([
    ['a class that is not there', { options: "  classWeights: { '12': 2 }" }, 'unknown-class', '2'],
    ['both kinds of clipping', { options: '  clipNorm: 1\n  clipValue: 1' }, 'clipped-twice', '1'],
    [
      'too long a warm-up',
      { options: '  schedule: { cosine: { warmUp: 3 } }' },
      'schedule-misfit',
      '{ cosine: { warmUp: 3 } }',
    ],
    ['a metric that is not known', { options: '  earlyStopping: { monitor: val_acuracy }' }, 'bad-text', 'val_acuracy'],
    ['as many guesses as classes', { metrics: '[accuracy, topK(10)]' }, 'metric-misfit', 'topK(10)'],
    ['a loss of probabilities on logits', { loss: 'binaryCrossentropy' }, 'loss-misfit', 'binaryCrossentropy'],
    ['a schedule that is not known', { options: '  schedule: cosin' }, 'unknown-schedule', 'cosin'],
  ])('%s', (_, trial, code, place) => {
    const { diagnostics } = check(trial);
    expect(diagnostics.map((one) => one.code)).toEqual([code]);
    const { source, start, end } = diagnostics[0]!.range!;
    expect(source.text.slice(start, end)).toBe(place);
  });

  test('a metric of validation where nothing is validated', () => {
    const text = digitsPipeline().replace('validation: 100', 'validation: 0.0001');
    const { diagnostics } = checkSource({
      name: join(rig.folder, 'digits.yaml'),
      text: `${text}  earlyStopping: {}\n`,
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(['unmeasured-metric']);
  });
});
