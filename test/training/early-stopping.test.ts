import { describe, expect, test } from 'vitest';
import { judge } from '../../src/training/early-stopping.ts';

const options = { monitor: 'val_loss', patience: 2, minDelta: 0, mode: 'auto', restoreBestWeights: true } as const;
const verdict = (values: readonly number[], more: object = {}) =>
  judge(
    values.map((value) => ({ val_loss: value, val_accuracy: value })),
    { ...options, ...more },
  );

describe('early stopping', () => {
  test('waits `patience` epochs for a better one, as keras.callbacks.EarlyStopping', () => {
    expect(verdict([])).toEqual({ best: 0, stop: false });
    expect(verdict([3, 2, 2])).toEqual({ best: 2, stop: false });
    expect(verdict([3, 2, 2, 2.5])).toEqual({ best: 2, stop: true });
    expect(verdict([3, 2, 2, 1.9])).toEqual({ best: 4, stop: false });
    expect(verdict([3, 2, 1], { patience: 0 })).toEqual({ best: 3, stop: false });
    expect(verdict([3, 2, 2], { patience: 0 })).toEqual({ best: 2, stop: true });
  });

  test('a change within minDelta is none', () => {
    expect(verdict([1, 0.95, 0.91], { minDelta: 0.1 })).toEqual({ best: 1, stop: true });
    expect(verdict([1, 0.95, 0.89], { minDelta: 0.1 })).toEqual({ best: 3, stop: false });
  });

  test('more is better for an accuracy, or where the file says so', () => {
    expect(verdict([0.1, 0.2, 0.3], { monitor: 'val_accuracy' }).best).toBe(3);
    expect(verdict([0.1, 0.2, 0.3], { mode: 'max' }).best).toBe(3);
    expect(verdict([0.1, 0.2, 0.3], { monitor: 'val_accuracy', mode: 'min' })).toEqual({ best: 1, stop: true });
  });

  test('metrics of validation count in their own direction', () => {
    const best = (monitor: string) =>
      judge(
        [0.1, 0.2, 0.3].map((value) => ({ [monitor]: value })),
        { ...options, monitor },
      ).best;
    expect(
      ['val_f1', 'val_auc', 'val_top5', 'val_balancedAccuracy', 'val_r2Score', 'val_the_left_f1', 'left_accuracy'].map(
        best,
      ),
    ).toEqual([3, 3, 3, 3, 3, 3, 3]);
    expect(
      [
        'val_logLoss',
        'val_perplexity',
        'val_meanAbsoluteError',
        'val_rootMeanSquaredError',
        'val_mae',
        'val_left_logLoss',
        'val_accuracy_loss',
        'left_mae',
      ].map(best),
    ).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  test('a value that is no number is never the best, and no reason to stop', () => {
    expect(verdict([Number.NaN, 2, Number.NaN])).toEqual({ best: 2, stop: false });
    expect(verdict([Number.NaN, Number.NaN, Number.NaN, Number.NaN])).toEqual({ best: 0, stop: false });
    expect(verdict([2, Number.NaN, 3, Number.NaN, Number.NaN])).toEqual({ best: 1, stop: false });
    expect(verdict([2, Number.NaN, 3, Number.NaN, 4])).toEqual({ best: 1, stop: true });
  });
});
