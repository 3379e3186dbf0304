import { closeSync, fstatSync, readSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { failure } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { openFile } from '../../base/read-file.ts';
import type { InParts } from '../../base/turns.ts';
import { type CifarLayout, cifarLayouts } from './cifar-layouts.ts';
import { type DataFile, type DataPlace, nameOf } from '../files/data-file.ts';
import { namesInFolder } from './list-pictures.ts';
import { explainUnread, readBytes } from '../files/read-bytes.ts';
import { tarMembers } from '../files/tar-members.ts';
import { unpacked } from '../files/unpack-gzip.ts';

/** Height and width of a picture. */
export const side = 32;
const plane = side * side;
/** Bytes of a picture without its labels. */
export const pixels = 3 * plane;

/** Where a set lies: in a folder, by its path, or in an archive. */
export type CifarSource = { readonly folder: string } | { readonly archive: DataPlace };

/** One of the files of a set, of which the length is proven. */
export interface CifarFile {
  readonly name: string;
  readonly part: 'train' | 'test';
  /** How many pictures it holds. */
  readonly count: number;
  /** All of it, and what proves which file it was where it lies by itself. @throws UserError as readBytes */
  read(): { readonly bytes: Uint8Array; readonly file?: DataFile };
}

/** The files of a set. */
export interface CifarFiles {
  readonly files: readonly CifarFile[];
  /** The archive that they are in, where there is one, and how many bytes it unpacks to. */
  readonly archive?: { readonly file: DataFile; readonly unpacked: number };
}

/** Bytes of a picture with its labels. */
export function recordBytes({ labels }: Pick<CifarLayout, 'labels'>): number {
  return Object.keys(labels).length + pixels;
}

/** Bytes of a file on this machine. @throws UserError where it is missing, or not fetched yet */
export function sizeOfFile(place: DataPlace): number {
  return look(place).size;
}

/**
 * Looks at the files of a set: of a folder at their lengths and first bytes alone, while an archive is unpacked in
 * memory.
 *
 * @throws UserError where one is missing, or cannot be what it should be
 */
export function findCifar(layout: CifarLayout, source: CifarSource): CifarFiles {
  return 'folder' in source ? inFolder(layout, source.folder) : inArchive(layout, source.archive);
}

function partsOf({ train, test }: CifarLayout): readonly { readonly name: string; readonly part: 'train' | 'test' }[] {
  return [
    ...train.map((name) => ({ name, part: 'train' as const })),
    ...test.map((name) => ({ name, part: 'test' as const })),
  ];
}

/** Paths of all files of a set in a folder. */
export function pathsIn(layout: CifarLayout, folder: string): readonly string[] {
  return partsOf(layout).map(({ name }) => resolve(folder, name));
}

function inFolder(layout: CifarLayout, folder: string): CifarFiles {
  const names = namesInFolder(folder);
  proveComplete(layout, folder, names);
  return {
    files: partsOf(layout).map(({ name, part }) => {
      const place = { path: join(folder, name) };
      const { size, begin } = look(place);
      return { name, part, count: countIn(layout, { name, size, begin }), read: () => readBytes(place) };
    }),
  };
}

function inArchive(layout: CifarLayout, place: DataPlace): CifarFiles {
  const { bytes: packed, file } = readBytes(place);
  const archive = unpacked(place, packed);
  const parts = partsOf(layout);
  const { names, files } = tarMembers(place, archive, new Set(parts.map(({ name }) => name)));
  proveComplete(layout, nameOf(place), names);
  return {
    files: parts.map(({ name, part }) => {
      const bytes = files.get(name)!;
      return { name, part, count: countIn(layout, seen(name, bytes)), read: () => ({ bytes }) };
    }),
    archive: { file, unpacked: archive.length },
  };
}

/** Its length and its first bytes. */
function look(place: DataPlace): { readonly size: number; readonly begin: Uint8Array } {
  try {
    const handle = openFile(place.path);
    try {
      const begin = new Uint8Array(16);
      return { size: fstatSync(handle).size, begin: begin.subarray(0, readSync(handle, begin)) };
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw explainUnread(place, error);
  }
}

/**
 * @param names of what is there
 * @throws UserError where a file of the set is not, with what seems to be there instead
 */
function proveComplete(layout: CifarLayout, where: string, names: readonly string[]): void {
  const there = new Set(names);
  const missing = partsOf(layout).filter(({ name }) => !there.has(name));
  if (missing.length === 0) return;
  const { title, folder, archive } = layout;
  const foreign = Object.entries(layout.foreign).find(([, all]) => all.every((name) => there.has(name)));
  if (foreign !== undefined)
    throw failure(
      'foreign-version',
      `${where} holds ${title} in its version for ${foreign[0]} (${foreign[1].join(', ')})`,
      `Fetch the binary version, ${archive.name}: ${archive.url}`,
    );
  const other = cifarLayouts.find((one) => one !== layout && partsOf(one).every(({ name }) => there.has(name)));
  if (other !== undefined)
    throw failure(
      'another-set',
      `${where} holds ${other.title}, not ${title}`,
      `Write \`${other.name}\` in place of \`${layout.name}\`, or name the folder of ${title}.`,
    );
  const wayOut = () => {
    if (there.has(folder)) return `Did you mean \`${join(where, folder)}\`?`;
    if (there.has(archive.name)) return `Write \`archive: ${join(where, archive.name)}\`, or unpack it.`;
    return `${archive.name} has all of them, in ${folder}/: ${archive.url}`;
  };
  const shown = missing.map(({ name }) => name).join(', ');
  throw failure('set-incomplete', `${where} does not hold ${shown}`, wayOut());
}

interface Seen {
  readonly name: string;
  readonly size: number;
  readonly begin: Uint8Array;
}

function seen(name: string, bytes: Uint8Array): Seen {
  return { name, size: bytes.length, begin: bytes.subarray(0, 16) };
}

/** How many pictures a file of a set holds. @throws UserError where that is no whole number above 0 */
function countIn(layout: CifarLayout, { name, size, begin }: Seen): number {
  const record = recordBytes(layout);
  if (size > 0 && size % record === 0) return size / record;
  const { archive, title } = layout;
  // A pickle begins with its protocol, 2 to 5.
  const isPickle = begin[0] === 0x80 && begin[1]! >= 2 && begin[1]! <= 5;
  if (isPickle || Buffer.from(begin).toString('latin1').startsWith('MATLAB'))
    throw failure(
      'foreign-version',
      `${name} is of the version of ${title} for ${isPickle ? 'Python' : 'Matlab'}`,
      `Fetch the binary version, ${archive.name}: ${archive.url}`,
    );
  const other = cifarLayouts.find((one) => one !== layout && size > 0 && size % recordBytes(one) === 0);
  if (other !== undefined)
    throw failure(
      'another-set',
      `${name} has the length of pictures of ${other.title}, not of ${title}`,
      `Write \`${other.name}\` in place of \`${layout.name}\`.`,
    );
  const part = layout.test.includes(name) ? 'test' : 'train';
  throw failure(
    'cifar-length',
    size === 0
      ? `${name} is empty`
      : `${name} has ${showCount(size)} bytes, which are no whole number of pictures of ${showCount(record)} bytes`,
    `Get it again: as published it has ${showCount(layout.pictures[part] * record)} bytes.`,
  );
}

/** Pictures [height, width, red green blue] and their labels, with room for those of many files. */
export interface CifarPictures {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/**
 * Reads the pictures of a file, which has all reds, then all greens, then all blues of each, row by row.
 *
 * @param wanted the list of classes that is learnt
 * @param into where they are written to, from the picture `first` on
 * @returns what proves which file it was
 * @throws UserError where a label has no class, or the file has become another since it was looked at
 */
export function* readPictures(
  layout: CifarLayout,
  one: CifarFile,
  { wanted, into: { images, labels }, first }: { wanted: string; into: CifarPictures; first: number },
): InParts<DataFile | undefined> {
  const { bytes, file } = readWhole(layout, one);
  const record = recordBytes(layout);
  for (let picture = 0; picture < one.count; picture++) {
    labels[first + picture] = labelOf(layout, one, { bytes, picture, wanted });
    let from = (picture + 1) * record - pixels;
    const begin = (first + picture) * pixels;
    for (let to = begin; to < begin + pixels; to += 3, from++) {
      images[to] = bytes[from]!;
      images[to + 1] = bytes[from + plane]!;
      images[to + 2] = bytes[from + 2 * plane]!;
    }
    if (picture % 1000 === 999) yield;
  }
  return file;
}

/** The labels of a file alone. @throws UserError as readPictures */
export function readLabels(layout: CifarLayout, one: CifarFile, wanted: string): Uint8Array {
  const { bytes } = readWhole(layout, one);
  return Uint8Array.from({ length: one.count }, (_, picture) => labelOf(layout, one, { bytes, picture, wanted }));
}

function readWhole(layout: CifarLayout, one: CifarFile): ReturnType<CifarFile['read']> {
  const found = one.read();
  const { bytes } = found;
  if (countIn(layout, seen(one.name, bytes)) !== one.count)
    throw failure('cifar-length', `${one.name} became another file while it was read`, 'Run it again.');
  return found;
}

interface Labelled {
  readonly bytes: Uint8Array;
  readonly picture: number;
  readonly wanted: string;
}

/** The label that is wanted of a picture; all of them are proven, as a damaged file shows in any. */
function labelOf(layout: CifarLayout, { name }: CifarFile, { bytes, picture, wanted }: Labelled): number {
  let found = 0;
  let at = picture * recordBytes(layout);
  for (const [kind, classes] of Object.entries(layout.labels)) {
    const label = bytes[at++]!;
    if (label >= classes.length)
      throw failure(
        'label-beyond-set',
        `${name}, picture ${showCount(picture + 1)}: the ${kind === 'label' ? '' : `${kind} `}label is ${label}, ` +
          `and those of ${layout.title} are 0 to ${classes.length - 1}`,
        `The file is damaged, or of another kind: get it again (${layout.archive.url}).`,
      );
    if (kind === wanted) found = label;
  }
  return found;
}
