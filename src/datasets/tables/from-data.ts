import { failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import type { InParts } from '../../base/turns.ts';
import { type DecimalMark, numbersMeant, readWritten } from '../../base/written-number.ts';
import { missingTexts, placeIn } from './csv-cells.ts';
import { type CsvTables, readAndKeep } from './csv-files.ts';
import { type CsvOptions, type WrittenCsvOptions, at } from './csv-options.ts';
import type { SplitOptions } from '../splits/split.ts';
import { dividingColumns, proveDividing } from './split-columns.ts';
import type { Table, TableFormat } from './table.ts';
import { type TableTarget, columnsOfTargets, labelsNamed, proveTargets } from './table-targets.ts';
import { type OptionPath, WrongOption, atOption } from '../wrong-option.ts';
import { gapsOf } from '../preparations/gaps.ts';
import { type ColumnSteps, needsCategories, stepsByColumn, typeOf } from './prepare-table.ts';

/** The word that leaves a list of classes or categories to the data. */
export const fromData = 'fromData';

/** As many values as a list of classes or categories may have: an index of them is a byte. */
const mostValues = 256;

/** As long as a name of a class may be. */
const longestValue = 100;

/**
 * Options in which every list stands: those that are left to the data are taken from it, so that shapes are known, and
 * a value that comes later is a mistake.
 *
 * @param split names the columns that are not learnt from
 * @throws WrongOption where the data has too few or too many values for a list
 */
export function* settled(
  given: WrittenCsvOptions,
  folder: string,
  format: TableFormat,
  split: Pick<SplitOptions, 'group' | 'column'> = {},
): InParts<CsvOptions> {
  proveTargets(given.targets);
  return isSettled(given) ? given : yield* settledIn(given, yield* readAndKeep(given, folder, format), split);
}

/** The same where the tables are read already. @throws WrongOption as settled */
export function* settledIn(
  given: WrittenCsvOptions,
  { table, other }: Pick<CsvTables, 'table' | 'other'>,
  split: Pick<SplitOptions, 'group' | 'column'> = {},
): InParts<CsvOptions> {
  if (isSettled(given)) return given;
  const { targets, categories, cross = {} } = given;
  const tables = other === undefined ? [table] : [table, other];
  proveDividing(given, table, split);
  const dividing = dividingColumns(split);
  const learnt = learntFrom(given, table).filter((column) => !dividing.includes(column));
  const steps = stepsByColumn(given, table, learnt);
  const ofCategories: [string, string[]][] = [];
  for (const [name, values] of Object.entries(categories)) {
    const more = constantsOf(steps.get(name));
    ofCategories.push([
      name,
      values === fromData ? yield* valuesIn(tables, name, at('categories', name), more) : values,
    ]);
  }
  for (const [column, one] of steps)
    if (needsCategories(one) && !Object.hasOwn(categories, column))
      ofCategories.push([column, yield* valuesIn(tables, column, one.path, constantsOf(one))]);
  for (const column of Object.keys(cross))
    if (learnt.includes(column) && !steps.has(column) && !Object.hasOwn(categories, column))
      ofCategories.push([column, yield* valuesIn(tables, column, at('cross', column))]);
  return {
    ...given,
    targets: yield* settledTargets(tables, targets),
    categories: Object.fromEntries(ofCategories),
  };
}

/** Targets with every list that is left to the data. @throws WrongOption as settled */
export function* settledTargets(
  tables: readonly Table[],
  targets: WrittenCsvOptions['targets'],
): InParts<CsvOptions['targets']> {
  const all: [string, TableTarget][] = [];
  for (const [name, kind] of Object.entries(targets)) all.push([name, yield* settledTarget(tables, name, kind)]);
  return Object.fromEntries(all);
}

/** Whether no list is left to the data. */
export function isSettled(given: WrittenCsvOptions): given is CsvOptions {
  const { prepare = {}, cross = {} } = given;
  const takesLists = Object.values(prepare).some((steps) => /"(oneHot|index)"/.test(JSON.stringify(steps)));
  return hasLists(given) && !takesLists && Object.keys(cross).length === 0;
}

function hasLists(given: WrittenCsvOptions): given is CsvOptions {
  return !Object.values(given.targets).some(leavesList) && !Object.values(given.categories).includes(fromData);
}

/** Whether a target leaves its list to the data. */
export function leavesList(kind: WrittenCsvOptions['targets'][string]): kind is Exclude<typeof kind, TableTarget> {
  return (
    kind === fromData ||
    (typeof kind === 'object' && !Array.isArray(kind) && [kind.labels, kind.ordinal].includes(fromData))
  );
}

function* settledTarget(
  tables: readonly Table[],
  name: string,
  kind: WrittenCsvOptions['targets'][string],
): InParts<TableTarget> {
  if (!leavesList(kind)) return kind;
  const path = at('targets', name);
  if (typeof kind !== 'object') return yield* valuesIn(tables, name, path);
  if (kind.ordinal === fromData) {
    const values = yield* valuesIn(tables, name, path);
    proveOrder(name, values, path, tables[0]!.decimal);
    return { ordinal: values };
  }
  const { separator } = kind;
  const labels = yield* valuesIn(tables, name, path, [], (cell, where) =>
    atOption(path, () => labelsNamed(where(), cell, separator)),
  );
  return { labels, ...(separator === undefined ? {} : { separator }) };
}

/**
 * Proves that values have an order of their own, which numbers have.
 *
 * @param name what is predicted @param values sorted, numbers by their size @param path of the option that says so
 * @param decimal what stands before the decimals, where that is said
 * @throws WrongOption where they have none
 */
export function proveOrder(name: string, values: readonly string[], path: OptionPath, decimal?: DecimalMark): void {
  const numbers = numbersOf(values, decimal);
  const some = shorten(values.map((value) => (value.includes(',') ? `'${value}'` : value)).join(', '), 200);
  if (numbers === undefined) {
    const isNone = (value: string) =>
      decimal === undefined ? numbersMeant(value).length === 0 : readWritten(value, decimal) === undefined;
    const text = values.find(isNone);
    const list = `List them from the lowest to the highest, \`{ ordinal: [LOWEST, ..., HIGHEST] }\`; they are ${some}.`;
    const unclear = values.find((value) => value.includes(',')) ?? '';
    throw new WrongOption(
      path,
      text === undefined
        ? failure(
            'unknown-order',
            `\`${shorten(name)}\` has numbers that may be read in two ways, such as '${shorten(unclear)}'`,
            `Say in the source what stands before the decimals, \`decimal: ','\` or \`decimal: '.'\`. ${list}`,
          )
        : failure(
            'unknown-order',
            numbersMeant(text).length === 0
              ? `\`${shorten(name)}\` has texts, such as '${shorten(text)}', and no data says which of them is more`
              : `\`${shorten(name)}\` has '${shorten(text)}', which is no number where \`decimal\` is '${decimal}'`,
            list,
          ),
    );
  }
  const twice = values.find((value, k) => numbers.get(value) === numbers.get(values[k + 1] ?? ''));
  if (twice === undefined) return;
  throw new WrongOption(
    path,
    failure(
      'unknown-order',
      `\`${shorten(name)}\` has the number ${numbers.get(twice)} written in two ways, which would be two classes`,
      `Write it one way in the file; the values are ${some}.`,
    ),
  );
}

/**
 * The numbers that values are; undefined where one is none, or what stands before the decimals is not known and decides
 * on their order, as of `20` and `1,000`.
 */
function numbersOf(
  values: readonly string[],
  decimal: DecimalMark | undefined,
): ReadonlyMap<string, number> | undefined {
  const plain = readAll(values, plainNumber);
  if (plain !== undefined && decimal !== ',') return plain;
  const marks = decimal === undefined ? ([',', '.'] as const) : [decimal];
  const [first, second] = marks.flatMap((mark) => readAll(values, (value) => readWritten(value, mark)) ?? []);
  if (first === undefined || second === undefined) return first;
  const order = sorted(values, first);
  return sorted(values, second).every((value, k) => value === order[k]) ? first : undefined;
}

function readAll(
  values: readonly string[],
  read: (value: string) => number | undefined,
): ReadonlyMap<string, number> | undefined {
  const numbers = new Map<string, number>();
  for (const value of values) {
    const number = read(value);
    if (number === undefined) return undefined;
    numbers.set(value, number);
  }
  return numbers;
}

const sorted = (values: readonly string[], numbers: ReadonlyMap<string, number> | undefined) =>
  values.toSorted((a, b) => (numbers === undefined ? 0 : numbers.get(a)! - numbers.get(b)!) || (a < b ? -1 : 1));

const plainNumber = (value: string) => (Number.isFinite(Number(value)) ? Number(value) : undefined);

/** The columns that are learnt from, but for dates that only a pattern names. */
function learntFrom({ features, targets, prepare = {} }: WrittenCsvOptions, table: Table): readonly string[] {
  const named = new Set(Object.values(features).flat());
  if (named.size > 0) return [...named].filter((column) => table.placeOf(column) !== undefined);
  const predicted = new Set(columnsOfTargets(targets));
  return table.columns.filter(
    (column) => !predicted.has(column) && (Object.hasOwn(prepare, column) || typeOf(table, column) !== 'dates'),
  );
}

/** What gaps are filled with that may be no value of the column. */
function constantsOf(given: ColumnSteps | undefined): readonly string[] {
  return (given?.steps ?? []).flatMap(({ step, option }) => {
    const by = step === 'missing' ? gapsOf(String(option))?.by : undefined;
    return typeof by === 'object' ? [by.constant] : [];
  });
}

/** Cells that are read without a pause. */
const part = 1 << 16;

/** The values of a column, numbers by their size, others by their code points. */
function* valuesIn(
  tables: readonly Table[],
  column: string,
  path: OptionPath,
  more: readonly string[] = [],
  valuesOf: (cell: string, where: () => string) => readonly string[] = (cell) => [cell],
): InParts<string[]> {
  const values = new Set(more);
  for (const table of tables) {
    const place = placeIn(table, column, ...path);
    let [longest, row] = [0, 0];
    const where = () => `${table.name}, ${table.spotOf(row)}: ${shorten(column)}`;
    const read = table.reader(place, (cell) => {
      for (const value of missingTexts.has(cell) ? [] : valuesOf(cell, where)) {
        values.add(value);
        longest = Math.max(longest, value.length);
      }
      return 0;
    });
    for (row = 0; row < table.count; row++) {
      if (row % part === 0) yield;
      read(row);
      if (values.size > mostValues || longest > longestValue)
        throw new WrongOption(
          path,
          failure(
            'no-list-in-data',
            `${table.name} has ${values.size > mostValues ? `more than ${mostValues} values` : 'a long text'} in ` +
              `\`${column}\`, so they are no list`,
            path[2] === 'targets'
              ? 'Predict a number as such, and a text that answers another as `{ words: { length: 30 } }`.'
              : 'Learn from a number as such; of texts `prepare` takes `hash: 64`, of whole sentences ' +
                  '`words: { length: 30 }`.',
          ),
        );
    }
  }
  if (values.size < 2)
    throw new WrongOption(
      path,
      failure(
        'no-list-in-data',
        `${tables[0]!.name} has ${values.size === 0 ? 'no value' : 'one value alone'} in \`${column}\``,
        'There is nothing to tell apart: leave the column out, or list its values by hand.',
      ),
    );
  return inOrder([...values], tables[0]!.decimal);
}

/** Values in an order that their names give: numbers by their size, others by their code points. */
export function inOrder(values: readonly string[], decimal?: DecimalMark): string[] {
  return sorted(values, numbersOf(values, decimal));
}
