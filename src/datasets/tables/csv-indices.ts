import type { Feature } from './csv-columns.ts';
import { listed } from '../findings/data-warnings.ts';
import type { IndexFacts } from '../index-facts.ts';
import { categoriesOf } from '../preparations/prepared-column.ts';
import type { Table } from './table.ts';

interface Cell {
  readonly table: Table;
  readonly row: number;
  readonly value: number;
}

/** What reading a column of numbers as indices depends on. */
export interface Extremes {
  /** The first that is no whole number. */
  readonly fraction: Cell | undefined;
  readonly smallest: Cell;
  readonly largest: Cell;
}

/** @param before of another table's column of the same name */
export function extremesOf(table: Table, numbers: Float64Array, before: Extremes | undefined): Extremes {
  const cell = (row: number): Cell => ({ table, row, value: numbers[row]! });
  let [smallest, largest] = [0, 0];
  for (let row = 1; row < numbers.length; row++) {
    if (numbers[row]! < numbers[smallest]!) smallest = row;
    if (numbers[row]! > numbers[largest]!) largest = row;
  }
  const fraction = numbers.findIndex((value) => !Number.isInteger(value));
  return {
    fraction: before?.fraction ?? (fraction < 0 ? undefined : cell(fraction)),
    smallest: before === undefined || numbers[smallest]! < before.smallest.value ? cell(smallest) : before.smallest,
    largest: before === undefined || numbers[largest]! > before.largest.value ? cell(largest) : before.largest,
  };
}

/** What stands in the way of reading an input as indices, or the smallest and the largest of them. */
export function indexFacts(
  features: readonly Feature[],
  extremes: ReadonlyMap<string, Extremes>,
  isStandardized: (column: string) => boolean,
): IndexFacts {
  const names = (all: typeof features) =>
    `${listed(all.map(({ column }) => `\`${column.slice(0, 60)}\``))} ${all.length === 1 ? 'is' : 'are'}`;
  const changed = features.filter(
    ({ prepared }) =>
      prepared !== undefined &&
      (prepared.plan.isOneHot || prepared.plan.gaps?.isTold === true || prepared.plan.maps.length > 0) &&
      (prepared.plan.isOneHot || categoriesOf(prepared.plan) === 0),
  );
  if (changed.length > 0)
    return {
      misfit: {
        problem: `${names(changed)} made other values than indices by \`prepare\``,
        hint: 'Let the step be `index`, or give the columns that hold indices an input of their own: `features`.',
      },
    };
  const texts = features.filter((feature) => feature.texts !== undefined);
  if (texts.length > 0)
    return {
      misfit: {
        problem: `${names(texts)} in one input with columns that are none`,
        hint: 'Give texts and other columns an input each: `features`.',
      },
    };
  const coded = features.filter(({ categories }) => categories !== undefined);
  if (coded.length > 0)
    return {
      misfit: {
        problem: `${names(coded)} among \`categories\`, a 0 or 1 for each`,
        hint: 'Give its numbers in the file, or an input of its own to the columns that hold indices: `features`.',
      },
    };
  const standardized = features.filter(({ column, prepared }) => prepared === undefined && isStandardized(column));
  if (standardized.length > 0)
    return {
      misfit: {
        problem: `${names(standardized)} standardized`,
        hint: 'Set `standardize: false`, or list in it the columns that are to be standardized.',
      },
    };
  const cells = features.map(({ column }) => ({ column, ...extremes.get(column)! }));
  const placed = ({ table, row, value }: Cell, column: string) =>
    `${table.name}, ${table.spotOf(row)}: ${column.slice(0, 60)} is ${value}`;
  const broken = cells.find(({ fraction }) => fraction !== undefined);
  if (broken !== undefined) return { misfit: { problem: placed(broken.fraction!, broken.column), hint: numberThem } };
  const least = cells.reduce((one, other) => (other.smallest.value < one.smallest.value ? other : one));
  const most = cells.reduce((one, other) => (other.largest.value > one.largest.value ? other : one));
  return {
    smallest: { value: least.smallest.value, place: () => placed(least.smallest, least.column), hint: numberThem },
    largest: { value: most.largest.value, place: () => placed(most.largest, most.column) },
  };
}

const numberThem =
  'Indices are whole numbers from 0 on: number them in the file, ' +
  'or give the other columns an input of their own: `features`.';
