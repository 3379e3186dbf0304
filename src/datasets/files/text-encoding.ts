import { isAscii, isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { type UserError, failure } from '../../base/diagnostics.ts';
import { shellWord } from '../../base/shell-word.ts';
import { type DataPlace, nameOf } from './data-file.ts';

/** Kinds of files that are no text, by their first and last bytes, and by names within. */
const kinds: readonly {
  readonly name: string;
  readonly starts: string;
  readonly has?: string;
  readonly ends?: string;
  readonly hint: (file: string) => string;
}[] = [
  { name: 'a gzip file', starts: '\x1f\x8b', hint: (file) => unpack('gunzip', file, '.gz') },
  { name: 'an Excel workbook', starts: 'PK\x03\x04', has: 'xl/', hint: (file) => exportTo(file, 'read_excel') },
  {
    name: 'an Excel workbook',
    starts: 'PK\x03\x04',
    has: '[Content_Types].xml',
    hint: (file) => exportTo(file, 'read_excel'),
  },
  {
    name: 'an OpenDocument spreadsheet',
    starts: 'PK\x03\x04',
    has: 'opendocument.spreadsheet',
    hint: (file) => exportTo(file, 'read_excel'),
  },
  { name: 'a zip file', starts: 'PK\x03\x04', hint: (file) => unpacked(`unzip ${shellWord(file)}`) },
  {
    name: 'an old Excel workbook',
    starts: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    hint: (file) => exportTo(file, 'read_excel'),
  },
  {
    name: 'a Parquet file',
    starts: 'PAR1',
    ends: 'PAR1',
    hint: (file) => `The source \`parquet\` reads it as a table. ${exportTo(file, 'read_parquet')}`,
  },
  { name: 'a Feather file', starts: 'ARROW1\0\0', hint: (file) => exportTo(file, 'read_feather') },
  { name: 'an xz file', starts: '\xfd7zXZ\x00', hint: (file) => unpack('unxz', file, '.xz') },
  { name: 'a bzip2 file', starts: 'BZh', has: '1AY&SY', hint: (file) => unpack('bunzip2', file, '.bz2') },
  { name: 'a Zstandard file', starts: '\x28\xb5\x2f\xfd', hint: (file) => unpack('unzstd', file, '.zst') },
];

/** Programs that unpack know files by their endings; what they read from standard input may have any name. */
function unpack(program: string, file: string, ending: string): string {
  return unpacked(
    file.toLowerCase().endsWith(ending)
      ? `${program} -k ${shellWord(file)}`
      : `${program} -c < ${shellWord(file)} > ${shellWord(beside(file, 'unpacked'))}`,
  );
}

function unpacked(command: string): string {
  return `Unpack it, \`${command}\`, and name the file that comes out.`;
}

function exportTo(file: string, read: string): string {
  const name = file.replaceAll(/["'\\`$]/g, '?');
  const made = /\.csv$/i.test(name) ? beside(name, 'text') : `${withoutExtension(name)}.csv`;
  return (
    'Save it as CSV in UTF-8 in the program that it is from, or with pandas: ' +
    `\`python3 -c "import pandas; pandas.${read}('${name}').to_csv('${made}', index=False, mode='x')"\`.`
  );
}

/** The text of a file, UTF-8 with or without mark. @throws UserError as proveText */
export function decodeText(place: DataPlace, bytes: Uint8Array): string {
  proveText(place, bytes);
  return new TextDecoder().decode(bytes);
}

/**
 * Proves that a file is a text in UTF-8, with or without mark.
 *
 * @returns where it begins, behind the mark
 * @throws UserError when it is none: what it is instead, and the way out
 */
export function proveText(place: DataPlace, bytes: Uint8Array): number {
  proveParts(place, {
    length: bytes.length,
    part: (from, to) => bytes.subarray(from, to),
  });
  return isMarked(bytes) ? 3 : 0;
}

/** Whether a text begins with the mark of UTF-8. */
export const isMarked = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/** A text of which parts are asked for. */
export interface TextParts {
  readonly length: number;
  /** Bytes from a place up to another, neither beyond its length; they are used before the next are asked for. */
  part(from: number, to: number): Uint8Array;
}

/** Bytes that are looked at together. */
const together = 1 << 20;

/** As proveText, of a text that need not be in memory. */
export function proveParts(place: DataPlace, { length, part }: TextParts): void {
  const file = place.url === undefined ? place.path : nameOf(place);
  const fail = (problem: string, hint: string): UserError =>
    failure('data-not-text', `${place.url ?? place.path} is not a text in UTF-8: ${problem}`, hint);
  const head = textOfBytes(part(0, Math.min(1 << 16, length)));
  const tail = textOfBytes(part(Math.max(0, length - (1 << 16)), length));
  const wrong = wrongByte({ length, part });
  const valid = wrong === undefined;
  // A table may begin with the same letters as another kind of file, but has no zeros.
  if (!valid || head.includes('\0')) {
    const kind = kinds.find(
      ({ starts, has = '', ends = '' }) =>
        head.startsWith(starts) &&
        tail.endsWith(ends) &&
        (head.indexOf(has, starts.length) >= 0 || tail.lastIndexOf(has) >= starts.length),
    );
    if (kind !== undefined) throw fail(`it is ${kind.name}`, kind.hint(file));
    const wide = wideEncoding(head);
    if (wide !== undefined) throw fail(`it is ${wide}`, convert(file, wide));
  }
  if (!valid) throw fail(...explainByte(file, { length, part }, wrong));
}

const textOfBytes = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
const withoutExtension = (file: string) => file.replace(/\.\w{1,8}$/, '');

/** Another name beside the file's, with the same extension, that no file has: the command may be run as it is. */
function beside(file: string, word: string): string {
  for (let number = 1; ; number++) {
    const name = file.replace(/(\.\w{1,8})?$/, `-${word}${number === 1 ? '' : `-${number}`}$1`);
    if (!existsSync(name)) return name;
  }
}

function convert(file: string, encoding: string): string {
  return (
    `Convert it, \`iconv -f ${encoding} -t UTF-8 ${shellWord(file)} > ${shellWord(beside(file, 'utf8'))}\`, ` +
    'or save it as UTF-8 in the program that it is from.'
  );
}

/** By its mark; without one, by the zeros that stand in every second byte of most texts. */
function wideEncoding(head: string): 'UTF-32' | 'UTF-16' | 'UTF-16LE' | 'UTF-16BE' | undefined {
  if (head.startsWith('\xff\xfe\x00\x00') || head.startsWith('\x00\x00\xfe\xff')) return 'UTF-32';
  if (head.startsWith('\xff\xfe') || head.startsWith('\xfe\xff')) return 'UTF-16';
  const zeros = [0, 0];
  for (let at = 0; at < head.length; at++) if (head[at] === '\0') zeros[at % 2]!++;
  const [even, odd] = zeros as [number, number];
  if (head.length < 4 || even + odd < head.length / 5) return undefined;
  if (odd > 10 * even) return 'UTF-16LE';
  return even > 10 * odd ? 'UTF-16BE' : undefined;
}

/** What Windows-1252 has where latin1 has nothing; it has no character for five of them. */
const between = '€?‚ƒ„…†‡ˆ‰Š‹Œ?Ž??‘’“”•–—˜™š›œ?žŸ';

/** The first byte that is none of UTF-8. */
interface WrongByte {
  readonly at: number;
  readonly line: number;
  /** Whether all before it is ASCII. */
  readonly isFirst: boolean;
}

function wrongByte(text: TextParts): WrongByte | undefined {
  const { length, part } = text;
  for (let at = 0; at < length;) {
    const end = Math.min(at + together, length);
    const piece = part(at, end);
    const right = isUtf8(piece) ? piece.length : endOfRight(piece, 0, piece.length);
    // A character may go on behind the piece.
    const least = end === length ? piece.length : Math.max(1, piece.length - 3);
    if (right < least) return placed(text, at + firstWrong(piece));
    at += right;
  }
  return undefined;
}

function placed({ part }: TextParts, wrong: number): WrongByte {
  let [line, isFirst] = [1, true];
  for (let at = 0; at < wrong; at += together) {
    const piece = part(at, Math.min(at + together, wrong));
    isFirst &&= isAscii(piece);
    for (const byte of piece) if (byte === 0x0a) line++;
  }
  return { at: wrong, line, isFirst };
}

/** Says of the first byte that is none of UTF-8 where it stands, and what it may be. */
function explainByte(
  file: string,
  { length, part }: TextParts,
  { at, line, isFirst }: WrongByte,
): [problem: string, hint: string] {
  const where = `line ${line} has the byte 0x${part(at, at + 1)[0]!
    .toString(16)
    .padStart(2, '0')}`;
  if (!isFirst)
    return [
      `${where}, which continues no character`,
      'The lines before are UTF-8: the file is damaged there, or was put together from several. Correct the line.',
    ];
  const from = Math.max(0, at - 20);
  const around = textOfBytes(part(from, Math.min(at + 20, length)));
  const isText = !part(0, Math.min(1 << 20, length)).some(
    (byte) => (byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d].includes(byte)) || byte === 0x7f,
  );
  if (!isText) return [`${where}, and others that no text has`, 'Name a file of text.'];
  const word =
    /^.*(?:[\s,;"]|^)([^\s,;"]*)$/s.exec(around.slice(0, at - from))![1]! +
    /^[^\s,;"]*/.exec(around.slice(at - from))![0];
  // Node 20 decodes this encoding as latin1.
  const shown = word.replaceAll(/[\x80-\x9f]/g, (byte) => between[byte.charCodeAt(0) - 0x80]!);
  return [
    `${where}; as Windows-1252 (latin1) it would be in \`${shown}\``,
    `If that reads right: ${convert(file, 'WINDOWS-1252').replace(/^C/, 'c')} If not, name the right encoding instead.`,
  ];
}

/** Where the first character begins that is none of UTF-8, of bytes that have one. */
function firstWrong(bytes: Uint8Array): number {
  let start = 0;
  for (let step = 1 << 16; step > 0;) {
    const right = endOfRight(bytes, start, Math.min(start + step, bytes.length));
    // Less than a character is left out where the step ends within one.
    if (right > start) start = right;
    else step >>= 1;
  }
  return start;
}

/** The end of the last whole character of a stretch; its start where the stretch is wrong. */
function endOfRight(bytes: Uint8Array, start: number, end: number): number {
  for (let right = end; right > Math.max(start, end - 4); right--)
    if (isUtf8(bytes.subarray(start, right))) return right;
  return start;
}
