import { showCount } from '../../base/quantities.ts';
import { shorten } from '../../base/shorten.ts';
import { labelsOfCell } from '../several-labels.ts';
import type { ColumnFacts } from './column-facts.ts';

/** A column whose cells name several labels at once. */
export interface FoundLabels {
  /** What stands between two of them; left out: cells are lists, as JSON has them. */
  readonly separator?: string;
  /** What shows it. */
  readonly because: string;
}

/** Blanks, slashes and hyphens stand within names as often. */
const separators = [';', '|', ','];

/** As many labels as a target may have, and characters of one. */
const mostLabels = 256;
const longestLabel = 100;

/** Rows that have a label, on average: words of a sentence come less often. */
const rowsOfLabel = 5;

/** How the cells of a column name several labels; undefined where they do not. */
export function labelsIn({
  kind,
  values,
  stray,
}: Pick<ColumnFacts, 'kind' | 'values' | 'stray'>): FoundLabels | undefined {
  // Where most cells are numbers, a comma groups digits.
  if (kind !== 'texts' || stray !== undefined) return undefined;
  const [rows, lists] = [rowsOf(values), rowsOf(values, isList)];
  // Of one that is none, the check of the file says where it is.
  if (2 * lists > rows)
    return {
      because:
        lists === rows
          ? 'each cell is a list, as JSON has it'
          : `${showCount(lists)} of ${showCount(rows)} cells are lists, as JSON has them`,
    };
  return separators.map((separator) => labelsBetween(values, separator)).find((found) => found !== undefined);
}

const isList = (cell: string) => labelsOfCell(cell, undefined) !== undefined;

const rowsOf = (values: ColumnFacts['values'], counts: (cell: string) => boolean = () => true) =>
  [...values].reduce((sum, [cell, count]) => sum + (counts(cell) ? count : 0), 0);

/**
 * A sign stands between labels where cells have different numbers of them, and the same ones come again in other cells:
 * of `Paris, France` all have two, and words of a text hardly come again.
 */
function labelsBetween(values: ReadonlyMap<string, number>, separator: string): FoundLabels | undefined {
  const labels = new Set<string>();
  let [named, several, single, rows] = [0, 0, 0, 0];
  for (const [cell, count] of values) {
    const found = labelsOfCell(cell, separator) ?? [];
    if (new Set(found).size < found.length || found.some((label) => label.length > longestLabel)) return undefined;
    for (const label of found) labels.add(label);
    if (labels.size > mostLabels) return undefined;
    rows += count;
    named += count * found.length;
    if (found.length > 1) several += count;
    else single += count;
  }
  if (several < 3 || single === 0 || labels.size > values.size || named < rowsOfLabel * labels.size) return undefined;
  const list = [...values.keys()].find(isList);
  const odd = list === undefined ? '' : `; \`${shorten(list)}\` is taken for labels with \`${separator}\` between, too`;
  return {
    separator,
    because: `\`${separator}\` stands between labels in ${showCount(several)} of ${showCount(rows)} cells${odd}`,
  };
}
