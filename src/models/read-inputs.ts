import { statOf } from '../base/files.ts';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { UserError, failure, misuse } from '../base/diagnostics.ts';
import { shorten } from '../base/shorten.ts';
import { tooLarge } from '../base/read-file.ts';
import type { AskedRow, FileKind, RowReader } from '../datasets/dataset.ts';
import { formatOf } from '../datasets/pictures/picture-head.ts';
import { oneRowOnEachLine, parseLine } from '../datasets/tables/parse-line.ts';
import { dataFileLimit, explainUnread, readWhole } from '../datasets/files/read-bytes.ts';
import { isWav } from '../datasets/audio/read-wav.ts';
import { decodeText } from '../datasets/files/text-encoding.ts';
import { unpacked } from '../datasets/files/unpack-gzip.ts';

/** What rows are read from. */
export interface Input {
  /** The path as it was named, or what a pattern found. */
  readonly name: string;
  readonly isFolder: boolean;
  /** What standard input has given. */
  readonly bytes?: Uint8Array;
}

/** What standard input is named by. */
export const standardInput = '-';

/**
 * The files and folders that are named, by their paths or by patterns such as `digits/*.png`.
 *
 * @throws UserError when one is not there; the signal's reason when it is aborted
 */
export async function findInputs(names: readonly string[], signal: AbortSignal): Promise<readonly Input[]> {
  const found: Input[] = [];
  const missing: string[] = [];
  for (const name of names) {
    if (name === standardInput) {
      if (!found.some((one) => one.bytes !== undefined))
        found.push({ name: 'stdin', isFolder: false, bytes: await readStandardInput(signal) });
      continue;
    }
    const paths = existsSync(name) || !/[*?[{]/.test(name) ? [name] : await matching(name);
    for (const path of paths) {
      const about = statOf(path);
      if (about === undefined) missing.push(path);
      else found.push({ name: path, isFolder: about.isDirectory() });
    }
    if (paths.length === 0) missing.push(name);
  }
  const [first, ...more] = missing;
  if (first !== undefined)
    throw misuse(
      'no-such-input',
      `there is no ${shorten(first, 200)}${more.length === 0 ? '' : `, and ${more.length} more are missing`}`,
      "Name files, folders, patterns such as 'digits/*.png', or - for standard input.",
    );
  return found;
}

async function matching(pattern: string): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby');
  // Folders as a shell would; behind `**` all that is in them is named already.
  const onlyFiles = pattern.includes('**');
  const found = await glob(pattern, { expandDirectories: false, dot: false, absolute: false, onlyFiles });
  return found.map((path) => path.replace(/(?<=.)\/$/, '')).sort();
}

async function readStandardInput(signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of addAbortSignal(signal, process.stdin) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > dataFileLimit) throw explainUnread({ path: 'stdin' }, tooLarge(dataFileLimit));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The name of a file without the ending that says that it is packed. */
const nameOfPacked = (name: string) => name.replace(/\.gz$/i, '');

/** Kinds of files that their names show, and what they are called. */
const endings: readonly (readonly [ending: RegExp, kind: FileKind | 'json', called: string])[] = [
  [/\.(png|jpe?g|jpe|jfif|gif|webp|tiff?)$/i, 'png', 'a picture'],
  [/\.(wav|wave)$/i, 'wav', 'a recording'],
  [/\.npy$/i, 'npy', 'an array of numbers'],
  [/\.npz$/i, 'npz', 'an archive of arrays'],
  [/\.(csv|tsv|tab)$/i, 'csv', 'a table'],
  [/\.parquet$/i, 'parquet', 'a Parquet file'],
  [/\.(jsonl|ndjson|json)$/i, 'json', 'lines of JSON'],
];

/** Kinds that the first bytes show. */
const beginnings: readonly (readonly [begin: string, kind: FileKind])[] = [
  ['\x89PNG\r\n', 'png'],
  ['\x93NUMPY', 'npy'],
  ['PK\x03\x04', 'npz'],
  ['\0\0\x08\x03', 'idx'],
  ['\0\0\x08\x04', 'idx'],
];

/** @throws UserError where the name of an input shows that the model cannot read it */
export function proveKinds(reader: RowReader, inputs: readonly Input[]): void {
  for (const { name, isFolder } of inputs) {
    const kind = endings.find(([ending]) => ending.test(nameOfPacked(name)));
    if (isFolder ? reader.folder === undefined : kind !== undefined && kindBy(reader, kind[1]) === undefined)
      throw misuse(
        'wrong-input-kind',
        `${name} is ${isFolder ? 'a folder' : kind![2]}, and the model takes ${reader.takes}`,
      );
  }
}

/** What a file of a kind is read as; undefined where it cannot be. */
function kindBy(reader: RowReader, kind: FileKind | 'json'): FileKind | 'json' | undefined {
  if (kind === 'json' || kind in reader.files) return kind;
  return kind === 'csv' && 'text' in reader.files ? 'text' : undefined;
}

/** The rows of inputs, one after the other. What hinders all rows of a file is told of as one row that is none. */
export function* rowsOf(reader: RowReader, inputs: readonly Input[]): Generator<AskedRow> {
  for (const input of inputs) {
    try {
      yield* rowsIn(reader, input);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      yield { place: { file: input.name }, fault: error.diagnostics[0]! };
    }
  }
}

function rowsIn(reader: RowReader, { name, isFolder, bytes: given }: Input): Generator<AskedRow> {
  if (isFolder) return reader.folder!(name);
  const bytes = unpacked({ path: name }, given ?? readWhole({ path: name }));
  const kind = kindOfFile(reader, name, bytes);
  if (kind === 'json') {
    proveLines(name, bytes);
    return reader.lines?.(name, bytes) ?? linesOf(reader, name, bytes, given === undefined ? dirname(name) : '.');
  }
  const read = reader.files[kind];
  if (read === undefined)
    throw failure('wrong-input-kind', `${name} is no file that the model can read: it takes ${reader.takes}`);
  return read(name, bytes);
}

/** Bytes of a first line that are looked at: a longer one is told as it is read. */
const longestHead = 1 << 20;

/** @throws UserError where all of a file is one JSON, over several lines: each of them would be a mistake */
function proveLines(name: string, bytes: Uint8Array): void {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, longestHead)).toString().trimStart();
  const end = head.indexOf('\n');
  if (end < 0 || isJson(head.slice(0, end)) || !isJson(decodeText({ path: name }, bytes))) return;
  throw failure('bad-json', `${name} is one JSON over several lines, not a row on each line`, oneRowOnEachLine);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function kindOfFile(reader: RowReader, name: string, bytes: Uint8Array): FileKind | 'json' {
  const ending = endings.find(([pattern]) => pattern.test(nameOfPacked(name)));
  if (ending !== undefined) return kindBy(reader, ending[1]) ?? ending[1];
  const begin = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString('latin1');
  if ('png' in reader.files && formatOf(bytes) !== undefined) return 'png';
  if ('wav' in reader.files && isWav(bytes)) return 'wav';
  const shown = beginnings.find(([start]) => begin.startsWith(start));
  if (shown !== undefined) return shown[1];
  const [first] = Object.keys(reader.files) as (FileKind | undefined)[];
  return first === undefined || (first !== 'text' && /^(\xef\xbb\xbf)?\s*[[{"]/.test(begin)) ? 'json' : first;
}

/** Rows in lines of JSON. @param folder that paths in them count from */
function* linesOf(reader: RowReader, name: string, bytes: Uint8Array, folder: string): Generator<AskedRow> {
  let [line, rows] = [0, 0];
  for (const text of decodeText({ path: name }, bytes).split('\n')) {
    line++;
    if (text.trim() === '') continue;
    rows++;
    const place = { file: name, line };
    try {
      const where = `${name}, line ${line}`;
      const row = parseLine(text, where);
      if (reader.kind === 'table' && Array.isArray(row))
        throw failure('wrong-shape', `${where} is a list, not an object`, oneRowOnEachLine);
      yield { place, ...reader.encode(row, where, folder) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      yield { place, fault: error.diagnostics[0]! };
    }
  }
  if (rows === 0) throw failure('no-rows', `${name} has no rows`, 'Write one row on each line.');
}
