import { failure } from '../../base/diagnostics.ts';
import { shareOf } from '../../base/numbers.ts';
import { at } from '../tables/csv-options.ts';
import { type Baseline, naiveNames } from '../findings/baseline.ts';
import { type OptionPath, WrongOption } from '../wrong-option.ts';
import type { SeriesOptions } from './series-options.ts';
import type { OrderedRows } from './series-time.ts';
import { type PartName, validationCount } from '../splits/split.ts';

/** What windows are made by. */
export type WindowOptions = Pick<SeriesOptions, 'window' | 'horizon' | 'stride'>;

/** The windows of each part, by the places of their first rows among the ordered ones. */
export type Windows = Readonly<Record<PartName, Uint32Array>>;

/** A series that is divided. */
export interface DividedSeries {
  readonly windows: Windows;
  /** The rows of the table in the time that is trained on, sorted. */
  readonly trained: Uint32Array;
  /** How many entities have no window in any part, and the place of the first row of one. */
  readonly left: { readonly count: number; readonly first: number };
}

/**
 * Divides rows at points in time, the same for all entities, and finds the windows of each part: none reaches over such
 * a point, nor over two entities.
 *
 * @param name of the table, for messages
 * @throws WrongOption where a part that is to have windows has none
 */
export function divideSeries(
  ordered: OrderedRows,
  options: WindowOptions & Pick<SeriesOptions, 'test'>,
  { validation, name }: { readonly validation: number; readonly name: string },
): DividedSeries {
  const { rows, times, firsts } = ordered;
  const points = Float64Array.from(new Set(times)).sort();
  const tested = shareOf(options.test, points.length);
  const validated = Math.min(validationCount({ validation }, points.length - tested), points.length - tested);
  const sizes: Readonly<Record<PartName, number>> = {
    train: points.length - tested - validated,
    validation: validated,
    test: tested,
  };
  const ends = [sizes.train, sizes.train + sizes.validation, points.length];
  const timeOf = (place: number) => times[rows[place]!]!;
  /** The first place from `first` on whose time is not below that of a point. */
  const placeOf = (point: number, first: number, end: number) => {
    if (point === points.length) return end;
    let [low, high] = [first, end];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (timeOf(middle) < points[point]!) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const found: Record<PartName, number[]> = { train: [], validation: [], test: [] };
  const longest: Record<PartName, number> = { train: 0, validation: 0, test: 0 };
  const trained: number[] = [];
  let [left, firstLeft] = [0, 0];
  for (let k = 0; k + 1 < firsts.length; k++) {
    const [first, end] = [firsts[k]!, firsts[k + 1]!];
    let [from, windows] = [first, 0];
    for (const [which, part] of partNames.entries()) {
      const to = placeOf(ends[which]!, from, end);
      longest[part] = Math.max(longest[part], to - from);
      if (part === 'train') for (let place = from; place < to; place++) trained.push(rows[place]!);
      for (const start of startsIn(from, to, options)) {
        found[part].push(start);
        windows++;
      }
      from = to;
    }
    if (windows === 0 && left++ === 0) firstLeft = first;
  }
  for (const part of partNames)
    if (found[part].length === 0 && (part !== 'validation' || validation > 0))
      throw tooShort(name, part, { options, points: sizes[part], longest: longest[part] });
  return {
    windows: {
      train: Uint32Array.from(found.train),
      validation: Uint32Array.from(found.validation),
      test: Uint32Array.from(found.test),
    },
    trained: Uint32Array.from(trained).sort(),
    left: { count: left, first: firstLeft },
  };
}

const partNames = ['train', 'validation', 'test'] as const;

/** The first places of the windows between two, that have all of their forecast there. */
export function* startsIn(from: number, to: number, { window, horizon, stride }: WindowOptions): Generator<number> {
  for (let start = from; start + window + horizon <= to; start += stride) yield start;
}

const paths: Readonly<Record<PartName, OptionPath>> = {
  train: at('window'),
  validation: ['split', 'validation'],
  test: at('test'),
};

function tooShort(
  name: string,
  part: PartName,
  given: { readonly options: WindowOptions; readonly points: number; readonly longest: number },
): WrongOption {
  const {
    options: { window, horizon },
    points,
    longest,
  } = given;
  const called = { train: 'the training part', validation: 'the validation part', test: 'the test' }[part];
  return new WrongOption(
    paths[part],
    failure(
      'series-too-short',
      `${name}: ${called} has ${points} ${points === 1 ? 'point' : 'points'} in time and no more than ${longest} ` +
        `${longest === 1 ? 'row' : 'rows'} one after the other, and a window of ${window} ` +
        `with its forecast of ${horizon} takes ${window + horizon}`,
      part === 'train'
        ? 'No window reaches over what divides the parts: take a smaller `window` or `horizon`, or add rows.'
        : `No window reaches over what divides the parts: raise \`${part}\`, or take a smaller \`window\`.`,
    ),
  );
}

/** What makes naive forecasts of windows. */
interface Naive extends Pick<SeriesOptions, 'window' | 'horizon'> {
  /** Rows of a season; left out: there is none. */
  readonly season: number | undefined;
  readonly rows: Uint32Array;
  /** The values of each target, by the rows of the table. */
  readonly columns: readonly Float64Array[];
  /** The first places of the windows. */
  readonly starts: Uint32Array;
}

const [lastValue, seasonBefore] = naiveNames;

/** What needs no model: the last value of a window as its forecast, and the value one season before each. */
export function naiveForecasts({ window, horizon, season, rows, columns, starts }: Naive): readonly Baseline[] {
  const forecast = (back: (step: number) => number) => (target: number) => {
    const values = new Float64Array(starts.length * horizon);
    for (const [k, start] of starts.entries())
      for (let step = 0; step < horizon; step++)
        values[k * horizon + step] = columns[target]![rows[start + window + step - back(step)]!]!;
    return values;
  };
  return [
    { name: lastValue, values: forecast((step) => step + 1) },
    ...(season === undefined
      ? []
      : [{ name: seasonBefore, values: forecast((step) => season * Math.ceil((step + 1) / season)) }]),
  ];
}
