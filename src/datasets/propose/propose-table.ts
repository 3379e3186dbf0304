import { failure } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { shorten } from '../../base/shorten.ts';
import { atOnce } from '../../base/turns.ts';
import { missingTexts } from '../csv-cells.ts';
import { timeEvidence } from '../csv-findings.ts';
import { readAndKeep } from '../csv-files.ts';
import type { WrittenCsvOptions } from '../csv-options.ts';
import type { Table, TableFormat } from '../table.ts';
import { timeOf } from '../time.ts';
import { type FoundWords, wordsOf } from './find-words.ts';
import { chooseTarget, isLikeClasses } from './choose-target.ts';
import { type ColumnFacts, lookAtColumn, mostValues, numberReader, showFacts, whyIdentifier } from './column-facts.ts';
import { type Entry, type Proposal, type Task, type Wanted, byCount } from './proposal.ts';

/** A table, and how it is written. */
interface TableSource extends Wanted {
  readonly format: TableFormat;
  /** The options that say how it is written, as entries of the file and for who reads it. */
  readonly form: readonly Entry[];
  readonly given: Partial<Pick<WrittenCsvOptions, 'delimiter' | 'decimal' | 'columns' | 'comment'>>;
}

/** Rows that all columns are looked at in; of wide tables fewer, but never less than a thousand. */
const mostRows = 10_000;
const mostCells = 2e6;

/** Columns that have a line each. */
const mostShown = 60;

/**
 * What the columns of a table show.
 *
 * @throws UserError where it cannot be read, or does not show what is to be predicted, or nothing is left to learn from
 */
export function proposeTable({ format, form, given, data, target: wanted, written }: TableSource): Proposal {
  const { table } = atOnce(
    readAndKeep(
      { file: data, targets: {}, features: {}, categories: {}, test: 0.2, standardize: true, ...given },
      '.',
      format,
    ),
  );
  const rows = Math.min(table.count, mostRows, Math.max(1000, Math.floor(mostCells / table.columns.length)));
  const facts = table.columns.map((_, place) => lookAtColumn(table, place, rows, table.decimal));
  const { facts: chosen, because } = chooseTarget(table.name, facts, wanted);
  const task = taskOf(table, chosen);
  const all = rows === table.count;
  const looked = facts.filter((one) => one !== chosen).map((one) => ({ ...one, use: useOf(one, rows, chosen, table) }));
  const sorted = task.kind === 'class' ? withWords(looked) : looked;
  const used = sorted.filter(({ use }) => use.as !== 'nothing');
  const left = sorted.flatMap(({ name, use }) =>
    use.as === 'nothing' ? [`\`${shorten(name)}\` is left out: ${use.because}`] : [],
  );
  if (used.length === 0)
    throw failure(
      'no-features',
      `${table.name} has no column to learn \`${chosen.name}\` from${left.length === 0 ? '' : `: ${left.join('; ')}`}`,
      'It needs a column of numbers, or of texts of which some are alike, beside the one to predict.',
    );
  const categories = used.filter(({ use }) => use.as === 'categories');
  const words = used.find(({ use }) => use.words !== undefined)?.use.words;
  const order = task.kind === 'number' ? orderOf(table, facts, chosen.name) : undefined;
  return {
    source: format.name,
    read: `${all ? 'all' : `the first ${showCount(rows)} of`} ${showCount(table.count)} rows of ${table.name}`,
    options: [
      { key: 'file', value: written(data) },
      ...form,
      {
        key: 'targets',
        entries: [
          {
            key: chosen.name,
            value: task.kind === 'number' ? 'number' : 'fromData',
            because: `${because}; ${showTarget(task, chosen)}`,
          },
        ],
      },
      {
        key: 'features',
        entries: [
          used.length > mostShown
            ? { key: 'input', value: used.map(({ name }) => name), because: `${used.length} columns` }
            : { key: 'input', items: used.map((one) => ({ item: one.name, because: showUse(one) })) },
        ],
      },
      ...(categories.length === 0
        ? []
        : [
            {
              key: 'categories',
              because: 'a 0 or 1 for each of their values',
              entries: categories.map(({ name }) => ({ key: name, value: 'fromData' })),
            },
          ]),
      ...prepareOf(used, all),
      { key: 'test', value: 0.2, because: 'share of the rows that is taken out for the test' },
    ],
    split: [
      {
        key: 'validation',
        value: 0.15,
        because: 'share of the others that is held back, to validate after each epoch',
      },
      ...(order === undefined ? [] : [{ key: 'order', value: order.by, because: order.because }]),
    ],
    task,
    given:
      words === undefined
        ? { kind: 'columns', width: used.reduce((sum, { use }) => sum + use.width, 0) }
        : { kind: 'words', vocabulary: words.vocabulary },
    samples: table.count,
    notes: left,
  };
}

/** What a column is learnt from as, the values that it becomes, and why it is none. */
interface Use {
  readonly as: 'number' | 'categories' | 'hash' | 'words' | 'nothing';
  readonly width: number;
  readonly because: string;
  /** Of free texts: their words, as `prepare` is told of them. */
  readonly words?: FoundWords;
}

type Looked = ColumnFacts & { readonly use: Use };

/** Takes the words of free texts, where nothing else is there to learn from: their net is another one. */
function withWords(looked: readonly Looked[]): readonly Looked[] {
  if (looked.some(({ use }) => use.as !== 'nothing')) return looked;
  const free = looked.find(({ use }) => use.words !== undefined);
  return looked.map((one) => {
    if (one !== free) return one;
    const { length, most } = one.use.words!;
    const because = `free texts of ${most} words at the most; the first ${length} are read`;
    return { ...one, use: { ...one.use, as: 'words', because } };
  });
}

/** Texts that have a 0 or 1 each; of more, that are put into buckets. */
const mostCategories = 64;
const buckets = 64;

function useOf(facts: ColumnFacts, rows: number, target: ColumnFacts, table: Table): Use {
  const { kind, values, count, longest, name } = facts;
  const none = (because: string): Use => ({ as: 'nothing', width: 0, because });
  if (kind === 'empty') return none('it has no value');
  if (kind === 'constant') return none(`its only value is ${shorten([...values.keys()][0]!)}`);
  if (name.length > 100) return none('its name has more than 100 characters');
  const identifier = whyIdentifier(facts);
  if (identifier !== undefined) return none(identifier);
  if (kind === 'dates')
    return none('it holds dates; `prepare` makes numbers of them, as `[dateParts: [month, weekday]]`');
  if (count < 0.05 * rows) return none(`${showCount(facts.gaps)} of ${showCount(rows)} rows have no value there`);
  if (isSame(table, facts, target, rows)) return none(`it says the same as \`${shorten(target.name)}\``);
  if (kind === 'numbers') return { as: 'number', width: 1, because: '' };
  if ((count >= 20 && values.size > 0.9 * count) || values.size >= mostValues)
    return {
      ...none(`nearly each row has another text, such as ${shorten([...values.keys()][0]!, 30)}`),
      ...wordsOf(facts),
    };
  // Of rows that were not looked at there may be more.
  if (values.size <= (rows < table.count ? mostCategories / 2 : mostCategories) && longest <= 100)
    return { as: 'categories', width: values.size, because: '' };
  return { as: 'hash', width: buckets, because: `too many for a 0 or 1 each: in ${buckets} buckets` };
}

/** Whether each value goes with one of the target, and the other way round: a code of it, or its copy. */
function isSame(table: Table, { name, values }: ColumnFacts, target: ColumnFacts, rows: number): boolean {
  if (values.size !== target.values.size) return false;
  // Of values that hardly ever come again each goes with one, whatever they are.
  const isCode = values.size <= rows / 5;
  const [place, other] = [table.placeOf(name)!, table.placeOf(target.name)!];
  const [forth, back] = [new Map<string, string>(), new Map<string, string>()];
  for (let row = 0; row < rows; row++) {
    const [one, two] = [table.cell(row, place).trim(), table.cell(row, other).trim()];
    if (!isCode && one !== two) return false;
    if ((forth.get(one) ?? two) !== two || (back.get(two) ?? one) !== one) return false;
    forth.set(one, two);
    back.set(two, one);
  }
  return true;
}

function showUse(facts: ColumnFacts & { readonly use: Use }): string {
  return `${showFacts(facts)}${facts.use.because === '' ? '' : `; ${facts.use.because}`}`;
}

/** What is done to gaps, and to texts that are too many. */
function prepareOf(used: readonly (ColumnFacts & { readonly use: Use })[], all: boolean): readonly Entry[] {
  const has = (as: Use['as']) => used.some(({ use }) => use.as === as);
  // What no row has shown may still come.
  const unseen: readonly Entry[] = all
    ? []
    : [
        ...(has('number')
          ? [{ key: 'numbers', value: { missing: 'median' }, because: 'rows further down may have gaps' }]
          : []),
        ...(has('categories') ? [{ key: 'texts', value: { missing: 'mode' } }] : []),
      ];
  const entries = used.flatMap(({ name, gaps, use }): readonly Entry[] => {
    if (use.as === 'words') {
      const words = { words: { length: use.words!.length, vocabulary: use.words!.vocabulary } };
      return [{ key: name, value: gaps > 0 || !all ? [{ missing: 'constant(-)' }, words] : words }];
    }
    if (use.as === 'hash')
      return [{ key: name, value: gaps > 0 || !all ? [{ missing: 'mode' }, { hash: buckets }] : { hash: buckets } }];
    if (gaps === 0 || !all) return [];
    return [{ key: name, value: { missing: use.as === 'number' ? 'median' : 'mode' } }];
  });
  return entries.length + unseen.length === 0
    ? []
    : [
        {
          key: 'prepare',
          because: has('words')
            ? 'each word becomes a number, the most frequent ones of the rows trained on one of their own'
            : 'fitted to the rows trained on: gaps take the median, of texts the most frequent one',
          entries: [...entries, ...unseen],
        },
      ];
}

/** What gives the order of time, where something does. */
function orderOf(
  table: Table,
  facts: readonly ColumnFacts[],
  target: string,
): { readonly by: string; readonly because: string } | undefined {
  const because = timeEvidence(table, [target]);
  if (because === undefined) return undefined;
  const dates = facts.find(({ name, kind, gaps, values }) => {
    const place = table.placeOf(name)!;
    if (kind !== 'dates' || gaps > 0 || [...values.keys()].some((one) => timeOf(one) === undefined)) return false;
    for (let row = 0; row < table.count; row++) if (timeOf(table.cell(row, place).trim()) === undefined) return false;
    return true;
  });
  return { by: dates?.name ?? 'time', because: `the last rows are the test: ${because}` };
}

/** Values of a column, up to which it may be one of classes. */
const mostClasses = 256;

/** What is predicted, by all rows of the column. */
function taskOf(table: Table, facts: ColumnFacts): Task {
  const target = facts.name;
  const place = table.placeOf(target)!;
  const said = `\`${shorten(target)}\` of ${table.name}`;
  const isNumber = facts.kind === 'numbers' && !isLikeClasses(facts);
  const numberIn = numberReader(table.decimal);
  const counts = new Map<string, number>();
  const numbers: number[] = [];
  for (let row = 0; row < table.count; row++) {
    const cell = table.cell(row, place).trim();
    if (missingTexts.has(cell))
      throw failure(
        'target-without-value',
        `${said} has no value in ${table.spotOf(row)}: nothing can be learnt from such a row`,
        'Remove rows without it, or name another column with --target.',
      );
    // What is none, the check names.
    if (isNumber) numbers.push(numberIn(cell) ?? Number.NaN);
    else if (counts.size <= mostClasses || counts.has(cell)) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const different = isNumber ? new Set(numbers).size : counts.size;
  if (different < 2)
    throw failure(
      'one-value-to-predict',
      `${said} has one value alone, ${shorten([...facts.values.keys()][0] ?? '')}`,
      'Name a column that differs from row to row: --target COLUMN.',
    );
  if (isNumber) return { kind: 'number', target, ...spreadOf(numbers) };
  if (counts.size > mostClasses)
    throw failure(
      'no-list-in-data',
      `${said} has more than ${mostClasses} different texts: they are no classes`,
      'Name another column: --target COLUMN.',
    );
  return { kind: 'class', target, classes: byCount(counts) };
}

function spreadOf(numbers: readonly number[]): { readonly deviation: number; readonly distance: number } {
  const known = numbers.filter(Number.isFinite);
  const mean = known.reduce((sum, one) => sum + one, 0) / known.length;
  const average = (of: (distance: number) => number) =>
    known.reduce((sum, one) => sum + of(one - mean), 0) / known.length;
  return { deviation: Math.sqrt(average((one) => one * one)), distance: average(Math.abs) };
}

function showTarget(task: Task, facts: ColumnFacts): string {
  if (task.kind !== 'class') return showFacts(facts);
  const some = task.classes.slice(0, 6).map(({ name, count }) => `${shorten(name, 30)} ${showCount(count)}`);
  const more = task.classes.length > some.length ? ', ...' : '';
  const number = facts.kind === 'numbers' ? '; `number` would predict it as one' : '';
  return `${task.classes.length} classes: ${some.join(', ')}${more}${number}`;
}
