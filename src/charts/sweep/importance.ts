import { loss, rankTrials, type ScoredTrial } from '../../base/rank-trials.ts';
import type { Distribution, SweepRecord } from '../../base/sweep-results.ts';

/** What a parameter alone tells of how good trials are. */
export interface Importance {
  readonly path: string;
  /** The share of the variance of the trials' ranks that it explains, 0 to 1. */
  readonly share: number;
}

/** The importance of each parameter, the largest first. */
export interface Importances {
  readonly parameters: readonly Importance[];
  /** Trials that it is of. */
  readonly trials: number;
  /** The epoch that all are compared at, where they were trained for different ones. */
  readonly epoch?: number;
}

/** Trials below which nothing is said. */
export const fewestTrials = 10;

/**
 * The share of the variance of the trials' ranks between groups of like values: Kelley's epsilon squared of a one-way
 * analysis (1935), which is the correlation ratio less what groups of so few explain by chance. Groups are the choices,
 * or up to eight of equally many trials by the value. Ranks, as one loss of 1e6 would else be all the variance; groups,
 * as the best value mostly lies between the bounds. Interactions count for none of their parameters.
 *
 * @returns undefined for fewer than `fewestTrials`
 */
export function importances(record: SweepRecord): Importances | undefined {
  const epoch = record.rungs?.[0];
  const scored = epoch === undefined ? rankTrials(record) : atEpoch(record, epoch);
  if (scored.length < fewestTrials) return undefined;
  const ranks = midRanks(scored.map(({ score }) => loss(score, record.goal)));
  const parameters = Object.entries(record.space)
    .map(([path, distribution]) => ({ path, share: explained(groupsOf(scored, path, distribution), ranks) }))
    .sort((one, other) => other.share - one.share);
  return { parameters, trials: scored.length, ...(epoch === undefined ? {} : { epoch }) };
}

/** Trials with what they had after the first rung: more epochs are better, whatever the values. */
function atEpoch({ trials, goal }: SweepRecord, epoch: number): readonly ScoredTrial[] {
  const then = trials.flatMap((trial) => {
    const score = trial.curve[epoch - 1];
    return score === undefined ? [] : [{ ...trial, score }];
  });
  return rankTrials({ trials: then, goal });
}

/** The rank of each number, from 1; equal ones have the mean of theirs. */
function midRanks(numbers: readonly number[]): readonly number[] {
  const sorted = [...numbers].sort((one, other) => one - other);
  const places = new Map<number, { first: number; count: number }>();
  sorted.forEach((number, i) => {
    const known = places.get(number);
    if (known === undefined) places.set(number, { first: i + 1, count: 1 });
    else known.count++;
  });
  return numbers.map((number) => {
    const { first, count } = places.get(number)!;
    return first + (count - 1) / 2;
  });
}

const mostGroups = 8;
/** Trials that a group has at least, so that its mean says something. */
const fewestInGroup = 5;

/** The group of each trial. */
function groupsOf(trials: readonly ScoredTrial[], path: string, { kind }: Distribution): readonly string[] {
  const values = trials.map(({ values }) => values[path]);
  const numbers = values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
  if (kind === 'choice' || numbers.length < values.length)
    return values.map((value) => JSON.stringify(value) ?? 'undefined');
  const count = Math.max(3, Math.min(mostGroups, Math.floor(values.length / fewestInGroup)));
  if (new Set(numbers).size <= count) return numbers.map(String);
  return midRanks(numbers).map((rank) => String(Math.floor(((rank - 0.5) / numbers.length) * count)));
}

function explained(groups: readonly string[], ranks: readonly number[]): number {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const squares = (numbers: readonly number[]) => {
    const middle = mean(numbers);
    return numbers.reduce((sum, number) => sum + (number - middle) ** 2, 0);
  };
  const members = new Map<string, number[]>();
  groups.forEach((group, i) => {
    const known = members.get(group);
    if (known === undefined) members.set(group, [ranks[i]!]);
    else known.push(ranks[i]!);
  });
  const [trials, total] = [ranks.length, squares(ranks)];
  if (total === 0 || members.size < 2 || members.size >= trials) return 0;
  const within = [...members.values()].reduce((sum, group) => sum + squares(group), 0);
  return Math.max(0, 1 - (within / total) * ((trials - 1) / (trials - members.size)));
}
