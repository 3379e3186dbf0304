import { showCount } from '../../base/quantities.ts';
import { shorten } from '../../base/shorten.ts';
import { type DecimalMark, numbersMeant, readWritten } from '../../base/written-number.ts';
import { missingTexts } from '../tables/csv-cells.ts';
import type { Table } from '../tables/table.ts';
import { isDate } from '../tables/time.ts';
import { byCount } from './proposal.ts';

/** What the rows that were looked at hold in a column. */
export interface ColumnFacts {
  readonly name: string;
  readonly kind: 'empty' | 'constant' | 'numbers' | 'dates' | 'texts';
  /** Cells with a value. */
  readonly count: number;
  readonly gaps: number;
  /** Where the first gap is, such as `line 5`. */
  readonly gapAt?: string;
  /** Different values, with how often each was seen; of more than are counted, the first of them. */
  readonly values: ReadonlyMap<string, number>;
  /** Whether all numbers are whole, and each is one more than that of the row before. */
  readonly whole: boolean;
  readonly counts: boolean;
  readonly least: number;
  readonly most: number;
  /** Characters of the longest value. */
  readonly longest: number;
  /** A value that is no number, where nearly all others are. */
  readonly stray?: string;
}

/** Different values that are counted. */
export const mostValues = 20_000;

/** Looks at a column. @param decimal what stands before the decimals, where that is known */
export function lookAtColumn(table: Table, place: number, rows: number, decimal: DecimalMark | undefined): ColumnFacts {
  const numberIn = numberReader(decimal);
  const values = new Map<string, number>();
  let [gaps, numbers, dates, longest, least, most] = [0, 0, 0, 0, Infinity, -Infinity];
  let [whole, counts, last] = [true, true, Number.NaN];
  let gapAt: string | undefined;
  let stray: string | undefined;
  for (let row = 0; row < rows; row++) {
    const cell = table.cell(row, place).trim();
    if (missingTexts.has(cell)) {
      gapAt ??= table.spotOf(row);
      gaps++;
      continue;
    }
    if (values.size < mostValues || values.has(cell)) values.set(cell, (values.get(cell) ?? 0) + 1);
    longest = Math.max(longest, cell.length);
    const number = numberIn(cell);
    if (number === undefined) {
      stray ??= cell;
      if (isDate(cell)) dates++;
      continue;
    }
    numbers++;
    [least, most] = [Math.min(least, number), Math.max(most, number)];
    whole &&= Number.isInteger(number);
    counts &&= Number.isNaN(last) || number === last + 1;
    last = number;
  }
  const count = rows - gaps;
  const facts = { name: table.columns[place]!, count, gaps, values, whole, counts, least, most, longest };
  return {
    ...facts,
    kind: kindOf({ count, numbers, dates, different: values.size }),
    ...(gapAt !== undefined && { gapAt }),
    ...(stray !== undefined && numbers > 0.5 * count && { stray }),
  };
}

/** Reads the number of a cell; of two that it may mean where the sign before decimals is not known, the first. */
export function numberReader(decimal: DecimalMark | undefined): (cell: string) => number | undefined {
  if (decimal !== undefined) return (cell) => readWritten(cell, decimal);
  return (cell) => (Number.isFinite(Number(cell)) ? Number(cell) : numbersMeant(cell)[0]);
}

function kindOf(seen: {
  readonly count: number;
  readonly numbers: number;
  readonly dates: number;
  readonly different: number;
}): ColumnFacts['kind'] {
  const { count, numbers, dates, different } = seen;
  if (count === 0) return 'empty';
  if (different === 1) return 'constant';
  if (numbers === count) return 'numbers';
  return dates === count ? 'dates' : 'texts';
}

const named = /(^|[_ .-])(id|uuid|guid|key|index|idx|nr|no|number|rownames?)$|[a-z](Id|ID|Key)$|^unnamed|^$/i;

/** Why a column says which row it is, and nothing else; undefined where it does not. */
export function whyIdentifier({ name, kind, values, count, whole, counts, gaps }: ColumnFacts): string | undefined {
  if (gaps > 0 || count < 3 || values.size < count || count >= mostValues) return undefined;
  if (kind === 'numbers' && whole && counts) return 'it counts the rows';
  if (named.test(name) && (kind === 'texts' || whole))
    return `it has another value in each row${name === '' ? '' : `, and is called \`${name}\``}`;
  return undefined;
}

/** What a column holds, in words. */
export function showFacts(facts: ColumnFacts): string {
  const { kind, values, whole, least, most, gaps, gapAt, stray } = facts;
  const missing = gaps === 0 ? '' : `; ${showCount(gaps)} ${gaps === 1 ? 'gap' : 'gaps'}, the first in ${gapAt!}`;
  if (kind === 'numbers')
    return `${whole ? 'whole numbers' : 'numbers'}, ${showNumber(least)} to ${showNumber(most)}${missing}`;
  const some = byCount(values)
    .slice(0, 3)
    .map(({ name }) => shorten(name, 20))
    .join(', ');
  const more = values.size > 3 ? ', ...' : '';
  const odd = stray === undefined ? '' : `; ${shorten(stray, 20)} is no number, as most of it are`;
  const texts = `${showCount(values.size)}${values.size >= mostValues ? ' or more' : ''} texts`;
  return `${texts}: ${some}${more}${missing}${odd}`;
}

const showNumber = (value: number) => String(Number(value.toPrecision(6)));
