import { closeSync, fstatSync, readSync } from 'node:fs';
import { nearest } from '../base/did-you-mean.ts';
import { failure } from '../base/diagnostics.ts';
import { openFile, tooLarge } from '../base/read-file.ts';
import { shorten } from '../base/shorten.ts';
import { type DataPlace, nameOf } from './data-file.ts';
import type { Numbers } from './given-values.ts';
import { type NpyHead, npyHeadLength, npyValues, proveLength, readNpyHead } from './npy.ts';
import { dataFileLimit, explainUnread } from './read-bytes.ts';
import { type ByteSource, beginningOf, readDirectory, unpackMember } from './zip-members.ts';

/** Arrays that have names, wherever they lie. */
export interface ArrayFile {
  /** In the order in which they lie there. */
  readonly names: readonly string[];
  /** Of an array that is joined of several files: what it is called in each, and how many samples each has. */
  readonly partsOf?: (array: string) => readonly { readonly called: string; readonly count: number }[];
  /** What messages call an array: `x of digits.npz`. */
  called(array: string): string;
  /** What an array is, without its values. @throws UserError where there is none of that name, or it is damaged */
  head(array: string): NpyHead;
  /** Its values, in C order. @throws UserError as `head` */
  values(array: string): Numbers | readonly string[];
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
  if (size > dataFileLimit) throw explainUnread(place, tooLarge(dataFileLimit));
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
