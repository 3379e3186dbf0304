import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { failure, misuse } from '../../base/diagnostics.ts';
import { listNames } from '../../base/did-you-mean.ts';
import { showCount } from '../../base/quantities.ts';
import { csvFormat } from '../tables/csv.ts';
import { wayToMissing } from '../files/data-file.ts';
import { findTables } from '../tables/find-tables.ts';
import { jsonlFormat } from '../tables/jsonl.ts';
import { listSubfolders } from '../pictures/list-pictures.ts';
import { parquetFormat } from '../tables/parquet.ts';
import { formatOf } from '../pictures/picture-head.ts';
import { isWav } from '../audio/read-wav.ts';
import { proveText } from '../files/text-encoding.ts';
import type { Entry, Proposal, Wanted } from './proposal.ts';
import { proposeNpy, proposeNpz } from './propose-arrays.ts';
import { proposeClasses } from './propose-classes.ts';
import { idxFilesIn, proposeIdx } from './propose-idx.ts';
import { proposeMasks } from './propose-masks.ts';
import { proposeTable } from './propose-table.ts';
import { proposeText } from './propose-text.ts';
import { listColumnsIn } from './list-columns.ts';
import { type Start, readStart } from './read-start.ts';
import { type SniffedForm, sniffCsv } from './sniff-csv.ts';

/** A kind of file: how it is known, and who looks at it. */
interface FileKind {
  fits(name: string, start: Start): boolean;
  propose(wanted: Wanted, name: string, start: Start): Proposal;
}

const isTableName = /\.(csv|tsv|tab)(\.gz)?$/i;
const beginsWith = ({ bytes }: Start, text: string) =>
  Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;
const firstSign = ({ bytes }: Start) => Buffer.from(bytes.subarray(0, 4096)).toString('utf8').trimStart()[0];

/** In the order in which they are tried: by their bytes, then by their names, then by what their lines look like. */
const kinds: readonly FileKind[] = [
  { fits: (_, start) => beginsWith(start, 'PAR1'), propose: (wanted) => proposeTable(plain(wanted, parquetFormat)) },
  {
    fits: (_, start) => beginsWith(start, '\0\0\x08'),
    propose: (wanted) => proposeIdx({ ...wanted, data: dirname(wanted.data) }, namesIn(dirname(wanted.data))),
  },
  { fits: (name, start) => /\.npz$/i.test(name) && beginsWith(start, 'PK'), propose: (wanted) => proposeNpz(wanted) },
  {
    fits: (_, start) => beginsWith(start, '\x93NUMPY'),
    propose: (wanted) => proposeNpy({ ...wanted, data: dirname(wanted.data) }, npyFilesIn(dirname(wanted.data))),
  },
  {
    fits: (_, start) => beginsWith(start, 'PK'),
    propose: ({ data }) => {
      throw /\.(xlsx|xlsm|ods)$/i.test(data)
        ? failure(
            'unknown-data-kind',
            `${data} is a workbook of a spreadsheet`,
            'Save a sheet of it as CSV: one table, with the names of its columns in the first row.',
          )
        : failure('unknown-data-kind', `${data} is an archive (zip)`, 'Unpack it, and name its folder.');
    },
  },
  {
    fits: (name, start) => /\.json$/i.test(name) && firstSign(start) === '[',
    propose: ({ data }) => {
      throw failure(
        'unknown-data-kind',
        `${data} is one list of JSON, and rows are read from lines`,
        "Write one row on each line of a .jsonl file, as `jq -c '.[]' FILE` prints them, " +
          "or pandas' `to_json(FILE, orient='records', lines=True)`.",
      );
    },
  },
  {
    fits: (_, { bytes }) => formatOf(bytes) !== undefined,
    propose: ({ data }) => {
      throw failure(
        'unknown-data-kind',
        `${data} is a picture`,
        'Name the folder that has a sub-folder of pictures for each class.',
      );
    },
  },
  {
    fits: (_, { bytes }) => isWav(bytes),
    propose: ({ data }) => {
      throw failure(
        'unknown-data-kind',
        `${data} is a recording`,
        'Name the folder that has a sub-folder of recordings for each class.',
      );
    },
  },
  {
    fits: (name, start) =>
      !isTableName.test(name) && (/\.(jsonl|ndjson)(\.gz)?$/i.test(name) || firstSign(start) === '{'),
    propose: (wanted, _, start) => proposeTable({ ...plain(wanted, jsonlFormat), lists: listColumnsIn(start) }),
  },
  { fits: (name) => isTableName.test(name), propose: proposeCsv },
  { fits: (_, start) => looksLikeTable(sniffCsv(start)), propose: proposeCsv },
  { fits: () => true, propose: (wanted) => proposeText(wanted) },
];

/** Lines that have to look like a table where the name does not say that they are one. */
const linesOfTable = 5;

/** Lines of prose may have as many blanks or commas each, but not under numbers alone. */
function looksLikeTable(form: SniffedForm | undefined): boolean {
  return form !== undefined && form.rows >= linesOfTable && (form.numeric || !/[ ,]/.test(form.delimiter));
}

const plain = (wanted: Wanted, format: typeof csvFormat) => ({ ...wanted, format, form: [], given: {}, lists: [] });

/** Sources whose target has a name. */
const withTarget = new Set(['csv', 'jsonl', 'parquet', 'series', 'npz', 'npy']);

/** Whether one says what is to be predicted of such data by its name. */
export const takesTarget = ({ source }: Pick<Proposal, 'source'>) => withTarget.has(source);

/**
 * Looks at data and says how it can be learnt from.
 *
 * @throws UserError where there is none, it is of no kind that is known, or does not show what is to be predicted
 */
export function propose(wanted: Wanted): Proposal {
  const { data, targets } = wanted;
  const proposal = isFolder(data) ? proposeFolder(wanted) : proposeFiles(wanted);
  if (targets.length > 0 && !takesTarget(proposal))
    throw misuse(
      'target-without-table',
      `--target names a column, and ${data} is no table but \`${proposal.source}\``,
      'Leave --target out.',
    );
  return proposal;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Reading says what is wrong with it.
    return false;
  }
}

/** One file, or several by a pattern, of which the first shows how all are written. */
function proposeFiles(wanted: Wanted): Proposal {
  if (!/[*?]/.test(wanted.data) && !existsSync(wanted.data))
    throw failure(
      'data-file-missing',
      `${wanted.data} does not exist`,
      wayToMissing(wanted.data).replace('the folder of the pipeline file', 'the folder you are in'),
    );
  const [{ path } = { path: wanted.data }] = findTables(wanted.data, '.');
  const start = readStart(path);
  if (start.bytes.length === 0 && start.whole)
    throw failure('no-data', `${path} is empty`, 'Name a file that holds data.');
  const name = basename(path);
  const kind = kinds.find((one) => one.fits(name, start))!;
  return kind.propose(wanted, name, start);
}

function proposeCsv(wanted: Wanted, name: string, start: Start): Proposal {
  const cut = start.bytes.lastIndexOf(0x0a);
  // A character may be cut in two where the beginning ends.
  proveText({ path: wanted.data }, start.whole || cut < 0 ? start.bytes : start.bytes.subarray(0, cut));
  const form = sniffCsv(start);
  if (form === undefined)
    throw failure(
      'unknown-data-kind',
      `${name} is no table: its lines have no delimiter that makes columns of them`,
      'A table has a line for each sample, with the same number of cells in each: one to predict, and others.',
    );
  const { delimiter, comment, decimal, names, width } = form;
  const usual = /\.(tsv|tab)(\.gz)?$/i.test(name) ? '\t' : ',';
  const columns = names.are ? undefined : Array.from({ length: width }, (_, k) => `column_${k + 1}`);
  return proposeTable({
    ...wanted,
    format: csvFormat,
    lists: [],
    given: {
      ...(delimiter !== usual && { delimiter }),
      ...(comment !== undefined && { comment }),
      ...(decimal !== undefined && { decimal: decimal.mark }),
      ...(columns !== undefined && { columns }),
    },
    form: formEntries(form, { usual, columns }),
  });
}

function formEntries(
  { delimiter, comment, decimal, names, width, rows, even }: SniffedForm,
  { usual, columns }: { readonly usual: string; readonly columns: readonly string[] | undefined },
): readonly Entry[] {
  return [
    ...(delimiter === usual
      ? []
      : [
          {
            key: 'delimiter',
            value: delimiter,
            because: `it makes ${width} cells of ${even} of the first ${rows} lines`,
          },
        ]),
    ...(comment === undefined ? [] : [{ key: 'comment', value: comment, because: 'the first line begins with it' }]),
    ...(decimal === undefined ? [] : [{ key: 'decimal', value: decimal.mark, because: decimal.because }]),
    ...(columns === undefined
      ? []
      : [{ key: 'columns', value: columns, because: `no line has their names: ${names.because}` }]),
  ];
}

function proposeFolder(wanted: Wanted): Proposal {
  const { data } = wanted;
  const { beside } = listSubfolders(data);
  const names = namesIn(data);
  if (names.length === 0) throw failure('no-data', `the folder ${data} is empty`, 'Name one that holds data.');
  if (idxFilesIn(names) !== undefined) return proposeIdx(wanted, names);
  const found = proposeMasks(wanted) ?? proposeClasses(wanted);
  if (found !== undefined) return found;
  for (const ending of ['.csv', '.tsv', '.tab', '.csv.gz', '.tsv.gz', '.jsonl', '.ndjson', '.jsonl.gz', '.parquet']) {
    const tables = names.filter((name) => name.toLowerCase().endsWith(ending));
    if (tables.length > 0)
      return proposeFiles({
        ...wanted,
        data: join(data, tables.length === 1 ? tables[0]! : `*${tables[0]!.slice(-ending.length)}`),
      });
  }
  const archives = names.filter((name) => /\.npz$/i.test(name));
  if (archives.length === 1) return proposeFiles({ ...wanted, data: join(data, archives[0]!) });
  if (archives.length === 0 && npyFilesIn(data).length > 0) return proposeNpy(wanted, npyFilesIn(data));
  const texts = names.filter((name) => ['.txt', '.data'].includes(extname(name).toLowerCase()));
  if (texts.length === 1) return proposeFiles({ ...wanted, data: join(data, texts[0]!) });
  throw failure(
    'unknown-data-kind',
    beside.length > 0
      ? `${data} holds ${showCount(beside.length)} pictures, and no sub-folders that say what they show`
      : `${data} holds nothing that is known as data, but ${listNames(names)}`,
    'A folder has a sub-folder of pictures or recordings (WAV) for each class, folders `images` and `masks`, tables ' +
      'with the same columns, or the four files of idx; a single file can be named itself.',
  );
}

const npyFilesIn = (folder: string) =>
  namesIn(folder)
    .filter((name) => /\.npy$/i.test(name))
    .map((name) => join(folder, name));

function namesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort();
}
