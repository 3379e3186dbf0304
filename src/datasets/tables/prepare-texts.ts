import { type UserError, failure } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { shorten } from '../../base/shorten.ts';
import type { InParts } from '../../base/turns.ts';
import { type MissingCells, missingTexts, missingValues, placeIn } from './csv-cells.ts';
import { type OptionPath, WrongOption } from '../wrong-option.ts';
import type { WrittenCsvOptions } from './csv-options.ts';
import type { Parts } from './csv-rows.ts';
import { gapsOf } from '../preparations/gaps.ts';
import {
  type TokenColumn,
  TokenCounter,
  type TokenKind,
  type TokenOptions,
  tokenOptions,
  tokenEncoder,
  tokensOf,
} from '../preparations/tokens.ts';
import { type ColumnSteps, cannotStand } from './prepare-table.ts';
import { stepsOf } from './prepare-options.ts';
import type { RowTaker } from './row-filler.ts';
import type { Table } from './table.ts';
import { isTextOption } from './table-targets.ts';

/** How the texts of a column become numbers, before a vocabulary is chosen. */
export interface TokenPlan extends TokenOptions {
  readonly column: string;
  readonly kind: TokenKind;
  /** The text that a cell without a value is taken for; left out: it is a mistake. */
  readonly gap?: string;
}

/**
 * What the steps of a column say of its texts; undefined where they make no words or characters of them.
 *
 * @param isListed whether the column is among `categories`
 * @throws WrongOption where a step cannot stand there
 */
export function planTexts(column: string, { steps, path, isList }: ColumnSteps, isListed: boolean) {
  const place = steps.findIndex(({ step }) => isTokenKind(step));
  if (place < 0) return undefined;
  const { step, option } = steps[place]!;
  const wrong = (k: number, problem: string) =>
    new WrongOption(isList ? [...path, k] : path, cannotStand(steps[k]!.step, problem));
  if (isListed) throw wrong(place, `\`${column}\` is among \`categories\`, whose steps are oneHot and index`);
  if (place < steps.length - 1)
    throw wrong(place + 1, `nothing can be done with what \`${step}\` gives: it is for an \`embedding\``);
  let gap: string | undefined;
  for (const [k, before] of steps.slice(0, place).entries()) {
    if (before.step !== 'missing')
      throw wrong(place, 'it takes cells as they are, and has to be the first step but for `missing`');
    const gaps = gapsOf(String(before.option));
    if (gaps === undefined) continue;
    if (typeof gaps.by === 'string')
      throw wrong(
        k,
        `of whole texts there is no ${gaps.isTold ? 'mean' : gaps.by}: \`constant(-)\` takes an empty one`,
      );
    gap = gaps.by.constant;
  }
  const kind: TokenKind = step === 'words' ? step : 'characters';
  const plan: TokenPlan = {
    column,
    kind,
    ...tokenOptions(kind, option as Partial<TokenOptions> & Pick<TokenOptions, 'length'>),
    ...(gap !== undefined && { gap }),
  };
  return { plan, path };
}

const isTokenKind = (step: string) => step === 'words' || step === 'characters';

/** Cells that are read without a pause. */
const pause = 1 << 12;

/** Different tokens that are counted: they are held in memory. */
export const mostDifferent = 2_000_000;

/** Whether the texts of any column are cut into tokens. */
export const hasTexts = ({ prepare = {}, targets }: Pick<WrittenCsvOptions, 'prepare' | 'targets'>): boolean =>
  Object.values(targets).some(isTextOption) ||
  Object.values(prepare).some((steps) => stepsOf(steps).some(({ step }) => isTokenKind(step)));

/** Bytes that counting the tokens of tables takes at the most, by the bytes of their files. */
export const memoryOfCounts = (bytes: number): number => Math.min(mostDifferent, bytes / 4) * 120;

/**
 * Proves that each cell of a column has a text, where nothing fills it.
 *
 * @param wrong what is said of cells that have none; left out: as of what is learnt from
 * @throws WrongOption where one has none
 */
export function* proveTexts(
  { plan: { column, kind, gap }, path }: { readonly plan: TokenPlan; readonly path: OptionPath },
  table: Table,
  wrong = (missing: MissingCells) => missingValues(table, missing, `[missing: constant(-), ${kind}: ...]`),
): InParts<void> {
  if (gap !== undefined) return;
  const missing: MissingCells = new Map();
  const place = placeIn(table, column);
  for (let row = 0; row < table.count; row++) {
    if (row % pause === 0) yield;
    const cell = table.cell(row, place).trim();
    if (missingTexts.has(cell))
      missing.set(column, { row, cell, ...missing.get(column), count: (missing.get(column)?.count ?? 0) + 1 });
  }
  if (missing.size > 0) throw new WrongOption(path, wrong(missing));
}

/** The texts of a column, row by row. @returns what gives that of a row */
export function textsIn(table: Table, { column, gap }: Pick<TokenPlan, 'column' | 'gap'>): (row: number) => string {
  const place = placeIn(table, column);
  return (row) => {
    const cell = table.cell(row, place).trim();
    return gap !== undefined && missingTexts.has(cell) ? gap : cell;
  };
}

/**
 * Chooses the vocabulary of a column.
 *
 * @param rows those that are trained on
 * @throws WrongOption where their texts have nothing to learn from, or more different words than can be counted
 */
export function* fitTexts(
  { plan, path }: { readonly plan: TokenPlan; readonly path: OptionPath },
  table: Table,
  rows: Uint32Array,
): InParts<TokenColumn> {
  const { column, kind, length, vocabulary, lowerCase, gap } = plan;
  const counter = new TokenCounter();
  const textOf = textsIn(table, plan);
  for (const [k, row] of rows.entries()) {
    if (k % pause === 0) yield;
    let tokens = 0;
    for (const token of tokensOf(textOf(row), plan)) {
      if (tokens++ % pause === pause - 1) yield;
      counter.add(token);
      if (counter.size > mostDifferent)
        throw new WrongOption(path, tooMany(`${table.name}: \`${shorten(column)}\``, kind));
    }
  }
  if (counter.size === 0)
    throw new WrongOption(
      path,
      failure(
        'no-vocabulary',
        `${table.name}: the ${rows.length} texts of \`${shorten(column)}\` that are trained on have no ${kind}`,
        kind === 'words'
          ? 'Words are letters and digits of any script: take `characters`, or another column.'
          : 'Take another column.',
      ),
    );
  return {
    column,
    tokens: kind,
    length,
    size: vocabulary,
    lowerCase,
    vocabulary: counter.vocabulary(vocabulary),
    ...(gap !== undefined && { gap }),
  };
}

const tooMany = (where: string, kind: TokenKind): UserError =>
  failure(
    'no-vocabulary',
    `${where} has more than ${showCount(mostDifferent)} different ${kind} in the rows trained on`,
    'They are no words of a language: take `characters`, or cut the texts into words before.',
  );

/** Where the numbers of a column go, from a place of each row on. */
interface Places {
  readonly takers: Readonly<Record<'train' | 'test', RowTaker>>;
  readonly place: number;
}

/**
 * Chooses the vocabulary of a column, and hands on the numbers of its texts.
 *
 * @param to left out: nothing is done with them
 * @throws WrongOption where a text is missing, or as fitTexts
 */
export function* encodeTexts(
  texts: { readonly plan: TokenPlan; readonly path: OptionPath },
  { train, test, trained }: Pick<Parts, 'train' | 'test' | 'trained'>,
  to?: Places,
): InParts<TokenColumn> {
  for (const table of new Set([train.table, test.table])) yield* proveTexts(texts, table);
  const fitted = yield* fitTexts(texts, train.table, trained);
  if (to === undefined) return fitted;
  const encode = tokenEncoder(fitted);
  for (const part of [
    { ...train, taker: to.takers.train },
    { ...test, taker: to.takers.test },
  ]) {
    const textOf = textsIn(part.table, fitted);
    for (const [k, row] of part.rows.entries()) {
      if (k % pause === 0) yield;
      part.taker.putSome(k, to.place, encode(textOf(row)));
    }
  }
  return fitted;
}
