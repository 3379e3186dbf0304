import { randomIntegers } from '../../src/base/seeds.ts';
import type { SweepRecord, TrialRecord } from '../../src/base/sweep-results.ts';

/** Evenly from 0 to 1. */
export function uniform(seed: number): () => number {
  const below = randomIntegers(seed);
  return () => below(1_000_000) / 1_000_000;
}

/**
 * A sweep that nobody ran: random values, and an accuracy that is made of them with some noise. By construction the
 * learning rate counts most (best at 10^-2.5), then the filters, then the batch; the first layer hardly. One trial in
 * 15 failed; of the others a third goes on to each rung.
 */
export function sweepExample(count = 60, seed = 7): SweepRecord {
  const draw = uniform(seed);
  const layers = [{ conv: { filters: 32, kernel: 3 } }, { conv: { filters: 32, kernel: 5 } }];
  const drawn = Array.from({ length: count }, (_, i) => {
    const power = -5 + 4 * draw();
    const values = {
      'train.optimizer.adam.learningRate': 10 ** power,
      'train.batchSize': [50, 100, 200][Math.floor(3 * draw())]!,
      'model.layers[3].conv2d.filters': 16 + 16 * Math.floor(8 * draw()),
      'model.layers[0]': layers[Math.floor(2 * draw())],
    };
    const end =
      0.99 -
      0.06 * (power + 2.5) ** 2 -
      0.0006 * Math.abs(values['model.layers[3].conv2d.filters'] - 64) -
      0.00008 * values['train.batchSize'] +
      0.004 * draw();
    return { number: i + 1, values, end, fails: i % 15 === 14 };
  });
  const order = drawn.filter(({ fails }) => !fails).sort((one, other) => other.end - one.end);
  const rungs = [1, 3, 9];
  const trials = drawn.map(({ number, values, end, fails }): TrialRecord => {
    if (fails)
      return {
        number,
        values,
        state: 'failed',
        metrics: {},
        curve: [],
        epochs: 0,
        seconds: 2,
        reason: 'The loss is NaN.',
      };
    const place = order.findIndex((trial) => trial.number === number);
    const epochs = [rungs[2]!, rungs[1]!, rungs[0]!][[9, 3].filter((part) => place >= order.length / part).length]!;
    const curve = Array.from({ length: epochs }, (_, epoch) => end - 0.12 / (epoch + 1));
    const score = curve.at(-1)!;
    const state = epochs === 9 ? 'finished' : 'paused';
    return { number, values, state, score, metrics: { val_accuracy: score }, curve, epochs, seconds: 4 * epochs };
  });
  return {
    name: 'mnist-sweep',
    id: '0123456789ab',
    goal: { direction: 'maximize', metric: 'val_accuracy' },
    search: 'random',
    space: {
      'train.optimizer.adam.learningRate': { kind: 'float', low: 1e-5, high: 1e-1, log: true },
      'train.batchSize': { kind: 'choice', choices: [50, 100, 200] },
      'model.layers[3].conv2d.filters': { kind: 'int', low: 16, high: 128, step: 16, log: false },
      'model.layers[0]': { kind: 'choice', choices: layers },
    },
    rungs,
    trials,
    startTime: Date.UTC(2026, 10, 24, 9, 10),
    endTime: Date.UTC(2026, 10, 24, 10, 3),
  };
}

/** A trial that finished, with one epoch. */
export function trial(number: number, values: TrialRecord['values'], score: number): TrialRecord {
  return { number, values, state: 'finished', score, metrics: {}, curve: [score], epochs: 1, seconds: 1 };
}

/** A sweep of numbers from 0 to 1, as many as are asked for, whose score is the first of them. */
export function plainSweep(parameters: number, trials: number): SweepRecord {
  const draw = uniform(3);
  const paths = Array.from({ length: parameters }, (_, i) => `model.layers[${i}].dropout.rate`);
  return {
    ...sweepExample(0),
    name: 'plain',
    goal: { direction: 'minimize', metric: 'val_loss' },
    space: Object.fromEntries(paths.map((path) => [path, { kind: 'float', low: 0, high: 1, log: false }])),
    rungs: [],
    trials: Array.from({ length: trials }, (_, i) => {
      const values = Object.fromEntries(paths.map((path) => [path, draw()]));
      return trial(i + 1, values, values[paths[0]!]!);
    }),
  };
}
