import {
  type Formed,
  anything,
  flag,
  hasForm,
  list,
  number,
  object,
  oneOf,
  optional,
  such,
  text,
  whole,
} from '../../base/json-form.ts';
import { type Gaps, fillOf } from './gaps.ts';
import type { MapStep } from './preparation.ts';
import { mapStep } from './preparations.ts';

/** What a column is read as: numbers; milliseconds of dates; places among categories; buckets of a hash. */
export type ReadAs = 'numbers' | 'dates' | 'categories' | 'hash';

/** How a column is prepared, before anything is fitted. */
export interface ColumnPlan {
  readonly column: string;
  readonly reads: ReadAs;
  /** The texts, where it is read as categories. */
  readonly categories?: readonly string[];
  /** How many buckets, where it is hashed. */
  readonly buckets?: number;
  /** What cells without a value are taken for; left out: they are mistakes. */
  readonly gaps?: Gaps;
  /** What `constant` is among the values that are read. */
  readonly constant?: number;
  readonly maps: readonly { readonly step: string; readonly option: unknown }[];
  /** Whether indices of categories become a 0 or 1 for each. */
  readonly isOneHot: boolean;
}

const fittedMap = such(object({ step: text(), fitted: list(anything) }), ({ step, fitted }) => {
  const row = mapStep(step);
  return row !== undefined && fitted.every((one) => hasForm(row.form, one));
});

const written = object({
  column: text(),
  cross: optional(list(text())),
  reads: oneOf('numbers', 'dates', 'categories', 'hash'),
  categories: optional(list(text())),
  buckets: optional(such(whole, (count) => count > 1)),
  decimal: optional(oneOf(',')),
  fill: optional(number),
  tellsGaps: optional(flag),
  maps: list(fittedMap),
  oneHot: optional(such(whole, (count) => count > 0)),
});

/** The form of a prepared column as the model keeps it. */
export const preparedForm = such(written, (column) => {
  const { reads, categories, buckets, maps } = column;
  if (reads === 'categories' && categories === undefined) return false;
  if (reads === 'hash' && buckets === undefined) return false;
  let values = 1;
  for (const { step, fitted } of maps) {
    if (fitted.length !== values) return false;
    const row = mapStep(step)!;
    values = fitted.reduce<number>((sum, one) => sum + (row.width?.(one) ?? 1), 0);
  }
  return true;
});

/** A column with all that was fitted to it, as the model keeps it: no option of the pipeline is needed any more. */
export type FittedColumn = Formed<typeof preparedForm>;

/** What a column gives of a value as it is read. NaN is a cell that has none. */
export interface ColumnValues {
  /** Of each value that it gives, how many categories it is an index of; 0 for a number. */
  readonly codes: readonly number[];
  /** The value at a place of `codes`: no finite number where a step takes none such. */
  readonly at: (value: number, place: number) => number;
}

type Value = (value: number) => number;

/** What each step makes of values: the same for rows that are trained on and for those that a model is asked about. */
function mapped(values: readonly Value[], row: MapStep, fitted: readonly unknown[]): readonly Value[] {
  return values.flatMap((value, i) =>
    Array.from(
      { length: row.width?.(fitted[i]) ?? 1 },
      (_, k): Value =>
        (raw) =>
          row.apply(value(raw), fitted[i], k),
    ),
  );
}

/** How the values of a prepared column are computed. */
export function valuesOfColumn({ fill, tellsGaps, maps, oneHot = 0 }: FittedColumn): ColumnValues {
  let values: readonly Value[] = [filled(fill)];
  for (const { step, fitted } of maps) values = mapped(values, mapStep(step)!, fitted);
  const codes = values.map(() => oneHot);
  if (tellsGaps === true) {
    values = [...values, (raw) => (Number.isNaN(raw) ? 1 : 0)];
    codes.push(0);
  }
  return { codes, at: (value, place) => values[place]!(value) };
}

const filled =
  (fill: number | undefined): Value =>
  (raw) =>
    fill !== undefined && Number.isNaN(raw) ? fill : raw;

/**
 * Fits the steps of a column, one after the other, each to what the one before gives.
 *
 * @param values of all rows as they are read; NaN where there is none
 * @param rows those that are trained on
 * @returns undefined where none of them has a value to fill gaps with
 */
export function fitColumn(plan: ColumnPlan, values: Float64Array, rows: Uint32Array): FittedColumn | undefined {
  const { column, reads, categories, buckets, gaps, constant, isOneHot } = plan;
  const given = Float64Array.from(rows, (row) => values[row]!);
  const fill =
    gaps &&
    (constant ??
      fillOf(
        given.filter((value) => !Number.isNaN(value)),
        by(plan),
      ));
  if (Number.isNaN(fill)) return undefined;
  let each: readonly Value[] = [filled(fill)];
  const maps: { readonly step: string; readonly fitted: readonly unknown[] }[] = [];
  for (const { step, option } of plan.maps) {
    const row = mapStep(step)!;
    const fitted = each.map((value) => row.fit(given.map(value), option));
    maps.push({ step, fitted });
    each = mapped(each, row, fitted);
  }
  return {
    column,
    reads,
    ...(categories && { categories }),
    ...(buckets !== undefined && { buckets }),
    ...(fill !== undefined && { fill }),
    ...(gaps?.isTold && { tellsGaps: true }),
    maps,
    ...(isOneHot && { oneHot: categoriesOf(plan) }),
  };
}

/** Only of numbers and dates there is a mean. */
function by({ gaps, reads }: ColumnPlan): 'mean' | 'median' | 'mode' {
  if (typeof gaps?.by !== 'string' || reads === 'categories' || reads === 'hash') return 'mode';
  return gaps.by;
}

/** How many categories the indices are of that a column gives; 0 where it gives numbers. */
export function categoriesOf({ categories, buckets, maps }: ColumnPlan): number {
  const last = maps.at(-1);
  if (last === undefined) return categories?.length ?? buckets ?? 0;
  const row = mapStep(last.step)!;
  return row.categories?.(row.fit(new Float64Array(), last.option)) ?? 0;
}

/** The codes of a column that is not fitted yet: see ColumnValues. */
export function codesOf(plan: ColumnPlan): readonly number[] {
  const count = plan.maps.reduce((values, { step, option }) => {
    const row = mapStep(step)!;
    // Which values there are says the option alone; of those that have a width nothing is fitted.
    return row.width === undefined ? values : values * row.width(row.fit(new Float64Array(), option));
  }, 1);
  const codes = Array.from({ length: count }, () => (plan.isOneHot ? categoriesOf(plan) : 0));
  return plan.gaps?.isTold === true ? [...codes, 0] : codes;
}

/** The first step that gives no finite number of a value; undefined where each does. */
export function stepThatFails(column: FittedColumn, value: number): string | undefined {
  const fails = (maps: FittedColumn['maps']) => {
    const { tellsGaps: _, ...plain } = column;
    const { codes, at } = valuesOfColumn({ ...plain, maps });
    return codes.some((_, place) => !isUsable(at(value, place)));
  };
  return column.maps.find((_, k) => fails(column.maps.slice(0, k + 1)))?.step;
}

/** Whether a value can be an input. */
export const isUsable = (value: number) => Number.isFinite(Math.fround(value));

/** A number like those of a column: what its gaps are filled with, or the middle that a scale was fitted around. */
export function usualOf({ fill, maps }: FittedColumn): number {
  const first: unknown = maps[0]?.fitted[0];
  if (fill !== undefined || typeof first !== 'object' || first === null) return fill ?? 1;
  const middle = 'mean' in first ? first.mean : 'center' in first && first.center;
  return typeof middle === 'number' ? middle : 1;
}
