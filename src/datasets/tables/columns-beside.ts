import type { Dataset } from '../dataset.ts';
import type { Table } from './table.ts';

/** Characters of names that are kept with a model: those of tables with thousands of columns are not. */
const mostCharacters = 100_000;

/**
 * The columns of a table that nothing is made of, as `Dataset` has them.
 *
 * @param used the others, among them crosses
 */
export function columnsBeside(table: Table, used: readonly string[]): Pick<Dataset, 'beside'> {
  const known = new Set(used);
  let characters = 0;
  const beside = table.columns.filter(
    (column) => !known.has(column) && (characters += column.length + 1) <= mostCharacters,
  );
  return beside.length === 0 ? {} : { beside };
}
