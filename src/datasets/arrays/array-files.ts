import { closeSync, fstatSync, readSync } from 'node:fs';
import { nearest } from '../../base/did-you-mean.ts';
import { failure } from '../../base/diagnostics.ts';
import { openFile } from '../../base/read-file.ts';
import { shorten } from '../../base/shorten.ts';
import { type DataPlace, nameOf } from '../files/data-file.ts';
import type { Numbers } from '../given-values.ts';
import { type NpyHead, headOfSome, isScattered, npyHeadLength, npyValues, proveLength, readNpyHead } from './npy.ts';
import { dataFileLimit, explainUnread } from '../files/read-bytes.ts';
import {
  type ByteSource,
  beginningOf,
  mostUnpacked,
  readDirectory,
  startOf,
  unpackMember,
} from '../files/zip-members.ts';
import { bytesBetween, streamMember } from '../files/zip-stream.ts';

/** Arrays that have names, wherever they lie. */
export interface ArrayFile {
  /** In the order in which they lie there. */
  readonly names: readonly string[];
  /** Those that it is joined of, one after the other. Left out: it is one. */
  readonly files?: readonly ArrayFile[];
  /** What messages call an array: `x of digits.npz`. */
  called(array: string): string;
  /** What an array is, without its values. @throws UserError where there is none of that name, or it is damaged */
  head(array: string): NpyHead;
  /** Its values, in C order. @throws UserError as `head` */
  values(array: string): Numbers | readonly string[];
  /** As `values`, some samples after the others where it is large and they can be read by themselves. */
  parts(array: string): Generator<ArrayPart>;
  /** The bytes of its values as they lie there, part by part. @throws UserError as `head`, once all were given */
  stream(array: string): AsyncIterable<Uint8Array>;
  /** Whether it, or an array in it, is too large to be read as a whole. */
  readonly isLong: boolean;
}

/** Samples of an array that follow each other. */
export interface ArrayPart {
  readonly values: Numbers | readonly string[];
  /** How many samples come before. */
  readonly before: number;
}

/** Bytes up to which an array is read as a whole. */
const together = 16e6;

/** @param read gives bytes of the values from a place on; left out: none can be read by themselves */
function* partsOf(
  called: string,
  head: NpyHead,
  of: { readonly whole: () => ArrayPart['values']; readonly read?: (from: number, length: number) => Uint8Array },
): Generator<ArrayPart> {
  const { whole, read } = of;
  const [count = 1] = head.shape;
  if (read === undefined || isScattered(head) || head.length <= together) {
    yield { values: whole(), before: 0 };
    return;
  }
  const each = head.length / count;
  const samples = Math.max(1, Math.floor(together / each));
  for (let before = 0; before < count; before += samples) {
    const some = headOfSome(head, Math.min(samples, count - before));
    yield { values: npyValues(called, some, read(head.start + before * each, some.length)), before };
  }
}

/** A file that is read where it lies, whenever bytes of it are asked for. @throws UserError where it cannot be read */
export function fileSource(place: DataPlace): ByteSource {
  const opened = <T>(read: (file: number) => T): T => {
    try {
      const file = openFile(place.path);
      try {
        return read(file);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      throw explainUnread(place, error);
    }
  };
  const size = opened((file) => fstatSync(file).size);
  return {
    name: nameOf(place),
    size,
    read: (at, length) => {
      if (!(at < size)) return new Uint8Array(0);
      const bytes = new Uint8Array(Math.min(length, size - at));
      return bytes.subarray(
        0,
        opened((file) => readSync(file, bytes, 0, bytes.length, at)),
      );
    },
  };
}

/** Bytes in memory. */
export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  return { name, size: bytes.length, read: (at, length) => bytes.subarray(at, at + length) };
}

/** The arrays of an .npz file. @throws UserError where it is none, or damaged */
export function npzArrays(source: ByteSource): ArrayFile {
  const members = new Map(
    [...readDirectory(source)].flatMap(([name, member]) =>
      name.endsWith('.npy') ? [[name.slice(0, -4), member] as const] : [],
    ),
  );
  const names = [...members.keys()];
  const called = (array: string) => `\`${shorten(array)}\` of ${source.name}`;
  const memberOf = (array: string) => members.get(array) ?? unknown(source.name, array, names);
  const head = (array: string) => {
    const member = memberOf(array);
    const found = readNpyHead(called(array), beginningOf(source, member, npyHeadLength));
    proveLength(called(array), found, member.size);
    return found;
  };
  return {
    names,
    called,
    head,
    values: (array) => npyValues(called(array), head(array), unpackMember(source, memberOf(array))),
    parts: (array) => {
      const member = memberOf(array);
      return partsOf(called(array), head(array), {
        whole: () => npyValues(called(array), head(array), unpackMember(source, member)),
        ...(!member.isDeflated && { read: (from, length) => source.read(startOf(source, member) + from, length) }),
      });
    },
    async *stream(array) {
      let before = head(array).start;
      for await (const some of streamMember(source, memberOf(array))) {
        const own = some.subarray(Math.min(before, some.length));
        before -= some.length - own.length;
        if (own.length > 0) yield own;
      }
    },
    isLong: source.size > dataFileLimit || [...members.values()].some(({ size }) => size > mostUnpacked),
  };
}

/** Arrays that are a .npy file each. @param sources by the names of the arrays */
export function npyArrays(sources: ReadonlyMap<string, ByteSource>): ArrayFile {
  const names = [...sources.keys()];
  const sourceOf = (array: string) => sources.get(array) ?? unknown('`files`', array, names);
  const called = (array: string) => sourceOf(array).name;
  const head = (array: string) => {
    const source = sourceOf(array);
    const found = readNpyHead(source.name, source.read(0, npyHeadLength));
    proveLength(source.name, found, source.size);
    return found;
  };
  return {
    names,
    called,
    head,
    values: (array) => {
      const source = sourceOf(array);
      return npyValues(source.name, head(array), source.read(0, source.size));
    },
    parts: (array) => {
      const source = sourceOf(array);
      return partsOf(source.name, head(array), {
        whole: () => npyValues(source.name, head(array), source.read(0, source.size)),
        read: (from, length) => source.read(from, length),
      });
    },
    async *stream(array) {
      const [source, { start, length }] = [sourceOf(array), head(array)];
      let given = 0;
      for (const some of bytesBetween(source, start, start + length)) {
        given += some.length;
        yield some;
      }
      // It has become shorter since.
      proveLength(source.name, head(array), start + given);
    },
    isLong: [...sources.values()].some(({ size }) => size > dataFileLimit),
  };
}

function unknown(where: string, array: string, names: readonly string[]): never {
  const meant = nearest(array, names);
  const shown = names.slice(0, 20).map((name) => `\`${shorten(name)}\``);
  throw failure(
    'unknown-array',
    `${where} has no array \`${shorten(array)}\``,
    meant === undefined
      ? `It has ${shown.length === 0 ? 'none' : shown.join(', ')}${names.length > shown.length ? ', ...' : ''}.`
      : `Did you mean \`${shorten(meant)}\`?`,
  );
}
