import { type UserError, failure } from '../../base/diagnostics.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { shorten } from '../../base/shorten.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import type { InParts } from '../../base/turns.ts';
import { type MissingCells, columnOf, missingTexts, placeIn } from './csv-cells.ts';
import { type CsvOptions, type TextOption, type WrittenCsvOptions, at } from './csv-options.ts';
import type { TargetSpec, TargetValues } from '../dataset.ts';
import { WrongOption } from '../wrong-option.ts';
import { isYes, labelsOfCell, markWanted, noOrYes } from '../several-labels.ts';
import { type TokenKind, type TokenOptions, tokenOptions } from '../preparations/tokens.ts';
import type { Table } from './table.ts';
import { wholeText } from '../texts/whole-texts.ts';

/** What a pipeline says of a target of a table, once every list stands there. */
export type TableTarget = CsvOptions['targets'][string];

type WrittenTarget = WrittenCsvOptions['targets'][string];

/** The columns that a target is read from. */
export function columnsOfTarget(name: string, kind: WrittenTarget): readonly string[] {
  return typeof kind === 'object' && 'columns' in kind && kind.columns !== undefined ? kind.columns : [name];
}

/** The columns that all targets are read from: nothing is learnt from them. */
export function columnsOfTargets(targets: WrittenCsvOptions['targets']): readonly string[] {
  return Object.entries(targets).flatMap(([name, kind]) => columnsOfTarget(name, kind));
}

/** The columns whose cells are lists of labels. */
export function listColumns(targets: WrittenCsvOptions['targets']): ReadonlySet<string> {
  return new Set(
    Object.entries(targets).flatMap(([name, kind]) =>
      typeof kind === 'object' && 'labels' in kind && kind.labels !== undefined ? [name] : [],
    ),
  );
}

/** Whether a target is a text. */
export function isTextOption(kind: WrittenTarget | TableTarget): kind is TextOption {
  return (
    typeof kind === 'object' &&
    !Array.isArray(kind) &&
    (('words' in kind && kind.words !== undefined) || ('characters' in kind && kind.characters !== undefined))
  );
}

/** Whether the samples of a table can be packed: texts that are to be predicted have to fit in memory. */
export const isPackable = ({ targets }: Pick<CsvOptions, 'targets'>): boolean =>
  !Object.values(targets).some(isTextOption);

/** What a target that is a text says of it, and what it stands for where it says nothing. */
export function tokensOfOption(option: TextOption): TokenOptions & { readonly kind: TokenKind } {
  const [kind, given] =
    'words' in option ? (['words', option.words] as const) : (['characters', option.characters] as const);
  return { kind, ...tokenOptions(kind, given) };
}

/** What a target is; of a text without its vocabulary, which is not known yet. @param standardize see NumberTarget */
export function targetSpec(name: string, kind: TableTarget, standardize: boolean | undefined): TargetSpec {
  if (kind === 'number')
    return { kind: 'number', name, shape: [1], ...(standardize === undefined ? {} : { standardize }) };
  if (Array.isArray(kind)) return { kind: 'class', name, classes: kind, shape: [] };
  if ('ordinal' in kind) return { kind: 'class', name, classes: kind.ordinal, shape: [], ordinal: true };
  if (isTextOption(kind)) {
    const options = tokensOfOption(kind);
    return wholeText(name, options.kind, options);
  }
  const several =
    'columns' in kind
      ? { labels: kind.columns, columns: true as const }
      : { labels: kind.labels, ...(kind.separator === undefined ? {} : { separator: kind.separator }) };
  return { kind: 'class', name, classes: noOrYes, shape: [several.labels.length], several };
}

/** Whether a target that is said by keys is one thing: classes in order, several labels, or a text. */
export function saysOneThing(kind: WrittenTarget): boolean {
  if (typeof kind !== 'object' || Array.isArray(kind)) return true;
  const said = (['ordinal', 'labels', 'columns', 'words', 'characters'] as const).filter(
    (key) => kind[key] !== undefined,
  );
  return said.length === 1 && (kind.separator === undefined || kind.labels !== undefined);
}

/**
 * Proves that each target says one thing.
 *
 * @throws WrongOption where it says none, or two
 */
export function proveTargets(targets: WrittenCsvOptions['targets']): void {
  for (const [name, kind] of Object.entries(targets)) {
    if (!saysOneThing(kind))
      throw new WrongOption(
        at('targets', name),
        failure(
          'wrong-target',
          `\`${shorten(name)}\` has to say one of \`ordinal\`, \`labels\`, \`columns\`, \`words\` and ` +
            `\`characters\`, and says ${
              Object.keys(kind)
                .map((key) => `\`${shorten(key)}\``)
                .join(' and ') || 'nothing'
            }`,
          'Classes in order are `{ ordinal: [low, middle, high] }`. Several labels at once stand in one column, ' +
            '`{ labels: fromData, separator: ; }`, or each in one of its own, `{ columns: [a, b] }`. A text is ' +
            '`{ words: { length: 20 } }`.',
        ),
      );
  }
}

/**
 * The values of a target that is no text, row after row: numbers, indices of classes, or a 0 or 1 for each label.
 *
 * @param missing see columnOf
 * @throws UserError when a cell is none of them
 */
export function* valuesOfTarget(
  table: Table,
  name: string,
  kind: Exclude<TableTarget, TextOption>,
  missing?: MissingCells,
): InParts<TargetValues> {
  if (kind === 'number') return yield* columnOf(table, name, undefined, missing);
  if (Array.isArray(kind)) return Uint8Array.from(yield* columnOf(table, name, kind, missing));
  if ('ordinal' in kind) return Uint8Array.from(yield* columnOf(table, name, kind.ordinal, missing));
  return yield* 'columns' in kind ? ofColumns(table, kind.columns, missing) : ofLists(table, name, kind, missing);
}

/** Some rows of a target. */
export function rowsOfTarget(all: TargetValues, { shape }: TargetSpec, rows: Uint32Array): TargetValues {
  const size = sizeOf(shape);
  const some = all instanceof Uint8Array ? new Uint8Array(rows.length * size) : new Float64Array(rows.length * size);
  for (let i = 0; i < rows.length; i++) for (let k = 0; k < size; k++) some[i * size + k] = all[rows[i]! * size + k]!;
  return some;
}

/** Cells that are read without a pause. */
const part = 1 << 16;

function* ofColumns(table: Table, columns: readonly string[], missing?: MissingCells): InParts<Uint8Array> {
  const values = new Uint8Array(table.count * columns.length);
  for (const [k, column] of columns.entries()) {
    const read = table.reader(placeIn(table, column), isYes);
    for (let row = 0; row < table.count; row++) {
      if (row % part === 0) yield;
      const value = read(row);
      if (value !== undefined) values[row * columns.length + k] = value;
      else noteMissing(table, column, row, missing, markWanted);
    }
  }
  return values;
}

function* ofLists(
  table: Table,
  column: string,
  { labels, separator }: { readonly labels: readonly string[]; readonly separator?: string | undefined },
  missing?: MissingCells,
): InParts<Uint8Array> {
  const place = placeIn(table, column);
  const known = new Map(labels.map((label, k) => [label, k]));
  const values = new Uint8Array(table.count * labels.length);
  // Cells that are alike are read once: of each, its labels.
  const seen: (readonly number[])[] = [];
  const read = table.reader(place, (cell) => {
    const named = labelsOfCell(cell, separator)?.map((label) => known.get(label));
    return named === undefined || !named.every((one) => one !== undefined) ? undefined : seen.push(named) - 1;
  });
  for (let row = 0; row < table.count; row++) {
    if (row % part === 0) yield;
    const found = read(row);
    if (found !== undefined) for (const k of seen[found]!) values[row * labels.length + k] = 1;
    else {
      const cell = table.cell(row, place).trim();
      const strange = labelsOfCell(cell, separator)?.find((label) => !known.has(label));
      if (strange === undefined || missingTexts.has(cell))
        noteMissing(table, column, row, missing, listWanted, separatorIn(cell));
      else throw unknownLabelIn(`${table.name}, ${table.spotOf(row)}: ${shorten(column)}`, strange, labels);
    }
  }
  return values;
}

/** A cell without a value is taken down; any other that cannot be read is a mistake. */
function noteMissing(
  table: Table,
  column: string,
  row: number,
  missing: MissingCells | undefined,
  wanted: string,
  hint?: string,
): void {
  const cell = table.cell(row, placeIn(table, column)).trim();
  if (missing !== undefined && missingTexts.has(cell)) {
    missing.set(column, { row, cell, ...missing.get(column), count: (missing.get(column)?.count ?? 0) + 1 });
    return;
  }
  throw noLabels(`${table.name}, ${table.spotOf(row)}: ${shorten(column)}`, cell, wanted, hint);
}

/** That something says of no label whether the sample has it. @param wanted to follow "neither" */
function noLabels(place: string, cell: string, wanted: string, hint?: string): UserError {
  return failure(
    'no-labels',
    `${place} is ${cell === '' ? 'empty' : `'${shorten(cell)}'`}, not ${wanted}`,
    hint ?? 'Correct the cell, or predict something else.',
  );
}

/**
 * The labels that a cell names, for who lists them.
 *
 * @throws UserError where it is no list
 */
export function labelsNamed(where: string, cell: string, separator: string | undefined): readonly string[] {
  const labels = labelsOfCell(cell, separator);
  if (labels === undefined) throw noLabels(where, cell, listWanted, separatorIn(cell));
  return labels;
}

const listWanted = 'a list of labels as JSON has it';

/** What may stand between the labels of a cell that is no list. */
function separatorIn(cell: string): string | undefined {
  const sign = /[;|,/ ]/.exec(cell)?.[0];
  return sign === undefined
    ? 'Say in the target what stands between two labels, such as `separator: ;`.'
    : `Say in the target what stands between two labels: \`separator: '${sign}'\`.`;
}

/** That a label is none of those listed. */
function unknownLabelIn(place: string, label: string, labels: readonly string[]): UserError {
  const guess = nearest(label, labels);
  return failure(
    'unknown-category',
    `${place} has the label '${shorten(label)}', which is none of ${shorten(labels.join(', '), 300)}`,
    guess === undefined
      ? 'Name every label, or leave the list to the data: `labels: fromData`.'
      : `Did you mean \`${guess}\`?`,
  );
}
