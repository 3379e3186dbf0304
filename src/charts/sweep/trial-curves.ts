import { showCount } from '../../base/quantities.ts';
import type { ScoredTrial } from '../../base/rank-trials.ts';
import type { SweepRecord } from '../../base/sweep-results.ts';
import type { Figure } from '../chart.ts';
import { drawFigure } from '../figure.ts';
import { palette } from '../palette.ts';
import { goalAxis, numberAxis, tellBeyond } from './axis.ts';
import { drawDots, drawLevel, drawLines, drawText, drawUpright, heightIn, type Box, type Point } from './marks.ts';
import { someOf } from './some-of.ts';

const { muted, ink, blue, vermilion } = palette;

/** Points of a curve that are drawn: as many as pixels would show. */
const mostPoints = 120;

/** The goal over the epochs, of sweeps with rungs and of others whose trials told of more than one epoch. */
export function drawCurves(record: SweepRecord, ranked: readonly ScoredTrial[]): readonly Figure[] {
  const { goal, rungs = [] } = record;
  const trials = ranked.filter(({ curve }) => curve.some(Number.isFinite));
  const last = Math.max(...rungs, ...trials.map(({ curve }) => curve.length), 0);
  if (trials.length === 0 || last < 2) return [];
  const { drawn, tell } = someOf(trials);
  const axis = goalAxis(
    trials.flatMap(({ curve }) => curve.filter(Number.isFinite)),
    goal,
  );
  const level = numberAxis(1, last);
  const whole = { ...level, ticks: level.ticks.filter(({ text }) => /^\d+$/.test(text)) };
  const box: Box = { x: 70, y: rungs.length === 0 ? 10 : 44, width: 560, height: 280 };
  const across = (epoch: number) => box.x + (level.at(epoch) ?? 0) * box.width;
  const lineOf = ({ curve }: ScoredTrial): Point[] =>
    thinned(curve).flatMap(([epoch, score]): Point[] => {
      const at = axis.at(score);
      return at === undefined ? [] : [[across(epoch), heightIn(box, at)]];
    });
  const isWhole = ({ curve }: ScoredTrial) => curve.length >= last;
  const [winner, ...others] = drawn;
  const ends = (some: readonly ScoredTrial[]) => some.flatMap((trial) => lineOf(trial).slice(-1));
  const partial = others.filter((trial) => !isWhole(trial));
  const body = [
    drawUpright(box, axis),
    drawLevel(box, whole),
    ...rungs.map((epochs, i) => drawRung(box, across(epochs), reached(record, epochs), i)),
    drawLines(partial.map(lineOf), { color: muted.light, width: 1, opacity: 0.5 }),
    drawDots(ends(partial), { color: muted.light, width: 5, opacity: 0.7 }),
    drawLines(others.filter(isWhole).map(lineOf), { color: blue.light, width: 1.4, opacity: 0.8 }),
    drawLines([lineOf(winner!)], { color: vermilion.light, width: 2.6 }),
    drawDots(ends([winner!]), { color: vermilion.light, width: 9 }),
    drawText([box.x + box.width / 2, box.y + box.height + 38], 'epoch', { anchor: 'middle' }),
  ].join('');
  const caption =
    `${goal.metric} of each trial over its epochs: the best is the thick line, those trained to the end are blue, ` +
    `the others grey, with a point where they ended.${tellRungs(record)}${tellBeyond(axis)}${tell}`;
  const title = rungs.length === 0 ? 'Curves of the trials' : 'Rungs';
  return [drawFigure(title, caption, { width: 650, height: box.y + box.height + 46, body })];
}

/** Epochs and values of a curve, as many as pixels would show, the first and the last among them. */
export function thinned(curve: readonly number[]): readonly (readonly [epoch: number, score: number])[] {
  const every = Math.ceil(curve.length / mostPoints);
  return curve
    .map((score, i) => [i + 1, score] as const)
    .filter(([epoch]) => epoch % every === 0 || epoch === 1 || epoch === curve.length);
}

const reached = ({ trials }: SweepRecord, rung: number): number => trials.filter(({ epochs }) => epochs >= rung).length;

/** Neighbours have their texts on two levels, as rungs at the start are near one another. */
function drawRung(box: Box, x: number, count: number, i: number): string {
  return (
    drawLines(
      [
        [
          [x, box.y],
          [x, box.y + box.height],
        ],
      ],
      { color: ink.light, width: 1, dashed: true },
    ) + drawText([x, box.y - 8 - (i % 2) * 16], showCount(count), { anchor: 'middle', color: ink.light })
  );
}

function tellRungs(record: SweepRecord): string {
  const { rungs, trials } = record;
  if (rungs === undefined || rungs.length === 0) return '';
  const started = trials.filter(({ state }) => state !== 'failed' && state !== 'queued');
  const trained = started.reduce((sum, { epochs }) => sum + epochs, 0);
  const all = started.length * rungs.at(-1)!;
  const each = rungs.map((rung) => `${showCount(reached(record, rung))} reached ${rung}`);
  const saved =
    all > 0
      ? ` Trained: ${showCount(trained)} epochs where all to the end would be ${showCount(all)}, ` +
        `${Math.round(100 * Math.max(0, 1 - trained / all))} % saved.`
      : '';
  return ` Rungs are the dashed lines, with how many trials came to them (epochs: ${each.join(', ')}).${saved}`;
}
