import { failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import { missingTexts, placeIn } from '../tables/csv-cells.ts';
import { isYes, labelsOfCell, markWanted } from '../several-labels.ts';
import type { Table } from '../tables/table.ts';
import { type ChosenTarget, isLikeClasses } from './choose-target.ts';
import { type ColumnFacts, numberReader, showFacts } from './column-facts.ts';
import { labelsIn } from './find-labels.ts';
import { type Entry, type Task, byCount, showCounts } from './proposal.ts';
import { spreadOf } from './spread.ts';

/** What is predicted, and the target as it stands in the file. */
export interface TableTask {
  readonly task: Task;
  readonly entry: Entry;
}

/**
 * What is predicted, by all rows of its columns.
 *
 * @throws UserError where a row has no value there, or all have the same
 */
export function taskOf(table: Table, { columns, because }: ChosenTarget): TableTask {
  const [facts, ...more] = columns;
  const [found, key] = [labelsIn(facts), facts.name];
  if (more.length > 0) {
    const names = columns.map(({ name }) => name);
    const target = ['labels', 'several', 'targets'].find((name) => !table.columns.includes(name)) ?? key;
    const task = labelsTask(table, target, marksIn(table, names));
    return { task, entry: { key: target, value: { columns: names }, because: `${because}; ${showLabels(task)}` } };
  }
  if (found !== undefined) {
    const { separator } = found;
    const task = labelsTask(table, key, setsIn(table, key, separator));
    return {
      task,
      entry: {
        key,
        value: { labels: 'fromData', ...(separator !== undefined && { separator }) },
        because: `${because}; ${found.because}; ${showLabels(task)}`,
      },
    };
  }
  const task = ofOneColumn(table, facts);
  const value = task.kind === 'number' ? 'number' : 'fromData';
  return { task, entry: { key, value, because: `${because}; ${showTarget(task, facts)}` } };
}

/** Values of a column, up to which it may be one of classes. */
const mostClasses = 256;

function ofOneColumn(table: Table, facts: ColumnFacts): Task {
  const target = facts.name;
  const said = `\`${shorten(target)}\` of ${table.name}`;
  const isNumber = facts.kind === 'numbers' && !isLikeClasses(facts);
  const numberIn = numberReader(table.decimal);
  const counts = new Map<string, number>();
  const numbers: number[] = [];
  for (const cell of cellsOf(table, target)) {
    // What is none, the check names.
    if (isNumber) numbers.push(numberIn(cell) ?? Number.NaN);
    else if (counts.size <= mostClasses || counts.has(cell)) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const different = isNumber ? new Set(numbers).size : counts.size;
  if (different < 2) throw oneValue(said, `one value alone, ${shorten([...facts.values.keys()][0] ?? '')}`);
  if (isNumber) return { kind: 'number', target, units: 1, ...spreadOf(numbers) };
  if (counts.size > mostClasses)
    throw failure(
      'no-list-in-data',
      `${said} has more than ${mostClasses} different texts, the most that a column to predict may have as classes`,
      'Name another column, --target COLUMN, or bring those of few rows together under one name.',
    );
  return { kind: 'class', target, classes: byCount(counts) };
}

const oneValue = (said: string, what: string) =>
  failure(
    'one-value-to-predict',
    `${said} has ${what}`,
    'Name a column that differs from row to row: --target COLUMN.',
  );

/**
 * The cells of a column to predict.
 *
 * @param mayBeEmpty whether a cell in which nothing stands says something
 * @throws UserError where one has no value
 */
function* cellsOf(table: Table, column: string, mayBeEmpty = false): Generator<string> {
  const place = placeIn(table, column);
  for (let row = 0; row < table.count; row++) {
    const cell = table.cell(row, place).trim();
    if (missingTexts.has(cell) && !(mayBeEmpty && cell === ''))
      throw failure(
        'target-without-value',
        `\`${shorten(column)}\` of ${table.name} has no value in ${table.spotOf(row)}: nothing can be learnt from ` +
          'such a row',
        'Remove rows without it, or name another column with --target.',
      );
    yield cell;
  }
}

/** The texts of a column to predict. @throws UserError where a row has none */
export const answersIn = (table: Table, column: string): readonly string[] => [...cellsOf(table, column)];

/** The labels of each row that one column names. @throws UserError where a cell names none, and is not empty */
function setsIn(table: Table, column: string, separator: string | undefined): readonly (readonly string[])[] {
  // What is no list, the check names.
  return Array.from(cellsOf(table, column, separator !== undefined), (cell) => labelsOfCell(cell, separator) ?? []);
}

/** The labels of each row that have a column of their own. @throws UserError where one holds anything but 0 and 1 */
function marksIn(table: Table, columns: readonly string[]): readonly (readonly string[])[] {
  const sets: string[][] = Array.from({ length: table.count }, () => []);
  for (const column of columns) {
    let row = 0;
    for (const cell of cellsOf(table, column)) {
      const mark = isYes(cell);
      if (mark === undefined)
        throw failure(
          'no-labels',
          `${table.name}, ${table.spotOf(row)}: ${shorten(column)} is '${shorten(cell)}', not ${markWanted}`,
          'Several columns with --target are several labels at once: write 0 and 1 in them, or true and false. ' +
            'Or name one column.',
        );
      if (mark === 1) sets[row]!.push(column);
      row++;
    }
  }
  return sets;
}

type LabelsTask = Extract<Task, { kind: 'labels' }>;

function labelsTask(table: Table, target: string, rows: readonly (readonly string[])[]): LabelsTask {
  const counts = new Map<string, number>();
  const sets = new Map<string, { readonly names: readonly string[]; count: number }>();
  for (const named of rows) {
    const names = [...new Set(named)].sort();
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    const key = JSON.stringify(names);
    const known = sets.get(key);
    if (known === undefined) sets.set(key, { names, count: 1 });
    else known.count++;
  }
  const labels = byCount(counts);
  if (sets.size < 2) throw oneValue(`\`${shorten(target)}\` of ${table.name}`, 'the same labels in each row');
  const set = [...sets.values()].reduce((most, one) => (one.count > most.count ? one : most));
  return { kind: 'labels', target, labels, rows: rows.length, set };
}

const showLabels = ({ labels }: LabelsTask) => `${labels.length} labels: ${showCounts(labels)}`;

function showTarget(task: Task, facts: ColumnFacts): string {
  if (task.kind !== 'class') return showFacts(facts);
  const number = facts.kind === 'numbers' ? '; `number` would predict it as one' : '';
  return `${task.classes.length} classes: ${showCounts(task.classes)}${number}`;
}
