import { extname } from 'node:path';
import { csvCell } from '../base/csv-cell.ts';
import { failure, misuse } from '../base/diagnostics.ts';
import { realPath, writeFileAtomic } from '../base/files.ts';
import type { TargetSpec } from '../datasets/dataset.ts';
import { isWholeText, textOf } from '../datasets/texts/whole-texts.ts';
import type { Said } from './prediction.ts';
import type { PredictedRow } from './predictor.ts';

/** What stands in a table: numbers, texts, and nothing. */
type Cell = string | number | null;

/** A row of a table, by its columns. */
type Cells = ReadonlyMap<string, Cell>;

/** A predicted row as a line of JSON: its place, the prediction, and what is right where that is known. */
export function lineOf(row: PredictedRow, targets: readonly TargetSpec[]): string {
  const { place, prediction } = row;
  const right = actualOf(row, targets);
  return JSON.stringify({ ...place, ...prediction, ...(right === undefined ? {} : { actual: right }) });
}

/** What is right, in the terms of the data; undefined where nothing is known. */
export function actualOf({ actual }: PredictedRow, targets: readonly TargetSpec[]): Record<string, Said> | undefined {
  const known = targets.flatMap((target, k) => {
    const values = actual?.[k];
    if (values === undefined) return [];
    if (target.kind === 'class' && target.several !== undefined)
      return [[target.name, target.several.labels.filter((_, label) => values[label] === 1)] as const];
    if (isWholeText(target)) return [[target.name, textOf(target, values)] as const];
    const said = Array.from(values, (value) => (target.kind === 'class' ? target.classes[value]! : value));
    return [[target.name, said.length === 1 ? said[0]! : said] as const];
  });
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/**
 * A predicted row as one of a table: its place, and for each target `NAME`, of classes `NAME_confidence` and
 * `NAME_probability_CLASS` for each, of the input itself `NAME_error`, and `NAME_actual` where it is known. Lists stand
 * there as JSON.
 */
function cellsOf(row: PredictedRow, targets: readonly TargetSpec[]): Cells {
  const { predicted, confidence, probabilities, error = {} } = row.prediction!;
  const right = actualOf(row, targets);
  const cell = (said: Said | undefined): Cell =>
    said === undefined || said === null || typeof said !== 'object' ? (said ?? null) : JSON.stringify(said);
  return new Map<string, Cell>([
    ...placeCells(row, targets),
    ...targets.flatMap(({ name }) => [
      [name, cell(predicted[name])] as const,
      ...(name in error ? [[`${name}_error`, error[name]!] as const] : []),
      ...(name in confidence ? [[`${name}_confidence`, cell(confidence[name])] as const] : []),
      ...Object.entries(probabilities[name] ?? {}).map(
        ([key, value]) => [`${name}_probability_${key}`, value] as const,
      ),
      ...(right !== undefined && name in right ? [[`${name}_actual`, cell(right[name])] as const] : []),
    ]),
  ]);
}

/** Where a row stands; a column that is called like a target is `row_NAME`. */
function placeCells({ place }: PredictedRow, targets: readonly TargetSpec[]): readonly (readonly [string, Cell])[] {
  return Object.entries(place).map(([key, value]) => [
    targets.some(({ name }) => name === key) ? `row_${key}` : key,
    value,
  ]);
}

/** A format that predictions are written in: gathers rows, and gives the file. */
interface Writer {
  add(row: PredictedRow): void;
  content(): Promise<string | Uint8Array>;
}

const writers: Readonly<Record<string, (targets: readonly TargetSpec[]) => Writer>> = {
  '.jsonl': (targets) => {
    const lines: string[] = [];
    return {
      add: (row) => void lines.push(`${lineOf(row, targets)}\n`),
      content: async () => lines.join(''),
    };
  },
  '.csv': (targets) => {
    const rows: Cells[] = [];
    return {
      add: (row) => void rows.push(cellsOf(row, targets)),
      content: async () => {
        const columns = columnsOf(rows);
        const lines = [columns, ...rows.map((row) => columns.map((column) => row.get(column) ?? ''))];
        return lines.map((line) => `${line.map((value) => csvCell(String(value))).join(',')}\n`).join('');
      },
    };
  },
  '.parquet': (targets) => {
    const rows: Cells[] = [];
    const places = new Set<string>();
    return {
      add: (row) => {
        for (const [name] of placeCells(row, targets)) places.add(name);
        rows.push(cellsOf(row, targets));
      },
      content: async () => {
        const { parquetWriteBuffer } = await import('hyparquet-writer');
        const columnData = columnsOf(rows).map((name) => {
          const data = rows.map((row) => row.get(name) ?? null);
          if (data.some((value) => typeof value === 'string')) return { name, data, type: 'STRING' } as const;
          return { name, data, type: places.has(name) ? 'INT32' : 'DOUBLE' } as const;
        });
        return new Uint8Array(parquetWriteBuffer({ columnData }));
      },
    };
  },
};

/** All columns that rows have, in the order in which they came. */
function columnsOf(rows: readonly Cells[]): readonly string[] {
  const columns = new Set<string>();
  for (const row of rows) for (const column of row.keys()) columns.add(column);
  return [...columns];
}

/** A file of predictions: nothing of it is there before all of it is. */
export interface PredictionFile {
  add(row: PredictedRow): void;
  /** @throws UserError where it cannot be written */
  write(): Promise<void>;
}

/**
 * Proves the name of a file of predictions, in the format that it ends in.
 *
 * @param inputs paths that it must not be
 * @throws UserError where there is no such format, or it would take the place of an input
 */
export function predictionFile(
  path: string,
  inputs: readonly string[],
): (targets: readonly TargetSpec[]) => PredictionFile {
  const format = writers[extname(path).toLowerCase()];
  if (format === undefined)
    throw misuse(
      'bad-output-name',
      `--out ${path} does not end in ${Object.keys(writers).join(' or ')}`,
      'Its ending says the format.',
    );
  if (inputs.some((input) => realPath(input) === realPath(path)))
    throw misuse('bad-output-name', `--out ${path} is one of the inputs`, 'Name another file.');
  return (targets) => {
    const writer = format(targets);
    return {
      add: (row) => writer.add(row),
      write: async () => {
        const content = await writer.content();
        try {
          writeFileAtomic(path, content);
        } catch (error) {
          throw failure(
            'unwritable-output',
            `${path} cannot be written: ${(error as Error).message}`,
            undefined,
            error,
          );
        }
      },
    };
  };
}
