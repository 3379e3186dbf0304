import { showMeasure } from '../base/quantities.ts';
import type { ChartInput, Reference, RunChart } from './chart.ts';
import { drawFigure } from './figure.ts';
import { palette } from './palette.ts';
import { fitText } from './fit-text.ts';
import { drawVega, numberLabels, type Layer, type View } from './vega.ts';

const { ink, paper, muted, blue, vermilion } = palette;
const WIDTH = 410;
const HEIGHT = 250;

/** Loss and accuracy per epoch, training beside validation, with published figures as points. */
export const learningCurves: RunChart = {
  of: 'run',
  needs: 'an epoch of training',
  fits: (input) => input.history.length > 0,
  async draw(input) {
    const metrics = trainingMetrics(input);
    const drawing = await drawVega({
      data: { values: [] },
      vconcat: pairs(metrics).map((row) => ({ hconcat: row.map((metric) => panel(metric, input)) })),
      resolve: { legend: { color: 'shared', shape: 'shared' } },
    });
    return drawFigure('Learning curves', caption(metrics, input), drawing);
  },
};

/** What training is judged by, of all outputs; two panels stand side by side. */
function trainingMetrics({ history }: ChartInput): string[] {
  const names = [...new Set(history.flatMap((epoch) => Object.keys(epoch)))];
  return names.filter((name) => !name.startsWith('val_') && /(^|_)(loss|accuracy|meanAbsoluteError)$/.test(name));
}

function pairs(metrics: readonly string[]): (readonly string[])[] {
  return Array.from({ length: Math.ceil(metrics.length / 2) }, (_, i) => metrics.slice(2 * i, 2 * i + 2));
}

interface Point {
  readonly epoch: number;
  /** null where it is not finite: the line is broken there. */
  readonly value: number | null;
  readonly series: string;
  readonly text: string;
}

/** Names the series apart from ours, whatever the user calls it. */
const publishedName = (reference: Reference | undefined): string =>
  `${fitText(reference?.label ?? '', 220, 12)} (published)`;

function trained(metric: string, { history }: ChartInput): Point[] {
  return Object.entries({ [metric]: 'training', [`val_${metric}`]: 'validation' }).flatMap(([key, series]) =>
    history.flatMap((epoch, i) =>
      key in epoch ? [{ epoch: i + 1, value: finite(epoch[key]), series, text: '' }] : [],
    ),
  );
}

function published(metric: string, { reference }: ChartInput): Point[] {
  return Object.entries(reference?.epochs[metric] ?? {}).map(([epoch, value]) => ({
    epoch: Number(epoch),
    value: finite(value),
    series: publishedName(reference),
    text: String(value),
  }));
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

function panel(metric: string, input: ChartInput): View {
  const ours = trained(metric, input);
  const theirs = published(metric, input);
  const target = input.reference?.metrics[`test_${metric}`];
  const values = [...ours, ...theirs].flatMap((p) => p.value ?? []).concat(target ?? []);
  const last = lastEpoch(input);
  const { log, ticks, ...scale } = verticalScale(metric, values);
  const x = {
    field: 'epoch',
    type: 'quantitative',
    scale: { domain: horizontal(last), nice: false },
    axis: { title: 'epoch', format: 'd', tickMinStep: 1, grid: false },
  } as const;
  const y = { field: 'value', type: 'quantitative', scale, axis: { title: null, ...numberLabels, ...ticks } } as const;
  const color = {
    field: 'series',
    type: 'nominal',
    ...series(input, [blue.light, vermilion.light, ink.light]),
  } as const;
  const shape = { field: 'series', type: 'nominal', ...series(input, ['circle', 'triangle-up', 'diamond']) } as const;
  const layer: Layer[] = [
    {
      data: { values: theirs },
      mark: { ...POINT, filled: false, fill: paper.light, strokeWidth: 2.2, size: 150 },
      encoding: { x, y, color, shape },
    },
    { data: { values: ours }, mark: { type: 'line', strokeWidth: 2.2 }, encoding: { x, y, color } },
    {
      data: { values: ours.filter((p) => p.value !== null) },
      mark: { ...POINT, size: last > 40 ? 0 : 40 },
      encoding: { x, y, color, shape },
    },
    ...numbers(theirs, ours, last, { x, y }),
    ...(input.best === undefined ? [] : bestLine(input.best, last, x)),
  ];
  if (target !== undefined)
    layer.unshift(...targetLine(target, `- -  ${fitText(input.reference!.label, 220, 12)}, test: ${target}`, y));
  return { title: log ? `${metric} (logarithmic)` : metric, width: WIDTH, height: HEIGHT, layer };
}

const POINT = { type: 'point', filled: true, opacity: 1 } as const;

/**
 * The published numbers beside their points, away from our line: first a halo in the paper's colour, to be readable on
 * top of another.
 */
function numbers(points: readonly Point[], ours: readonly Point[], last: number, place: object): Layer[] {
  const isAbove = ({ epoch, value }: Point) =>
    ours.some((own) => own.series === 'training' && own.epoch === epoch && Number(own.value) < Number(value));
  const values = points.map((p) => ({ ...p, late: p.epoch > last / 2, above: isAbove(p) }));
  const [align, dx, dy] = [
    "datum.late ? 'right' : 'left'",
    'datum.late ? 6 : 11',
    'datum.late ? (datum.above ? -16 : 16) : 0',
  ].map((expr) => ({ expr }));
  return [{ color: paper.light, stroke: paper.light, strokeWidth: 4, strokeJoin: 'round' }, { color: ink.light }].map(
    (paint) =>
      ({
        data: { values },
        mark: { type: 'text', fontSize: 12, fontWeight: 600, baseline: 'middle', align, dx, dy, ...paint },
        encoding: { ...place, text: { field: 'text', type: 'nominal' } },
      }) as Layer,
  );
}

/** The least and the greatest; a call takes not as many arguments as there may be epochs. */
function extent(values: readonly number[]): readonly [number, number] {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

/** Logarithmic where a loss spans more than a factor of ten; otherwise linear, with room above and below. */
function verticalScale(metric: string, values: readonly number[]) {
  const [low, high] = values.length === 0 ? [0, 1] : extent(values);
  if (!metric.endsWith('accuracy') && low > 0 && high > 10 * low) {
    const domain = [low / 1.8, high * 1.3];
    const ticks = { values: roundNumbers(domain[0]!, domain[1]!) };
    return { log: true, type: 'log', domain, nice: false, ticks } as const;
  }
  const room = (high - low) * 0.1 || Math.abs(high) * 0.1 || 1;
  const domain = [low - room, high + room];
  return { log: false, type: 'linear', domain, nice: false, ticks: { tickCount: 6 } } as const;
}

/** 1, 2 and 5 times the powers of ten between two numbers; the powers alone where that would be many. */
function roundNumbers(low: number, high: number): number[] {
  const powers = Array.from(
    { length: 2 + Math.ceil(Math.log10(high / low)) },
    (_, i) => Math.floor(Math.log10(low)) + i,
  );
  const steps = powers.length > 5 ? [1] : [1, 2, 5];
  return powers
    .flatMap((power) => steps.map((step) => Number(`${step}e${power}`)))
    .filter((value) => value >= low && value <= high);
}

const horizontal = (last: number): number[] => [Math.max(0.4, 0.9 - last / 40), 0.1 + last + last / 40];

function lastEpoch({ history, reference }: ChartInput): number {
  const published = Object.values(reference?.epochs ?? {}).flatMap((epochs) => Object.keys(epochs).map(Number));
  return Math.max(history.length, ...published);
}

/** The same order of series for colours and shapes; only those that are there. */
function series(
  { history, reference }: ChartInput,
  [training, validation, published]: readonly [string, string, string],
) {
  const validated = history.some((epoch) => Object.keys(epoch).some((key) => key.startsWith('val_')));
  const rows = [
    ['training', training],
    ...(validated ? [['validation', validation]] : []),
    ...(reference ? [[publishedName(reference), published]] : []),
  ];
  const scale = { domain: rows.map(([name]) => name!), range: rows.map(([, look]) => look!) };
  return { scale, legend: { title: null, orient: 'top', symbolStrokeWidth: 2 } } as const;
}

/**
 * A single published value that belongs to no epoch, as a dashed line; explained in the corner that learning curves
 * leave free.
 */
function targetLine(value: number, text: string, y: object): Layer[] {
  const data = { values: [{ value, text }] };
  return [
    { data, mark: { type: 'rule', color: muted.light, strokeDash: [4, 4] }, encoding: { y } },
    {
      data,
      mark: {
        type: 'text',
        fontSize: 12,
        color: muted.light,
        align: 'right',
        baseline: 'bottom',
        x: WIDTH - 8,
        y: HEIGHT - 8,
      },
      encoding: { text: { field: 'text', type: 'nominal' } },
    },
  ];
}

/** The epoch whose weights the model has. */
function bestLine(best: number, last: number, x: object): Layer[] {
  const data = { values: [{ epoch: best, text: `weights of epoch ${best}` }] };
  const isLate = best > last / 2;
  const text = {
    type: 'text',
    fontSize: 12,
    align: isLate ? 'right' : 'left',
    baseline: 'top',
    dx: isLate ? -6 : 6,
    y: 4,
  } as const;
  const halo = { stroke: paper.light, strokeWidth: 4, strokeJoin: 'round' } as const;
  return [
    { data, mark: { type: 'rule', color: muted.light, strokeDash: [2, 3] }, encoding: { x } },
    ...[{ color: paper.light, ...halo }, { color: muted.light }].map(
      (paint) =>
        ({ data, mark: { ...text, ...paint }, encoding: { x, text: { field: 'text', type: 'nominal' } } }) as Layer,
    ),
  ];
}

function caption(metrics: readonly string[], { history, best }: ChartInput): string {
  const after = (epoch: number) =>
    metrics
      .map((metric) => {
        const values = history[epoch - 1]!;
        const validation = values[`val_${metric}`];
        const beside = validation === undefined ? '' : ` (validation ${round(validation)})`;
        return `${metric} ${round(values[metric])}${beside}`;
      })
      .join(', ');
  const chosen = best === undefined ? '' : `The model has the weights of epoch ${best}, the best: ${after(best)}. `;
  const ends = best === history.length ? '' : `After epoch ${history.length}: ${after(history.length)}.`;
  const lost = history.flatMap((epoch) => Object.values(epoch)).filter((value) => !Number.isFinite(value)).length;
  return `${chosen}${ends}${lost === 0 ? '' : ` Values that are not finite are not drawn (${lost}).`}`.trim();
}

const round = (value: number | undefined): string => (value === undefined ? 'unknown' : showMeasure(value));
