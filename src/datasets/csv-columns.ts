import { failure } from '../base/diagnostics.ts';
import { widthOf } from './batches.ts';
import type { SplitOptions } from './split.ts';
import { placeIn } from './csv-cells.ts';
import { type CsvOptions, at } from './csv-options.ts';
import { firstValue, holdsDates, orderColumn } from './csv-rows.ts';
import { type DatasetSpec, type TargetSpec, bytesOf, WrongOption } from './dataset.ts';
import type { Table } from './table.ts';
import { isDate } from './time.ts';

/** What one column gives an input: itself, or a 0 or 1 for each of its values. */
export interface Feature {
  readonly column: string;
  readonly categories?: readonly string[];
}

/** The column that gives the order of the rows; null where it is not known. */
export type Order = SplitOptions['order'] | null;

/**
 * The inputs and targets of a table, and the bytes that a row is held in.
 *
 * @throws WrongOption where a named column is not there
 */
export function sidesOf(
  given: CsvOptions,
  table: Table,
  order: Order,
): Pick<DatasetSpec, 'inputs' | 'targets' | 'held'> {
  const targets = targetsOf(given);
  for (const { name } of targets) placeIn(table, name, ...at('targets', name));
  const chosen = inputsOf(given, table, order);
  const inputs = chosen.map(({ name, features }) => ({
    name,
    shape: [widthOf(codeOf(features))],
    dtype: 'float32' as const,
    scale: 1,
  }));
  // Held as 0 and 1, categories would take many times the file.
  const indexed = chosen.map(({ name, features }) => ({
    name,
    shape: [features.length],
    dtype: 'float32' as const,
    scale: 1,
  }));
  return { inputs, targets, held: bytesOf({ inputs: indexed, targets, count: { train: 1, test: 0 } }) };
}

/** What is predicted, in the order of the options. */
export function targetsOf({ targets, standardize }: CsvOptions): readonly TargetSpec[] {
  const wanted = (name: string) =>
    standardize === true ? {} : { standardize: standardize !== false && standardize.includes(name) };
  return Object.entries(targets).map(([name, kind]) =>
    kind === 'number'
      ? { kind: 'number', name, shape: [1], ...wanted(name) }
      : { kind: 'class', name, classes: kind, shape: [] },
  );
}

/** The columns that each input is made of. @throws WrongOption where they are not there, or there is none */
export function inputsOf(
  { features, categories, targets, standardize }: CsvOptions,
  table: Table,
  order: Order,
): readonly { readonly name: string; readonly features: readonly Feature[] }[] {
  for (const name of Object.keys(categories)) placeIn(table, name, ...at('categories', name));
  const dates = datesOf(table, order);
  const others = table.columns.filter(
    (name) =>
      !Object.hasOwn(targets, name) && !(dates.has(name) && (order !== null || !Object.hasOwn(categories, name))),
  );
  const chosen = Object.keys(features).length === 0 ? { input: others } : features;
  const learnt = new Set(Object.values(chosen).flat());
  if (learnt.size === 0)
    throw new WrongOption(
      at('targets'),
      failure(
        'no-features',
        `${table.name} has no column to learn from: all are targets${dates.size === 0 ? '' : ' or dates'}`,
        'Take one out of `targets`, or name the columns to learn from in `features`.',
      ),
    );
  for (const [name, columns] of Object.entries(features))
    for (const [k, column] of columns.entries()) placeIn(table, column, ...at('features', name, k));
  const hindrance = (column: string) => {
    if (Object.hasOwn(categories, column)) return 'is among `categories`';
    if (learnt.has(column) || targets[column] === 'number') return undefined;
    return Object.hasOwn(targets, column) ? 'is a target of classes' : 'is neither learnt from nor predicted';
  };
  for (const [k, column] of typeof standardize === 'boolean' ? [] : standardize.entries()) {
    placeIn(table, column, ...at('standardize', k));
    const problem = hindrance(column);
    if (problem !== undefined)
      throw new WrongOption(
        at('standardize', k),
        failure(
          'not-standardizable',
          `standardize: \`${column}\` ${problem}`,
          'Name columns of numbers that are in an input, or targets that are numbers.',
        ),
      );
  }
  const feature = (column: string): Feature => ({
    column,
    ...(Object.hasOwn(categories, column) ? { categories: categories[column]! } : {}),
  });
  return Object.entries(chosen).map(([name, columns]) => ({ name, features: columns.map(feature) }));
}

/** What the columns of an input become in a batch. */
export const codeOf = (features: readonly Feature[]) => features.map(({ categories }) => categories?.length ?? 0);

/** The columns of dates, which nothing is learnt from: the one that gives the order of the rows, or each that may. */
export function datesOf(table: Table, order: Order): ReadonlySet<string> {
  if (order === null) return new Set(table.columns.filter((one) => isDate(firstValue(table, one) ?? '')));
  const column = orderColumn(table, order);
  return new Set(column !== undefined && holdsDates(table, column) ? [column] : []);
}
