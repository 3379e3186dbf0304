import { showCount } from '../../base/quantities.ts';
import type { SweepRecord } from '../../base/sweep-results.ts';
import type { Figure } from '../chart.ts';
import { drawFigure } from '../figure.ts';
import { palette } from '../palette.ts';
import { numberAxis } from './axis.ts';
import { drawBand, drawLevel, drawLines, drawText, drawUpright, heightIn, type Box, type Point } from './marks.ts';
import { thinned } from './trial-curves.ts';

const { muted, blue } = palette;

/** Losses that span as much are drawn by their powers of ten. */
const wideSpan = 100;

/**
 * The goal of repetitions and folds over the epochs: each run, their mean, and a band from the least to the greatest of
 * them. Mean and band end with the shortest run, as they would jump where one drops out. None of fewer than two runs,
 * or of a single epoch.
 */
export function drawMeanCurve({ goal, trials }: SweepRecord): readonly Figure[] {
  const curves = trials
    .filter(({ state, curve }) => state === 'finished' && curve.length > 0 && curve.every(Number.isFinite))
    .map(({ curve }) => curve);
  const last = Math.max(0, ...curves.map(({ length }) => length));
  if (curves.length < 2 || last < 2) return [];
  const shortest = Math.min(...curves.map(({ length }) => length));
  const values = curves.flat();
  const [low, high] = values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [
    Infinity,
    -Infinity,
  ] as const);
  const isLog = low > 0 && high / low > wideSpan;
  const room = isLog ? 0 : (high / 2 - low / 2) * 0.1;
  const axis = numberAxis(low - room, high + room, isLog);
  const level = numberAxis(1, last);
  const box: Box = { x: 70, y: 10, width: 560, height: 280 };
  const lineOf = (curve: readonly number[]): Point[] =>
    thinned(curve).map(([epoch, value]) => [
      box.x + (level.at(epoch) ?? 0) * box.width,
      heightIn(box, axis.at(value) ?? 0),
    ]);
  const common = Array.from({ length: shortest }, (_, epoch) => curves.map((curve) => curve[epoch] ?? 0));
  const body = [
    drawUpright(box, axis),
    drawLevel(box, { ...level, ticks: level.ticks.filter(({ text }) => /^\d+$/.test(text)) }),
    drawBand(lineOf(common.map((each) => Math.max(...each))), lineOf(common.map((each) => Math.min(...each))), {
      color: blue.light,
      opacity: 0.18,
    }),
    drawLines(curves.map(lineOf), { color: muted.light, width: 1, opacity: 0.7 }),
    drawLines([lineOf(common.map((each) => each.reduce((sum, value) => sum + value / each.length, 0)))], {
      color: blue.light,
      width: 2.6,
    }),
    drawText([box.x + box.width / 2, box.y + box.height + 38], 'epoch', { anchor: 'middle' }),
  ].join('');
  const ended =
    shortest === last ? '' : ` Mean and band end with epoch ${shortest}, the last that all of them were trained for.`;
  const caption =
    `${goal.metric} of ${showCount(curves.length)} runs over their epochs${isLog ? ' (logarithmic)' : ''}: the thick ` +
    `line is the mean, the band goes from the least to the greatest, the thin lines are single runs.${ended}`;
  return [drawFigure('Curves of the runs', caption, { width: 650, height: box.y + box.height + 46, body })];
}
