import type { ScoredTrial } from '../../base/rank-trials.ts';
import type { SweepRecord } from '../../base/sweep-results.ts';
import type { Figure } from '../chart.ts';
import { drawFigure } from '../figure.ts';
import { fitTexts } from '../fit-text.ts';
import { palette } from '../palette.ts';
import { goalAxis, parameterAxis, tellBeyond, type Axis } from './axis.ts';
import { drawLines, drawText, fitPaths, heightIn, type Box, type Point } from './marks.ts';
import { someOf } from './some-of.ts';

const { ink, muted, blue, vermilion } = palette;

const gap = 150;
const [left, top, height] = [100, 34, 300];
/** Texts that an axis has room for. */
const mostTicks = 16;

const boxOf = (i: number): Box => ({ x: left + i * gap, y: top, width: 0, height });

/** Each trial as a line over all parameters to the goal. @param ranked best first, at least one */
export function parallelCoordinates({ goal, space, trials }: SweepRecord, ranked: readonly ScoredTrial[]): Figure {
  const { drawn, tell } = someOf(ranked);
  const scores = goalAxis(
    ranked.map(({ score }) => score),
    goal,
  );
  const axes = [
    ...Object.entries(space).map(([name, distribution]) => {
      const axis = parameterAxis(distribution);
      return { name, axis, of: ({ values }: ScoredTrial) => axis.at(values[name]) };
    }),
    { name: goal.metric, axis: scores, of: ({ score }: ScoredTrial) => scores.at(score) },
  ];
  const names = fitPaths(
    axes.map(({ name }) => name),
    gap - 12,
  );
  const lineOf = (trial: ScoredTrial): Point[] =>
    axes.flatMap(({ of }, i): Point[] => {
      const at = of(trial);
      return at === undefined ? [] : [[boxOf(i).x, heightIn(boxOf(i), at)]];
    });
  const lines = drawn.map(lineOf);
  const good = Math.max(1, Math.round(lines.length / 10));
  const body = [
    drawLines(lines.slice(good), { color: muted.light, width: 1, opacity: lines.length > 100 ? 0.22 : 0.4 }),
    drawLines(lines.slice(1, good), { color: blue.light, width: 1.6, opacity: 0.8 }),
    drawLines(lines.slice(0, 1), { color: vermilion.light, width: 2.6 }),
    ...axes.map(({ axis }, i) => drawAxis(axis, names[i]!, i, i === axes.length - 1)),
  ].join('');
  const without = trials.length - ranked.length;
  const caption =
    `Each line is a trial, from parameter to parameter to its ${goal.metric}: the best is the thick line, the best ` +
    `tenth is blue, the others are grey.${without === 0 ? '' : ` Left out: ${without} without a score.`}` +
    `${tellBeyond(scores)}${tell}`;
  const drawing = { width: left + (axes.length - 1) * gap + 80, height: top + height + 10, body };
  return drawFigure('Parameters and goal', caption, drawing);
}

/** The goal's texts stand on the right, where no line is. */
function drawAxis({ ticks }: Axis, name: string, i: number, isGoal: boolean): string {
  const { x } = boxOf(i);
  const every = Math.ceil(ticks.length / mostTicks);
  const shown = ticks.filter((_, k) => k % every === 0);
  const texts = fitTexts(
    shown.map(({ text }) => text),
    gap - 60,
    12,
  );
  const ends: readonly Point[] = [
    [x, top],
    [x, top + height],
  ];
  return [
    drawLines([ends], { color: muted.light, width: 1.4 }),
    ...shown.map(({ at }, k) => {
      const y = heightIn(boxOf(i), at) + 4;
      return isGoal
        ? drawText([x + 8, y], texts[k]!)
        : drawText([x - 7, y], texts[k]!, { anchor: 'end', color: ink.light, halo: true });
    }),
    drawText([x, 12], name, { anchor: 'middle', color: ink.light, bold: true }),
  ].join('');
}
