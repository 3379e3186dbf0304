import type { InParts } from '../../base/turns.ts';
import { columnOf, placeIn } from './csv-cells.ts';
import { type Feature, codeOf } from './csv-columns.ts';
import { type CsvOptions, standardizedIn } from './csv-options.ts';
import type { Parts } from './csv-rows.ts';
import { prepareColumn } from './prepare-cells.ts';
import { encodeTexts } from './prepare-texts.ts';
import { RowFiller, type RowTaker } from './row-filler.ts';
import { type SweptColumn, areAscending, sweep } from './row-sweep.ts';
import { fitScale, unscaled } from '../scale.ts';
import type { SourceColumn } from './source-columns.ts';

/** Something of both parts. */
export interface PairOf<T> {
  readonly train: T;
  readonly test: T;
}

/** What was done to each column of an input, and the columns that its numbers are of. */
interface FittedInput {
  readonly prepared: object[];
  readonly columns: SourceColumn[];
  /** Columns of which nothing was taken yet. */
  readonly swept: readonly SweptColumn[];
}

/** The values of an input, and what was done to each of its columns. */
interface InputValues extends PairOf<Float32Array> {
  readonly fitted: FittedInput;
  /** Writes those that are not there yet. @param letsGo whether nothing else is made of the table */
  end(letsGo: boolean): InParts<void>;
}

/** Fits what is done to the columns of an input, and makes its values. @throws UserError as fitInput */
export function* inputValues(given: CsvOptions, features: readonly Feature[], parts: Parts): InParts<InputValues> {
  const { train, test } = parts;
  const width = codeOf(features).length;
  const values = {
    train: new Float32Array(train.rows.length * width),
    test: new Float32Array(test.rows.length * width),
  };
  const takers = {
    train: new RowFiller(values.train, width, train.rows),
    test: new RowFiller(values.test, width, test.rows),
  };
  const fitted = yield* fitInput(given, features, parts, { takers, values });
  return {
    ...values,
    fitted,
    *end(letsGo) {
      if (fitted.swept.length === 0) return;
      yield* sweep(train.table, fitted.swept, {
        parts: [
          { to: values.train, rows: train.rows },
          { to: values.test, rows: test.rows },
        ],
        width,
        held: new Float64Array(train.table.count),
        letsGo,
      });
    },
  };
}

/** Where the numbers of an input go. */
interface Taking {
  readonly takers: PairOf<RowTaker>;
  /** All of them, where they are in memory: several columns may be written there at a time. */
  readonly values?: PairOf<Float32Array>;
}

/**
 * Fits what is done to the columns of an input to the rows trained on.
 *
 * @param to left out: nothing is done with its numbers
 * @throws UserError where a cell cannot be used
 */
export function* fitInput(
  given: CsvOptions,
  features: readonly Feature[],
  { train, test, trained }: Parts,
  to?: Taking,
): InParts<FittedInput> {
  const prepared: object[] = [];
  const columns: SourceColumn[] = [];
  const isStandardized = standardizedIn(given);
  const crossOf = (column: string) =>
    given.cross !== undefined && Object.hasOwn(given.cross, column) ? { cross: given.cross[column] } : {};
  const held = train.table.readWhole === undefined ? undefined : new Float64Array(train.table.count);
  const mayBeSwept =
    to?.values !== undefined &&
    train.table.isSwept === true &&
    test.table === train.table &&
    [train, test].every(({ rows }) => areAscending(rows));
  const swept: SweptColumn[] = [];
  let place = 0;
  for (const feature of features) {
    const { column, categories, texts } = feature;
    if (texts !== undefined) {
      const fitted = yield* encodeTexts(texts, { train, test, trained }, to && { takers: to.takers, place });
      prepared.push(fitted);
      columns.push(...Array.from({ length: fitted.length }, () => ({ column })));
      place += fitted.length;
      continue;
    }
    if (feature.prepared !== undefined) {
      const {
        fitted,
        codes,
        at: valueAt,
        tables,
      } = yield* prepareColumn(feature.prepared, {
        tables: test.table === train.table ? [train.table] : [train.table, test.table],
        trained,
      });
      const [numbers, others = numbers] = tables as [Float64Array, Float64Array?];
      for (let part = 0; part < codes.length; part++) {
        to?.takers.train.putMade(place + part, numbers, (number) => valueAt(number, part));
        to?.takers.test.putMade(place + part, others, (number) => valueAt(number, part));
      }
      place += codes.length;
      prepared.push({ ...fitted, ...crossOf(column) });
      columns.push(...codes.map(() => ({ column })));
      continue;
    }
    yield;
    // What stood there before may go.
    const isWhole =
      held !== undefined &&
      categories === undefined &&
      train.table.readWhole?.(held, placeIn(train.table, column)) === true;
    const numbers = isWhole ? held : yield* columnOf(train.table, column, categories);
    const scale = categories === undefined && isStandardized(column) ? fitScale(numbers, trained).scale : unscaled;
    if (isWhole && mayBeSwept) swept.push({ from: placeIn(train.table, column), place, scale });
    else if (to !== undefined) {
      to.takers.train.put(place, numbers, scale);
      const others = test.table === train.table ? numbers : yield* columnOf(test.table, column, categories);
      to.takers.test.put(place, others, scale);
    }
    columns.push({ column, ...(categories === undefined && { scale }) });
    const hasCommas = train.table.commas.has(column);
    prepared.push({
      column,
      ...(categories === undefined ? scale : { categories }),
      ...(hasCommas && { decimal: ',' }),
      ...crossOf(column),
    });
    place++;
  }
  to?.takers.train.end();
  to?.takers.test.end();
  return { prepared, columns, swept };
}
