import { type UserError, failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import type { InParts } from '../../base/turns.ts';
import { missingTexts, placeIn } from './csv-cells.ts';
import { type WrittenCsvOptions, at } from './csv-options.ts';
import type { DataWarning } from '../dataset.ts';
import { type OptionPath, WrongOption } from '../wrong-option.ts';
import type { PartName, SplitOptions } from '../splits/split.ts';
import type { Table } from './table.ts';
import { partNames, wordsFor } from '../texts/split-words.ts';
import { columnsOfTarget } from './table-targets.ts';

/** Cells that are read without a pause. */
const pause = 1 << 16;

const groupPath: OptionPath = ['split', 'group'];
const columnPath: OptionPath = ['split', 'column'];

/** The columns that say how rows are divided. Nothing is learnt from them. */
export function dividingColumns({ group, column }: Pick<SplitOptions, 'group' | 'column'>): readonly string[] {
  return [group, column].filter((one) => one !== undefined);
}

/**
 * Proves that the columns that rows are divided by are there, and for nothing else.
 *
 * @throws WrongOption where one is not, or is to be learnt from or predicted
 */
export function proveDividing(
  { features, categories, targets }: Pick<WrittenCsvOptions, 'features' | 'categories' | 'targets'>,
  table: Table,
  { group, column }: Pick<SplitOptions, 'group' | 'column'>,
): void {
  for (const [one, path] of [
    [group, groupPath],
    [column, columnPath],
  ] as const) {
    if (one === undefined) continue;
    placeIn(table, one, ...path);
    const uses: readonly OptionPath[] = [
      ...Object.entries(targets).flatMap(([name, kind]) =>
        columnsOfTarget(name, kind).includes(one) ? [at('targets', name)] : [],
      ),
      ...Object.entries(features).flatMap(([name, columns]) =>
        columns.includes(one) ? [at('features', name, columns.indexOf(one))] : [],
      ),
      ...(Object.hasOwn(categories, one) ? [at('categories', one)] : []),
    ];
    if (uses.length > 0)
      throw new WrongOption(
        uses[0]!,
        failure(
          'dividing-column',
          `\`${shorten(one)}\` says how the rows are divided, so it is neither learnt from nor predicted`,
          'Take it out here. Where the model needs it, give it to the file twice, under another name.',
        ),
      );
  }
}

/**
 * The group of each row, as numbers from 0 in the order in which groups come.
 *
 * @param path of the option that names the column
 * @throws WrongOption where a row has none
 */
export function* groupsIn(table: Table, column: string, path: OptionPath = groupPath): InParts<Uint32Array> {
  const known = new Map<string, number>();
  const read = table.reader(placeIn(table, column, ...path), (cell) => {
    if (missingTexts.has(cell)) return undefined;
    const group = known.get(cell) ?? known.size;
    known.set(cell, group);
    return group;
  });
  const groups = new Uint32Array(table.count);
  for (let row = 0; row < groups.length; row++) {
    if (row % pause === 0) yield;
    const group = read(row);
    if (group === undefined) throw new WrongOption(path, withoutPart(table, row, column, 'is of no group'));
    groups[row] = group;
  }
  return groups;
}

/** Which rows a column has in each part, sorted. */
export type SaidParts = Readonly<Record<PartName, Uint32Array>>;

/**
 * The rows of each part, by the column that says it.
 *
 * @param count rows that are divided, from the first on
 * @param hasTest whether the test is among them
 * @throws WrongOption where the column says something else of a row, or has none of a part that needs some
 */
export function* partsIn(
  table: Table,
  { column, ...split }: Pick<SplitOptions, 'parts'> & { readonly column: string },
  { count, hasTest }: { readonly count: number; readonly hasTest: boolean },
): InParts<SaidParts> {
  const places = new Map(
    partNames.flatMap((part, place) => wordsFor(part, split).map((word) => [word, place] as const)),
  );
  const read = table.reader(placeIn(table, column, ...columnPath), (cell) => places.get(cell));
  const rows: [number[], number[], number[]] = [[], [], []];
  for (let row = 0; row < count; row++) {
    if (row % pause === 0) yield;
    const place = read(row);
    if (place === undefined) throw new WrongOption(columnPath, unknownPart(table, row, column, [...places.keys()]));
    rows[place]!.push(row);
  }
  const [train, validation, test] = rows.map((one) => Uint32Array.from(one)) as [Uint32Array, Uint32Array, Uint32Array];
  const said = { train, validation, test };
  for (const part of partNames) {
    const isNeeded = part === 'train' || (part === 'test' && hasTest) || split.parts?.[part] !== undefined;
    if (said[part].length === 0 && isNeeded) throw noRows(table, column, part, split);
  }
  if (!hasTest && test.length > 0)
    throw new WrongOption(
      columnPath,
      failure(
        'split-conflict',
        `${table.name}, ${table.spotOf(test[0]!)}: ${column} says ${wordsFor('test', split).join(', ')}, ` +
          'but `test` names files of its own',
        'Take `test` out of the source, or the rows out of the file.',
      ),
    );
  return said;
}

function noRows(table: Table, column: string, part: PartName, split: Pick<SplitOptions, 'parts'>): WrongOption {
  const own = split.parts?.[part];
  return new WrongOption(
    own === undefined ? columnPath : ['split', 'parts', part],
    failure(
      'no-rows-for-part',
      `no row of ${table.name} is for ${part === 'train' ? 'training' : part}: ` +
        `\`${column}\` never says ${wordsFor(part, split).join(' or ')}`,
      `Give rows to it, or say in \`parts\` what they are called: \`parts: { ${part}: ... }\`.`,
    ),
  );
}

function unknownPart(table: Table, row: number, column: string, words: readonly string[]): UserError {
  const cell = table.cell(row, table.placeOf(column)!).trim();
  if (missingTexts.has(cell)) return withoutPart(table, row, column, 'is in no part');
  return failure(
    'unknown-part',
    `${table.name}, ${table.spotOf(row)}: ${column} is '${cell.slice(0, 40)}', none of ${words.join(', ')}`,
    'Correct it, or say in `parts` which part it is: `parts: { validation: dev }`.',
  );
}

function withoutPart(table: Table, row: number, column: string, problem: string): UserError {
  const cell = table.cell(row, table.placeOf(column)!).trim();
  return failure(
    'row-in-no-part',
    `${table.name}, ${table.spotOf(row)}: ${column} ${cell === '' ? 'is empty' : `is '${cell}'`}: the row ${problem}`,
    'Fill the cell, or remove the row.',
  );
}

/** Rows of a table that are not trained on. */
export interface HeldRows {
  readonly part: 'validation' | 'test';
  readonly table: Table;
  readonly rows: Uint32Array;
}

/** Warnings of parts that have groups that are trained on: only those of files of their own can. */
export function* groupsOnBothSides(
  column: string,
  { table, rows }: Omit<HeldRows, 'part'>,
  held: readonly HeldRows[],
): InParts<readonly DataWarning[]> {
  const trained = yield* namesIn(column, table, rows);
  const warnings: DataWarning[] = [];
  for (const one of held) {
    const names = [...(yield* namesIn(column, one.table, one.rows))];
    const shared = names.filter((name) => trained.has(name));
    if (shared.length > 0)
      warnings.push({
        code: 'group-on-both-sides',
        problem:
          `${shared.length} of ${names.length} values of \`${column}\` in the ${one.part} are trained on, too, ` +
          `such as '${shorten(shared[0]!)}'`,
        hint: `The ${one.part} then says little of new groups: move their rows to one side.`,
        path: groupPath,
      });
  }
  return warnings;
}

function* namesIn(column: string, table: Table, rows: Uint32Array): InParts<ReadonlySet<string>> {
  const place = placeIn(table, column, ...groupPath);
  const names = new Set<string>();
  for (const [k, row] of rows.entries()) {
    if (k % pause === 0) yield;
    names.add(table.cell(row, place).trim());
  }
  return names;
}

/** A warning for each part that is far from what it was to have, as groups are not divided. */
export function unevenGroups(
  column: string,
  parts: readonly { readonly part: 'validation' | 'test'; readonly wanted: number; readonly rows: number }[],
): readonly DataWarning[] {
  return parts
    .filter(({ wanted, rows }) => wanted > 0 && (rows > 2 * wanted || 2 * rows < wanted))
    .map(({ part, wanted, rows }) => ({
      code: 'uneven-groups',
      problem: `the ${part} has ${rows} rows instead of ${wanted}, as no group of \`${column}\` is on both sides`,
      hint: 'Its groups are few or large: another column may divide them better, or `column` say which row is where.',
      path: groupPath,
    }));
}
