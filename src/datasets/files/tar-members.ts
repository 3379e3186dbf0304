import { failure } from '../../base/diagnostics.ts';
import { type DataPlace, nameOf } from './data-file.ts';

/** Bytes of a header, and what the bytes of a file are filled up to (POSIX.1-1988, ustar). */
const block = 512;

/** Members that are looked at: those of published sets are few. */
const mostMembers = 10_000;

/** What an archive holds. */
export interface TarMembers {
  /** The last parts of the names of all members. */
  readonly names: readonly string[];
  /** The bytes of those files that are wanted, by the last part of their names. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Looks into a tar archive in memory. Nothing is written, so that folders in names lead nowhere; links are not
 * followed.
 *
 * @param place what messages call it
 * @param wanted the last parts of the names of files
 * @throws UserError when it is no such archive, is cut short or damaged, or a wanted file is a link or there twice
 */
export function tarMembers(place: DataPlace, archive: Uint8Array, wanted: ReadonlySet<string>): TarMembers {
  const called = nameOf(place);
  const names: string[] = [];
  const files = new Map<string, Uint8Array>();
  let headers = 0;
  const damaged = (problem: string) =>
    failure('damaged-tar', `${called} ${problem}`, 'Get it again; `tar -tf` says whether it is whole.');
  for (let offset = 0; offset + block <= archive.length;) {
    const header = archive.subarray(offset, offset + block);
    if (header.every((byte) => byte === 0)) break;
    const size = octal(header, 124, 12);
    if (size === undefined || checksum(header) !== octal(header, 148, 8))
      throw offset === 0
        ? failure(
            'damaged-tar',
            `${called} is not a tar archive`,
            'Name the archive as it was published, such as cifar-10-binary.tar.gz.',
          )
        : damaged(`is damaged: at byte ${offset} there should be the header of a file`);
    const name = text(header, 0, 100).split('/').at(-1)!;
    const begin = offset + block;
    if (begin + size > archive.length) throw damaged(`is cut short in the middle of ${name.slice(0, 60)}`);
    offset = begin + block * Math.ceil(size / block);
    if (++headers > 2 * mostMembers) throw damaged(`holds more than ${mostMembers} files`);
    // What else is to be known of the next file, under a name like its.
    if (isExtension(header[156]!)) continue;
    if (names.push(name) > mostMembers) throw damaged(`holds more than ${mostMembers} files`);
    if (wanted.has(name)) {
      if (!isFile(header[156]!)) throw damaged(`holds ${name} as a link or the like, not as a file`);
      if (files.has(name)) throw damaged(`holds ${name} twice`);
      files.set(name, archive.subarray(begin, begin + size));
    }
  }
  if (names.length === 0) throw damaged('holds no file');
  return { names, files };
}

/** The headers of pax (`x`, `g`), and the long names and links of GNU tar (`L`, `K`). */
const isExtension = (type: number) => [0x78, 0x67, 0x4c, 0x4b].includes(type);

/** `0`, in old archives the byte 0. */
const isFile = (type: number) => type === 0x30 || type === 0;

function text(header: Uint8Array, from: number, length: number): string {
  const bytes = header.subarray(from, from + length);
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8');
}

function octal(header: Uint8Array, from: number, length: number): number | undefined {
  const digits = text(header, from, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

/** The sum of the bytes of a header, those of the checksum itself as blanks. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}
