import { loss, rankTrials, type ScoredTrial } from '../../base/rank-trials.ts';
import type { SweepRecord } from '../../base/sweep-results.ts';
import type { Figure } from '../chart.ts';
import { drawFigure } from '../figure.ts';
import { textWidth } from '../fit-text.ts';
import { palette } from '../palette.ts';
import { goalAxis, numberAxis, parameterAxis, tellBeyond } from './axis.ts';
import { fewestTrials, importances } from './importance.ts';
import {
  drawDots,
  drawLevel,
  drawLines,
  drawText,
  drawUpright,
  fitPaths,
  heightIn,
  type Box,
  type Point,
} from './marks.ts';
import { parallelCoordinates } from './parallel-coordinates.ts';
import { someOf } from './some-of.ts';
import { drawCurves } from './trial-curves.ts';

const { ink, muted, grid, blue, vermilion } = palette;

/** The figures of a sweep; none where no trial has a score. */
export function sweepFigures(record: SweepRecord): readonly Figure[] {
  const ranked = rankTrials(record);
  if (ranked.length === 0) return [];
  return [bestSoFar(record, ranked), ...drawImportance(record), parallelCoordinates(record, ranked)].concat(
    drawCurves(record, ranked),
    slices(record, ranked),
  );
}

const scoresOf = (ranked: readonly ScoredTrial[]) => ranked.map(({ score }) => score);

function bestSoFar({ goal, trials }: SweepRecord, ranked: readonly ScoredTrial[]): Figure {
  const axis = goalAxis(scoresOf(ranked), goal);
  const last = Math.max(...trials.map(({ number }) => number));
  const box: Box = { x: 70, y: 10, width: 430, height: 260 };
  const level = numberAxis(1, last);
  const whole = { ...level, ticks: level.ticks.filter(({ text }) => /^\d+$/.test(text)) };
  const at = (number: number, score: number): Point => [
    box.x + (level.at(number) ?? 0) * box.width,
    heightIn(box, axis.at(score) ?? 0),
  ];
  const inOrder = [...ranked].sort((one, other) => one.number - other.number);
  const steps: Point[] = [];
  let best: number | undefined;
  for (const { number, score } of inOrder) {
    if (best !== undefined) steps.push(at(number, best));
    if (best === undefined || loss(score, goal) < loss(best, goal)) best = score;
    steps.push(at(number, best));
  }
  steps.push(at(last, best!));
  const winner = ranked[0]!;
  const body = [
    drawUpright(box, axis),
    drawLevel(box, whole),
    drawDots(
      inOrder.map(({ number, score }) => at(number, score)),
      { color: muted.light, width: 6, opacity: 0.6 },
    ),
    drawLines([steps], { color: blue.light, width: 2.2 }),
    drawDots([at(winner.number, winner.score)], { color: vermilion.light, width: 11 }),
    drawText([box.x + box.width / 2, box.y + box.height + 38], 'trial', { anchor: 'middle' }),
  ].join('');
  const caption =
    `The line is the best ${goal.metric} up to each trial, the grey points are single trials, ` +
    `the large point is the best. A line that is level for long says that more trials help little.${tellBeyond(axis)}`;
  return drawFigure('Best so far', caption, { width: 520, height: 320, body });
}

function drawImportance(record: SweepRecord): readonly Figure[] {
  const found = importances(record);
  if (found === undefined) return [];
  const { parameters, trials, epoch } = found;
  const names = fitPaths(
    parameters.map(({ path }) => path),
    240,
  );
  const left = Math.max(...names.map((name) => textWidth(name, 12))) + 14;
  const [room, row] = [260, 26];
  const body = parameters.map(({ share }, i) => {
    const y = i * row + row / 2;
    const length = Math.max(1.5, share * room);
    return (
      drawText([left - 10, y + 4], names[i]!, { anchor: 'end', color: ink.light }) +
      drawLines(
        [
          [
            [left, y],
            [left + room, y],
          ],
        ],
        { color: grid.light, width: 14 },
      ) +
      drawLines(
        [
          [
            [left, y],
            [left + length, y],
          ],
        ],
        { color: blue.light, width: 14 },
      ) +
      drawText([left + room + 44, y + 4], `${Math.round(100 * share)} %`, { anchor: 'end' })
    );
  });
  const when =
    epoch === undefined ? '' : `, all as they were after ${epoch === 1 ? 'the first epoch' : `epoch ${epoch}`}`;
  const caption =
    `How much of what makes trials better or worse each parameter alone explains, from ${trials} trials${when}: ` +
    'the share of the variance of their ranks (epsilon squared). What parameters do only together counts for none; ' +
    `the shares need not come to 100 %.${trials < 3 * fewestTrials ? ' So few trials give it roughly.' : ''}`;
  const drawing = { width: left + room + 50, height: parameters.length * row, body: body.join('') };
  return [drawFigure('Importance of each parameter', caption, drawing)];
}

function slices({ goal, space }: SweepRecord, ranked: readonly ScoredTrial[]): Figure {
  const axis = goalAxis(scoresOf(ranked), goal);
  const { drawn: shown, tell } = someOf(ranked);
  const entries = Object.entries(space);
  const columns = Math.min(3, entries.length);
  const [width, height] = [230, 170];
  const names = fitPaths(
    entries.map(([path]) => path),
    width,
  );
  const plots = entries.map(([path, distribution], i) => {
    const box: Box = {
      x: 66 + (i % columns) * (width + 84),
      y: 24 + Math.floor(i / columns) * (height + 74),
      width,
      height,
    };
    const level = parameterAxis(distribution);
    const places = shown.flatMap(({ values, score }): Point[] => {
      const at = level.at(values[path]);
      return at === undefined ? [] : [[box.x + at * width, heightIn(box, axis.at(score) ?? 0)]];
    });
    return [
      drawText([box.x, box.y - 10], names[i]!, { color: ink.light, bold: true }),
      drawUpright(box, axis),
      drawLevel(box, level),
      drawDots(places.slice(1), { color: muted.light, width: 6, opacity: 0.55 }),
      drawDots(places.slice(0, 1), { color: vermilion.light, width: 10 }),
    ].join('');
  });
  const caption =
    `${goal.metric} of each trial over each parameter, the best as the large point. Good trials at an end of a ` +
    `parameter say that its range should be wider there.${tellBeyond(axis)}${tell}`;
  const drawing = {
    width: 66 + columns * (width + 84) - 66,
    height: 24 + Math.ceil(entries.length / columns) * (height + 74) - 44,
    body: plots.join(''),
  };
  return drawFigure('Goal over each parameter', caption, drawing);
}
