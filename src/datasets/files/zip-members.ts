import { constants, crc32, inflateRawSync } from 'node:zlib';
import { type UserError, failure } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { shorten } from '../../base/shorten.ts';

/** Bytes that are read where they lie, in a file or in memory. */
export interface ByteSource {
  /** What messages call it. */
  readonly name: string;
  readonly size: number;
  /** The bytes from a place on; fewer where it ends before. */
  read(at: number, length: number): Uint8Array;
}

/** A file in a zip, as its directory says. */
export interface ZipMember {
  readonly name: string;
  /** Bytes in the zip, and of what they unpack to. */
  readonly packed: number;
  readonly size: number;
  readonly isDeflated: boolean;
  readonly crc: number;
  /** Where its own header stands. */
  readonly at: number;
}

/** Bytes of the record that ends a zip, without and with the longest comment. */
const endLength = 22;
const longestEnd = endLength + 0xffff;

/** Bytes that a directory may have: enough for some ten thousand names. */
const mostDirectory = 1e6;

/** Bytes that a member may unpack to. */
export const mostUnpacked = 1e9;

/** Stands for a number that does not fit, and follows in the extra field (APPNOTE 4.5.3). */
const beyond = 0xffffffff;

function bad(name: string, what: string, hint = 'Save it anew with numpy.savez.'): UserError {
  return failure('bad-npz', `${name} is no archive that can be read: ${what}`, hint);
}

const damaged = (name: string) => bad(name, 'its directory is damaged, or its end is missing', 'Get or save it again.');

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength);

/**
 * The members of a zip by their names, as its directory at the end says (PKWARE's APPNOTE, with zip64).
 *
 * @throws UserError when there is none, it does not hold what it says, or a member is twice or in a folder
 */
export function readDirectory(source: ByteSource): ReadonlyMap<string, ZipMember> {
  const { name, size } = source;
  const { at, length, count } = findDirectory(source);
  if (length > mostDirectory)
    throw bad(name, `its directory has more than ${showCount(mostDirectory)} bytes`, 'Give an archive of few arrays.');
  if (at + length > size) throw damaged(name);
  const directory = bufferOf(source.read(at, length));
  const members = new Map<string, ZipMember>();
  let place = 0;
  for (let k = 0; k < count; k++) {
    if (place + 46 > length || directory.readUInt32LE(place) !== 0x02014b50) throw damaged(name);
    const [names, extras, comment] = [28, 30, 32].map((field) => directory.readUInt16LE(place + field)) as [
      number,
      number,
      number,
    ];
    const end = place + 46 + names + extras;
    if (end + comment > length) throw damaged(name);
    const member = memberAt(source, directory.subarray(place, end), names);
    if (members.has(member.name)) throw bad(name, `\`${shorten(member.name)}\` is in it twice`);
    members.set(member.name, member);
    place = end + comment;
  }
  if (place !== length) throw damaged(name);
  return members;
}

function memberAt({ name, size }: ByteSource, entry: Buffer, names: number): ZipMember {
  const flags = entry.readUInt16LE(8);
  const method = entry.readUInt16LE(10);
  const called = entry.toString((flags & 0x800) === 0 ? 'latin1' : 'utf8', 46, 46 + names);
  if (/[/\\]/.test(called))
    throw bad(name, `\`${shorten(called)}\` in it is in a folder`, 'Name arrays without `/` and `\\`.');
  if ((flags & 1) !== 0) throw bad(name, `\`${shorten(called)}\` in it is encrypted`);
  if (method !== 0 && method !== 8)
    throw bad(name, `\`${shorten(called)}\` in it is packed by method ${method}`, 'Pack it as numpy.savez_compressed.');
  const [unpacked, packed, at] = wideFields(
    [24, 20, 42].map((field) => entry.readUInt32LE(field)),
    entry.subarray(46 + names),
  ) as [number, number, number];
  if (!(at + packed <= size) || (method === 0 && packed !== unpacked)) throw damaged(name);
  return { name: called, packed, size: unpacked, isDeflated: method === 8, crc: entry.readUInt32LE(16), at };
}

/** Numbers that are too large for their place are in the extra field, in their order; NaN where they are not. */
function wideFields(values: readonly number[], extra: Buffer): readonly number[] {
  let wide: Buffer = Buffer.alloc(0);
  for (let place = 0; place + 4 <= extra.length; place += 4 + extra.readUInt16LE(place + 2))
    if (extra.readUInt16LE(place) === 1) wide = extra.subarray(place + 4, place + 4 + extra.readUInt16LE(place + 2));
  let next = 0;
  return values.map((value) => {
    if (value !== beyond) return value;
    next += 8;
    return next > wide.length ? Number.NaN : Number(wide.readBigUInt64LE(next - 8));
  });
}

/** Where the directory of a zip is, and how many members it has. */
function findDirectory(source: ByteSource): { readonly at: number; readonly length: number; readonly count: number } {
  const { name, size } = source;
  const from = Math.max(0, size - longestEnd);
  const tail = bufferOf(source.read(from, size - from));
  let end = tail.length - endLength;
  // What a comment holds may look like the record.
  const isEnd = () =>
    tail.readUInt32LE(end) === 0x06054b50 && end + endLength + tail.readUInt16LE(end + 20) === tail.length;
  while (end >= 0 && !isEnd()) end--;
  if (end < 0)
    throw bad(
      name,
      tail.length > 0 && from === 0 && tail.toString('latin1', 0, 2) !== 'PK'
        ? 'it is no zip file'
        : 'its directory is missing',
      'A .npz file is what numpy.savez writes; get or save it again.',
    );
  const count = tail.readUInt16LE(end + 10);
  const [length, at] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (count !== 0xffff && length !== beyond && at !== beyond) return { at, length, count };
  const locator = bufferOf(source.read(Math.max(0, from + end - 20), 20));
  if (locator.length < 20 || locator.readUInt32LE(0) !== 0x07064b50) throw damaged(name);
  const wide = bufferOf(source.read(Number(locator.readBigUInt64LE(8)), 56));
  if (wide.length < 56 || wide.readUInt32LE(0) !== 0x06064b50) throw damaged(name);
  return {
    count: Number(wide.readBigUInt64LE(32)),
    length: Number(wide.readBigUInt64LE(40)),
    at: Number(wide.readBigUInt64LE(48)),
  };
}

/** Where the bytes of a member begin. @throws UserError where its own header is not that of the directory */
export function startOf(source: ByteSource, { name, at, packed }: ZipMember): number {
  const head = bufferOf(source.read(at, 30));
  if (head.length < 30 || head.readUInt32LE(0) !== 0x04034b50) throw damaged(source.name);
  const names = head.readUInt16LE(26);
  const start = at + 30 + names + head.readUInt16LE(28);
  const called = bufferOf(source.read(at + 30, names));
  if (!called.equals(Buffer.from(name, 'utf8')) && !called.equals(Buffer.from(name, 'latin1')))
    throw bad(source.name, `\`${shorten(name)}\` has another name in front of its bytes`);
  if (start + packed > source.size) throw damaged(source.name);
  return start;
}

/**
 * The beginning of a member.
 *
 * @param length bytes that are wanted, at least; there may be more, and fewer where it ends
 */
export function beginningOf(source: ByteSource, member: ZipMember, length: number): Uint8Array {
  const part = source.read(startOf(source, member), Math.min(member.packed, length));
  if (!member.isDeflated) return part;
  return inflated(source.name, member, () =>
    // What is cut in the middle gives what came before.
    inflateRawSync(part, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2000 * length }),
  );
}

/**
 * What a member unpacks to.
 *
 * @throws UserError when it is damaged, or has more or fewer bytes than the directory says, or too many
 */
export function unpackMember(source: ByteSource, member: ZipMember): Uint8Array {
  const { name, packed, size, crc, isDeflated } = member;
  if (size > mostUnpacked)
    throw failure(
      'data-file-too-large',
      `\`${shorten(name)}\` in ${source.name} unpacks to more than ${showCount(mostUnpacked)} bytes, ` +
        'the most that an array may have',
      'Give a part of it.',
    );
  const part = source.read(startOf(source, member), packed);
  const bytes = isDeflated
    ? inflated(source.name, member, () => inflateRawSync(part, { maxOutputLength: Math.max(1, size) }))
    : part;
  if (bytes.length !== size || crc32(bytes) !== crc) throw damagedMember(source.name, name);
  return bytes;
}

/** That a member is not what the directory says. */
export function damagedMember(file: string, name: string): UserError {
  return bad(
    file,
    `\`${shorten(name)}\` in it is damaged: it does not unpack to what the directory says`,
    'Get or save it again; `unzip -t` says what is whole.',
  );
}

function inflated(file: string, { name }: ZipMember, inflate: () => Uint8Array): Uint8Array {
  try {
    return inflate();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw damagedMember(file, name);
  }
}
