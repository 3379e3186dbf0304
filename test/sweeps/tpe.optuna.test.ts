import { describe, expect, inject, test } from 'vitest';
import type { Distribution, TrialRecord, TrialValues } from '../../src/base/sweep-results.ts';
import { openTpe } from '../../src/sweeps/search/tpe.ts';
import type { SearchSpace, Searcher } from '../../src/sweeps/searcher.ts';
import { searches } from '../../src/sweeps/searches.ts';
import { environment } from '../optuna/setup.ts';
import { programOf } from '../python-environment.ts';
import { finishedTrial, spaceOf } from './spaces.ts';

const open = (space: SearchSpace) => openTpe(space, programOf(environment, 'python'));

/** A rate, a size, a share and a choice, each with a place where it is best: 0 there. */
const distributions = {
  rate: { kind: 'float', low: 1e-5, high: 1e-1, log: true },
  size: { kind: 'int', low: 16, high: 128, step: 16, log: false },
  share: { kind: 'float', low: 0, high: 0.9, log: false },
  layer: { kind: 'choice', choices: ['conv 3x3x32', { dense: { units: 64 } }, null] },
} as const satisfies Readonly<Record<string, Distribution>>;

function loss({ rate, size, share, layer }: TrialValues): number {
  const far = (Math.log10(rate as number) + 3) ** 2 / 4;
  return far + ((size as number) / 64 - 1) ** 2 + ((share as number) - 0.3) ** 2 + (layer === null ? 0.2 : 0);
}

async function search(searcher: Searcher, count: number, before: readonly TrialRecord[] = []): Promise<TrialRecord[]> {
  const trials = [...before];
  while (trials.length < count) {
    const number = trials.length + 1;
    const values = (await searcher.suggest(number, trials))!;
    // Some fail, which a search has to live with.
    trials.push(
      number % 13 === 0
        ? { ...finishedTrial(number, values, 0), state: 'failed', score: Number.NaN }
        : finishedTrial(number, values, loss(values)),
    );
  }
  await searcher.close();
  return trials;
}

const valuesOf = (trials: readonly TrialRecord[]) => trials.map(({ values }) => values);

describe.skipIf(inject('optunaMissing') !== '')('tpe', () => {
  test('suggests the same of the same seed, also when it is opened anew after 25 of 60 trials', async () => {
    const whole = await search(await open(spaceOf(distributions)), 60);
    const first = await search(await open(spaceOf(distributions)), 25);
    const rest = await search(await open(spaceOf(distributions)), 60, first);
    expect(valuesOf(rest)).toEqual(valuesOf(whole));
    expect(new Set(valuesOf(whole).map((point) => JSON.stringify(point))).size).toBe(60);
    for (const { rate, size, share, layer } of valuesOf(whole)) {
      expect(rate).toBeGreaterThanOrEqual(1e-5);
      expect(rate).toBeLessThanOrEqual(1e-1);
      expect([16, 32, 48, 64, 80, 96, 112, 128]).toContain(size);
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(0.9);
      expect(distributions.layer.choices).toContainEqual(layer);
    }
    const other = await search(await open(spaceOf(distributions, { seed: 8 })), 3);
    expect(valuesOf(other)).not.toEqual(valuesOf(whole).slice(0, 3));
  });

  test('is better than random search with as many trials', async () => {
    const best = (trials: readonly TrialRecord[]) =>
      Math.min(...trials.flatMap(({ state, score }) => (state === 'finished' ? [score!] : [])));
    const found = { tpe: 0, random: 0 };
    for (const seed of [1, 2, 3, 4]) {
      const space = spaceOf(distributions, { seed });
      found.tpe += Math.log10(best(await search(await open(space), 50)));
      found.random += Math.log10(best(await search(await searches.random.open(space), 50)));
    }
    expect(found.tpe / 4).toBeLessThan(found.random / 4 - 0.3);
  });

  test('asks for the other direction where the goal is to be maximized', async () => {
    const up = spaceOf(distributions, { goal: { direction: 'maximize', metric: 'val_accuracy' } });
    const searcher = await open(up);
    const trials = await search(await open(spaceOf(distributions)), 20);
    const turned = trials.map((trial) => ({ ...trial, score: -trial.score! }));
    const down = await open(spaceOf(distributions));
    expect(await searcher.suggest(21, turned)).toEqual(await down.suggest(21, trials));
    await Promise.all([searcher.close(), down.close()]);
  });

  test('keeps trials side by side apart, and takes those at a rung for what they are', async () => {
    const trials = await search(await open(spaceOf(distributions)), 20);
    const searcher = await open(spaceOf(distributions));
    const side = [...trials];
    for (let number = 21; number <= 24; number++) {
      const values = (await searcher.suggest(number, side))!;
      side.push({ ...finishedTrial(number, values, 0), state: 'running', score: Number.NaN, curve: [], epochs: 0 });
    }
    expect(new Set(valuesOf(side).map((point) => JSON.stringify(point))).size).toBe(24);
    const again = await searcher.suggest(24, side.slice(0, 23));
    expect(again).toEqual(side[23]!.values);
    const paused = side.map((trial) =>
      trial.number > 20 ? { ...trial, state: 'paused' as const, score: 0.1 } : trial,
    );
    const next = await searcher.suggest(25, paused);
    expect(next).toBeDefined();
    expect(next).not.toEqual(await searcher.suggest(25, side));
    await searcher.close();
  });

  test('suggests each point of a small space once, and then none', async () => {
    const small = spaceOf({ a: { kind: 'choice', choices: [1, 2, 3] }, b: distributions.size });
    const searcher = await open(small);
    const trials: TrialRecord[] = [];
    for (let number = 1; number <= 24; number++)
      trials.push(finishedTrial(number, (await searcher.suggest(number, trials))!, number));
    expect(new Set(valuesOf(trials).map((point) => JSON.stringify(point))).size).toBe(24);
    expect(await searcher.suggest(25, trials)).toBeUndefined();
    await searcher.close();
  });
});
