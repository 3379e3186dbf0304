import type { InParts } from '../../base/turns.ts';
import type { MissingCells } from './csv-cells.ts';
import type { Feature } from './csv-columns.ts';
import { type Finding, findInCategories, findInNumbers } from './csv-findings.ts';
import type { Table } from './table.ts';
import { inOption } from '../wrong-option.ts';
import type { ColumnPlan, FittedColumn } from '../preparations/prepared-column.ts';
import { fitPrepared, provePrepared, readPrepared } from './prepare-cells.ts';

/** The values of a column that is prepared, of one table. */
interface SeenColumn {
  /** As they are read; where a cell has none, what it is taken for. */
  readonly values: Float64Array;
  /** The rows that have none. */
  readonly gaps: ReadonlySet<number>;
}

/**
 * Reads a column that is prepared, and proves that its steps give a number of each row.
 *
 * @param fitted what was fitted to the first table, by column: the other one is proven by it
 * @param trained left out: it is not known which rows train
 */
export function* surveyPrepared(
  table: Table,
  steps: NonNullable<Feature['prepared']>,
  about: {
    readonly missing: MissingCells;
    readonly trained: Uint32Array | undefined;
    readonly fitted: Map<string, FittedColumn>;
  },
): InParts<SeenColumn> {
  const { missing, trained, fitted } = about;
  const { plan, path } = steps;
  const read = yield* inOption(path, () => readPrepared(table, plan, plan.gaps !== undefined, missing));
  if (trained === undefined || missing.has(plan.column)) return { values: read.map(orZero), gaps: new Set() };
  const column = fitted.get(plan.column) ?? fitPrepared(steps, { table, values: read, trained });
  fitted.set(plan.column, column);
  yield* provePrepared(table, column, read, path);
  const gaps = new Set<number>();
  for (let row = 0; row < read.length; row++) {
    if (!Number.isNaN(read[row]!)) continue;
    gaps.add(row);
    read[row] = column.fill!;
  }
  return { values: read, gaps };
}

const orZero = (value: number) => (Number.isNaN(value) ? 0 : value);

/** What is strange about a column that is prepared: as of one that is not. */
export function* findInPrepared(
  table: Table,
  { column, reads, categories }: ColumnPlan,
  { values, gaps, trained, isOnly }: SeenColumn & { readonly trained: Uint32Array; readonly isOnly: boolean },
): Generator<Finding> {
  const rows = trained.filter((row) => !gaps.has(row));
  if (categories !== undefined)
    yield* findInCategories(table, { column, categories }, { indices: values, trained: rows });
  else if (reads === 'numbers' && rows.length > 0)
    yield* findInNumbers(table, column, { numbers: values, trained: rows, isOnly });
}
