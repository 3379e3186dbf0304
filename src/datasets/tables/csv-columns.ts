import { failure } from '../../base/diagnostics.ts';
import { widthOf } from '../batches.ts';
import type { SplitOptions } from '../splits/split.ts';
import { placeIn } from './csv-cells.ts';
import { type CsvOptions, at, standardizedIn } from './csv-options.ts';
import { firstValue, holdsDates, orderColumn } from './csv-rows.ts';
import { type DatasetSpec, type InputSpec, type TargetSpec, bytesOf } from '../dataset.ts';
import { type OptionPath, WrongOption } from '../wrong-option.ts';
import { type ColumnPlan, categoriesOf, codesOf } from '../preparations/prepared-column.ts';
import { planColumn, stepsByColumn } from './prepare-table.ts';
import { type TokenPlan, planTexts } from './prepare-texts.ts';
import { dividingColumns, proveDividing } from './split-columns.ts';
import type { Table } from './table.ts';
import { columnsOfTarget, columnsOfTargets, targetSpec } from './table-targets.ts';
import { isDate } from './time.ts';

/** What one column gives an input: itself, a 0 or 1 for each of its values, or what its preparation makes of it. */
export interface Feature {
  readonly column: string;
  readonly categories?: readonly string[];
  /** What `prepare` says of it, and where. */
  readonly prepared?: { readonly plan: ColumnPlan; readonly path: OptionPath };
  /** The same of a column whose texts become words or characters. */
  readonly texts?: { readonly plan: TokenPlan; readonly path: OptionPath };
}

/** The columns that rows are divided and ordered by; undefined where they are not known. */
type Dividing = Pick<SplitOptions, 'order' | 'group' | 'column'> | undefined;

/**
 * The inputs and targets of a table, and the bytes that a row is held in.
 *
 * @throws WrongOption where a named column is not there
 */
export function sidesOf(
  given: CsvOptions,
  table: Table,
  split: Dividing,
): Pick<DatasetSpec, 'inputs' | 'targets' | 'held'> {
  const targets = targetsOf(given);
  for (const [name, kind] of Object.entries(given.targets))
    for (const column of columnsOfTarget(name, kind)) placeIn(table, column, ...at('targets', name));
  const chosen = inputsOf(given, table, split);
  const inputs = chosen.map(({ name, features }) => ({
    name,
    shape: [widthOf(codeOf(features))],
    dtype: 'float32' as const,
    scale: 1,
    ...indicesOf(features),
  }));
  // Held as 0 and 1, categories would take many times the file.
  const indexed = chosen.map(({ name, features }) => ({
    name,
    shape: [codeOf(features).length],
    dtype: 'float32' as const,
    scale: 1,
  }));
  return { inputs, targets, held: bytesOf({ inputs: indexed, targets, count: { train: 1, test: 0 } }) };
}

/** What is predicted, in the order of the options. */
export function targetsOf({
  targets,
  standardize,
}: Pick<CsvOptions, 'targets' | 'standardize'>): readonly TargetSpec[] {
  const wanted = (name: string) =>
    standardize === true ? undefined : standardize !== false && standardize.includes(name);
  return Object.entries(targets).map(([name, kind]) => targetSpec(name, kind, wanted(name)));
}

/** The columns that each input is made of. @throws WrongOption where they are not there, or there is none */
export function inputsOf(
  given: CsvOptions,
  table: Table,
  split: Dividing,
): readonly { readonly name: string; readonly features: readonly Feature[] }[] {
  const { features, categories, targets, standardize, prepare = {} } = given;
  for (const name of Object.keys(categories)) placeIn(table, name, ...at('categories', name));
  proveDividing(given, table, split ?? {});
  const dividing = dividingColumns(split ?? {});
  const dates = datesOf(table, split);
  const predicted = new Set(columnsOfTargets(targets));
  const others = table.columns.filter(
    (name) =>
      !predicted.has(name) &&
      !dividing.includes(name) &&
      (Object.hasOwn(prepare, name) || !(dates.has(name) && (split !== undefined || !Object.hasOwn(categories, name)))),
  );
  const takesAll = Object.keys(features).length === 0;
  const unreadable = takesAll ? others.find((name) => table.unreadable(name) !== undefined) : undefined;
  if (unreadable !== undefined) throw new WrongOption(at('file'), table.unreadable(unreadable)!);
  const chosen = takesAll ? { input: others } : features;
  const learnt = new Set(Object.values(chosen).flat());
  if (learnt.size === 0)
    throw new WrongOption(
      at('targets'),
      failure(
        'no-features',
        `${table.name} has no column to learn from: all are targets${dates.size === 0 ? '' : ' or dates'}` +
          (dividing.length === 0 ? '' : ' or divide the rows'),
        'Take one out of `targets`, or name the columns to learn from in `features`.',
      ),
    );
  for (const [name, columns] of Object.entries(features))
    for (const [k, column] of columns.entries()) placeIn(table, column, ...at('features', name, k));
  const steps = stepsByColumn(given, table, [...learnt]);
  const hindrance = (column: string) => {
    if (Object.hasOwn(categories, column)) return 'is among `categories`';
    if (steps.get(column)?.steps.some(({ step }) => step !== 'missing')) return 'has other steps in `prepare`';
    if (learnt.has(column) || targets[column] === 'number') return undefined;
    return predicted.has(column) ? 'is a target of classes' : 'is neither learnt from nor predicted';
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
  const isStandardized = standardizedIn(given);
  const feature = (column: string): Feature => {
    const listed = Object.hasOwn(categories, column) ? categories[column]! : undefined;
    const own = steps.get(column);
    if (own === undefined) return { column, ...(listed && { categories: listed }) };
    const texts = planTexts(column, own, listed !== undefined);
    if (texts !== undefined) return { column, texts };
    const plan = planColumn(column, own, { table, categories: listed, isStandardized: isStandardized(column) });
    return { column, prepared: { plan, path: own.path } };
  };
  return Object.entries(chosen).map(([name, columns]) => ({ name, features: columns.map(feature) }));
}

/** What the columns of an input become in a batch. */
export const codeOf = (features: readonly Feature[]): readonly number[] =>
  features.flatMap(({ categories, prepared, texts }) => {
    if (texts !== undefined) return Array.from({ length: texts.plan.length }, () => 0);
    return prepared === undefined ? [categories?.length ?? 0] : codesOf(prepared.plan);
  });

/** As codeOf, of an input that is held shorter than its shape; undefined of others. See Samples.coded. */
export function heldCode(features: readonly Feature[]): readonly number[] | undefined {
  const code = codeOf(features);
  return code.some((categories) => categories > 0) ? code : undefined;
}

/** How many indices there are, where an input is made of nothing else. */
function indicesOf(features: readonly Feature[]): Pick<InputSpec, 'indices' | 'padded'> {
  const counts = features.map(({ prepared, texts }) => {
    if (texts !== undefined) return texts.plan.vocabulary;
    return prepared === undefined || prepared.plan.isOneHot || prepared.plan.gaps?.isTold === true
      ? 0
      : categoriesOf(prepared.plan);
  });
  if (counts.length === 0 || counts.some((count) => count === 0)) return {};
  return {
    indices: Math.max(...counts),
    ...(features.every(({ texts }) => texts !== undefined) && { padded: true as const }),
  };
}

/** The columns of dates, which nothing is learnt from: the one that gives the order of the rows, or each that may. */
export function datesOf(table: Table, split: Dividing): ReadonlySet<string> {
  if (split === undefined) return new Set(table.columns.filter((one) => isDate(firstValue(table, one) ?? '')));
  const column = orderColumn(table, split.order);
  return new Set(column !== undefined && holdsDates(table, column) ? [column] : []);
}
