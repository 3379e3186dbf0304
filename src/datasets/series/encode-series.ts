import { failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import type { CsvOptions } from '../tables/csv-options.ts';
import type { TrainedOn, Values } from '../dataset.ts';
import { type TableEncoder, tableEncoder } from '../tables/encode-table.ts';
import { isNamed, isTensor, kindOf, proveNames } from '../given-values.ts';

/** Takes windows of rows, and prepares each row as it was for training. */
export interface SeriesEncoder extends TableEncoder {
  /** Rows of a window. */
  readonly window: number;
  /** The values of a window for each input, from those of its rows. */
  readonly joined: (rows: readonly (readonly Values[])[]) => readonly Values[];
}

/**
 * The encoder of a model that learnt from a series. A window is an object with a list of values for each column, the
 * oldest first. It needs nothing of Node.
 */
export function seriesEncoder(trained: TrainedOn<Pick<CsvOptions, 'decimal'>>): SeriesEncoder {
  const { inputs } = trained;
  const window = inputs[0]!.shape[0]!;
  const table = tableEncoder({ ...trained, inputs: inputs.map((one) => ({ ...one, shape: one.shape.slice(1) })) });
  const names = [...table.columns.keys()];
  const takes =
    `${window} rows in the order of time, with the columns ${shorten(names.join(', '), 500)} ` +
    `(CSV; in JSON a list of ${window} values for each column)`;
  const joined: SeriesEncoder['joined'] = (rows) =>
    inputs.map(({ shape }, k) => {
      const values = new Float32Array(window * shape[1]!);
      for (const [at, row] of rows.entries()) values.set(row[k]!, at * shape[1]!);
      return values;
    });
  return {
    ...table,
    takes,
    window,
    joined,
    encode: (row, where) => {
      if (!isNamed(row) || isTensor(row))
        throw failure('wrong-shape', `${where} is ${kindOf(row)}, not an object`, `The model takes ${takes}.`);
      proveNames(row, names, where);
      const lists = names.map((name) => [name, listOf(row[name], `${where}: ${shorten(name)}`, window)] as const);
      const rows = Array.from(
        { length: window },
        (_, at) =>
          table.encode(
            Object.fromEntries(lists.map(([name, values]) => [name, values[at]])),
            `${where}, value ${at + 1} of ${window}`,
          ).x!,
      );
      return { x: joined(rows), ...table.unused(Object.keys(row), where) };
    },
  };
}

function listOf(given: unknown, where: string, window: number): readonly unknown[] {
  if (Array.isArray(given) && given.length === window) return given as readonly unknown[];
  throw failure(
    'wrong-shape',
    `${where} is ${Array.isArray(given) ? `a list of ${given.length}` : kindOf(given)}, not a list of ${window} values`,
    `Give one value for each row of the window of ${window}, the oldest first.`,
  );
}
