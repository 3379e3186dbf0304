import { showCount } from '../../base/quantities.ts';
import { loss } from '../../base/rank-trials.ts';
import type { Distribution, Goal } from '../../base/sweep-results.ts';
import { showValue } from './show-value.ts';

/** Where values lie on an axis from 0 to 1. */
export interface Axis {
  /** undefined: the value does not lie on it. */
  at(value: unknown): number | undefined;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** The axis of a parameter: its bounds, or a place for each choice. */
export function parameterAxis(distribution: Distribution): Axis {
  if (distribution.kind === 'choice') return choiceAxis(distribution.choices);
  return numberAxis(distribution.low, distribution.high, distribution.log);
}

function choiceAxis(choices: readonly unknown[]): Axis {
  const places = new Map(choices.map((choice, i) => [JSON.stringify(choice), (i + 0.5) / choices.length]));
  return {
    at: (value) => places.get(JSON.stringify(value)),
    ticks: choices.map((choice, i) => ({ at: (i + 0.5) / choices.length, text: showValue(choice) })),
  };
}

/** An axis of numbers; what lies beyond its ends stands at them. */
export function numberAxis(low: number, high: number, log = false): Axis {
  const isLog = log && low > 0;
  // Halves, as the difference of two finite numbers may be none.
  const by = isLog ? Math.log10 : (value: number) => value / 2;
  const [from, span] = [by(low), by(high) - by(low)];
  const place = (value: number) => (span > 0 ? Math.min(1, Math.max(0, (by(value) - from) / span)) : 0.5);
  const shown = isLog ? logTicks(low, high) : linearTicks(low, high);
  return {
    at: (value) =>
      typeof value === 'number' && Number.isFinite(value) ? place(isLog ? Math.max(value, low) : value) : undefined,
    ticks: shown.map((value) => ({ at: place(value), text: showTick(value) })),
  };
}

function linearTicks(low: number, high: number): readonly number[] {
  if (!(high > low)) return [low];
  const rough = high / 6 - low / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  const ticks = Array.from({ length: 8 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  const inside = ticks.filter((tick) => tick <= high);
  return Number.isFinite(step) && inside.length > 1 ? inside : [low, high];
}

function logTicks(low: number, high: number): readonly number[] {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const every = Math.max(1, Math.ceil((last - first) / 5));
  const powers = Array.from({ length: Math.max(0, Math.floor((last - first) / every) + 1) }, (_, i) =>
    Number(`1e${first + i * every}`),
  );
  return powers.length > 1 ? powers : [low, high];
}

function showTick(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4))
    return Number(value.toPrecision(4)).toExponential().replace('e+', 'e');
  return String(Number(value.toPrecision(6)));
}

/** The axis of the goal, and how many scores are so much worse that they stand at its end. */
export interface GoalAxis extends Axis {
  readonly beyond: number;
}

/** How far behind the best a score may lie, in distances of the best from the worst of the better three quarters. */
const farthest = 3;

/**
 * The axis of all scores; a few that are far worse than the others would press these into a line, and stand at its end.
 *
 * @param scores finite, at least one, in any order
 */
export function goalAxis(scores: readonly number[], goal: Goal): GoalAxis {
  const losses = scores.map((score) => loss(score, goal)).sort((one, other) => one - other);
  const [best, worst] = [losses[0]!, losses.at(-1)!];
  const most = losses[Math.floor(0.75 * (losses.length - 1))]!;
  const limit = most > best ? Math.min(worst, best + farthest * (most - best)) : worst;
  const end = Number.isFinite(limit) ? limit : worst;
  const [low, high] = goal.direction === 'maximize' ? [-end, -best] : [best, end];
  // A little room around, so that no point lies on the frame.
  const room = (high / 2 - low / 2) * 0.1;
  const fits = Number.isFinite(low - room) && Number.isFinite(high + room);
  const axis = fits ? numberAxis(low - room, high + room) : numberAxis(low, high);
  return { ...axis, beyond: losses.filter((each) => each > end).length };
}

/** What the caption says of what lies beyond the axis. */
export function tellBeyond({ beyond }: GoalAxis): string {
  return beyond === 0
    ? ''
    : ` ${showCount(beyond)} far worse than the others ${beyond === 1 ? 'is' : 'are'} drawn at the edge.`;
}
