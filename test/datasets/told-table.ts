import { UserError } from '../../src/base/diagnostics.ts';
import { atOnce } from '../../src/base/turns.ts';
import { type MissingCells, columnOf } from '../../src/datasets/tables/csv-cells.ts';
import type { Table } from '../../src/datasets/tables/table.ts';

/** All that a table says of itself, or the mistakes that it is refused for. */
export function told(open: () => Table, decimal?: '.' | ','): unknown {
  try {
    const table = open();
    const rows = Array.from({ length: table.count }, (_, row) => row);
    return {
      columns: table.columns,
      files: table.files,
      lines: [...table.numbers()],
      spots: rows.map((row) => [table.spotOf(row), table.sampleAt(row)]),
      cells: rows.map((row) => table.columns.map((_, at) => table.cell(row, at))),
      values: table.columns.map((column, at) => {
        if (decimal === ',') table.commas.add(column);
        const members = [...new Set(rows.map((row) => table.cell(row, at).trim()))];
        const missing: MissingCells = new Map();
        const wrong = new Map<number, string>();
        return [
          orMistakes(() => [...atOnce(columnOf(table, column, undefined))]),
          // What stands in the place of a wrong cell is nobody's.
          orMistakes(() =>
            atOnce(columnOf(table, column, undefined, missing, wrong)).map((one, k) => (wrong.has(k) ? 0 : one)),
          ),
          [...atOnce(columnOf(table, column, members))],
          [...missing],
          [...wrong],
        ];
      }),
    };
  } catch (error) {
    return mistakesOf(error);
  }
}

/** What work gives, or the mistakes that it is refused for. */
export function orMistakes(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return mistakesOf(error);
  }
}

function mistakesOf(error: unknown): unknown {
  if (error instanceof UserError) return error.diagnostics;
  throw error;
}
