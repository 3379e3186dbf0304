import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { UserError } from '../../base/diagnostics.ts';
import { type ByteSource, type ZipMember, damagedMember, startOf } from './zip-members.ts';

/** Bytes that are read at a time. */
const together = 1 << 20;

/** Bytes of a source from one place to another, a megabyte at a time; fewer where it ends before. */
export function* bytesBetween(source: ByteSource, from: number, to: number): Generator<Uint8Array> {
  for (let at = from; at < to; at += together) {
    const some = source.read(at, Math.min(together, to - at));
    if (some.length === 0) return;
    yield some;
  }
}

/**
 * What a member unpacks to, part by part, however large it is.
 *
 * @throws UserError when it is damaged, or has more or fewer bytes than the directory says: the last of all
 */
export async function* streamMember(source: ByteSource, member: ZipMember): AsyncGenerator<Uint8Array> {
  const { name, packed, size, crc, isDeflated } = member;
  const start = startOf(source, member);
  const stored = bytesBetween(source, start, start + packed);
  let [found, length] = [0, 0];
  for await (const some of isDeflated ? inflated(stored, () => damagedMember(source.name, name)) : stored) {
    length += some.length;
    if (length > size) break;
    found = crc32(some, found);
    yield some;
  }
  if (length !== size || found !== crc) throw damagedMember(source.name, name);
}

async function* inflated(packed: Iterable<Uint8Array>, damaged: () => UserError): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: together });
  // Whoever takes what it gives is told of what goes wrong.
  pipeline(Readable.from(packed), inflate).catch(() => {});
  try {
    for await (const some of inflate) yield some as Uint8Array;
  } catch (error) {
    if (error instanceof UserError || (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw damaged();
  }
}
