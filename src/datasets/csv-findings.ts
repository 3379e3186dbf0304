import type { CsvTable } from './csv-table.ts';
import { listed } from './data-warnings.ts';
import type { DataWarning } from './dataset.ts';
import { fitScale } from './scale.ts';
import { isDate, isNamedLikeTime, timeOf } from './time.ts';

/** What is found in a column that is learnt from. */
export type Finding = readonly [code: 'constant-column' | 'row-number-column' | 'category-without-samples', what: string];

/** What a column of numbers is, beside numbers. */
export function* findInNumbers(table: CsvTable, column: string, { numbers, trained }: { readonly numbers: Float64Array; readonly trained: Uint32Array }): Generator<Finding> {
  if (fitScale(numbers, trained).isConstant) yield ['constant-column', `${calledIn(table, column)} (${numbers[trained[0]!]})`];
  else if (countsRows(column, numbers)) yield ['row-number-column', `${calledIn(table, column)} (${numbers[0]}, ${numbers[1]}, ... ${numbers.at(-1)})`];
}

/** The categories that no row trained on has. */
export function* findInCategories(table: CsvTable, { column, categories }: { readonly column: string; readonly categories: readonly string[] }, { indices, trained }: { readonly indices: Float64Array; readonly trained: Uint32Array }): Generator<Finding> {
  const seen = new Uint8Array(categories.length);
  for (const row of trained) seen[indices[row]!] = 1;
  for (const [k, category] of categories.entries()) if (seen[k] === 0) yield ['category-without-samples', `\`${category.slice(0, 60)}\` of ${calledIn(table, column)}`];
}

/** One warning for each kind of finding. @param trained how many rows are trained on */
export function warningsOf(findings: readonly Finding[], trained: number): readonly DataWarning[] {
  const path = ['source', 'csv', 'features'];
  const kinds = {
    'constant-column': (which: string, isOne: boolean) => ({ problem: `${which} ${isOne ? 'is' : 'are'} constant in the ${trained} rows trained on`, hint: 'Nothing can be learnt from it: leave it out of `features`.', path }),
    'row-number-column': (which: string, isOne: boolean) => ({ problem: `${which} only ${isOne ? 'counts' : 'count'} the rows`, hint: 'A new row has a number that was never trained on: leave it out of `features`; pandas writes none with `index=False`.', path }),
    'category-without-samples': (which: string, isOne: boolean) => ({ problem: `none of the ${trained} rows trained on has the ${isOne ? 'category' : 'categories'} ${which}`, hint: 'What is never seen in training is never learnt: add rows with it, or take it out of `categories` where it cannot occur.', path: ['source', 'csv', 'categories'] }),
  };
  return Object.entries(kinds).flatMap(([code, tell]) => {
    const which = findings.filter(([kind]) => kind === code).map(([, what]) => what);
    return which.length === 0 ? [] : [{ code, ...tell(listed(which), which.length === 1) }];
  });
}

/** The targets among the columns that are learnt from, by name or by what stands in them. */
export function* targetsAmong(table: CsvTable, features: readonly string[], targets: readonly string[]): Generator<DataWarning> {
  const valueOf = (cell: string) => (cell === '' || Number.isNaN(Number(cell)) ? cell : String(Number(cell)));
  const first = (column: string) => valueOf(table.cell(0, table.placeOf(column)!).trim());
  const alike = new Map<string, string[]>();
  for (const target of targets) alike.set(first(target), [...(alike.get(first(target)) ?? []), target]);
  for (const feature of features) {
    for (const target of alike.get(first(feature)) ?? []) {
      const problem = feature === target ? `\`${target}\` is predicted from itself` : areEqual(table, table.placeOf(feature)!, table.placeOf(target)!) ? `${calledIn(table, feature)} is the same as \`${target}\` in all ${table.count} rows, which is predicted from it` : undefined;
      if (problem !== undefined) yield { code: 'target-as-feature', problem, hint: 'Nobody has it for a new row: leave it out of `features`.', path: ['source', 'csv', 'features'] };
    }
  }
}

function areEqual(table: CsvTable, one: number, other: number): boolean {
  let differs = false;
  for (let row = 0; row < table.count; row++) {
    const [a, b] = [table.cell(row, one).trim(), table.cell(row, other).trim()];
    if (a !== b && (a === '' || b === '' || Number(a) !== Number(b))) return false;
    differs ||= a !== table.cell(0, one).trim();
  }
  return differs;
}

/** pandas' index has no name, and keeps its numbers when rows are shuffled or taken out. */
function countsRows(column: string, numbers: Float64Array): boolean {
  if (numbers.length < 3 || isNamedLikeTime(column) || !numbers.every(Number.isInteger)) return false;
  if (/^(unnamed: ?\d+|index|idx|level_\d+)?$/i.test(column)) return new Set(numbers).size === numbers.length;
  const first = numbers[0]!;
  return numbers.length >= 10 && numbers.every((value, row) => value === first + row);
}

/** What speaks for rows in the order of time: a column of dates, one that is named like a time and never falls, or windows that slide over a series. */
export function timeEvidence(table: CsvTable, targets: readonly string[]): string | undefined {
  for (const [place, column] of table.columns.entries()) {
    const [first, last] = [table.cell(0, place).trim(), table.cell(table.count - 1, place).trim()];
    if (isDate(first) && everyRow(table, (row) => isDate(table.cell(row, place).trim()))) return `\`${column}\` holds dates (${first} to ${last})`;
    const number = (row: number) => Number(table.cell(row, place).trim() || Number.NaN);
    if (table.count >= 10 && isNamedLikeTime(column) && !targets.includes(column) && number(table.count - 1) > number(0) && everyRow(table, (row) => row === 0 || number(row) >= number(row - 1))) return `\`${column}\` never falls from row to row (${first} to ${last})`;
    if (place > 0 && slides(table, place - 1, place)) return `\`${table.columns[place - 1]}\` of each row is \`${column}\` of the one before: they are windows that slide over one series`;
    if (place > 0 && slides(table, place, place - 1)) return `\`${column}\` of each row is \`${table.columns[place - 1]}\` of the one before: they are windows that slide over one series`;
  }
  return undefined;
}

/** Says that rows in the order of time are divided as if they had none. @param parts those that are drawn from them */
export function timeAtRandom(evidence: string, parts: readonly string[]): DataWarning {
  return { code: 'time-at-random', problem: `${evidence}, and the rows of ${parts.join(' and ')} are drawn at random: each then has neighbours in time that were trained on, which what is to come has not`, hint: 'Set `data.split.order` to the column of the time, or to `time` where the rows stand in its order: the last ones are then held back.', path: ['split'] };
}

/** Whether a column has in each row what the other had in the row before. */
function slides(table: CsvTable, later: number, before: number): boolean {
  if (table.count < 10) return false;
  const values = new Set<string>();
  return everyRow(table, (row) => {
    if (row > 0 && table.cell(row, later) !== table.cell(row - 1, before)) return false;
    if (values.size < 5) values.add(table.cell(row, before));
    return true;
  }) && values.size === 5;
}

/** Where a column of dates goes back, though the rows are said to stand in the order of time. */
export function wrongOrder(table: CsvTable): DataWarning | undefined {
  for (const [place, column] of table.columns.entries()) {
    const time = (row: number) => timeOf(table.cell(row, place).trim());
    if (time(0) === undefined || !everyRow(table, (row) => time(row) !== undefined)) continue;
    for (let row = 1; row < table.count; row++) {
      if (time(row)! >= time(row - 1)!) continue;
      return { code: 'not-in-order', problem: `the rows are said to stand in the order of time, but ${table.name}, line ${table.lineOf(row)}: \`${column}\` goes back from ${table.cell(row - 1, place).trim()} to ${table.cell(row, place).trim()}`, hint: `\`order: ${column}\` sorts them.`, path: ['split', 'order'] };
    }
  }
  return undefined;
}

function everyRow({ count }: CsvTable, holds: (row: number) => boolean): boolean {
  for (let row = 0; row < count; row++) if (!holds(row)) return false;
  return count > 2;
}

function calledIn({ columns }: CsvTable, column: string): string {
  return column === '' ? `the nameless column ${columns.indexOf('') + 1}` : `\`${column.slice(0, 60)}\``;
}
