import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Distribution, SweepRecord } from '../../src/base/sweep-results.ts';
import { isOwnSvg } from '../../src/charts/own-svg.ts';
import { importances } from '../../src/charts/sweep/importance.ts';
import { sweepFigures } from '../../src/charts/sweep/sweep-figures.ts';
import { writeSweepReport } from '../../src/charts/sweep/sweep-report.ts';
import { describeSweep } from '../../src/sweeps/describe-sweep.ts';
import { HOSTILE } from './edge-examples.ts';
import { plainSweep, sweepExample, trial } from './sweep-example.ts';

const example = sweepExample();
const plain = plainSweep(1, 12);

function hostileSweep(): SweepRecord {
  const [path, metric] = [HOSTILE[0]!, HOSTILE[1]!];
  return {
    ...example,
    name: HOSTILE.join(''),
    search: path,
    goal: { direction: 'minimize', metric },
    space: {
      [path]: { kind: 'choice', choices: HOSTILE },
      [HOSTILE[4]!]: { kind: 'choice', choices: [{ a: HOSTILE }] },
    },
    trials: example.trials.map((each, i) => ({
      ...each,
      values: { [path]: HOSTILE[i % HOSTILE.length], [HOSTILE[4]!]: { a: HOSTILE } },
      reason: HOSTILE.join(' '),
    })),
  };
}

/** Scores that are no numbers, and some that are far from all others. */
const wild = {
  ...plain,
  trials: plain.trials.map((each, i) => ({ ...each, score: [NaN, Infinity, 1e300, -1e300, undefined][i] ?? 1 / i })),
};
const edges: Readonly<Record<string, SweepRecord>> = {
  example,
  hostile: hostileSweep(),
  wild,
  'no trial': sweepExample(0),
  'none finished': { ...example, trials: example.trials.filter(({ state }) => state === 'failed') },
  'one trial': plainSweep(2, 1),
  'equal scores': { ...plain, trials: plain.trials.map((each) => ({ ...each, score: 0.5 })) },
  'thirty parameters': plainSweep(30, 20),
  'still running': {
    ...sweepExample(5),
    trials: sweepExample(5).trials.map((each) => ({ ...each, state: 'running' })),
  },
};

test.each(Object.entries(edges))('is whole, and of our own markup alone: %s', (_, record) => {
  const html = writeSweepReport(record);
  expect(writeSweepReport(structuredClone(record))).toBe(html);
  expect(html).not.toMatch(/<(script|img|iframe|object)|NaN[ ,"]|Infinity[ ,"]|undefined|\[object/i);
  for (const { svg } of sweepFigures(record)) expect(isOwnSvg(svg)).toBe(true);
});

test('says the best trial with its values as they are, the counts, and why trials failed', () => {
  const html = writeSweepReport(example);
  const tiles = [...html.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)].map(([, name, value]) => `${name}: ${value}`);
  expect(tiles).toEqual([
    'Best val_accuracy: 0.9738',
    'Best trial: 5',
    'Trials: 60',
    'Finished: 7',
    'Paused: 49',
    'Failed: 4',
    'Time of trials: 9 min 12 s',
    'Wall time: 53 min 0 s',
  ]);
  expect(html).toContain(String(example.trials[4]!.values['train.optimizer.adam.learningRate']));
  expect(html).toContain('{ conv: { filters: 32, kernel: 5 } }');
  expect(html).toContain('failed: The loss is NaN.');
  expect(html).toContain('56 reached 1, 19 reached 3, 7 reached 9). Trained: 136 epochs where all to the end');
  expect(html).toContain('Left out: 4 without a score.');
  const order = [...html.matchAll(/<th scope="row" class="number">(\d+)<\/th><td class="number">([\d.–]+)</g)];
  expect(order).toHaveLength(60);
  const scores = order.map(([, , score]) => Number(score)).filter(Number.isFinite);
  expect(scores).toEqual([...scores].sort((one, other) => other - one));
});

test('a thousand trials are a small page', () => {
  expect(writeSweepReport(sweepExample(1000)).length).toBeLessThan(500_000);
});

test('minimizes: the smallest is the best, the smaller of two numbers of the table above', () => {
  const { trials } = plain;
  const least = Math.min(...trials.map(({ score }) => score!));
  expect(describeSweep(plain)).toContain(`best val_loss: ${least.toPrecision(4)}, trial`);
});

interface Judged {
  readonly direction: 'maximize' | 'minimize';
  readonly paths: readonly string[];
  readonly trials: readonly (readonly [values: readonly (string | number)[], score: number])[];
  readonly importance: Readonly<Record<string, number>>;
}

const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const judged = readJson('importances.json') as Readonly<Record<string, Judged>>;
const judgedShares = readJson('importance-shares.json') as Readonly<Record<string, Readonly<Record<string, number>>>>;

function ours({ direction, paths, trials }: Judged) {
  const kindOf = (i: number): Distribution =>
    typeof trials[0]![0][i] === 'string' || paths[i] === 'batch'
      ? { kind: 'choice', choices: [] }
      : { kind: 'float', low: 0, high: 1, log: false };
  const { rungs: _, ...whole } = example;
  return importances({
    ...whole,
    goal: { direction, metric: 'score' },
    space: Object.fromEntries(paths.map((path, i) => [path, kindOf(i)])),
    trials: trials.map(([values, score], i) =>
      trial(i + 1, Object.fromEntries(paths.map((path, k) => [path, values[k]])), score),
    ),
  })!.parameters;
}

test.each(Object.entries(judged))("importance orders as Optuna's fANOVA, where that tells apart: %s", (_, sweep) => {
  const found = ours(sweep);
  for (const [k, { path }] of found.entries())
    for (const { path: less } of found.slice(k + 1))
      expect(sweep.importance[path]! > sweep.importance[less]! - 0.02, `${path} before ${less}`).toBe(true);
});

test.each(Object.entries(judgedShares))(
  "importance is epsilon squared by scipy's one-way analysis of the ranks: %s",
  (name, shares) => {
    const found = ours(judged[name]!);
    expect(found.map(({ path }) => path).toSorted()).toEqual(Object.keys(shares).toSorted());
    for (const { path, share } of found) expect(share, path).toBeCloseTo(shares[path]!, 10);
  },
);

test('importance knows what the example is made of, and says nothing from fewer than ten trials', () => {
  const { parameters, trials, epoch } = importances(example)!;
  expect(parameters[0]).toMatchObject({ path: 'train.optimizer.adam.learningRate' });
  expect(parameters[0]!.share).toBeGreaterThan(0.7);
  expect([trials, epoch]).toEqual([56, 1]);
  expect(importances(plainSweep(2, 9))).toBeUndefined();
  expect(writeSweepReport(plainSweep(2, 9))).toContain('told from 10 trials with a score on');
});

test('a parameter that does nothing has hardly a share, by all seeds', () => {
  const shares = [1, 2, 3, 4, 5].map(
    (seed) => importances(sweepExample(60, seed))!.parameters.find(({ path }) => path === 'model.layers[0]')!.share,
  );
  expect(Math.max(...shares)).toBeLessThan(0.15);
});

test('for the terminal: counts, the best as it is, the five best', () => {
  const lines = describeSweep(example).split('\n');
  expect(lines[0]).toBe('mnist-sweep: 60 trials, 7 finished, 49 paused, 4 failed, 53 min 0 s');
  expect(lines[1]).toBe('best val_accuracy: 0.9738, trial 5');
  expect(lines.slice(2, 6).map((line) => line.trim().split(':')[0])).toEqual(Object.keys(example.space));
  expect(lines.slice(7, -1).map((line) => line.split(' ')[0])).toEqual(['trial', '5', '51', '12', '46', '38']);
  expect(describeSweep(edges['none finished']!)).toBe(
    'mnist-sweep: 4 trials, 4 failed, 53 min 0 s\nno trial has a val_accuracy\ntrial 15 failed: The loss is NaN.\n',
  );
  // oxlint-disable-next-line no-control-regex
  expect(describeSweep(hostileSweep())).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});
