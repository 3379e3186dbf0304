import { expect, test } from 'vitest';
import { describeRepetitions, summarizeRepetitions } from '../../src/base/repetitions.ts';
import type { SweepRecord, TrialRecord } from '../../src/base/sweep-results.ts';
import { isOwnSvg } from '../../src/charts/own-svg.ts';
import { renderRepetitionsReport } from '../../src/charts/repetitions-report.ts';
import { drawMeanCurve } from '../../src/charts/sweep/mean-curve.ts';

const trial = (number: number, metrics: Record<string, number>, more: Partial<TrialRecord> = {}): TrialRecord => ({
  number,
  values: { seed: number },
  state: 'finished',
  metrics,
  curve: [],
  epochs: 3,
  seconds: 1,
  runId: `run${number}`,
  ...more,
});

const record: SweepRecord = {
  name: 'iris <b>',
  id: '0123456789ab',
  goal: { direction: 'minimize', metric: 'val_loss' },
  search: 'grid',
  space: { seed: { kind: 'choice', choices: [1, 2, 3, 4] } },
  trials: [
    trial(1, { test_accuracy: 0.9, test_accuracy_ci_low: 0.8 }),
    trial(2, { test_accuracy: 0.8, test_f1: Number.NaN }),
    trial(3, { test_accuracy: 1 }),
    trial(4, { test_accuracy: 0 }, { state: 'failed', reason: 'no <i>' }),
  ],
  startTime: 0,
};

test('repetitions are told by mean, deviation and interval over those that finished', () => {
  const { metrics, ...rest } = summarizeRepetitions(record);
  expect(rest).toEqual({ repeat: 4, finished: 3 });
  expect(metrics.map(({ name }) => name)).toEqual(['test_accuracy']);
  expect(metrics[0]!.values).toEqual([0.9, 0.8, 1]);
  expect(metrics[0]!.mean).toBeCloseTo(0.9, 12);
  expect(metrics[0]!.deviation).toBeCloseTo(0.1, 12);
  // scipy.stats.t.interval(0.95, 2, 0.9, 0.1 / 3 ** 0.5)
  expect(metrics[0]!.low).toBeCloseTo(0.651_586_2, 6);
  expect(metrics[0]!.high).toBeCloseTo(1.148_413_8, 6);
});

test('folds are told by the wider interval, and by name', () => {
  const space = { ...record.space, 'data.fold': { kind: 'choice', choices: [1, 2, 3] } } as const;
  const folds = summarizeRepetitions({ ...record, space });
  const half = (of: typeof folds) => of.metrics[0]!.high - of.metrics[0]!.mean;
  expect(half(folds) / half(summarizeRepetitions(record))).toBeCloseTo(Math.sqrt((1 / 3 + 1 / 2) * 3), 10);
  expect(describeRepetitions(folds)).toBe('4 repetitions of 3 folds');
  expect(describeRepetitions({ repeat: 1, folds: 5 })).toBe('5 folds');
  expect(describeRepetitions({ repeat: 5 })).toBe('5 repetitions');
});

test('the report tells each run, and why one is missing, as plain text', () => {
  const page = renderRepetitionsReport(record);
  expect(page).toContain('failed: no &lt;i&gt;');
  expect(page).toContain('iris &lt;b&gt;');
  expect(page).toContain('1 of 4 did not finish');
  expect(page).not.toContain('NaN');
});

const curved = (...curves: readonly (readonly number[])[]): SweepRecord => ({
  ...record,
  trials: curves.map((curve, i) => trial(i + 1, {}, { curve, epochs: curve.length })),
});

test('the curves of the runs: mean and band end with the shortest run, and lie where the values do', () => {
  const [figure] = drawMeanCurve(curved([1, 0.5, 0], [0.8, 0.3], [0.6, 0.1, 0.2]));
  expect(isOwnSvg(figure!.svg)).toBe(true);
  expect(figure!.caption).toContain('val_loss of 3 runs');
  expect(figure!.caption).toContain('end with epoch 2');
  const [band = '', , mean = ''] = [...figure!.svg.matchAll(/<path d="(M[^"]*)" fill="(?:#|none" stroke="#)/g)]
    .map(([, d]) => d!)
    .slice(1);
  const points = (d: string) =>
    d
      .replaceAll(/[MZ]/g, '')
      .split('L')
      .map((point) => point.split(' ').map(Number));
  // The axis goes from -0.05 to 1.05 over 280 pixels.
  const at = (value: number) => Number((10 + (1 - (value + 0.05) / 1.1) * 280).toFixed(1));
  expect(points(band)).toEqual([
    [70, at(1)],
    [350, at(0.5)],
    [350, at(0.1)],
    [70, at(0.6)],
  ]);
  expect(points(mean)).toEqual([
    [70, at(0.8)],
    [350, at(0.3)],
  ]);
});

test('no curves of one run, one epoch, none, or without numbers; those of decades by their powers', () => {
  for (const none of [curved(), curved([1, 2]), curved([1], [2]), curved([], []), curved([1, Number.NaN], [1, 2])])
    expect(drawMeanCurve(none)).toEqual([]);
  const [figure] = drawMeanCurve(curved([10, 0.01], [5, 0.02]));
  expect(figure!.caption).toContain('(logarithmic)');
  expect(figure!.svg).toContain('>0.1</text>');
  expect(renderRepetitionsReport(curved([10, 0.01], [5, 0.02]))).toContain('Curves of the runs');
});
