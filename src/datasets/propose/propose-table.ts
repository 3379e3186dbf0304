import { failure } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { shorten } from '../../base/shorten.ts';
import { atOnce } from '../../base/turns.ts';
import { timeEvidence } from '../tables/csv-findings.ts';
import { readAndKeep } from '../tables/csv-files.ts';
import type { WrittenCsvOptions } from '../tables/csv-options.ts';
import type { Table, TableFormat } from '../tables/table.ts';
import { timeOf } from '../tables/time.ts';
import { type Looked, type Use, buckets, featureEntries, named } from './feature-entries.ts';
import { seriesIn } from './find-series.ts';
import { wordsOf } from './find-words.ts';
import { labelsIn } from './find-labels.ts';
import { chooseTarget } from './choose-target.ts';
import { type ColumnFacts, lookAtColumn, mostValues, whyIdentifier } from './column-facts.ts';
import { type Entry, type Proposal, type Wanted, sharesOfRows } from './proposal.ts';
import { isFree, proposeAnswers } from './propose-answers.ts';
import { askForSeries, isForecast, proposeForecast } from './propose-series.ts';
import { taskOf } from './table-task.ts';

/** A table, and how it is written. */
interface TableSource extends Wanted {
  readonly format: TableFormat;
  /** The options that say how it is written, as entries of the file and for who reads it. */
  readonly form: readonly Entry[];
  readonly given: Partial<Pick<WrittenCsvOptions, 'delimiter' | 'decimal' | 'columns' | 'comment'>>;
  /** Columns whose cells are lists. */
  readonly lists: readonly string[];
}

/** Rows that all columns are looked at in; of wide tables fewer, but never less than a thousand. */
const mostRows = 10_000;
const mostCells = 2e6;

/**
 * What the columns of a table show.
 *
 * @throws UserError where it cannot be read, or does not show what is to be predicted, or nothing is left to learn from
 */
export function proposeTable({ format, form, given, lists, data, targets: wanted, written }: TableSource): Proposal {
  const targets = Object.fromEntries(lists.map((name) => [name, { labels: 'fromData' as const }]));
  const { table } = atOnce(
    readAndKeep(
      { file: data, targets, features: {}, categories: {}, test: 0.2, standardize: true, ...given },
      '.',
      format,
    ),
  );
  const rows = Math.min(table.count, mostRows, Math.max(1000, Math.floor(mostCells / table.columns.length)));
  const facts = table.columns.map((_, place) => lookAtColumn(table, place, rows, table.decimal));
  const [list, ...more] = facts.filter(({ name }) => lists.includes(name));
  const chosen = chooseTarget(table.name, facts, { wanted, ...(more.length === 0 && list !== undefined && { list }) });
  const all = rows === table.count;
  const read = `${all ? 'all' : `the first ${showCount(rows)} of`} ${showCount(table.count)} rows of ${table.name}`;
  const [first] = chosen.columns;
  if (chosen.columns.length === 1 && isFree(first) && labelsIn(first) === undefined && !lists.includes(first.name))
    return proposeAnswers(table, {
      source: format.name,
      read,
      data,
      written,
      form,
      facts,
      rows,
      target: first,
      because: chosen.because,
    });
  const { task, entry } = taskOf(table, chosen);
  const looked = facts
    .filter((one) => !chosen.columns.includes(one))
    .map((one) => ({
      ...one,
      use: lists.includes(one.name)
        ? { as: 'nothing' as const, width: 0, because: `it holds lists, ${firstList(table, one.name)}` }
        : useOf(one, rows, chosen.columns, table),
    }));
  const sorted = withWords(looked);
  const used = sorted.filter(({ use }) => use.as !== 'nothing');
  const left = sorted.flatMap(({ name, use }) =>
    use.as === 'nothing' ? [`${calledColumn(table, name)} is left out: ${use.because}`] : [],
  );
  const series = task.kind === 'number' ? seriesIn(table, facts, task.target) : undefined;
  const known = { data, written, form, entry, read, all, samples: table.count };
  if (series !== undefined && wanted.length > 0 && isForecast(series, used, data))
    return proposeForecast(series, { ...known, used, target: chosen.columns[0], notes: left });
  if (used.length === 0)
    throw failure(
      'no-features',
      `${table.name} has no column to learn \`${first.name}\` from${left.length === 0 ? '' : `: ${left.join('; ')}`}`,
      'It needs a column of numbers, or of texts of which some are alike, beside the one to predict.',
    );
  const words = used.find(({ use }) => use.words !== undefined)?.use.words;
  const order = task.kind === 'number' ? orderOf(table, facts, first.name) : undefined;
  return {
    source: format.name,
    read,
    options: [
      { key: 'file', value: written(data) },
      ...form,
      { key: 'targets', entries: [entry] },
      ...featureEntries(used.map(named), { used, all }),
      ...sharesOfRows.options,
    ],
    split: [
      ...sharesOfRows.split,
      ...(order === undefined ? [] : [{ key: 'order', value: order.by, because: order.because }]),
    ],
    task,
    given:
      words === undefined
        ? { kind: 'columns', width: used.reduce((sum, { use }) => sum + use.width, 0) }
        : { kind: 'words', vocabulary: words.vocabulary, more: used.length > 1 },
    samples: table.count,
    notes: series === undefined ? left : [...left, askForSeries(series, first.name)],
  };
}

/** Where the first list of a column is; its cells are as JSON has them. */
function firstList(table: Table, name: string): string {
  const place = table.placeOf(name)!;
  for (let row = 0; row < table.count; row++)
    if (table.cell(row, place).startsWith('[')) return `the first in ${table.spotOf(row)}`;
  return 'none in the rows that are used';
}

const calledColumn = ({ columns }: Table, name: string) =>
  name === '' ? `column ${columns.indexOf(name) + 1}, which has no name,` : `\`${shorten(name)}\``;

/** Takes the words of the first free texts, where they come again or nothing else is there to learn from. */
function withWords(looked: readonly Looked[]): readonly Looked[] {
  const isAlone = looked.every(({ use }) => use.as === 'nothing');
  const free = looked.find(({ use }) => use.words !== undefined && (isAlone || use.words.comeAgain));
  return looked.map((one) => {
    if (one !== free) return one;
    const { length, most } = one.use.words!;
    const because = `free texts of ${most} words at the most; the first ${length} are read`;
    return { ...one, use: { ...one.use, as: 'words', because } };
  });
}

/** Texts that have a 0 or 1 each. */
const mostCategories = 64;

function useOf(facts: ColumnFacts, rows: number, targets: readonly ColumnFacts[], table: Table): Use {
  const { kind, values, count, longest, name } = facts;
  const none = (because: string): Use => ({ as: 'nothing', width: 0, because });
  const refused = table.unreadable(name);
  if (refused !== undefined) return none(`it holds lists or objects: ${refused.diagnostics[0]!.message}`);
  if (kind === 'empty') return none('it has no value');
  if (kind === 'constant') return none(`its only value is ${shorten([...values.keys()][0]!)}`);
  if (name.length > 100) return none('its name has more than 100 characters');
  const identifier = whyIdentifier(facts);
  if (identifier !== undefined) return none(identifier);
  if (name === '') return none('nothing can name it in `features`');
  if (kind === 'dates') {
    const other = [...values.keys()].find((cell) => timeOf(cell) === undefined);
    return none(
      other === undefined
        ? 'it holds dates; `prepare` makes numbers of them, as `[dateParts: [month, weekday]]`'
        : `it holds dates such as ${shorten(other)}; written as 2024-12-31, they can be prepared and give the order`,
    );
  }
  if (count < 0.05 * rows) return none(`${showCount(facts.gaps)} of ${showCount(rows)} rows have no value there`);
  const same = targets.find((target) => isSame(table, facts, target, rows));
  if (same !== undefined) return none(`it says the same as \`${shorten(same.name)}\``);
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
