import { chmodSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import type { Distribution, TrialRecord, TrialValues } from '../../src/base/sweep-results.ts';
import { openTpe } from '../../src/sweeps/search/tpe.ts';
import type { Searcher } from '../../src/sweeps/searcher.ts';
import { searches } from '../../src/sweeps/searches.ts';
import { Rig } from '../rig.ts';
import { finishedTrial, spaceOf } from './spaces.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const choice = (...choices: readonly unknown[]): Distribution => ({ kind: 'choice', choices });
const int = (low: number, high: number, step = 1, log = false): Distribution => ({ kind: 'int', low, high, step, log });
const float = (low: number, high: number, log = false): Distribution => ({ kind: 'float', low, high, log });

/** All that a search suggests, up to so many. */
async function take(searcher: Searcher, most = Infinity): Promise<TrialValues[]> {
  const before: TrialRecord[] = [];
  while (before.length < most) {
    const values = await searcher.suggest(before.length + 1, before);
    if (values === undefined) break;
    before.push(finishedTrial(before.length + 1, values, 0));
  }
  return before.map(({ values }) => values);
}

describe('grid', () => {
  test('has every point in the order of the file, the last path fastest, whatever the seed', async () => {
    const layer = { conv2d: { filters: 3 } };
    const space = { a: choice('x', layer), b: int(2, 9, 3), c: float(0.5, 0.5) };
    const points = await take(await searches.grid.open(spaceOf(space)));
    expect(points).toEqual(['x', layer].flatMap((a) => [2, 5, 8].map((b) => ({ a, b, c: 0.5 }))));
    expect(Object.keys(points[0]!)).toEqual(['a', 'b', 'c']);
    expect(await take(await searches.grid.open(spaceOf(space, { seed: 8 })))).toEqual(points);
  });

  test('has no points where a range has all numbers', async () => {
    const searcher = await searches.grid.open(spaceOf({ a: choice(1, 2), b: float(0, 1) }));
    expect(await searcher.suggest(1, [])).toBeUndefined();
  });
});

/** Values that random search suggests for one path without looking back. */
async function drawn(distribution: Distribution, count: number, seed = 7): Promise<unknown[]> {
  const searcher = await searches.random.open(spaceOf({ x: distribution, y: float(0, 1) }, { seed }));
  return Promise.all(Array.from({ length: count }, async (_, i) => (await searcher.suggest(i + 1, []))!['x']));
}

/** Sum of (seen - expected)^2 / expected over classes of such shares. */
function chiSquared(seen: readonly number[], shares: readonly number[]): number {
  const count = seen.reduce((sum, value) => sum + value, 0);
  return seen.reduce((sum, value, k) => sum + (value - count * shares[k]!) ** 2 / (count * shares[k]!), 0);
}

/** 99.99 % of the chi-squared distribution by its degrees of freedom (scipy.stats.chi2.ppf(0.9999, n)). */
const limits: Readonly<Record<number, number>> = { 3: 21.11, 4: 23.51, 7: 29.88, 9: 33.72 };

describe('random', () => {
  const count = 2000;
  const tally = (values: readonly unknown[], classes: number, classOf: (value: number) => number) => {
    const seen = Array.from({ length: classes }, () => 0);
    for (const value of values) seen[classOf(value as number)]!++;
    return seen;
  };
  const equal = (classes: number) => Array.from({ length: classes }, () => 1 / classes);

  test.each([7, 8])('draws every value as often as it should, seed %i', async (seed) => {
    const choices = tally(await drawn(choice(0, 1, 2, 3), count, seed), 4, (value) => value);
    expect(chiSquared(choices, equal(4))).toBeLessThan(limits[3]!);
    const steps = await drawn(int(16, 140, 16), count, seed);
    expect(new Set(steps)).toEqual(new Set([16, 32, 48, 64, 80, 96, 112, 128]));
    expect(
      chiSquared(
        tally(steps, 8, (value) => value / 16 - 1),
        equal(8),
      ),
    ).toBeLessThan(limits[7]!);
    const uniform = tally(await drawn(float(-2, 3), count, seed), 10, (value) => Math.floor((value + 2) * 2));
    expect(chiSquared(uniform, equal(10))).toBeLessThan(limits[9]!);
    // Under log, equal ratios are equally likely: each power of ten is.
    const log = tally(await drawn(float(1e-6, 1e-1, true), count, seed), 5, (value) =>
      Math.min(4, Math.floor(Math.log10(value) + 6)),
    );
    expect(chiSquared(log, equal(5))).toBeLessThan(limits[4]!);
    // A whole number has what lies nearest to it.
    const logInts = tally(await drawn(int(1, 5, 1, true), count, seed), 5, (value) => value - 1);
    const whole = Math.log(5.5 / 0.5);
    const shares = [1, 2, 3, 4, 5].map((value) => Math.log((value + 0.5) / (value - 0.5)) / whole);
    expect(chiSquared(logInts, shares)).toBeLessThan(limits[4]!);
  });

  test('draws paths apart from each other, and in few digits', async () => {
    const space = { a: float(0, 1), b: float(1e-5, 1e-1, true) };
    const searcher = await searches.random.open(spaceOf(space));
    const points = await take(searcher, 200);
    const pairs = tally(
      points.map(({ a, b }) => Math.floor((a as number) * 2) * 2 + Number((b as number) > 1e-3)),
      4,
      (value) => value,
    );
    expect(chiSquared(pairs, equal(4))).toBeLessThan(limits[3]!);
    for (const point of points) expect(JSON.stringify(point).length).toBeLessThan(40);
    // Another path leaves those that are there as they were.
    const wider = await searches.random.open(spaceOf({ ...space, c: choice(1, 2) }));
    expect((await take(wider, 200)).map(({ a, b }) => ({ a, b }))).toEqual(points);
  });

  test('has each point of a space once, in an order of the seed, and then none', async () => {
    const distributions = fc.oneof(
      fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 4 }).map((choices) => choice(...choices)),
      fc
        .tuple(fc.integer({ min: 1, max: 9 }), fc.nat(9), fc.integer({ min: 1, max: 4 }))
        .map(([low, more, step]) => int(low, low + more, step)),
      fc.integer({ min: 1, max: 9 }).map((high) => int(1, high, 1, true)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(distributions, { minLength: 1, maxLength: 3 }), fc.nat(), async (some, seed) => {
        const space = spaceOf(Object.fromEntries(some.map((one, i) => [`p${i}`, one])), { seed });
        const points = await take(await searches.random.open(space));
        const all = await take(await searches.grid.open(space));
        const sorted = (list: readonly TrialValues[]) => list.map((point) => JSON.stringify(point)).toSorted();
        expect(sorted(points)).toEqual(sorted(all));
        expect(await take(await searches.random.open(space))).toEqual(points);
      }),
      { numRuns: 15 },
    );
    const space = { a: int(1, 30), b: int(1, 10) };
    const [one, other] = await Promise.all(
      [1, 2].map(async (seed) => take(await searches.random.open(spaceOf(space, { seed })), 50)),
    );
    expect(one).not.toEqual(other);
  });
});

describe('tpe without Optuna', () => {
  const python = (script: string) => {
    const path = rig.write('python/python3', `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const space = spaceOf({ x: float(0, 1), y: choice('a', 'b') });
  const diagnosticOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => expect.unreachable(),
      (reason: unknown) => reason,
    );
    if (!(error instanceof UserError)) throw error;
    return error.diagnostics[0]!;
  };
  const greeting = `echo '{"version":"5.0.0"}'`;
  const suggest = async (script: string) => {
    const searcher = await openTpe(space, python(script));
    try {
      return await searcher.suggest(1, []);
    } finally {
      await searcher.close();
    }
  };

  test('says what installs it', async () => {
    expect(await diagnosticOf(openTpe(space, '/nowhere/python3'))).toMatchObject({
      code: 'no-python',
      hint: expect.stringContaining('pip install optuna'),
    });
    const missing = await diagnosticOf(openTpe(space, python(`echo '{"missing":"optuna"}'`)));
    expect(missing).toMatchObject({ code: 'no-optuna', hint: 'Install it with: pip install optuna' });
    expect(missing.message).toContain('this Python has no optuna');
    const old = await diagnosticOf(openTpe(space, python(`echo '{"version":"4.6.0"}'`)));
    expect(old.message).toContain('needs Optuna 5 or newer, and this Python has 4.6.0');
  });

  test.each([
    ['dies at once', 'echo "no room" >&2; exit 3', 'its process ended: no room'],
    ['says nothing', 'exit 0', 'its process ended: it says nothing'],
    ['greets with nonsense', 'echo hello; read line', 'it answers "hello"'],
    ['dies when asked', `${greeting}; read line; echo gone >&2`, 'its process ended: gone'],
    ['answers nonsense', `${greeting}; read line; echo 'true'; read line`, 'it answers true'],
    ['leaves the space', `${greeting}; read line; echo '{"values":[2,0]}'; read line`, 'it answers [2,0]'],
    ['has another choice', `${greeting}; read line; echo '{"values":[0.5,2]}'; read line`, 'it answers [0.5,2]'],
    ['says too little', `${greeting}; read line; echo '{"values":[0.5]}'; read line`, 'it answers [0.5]'],
  ])('a process that %s is a mistake', async (_, script, message) => {
    const { code, message: told } = await diagnosticOf(suggest(script));
    expect(code).toBe('search-failed');
    expect(told).toContain(message);
  });

  test('takes what a process suggests', async () => {
    const script = `${greeting}; read line; echo '{"values":[0.123456789,1]}'; read line`;
    expect(await suggest(script)).toEqual({ x: 0.123457, y: 'b' });
  });
});
