import { createHash } from 'node:crypto';
import { closeSync, fstatSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { failure, type UserError } from '../base/diagnostics.ts';
import { syncFolder, writeFileAtomic } from '../base/files.ts';
import {
  anything,
  array,
  either,
  type Form,
  hasForm,
  list,
  object,
  oneOf,
  such,
  text,
  whole,
} from '../base/json-form.ts';
import { isWithin, type JsonLimits } from '../base/json-limits.ts';
import { openFile, readFileWithin } from '../base/read-file.ts';

/** Values of a tensor, bool as bytes; or numbers of something else that is kept. */
export type ArrayValues = Float32Array | Float64Array | Int32Array | Uint8Array;

/** A tensor on the disk. */
export interface NamedArray {
  /** Unique in its checkpoint. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Left out: that of the values. Where it is given, they are not asked for before they are written. */
  readonly dtype?: Dtype;
  /** Asked for once for each writing: they may be made then, and need not be in memory all at a time. */
  readonly values: ArrayValues;
}

/** What a checkpoint holds: tensors, and whatever else JSON can say. */
export interface Checkpoint<State> {
  readonly state: State;
  readonly arrays: readonly NamedArray[];
}

/*
 * The file: magic (8 bytes), length of the header (uint32, little endian), header (JSON, padded with spaces so that
 * what follows begins at a multiple of 8), the arrays one after the other, each padded to 8; SHA-256 over all of that.
 */
const magic = 'LLCHECK1';
const hashBytes = 32;

type Dtype = 'float32' | 'float64' | 'int32' | 'uint8';

/** Bytes that a file may have: as many as one buffer holds in all versions of Node. */
const longest = 2 ** 31 - 2;
/** Bytes of JSON: as many as a text may have in all versions of Node. */
const longestJson = 512e6;
/** Several times what the longest training leaves: a million epochs with two objects each. */
const jsonLimits: JsonLimits = { depth: 256, holders: 2 ** 22, values: 2 ** 25 };

interface Header {
  readonly state?: unknown;
  readonly arrays: readonly ArrayHeader[];
}

interface ArrayHeader {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  readonly bytes: number;
}

const padded = (bytes: number) => Math.ceil(bytes / 8) * 8;

/**
 * Writes a checkpoint; after it returns, the file outlasts a kill and a loss of power. A kill half-way leaves what was
 * there before.
 *
 * @param aside where it is written first, on the same disk; left out: beside it
 * @returns SHA-256 of the content, in hexadecimal digits
 * @throws the file system's own error
 */
export function saveCheckpoint(path: string, { state, arrays }: Checkpoint<unknown>, aside?: string): string {
  const hash = createHash('sha256');
  let digest = '';
  function* pieces(): Generator<Uint8Array> {
    const hashed = (bytes: Uint8Array): Uint8Array => {
      hash.update(bytes);
      return bytes;
    };
    yield hashed(headOf({ state, arrays: arrays.map(describe) }));
    for (const {
      values: { buffer, byteOffset, byteLength },
    } of arrays) {
      yield hashed(new Uint8Array(buffer, byteOffset, byteLength));
      yield hashed(new Uint8Array(padded(byteLength) - byteLength));
    }
    const end = hash.digest();
    digest = end.toString('hex');
    yield end;
  }
  writeFileAtomic(path, pieces(), aside);
  syncFolder(dirname(path));
  return digest;
}

/** JSON that `parseBytes` takes. @throws an error with the code EFBIG where it would not */
export function bytesOfJson(value: unknown): Buffer {
  try {
    const json = JSON.stringify(value);
    const bytes = Buffer.from(json);
    if (bytes.length <= longestJson && isWithin(json, jsonLimits)) return bytes;
  } catch (error) {
    // Longer than any text.
    if (!(error instanceof RangeError)) throw error;
  }
  throw Object.assign(new Error('it is larger than any that can be read again'), { code: 'EFBIG' });
}

/** JSON from a file that may come from elsewhere. @throws Error where it is none, or too much */
export function parseBytes(bytes: Uint8Array, most = longestJson, limits = jsonLimits): unknown {
  if (bytes.length > most) throw new Error('it is too large');
  const json = new TextDecoder().decode(bytes);
  if (!isWithin(json, limits)) throw new Error('it unpacks to too much');
  return JSON.parse(json);
}

/** All that stands before the arrays. */
function headOf(header: Header): Uint8Array {
  const json = bytesOfJson(header);
  const head = Buffer.alloc(padded(magic.length + 4 + json.length), ' ');
  head.write(magic, 'latin1');
  head.writeUInt32LE(head.length - magic.length - 4, magic.length);
  json.copy(head, magic.length + 4);
  return head;
}

const itemBytes = { float32: 4, float64: 8, int32: 4, uint8: 1 } as const;

/** A shape of a tensor. */
export const shapeForm = list(such(whole, (size) => size >= 0));

const anyArray = either(either(array(Float32Array), array(Float64Array)), either(array(Int32Array), array(Uint8Array)));

/** A tensor, where it is part of something else that was read. */
export const namedArrayForm: Form<NamedArray> = such(
  object({ name: text(), shape: shapeForm, values: anyArray as Form<ArrayValues> }),
  ({ shape, values }) => values.length === shape.reduce((product, size) => product * size, 1),
);

const bytesOf = (shape: readonly number[], dtype: Dtype) =>
  shape.reduce((product, size) => product * size, itemBytes[dtype]);

const headerForm: Form<Header> = object({
  state: anything,
  arrays: list(
    such(
      object({ name: text(), shape: shapeForm, dtype: oneOf('float32', 'float64', 'int32', 'uint8'), bytes: whole }),
      ({ shape, dtype, bytes }) => bytes === bytesOf(shape, dtype),
    ),
  ),
});

function describe(array: NamedArray): ArrayHeader {
  const { name, shape } = array;
  const dtype = array.dtype ?? dtypeOf(array.values);
  return { name, shape, dtype, bytes: bytesOf(shape, dtype) };
}

/**
 * Reads a checkpoint, and proves by its hash that it is as it was written, and by its form that this program wrote it:
 * a hash is no secret, and the file may come from elsewhere.
 *
 * @param form of the state; left out: whoever reads it proves it
 * @returns the state, and the arrays, which share one block of memory
 * @throws UserError `damaged-checkpoint`; the file system's own error where there is none
 */
export function loadCheckpoint<State>(path: string, form: Form<State> = anything as Form<State>): Checkpoint<State> {
  const file = readWhole(path);
  const end = file.length - hashBytes;
  if (end < magic.length + 4 || file.toString('latin1', 0, magic.length) !== magic)
    throw damaged(path, 'it is cut short, or no checkpoint of this version');
  if (!createHash('sha256').update(file.subarray(0, end)).digest().equals(file.subarray(end)))
    throw damaged(path, 'its content does not have the SHA-256 that it was written with');
  try {
    const content = readContent(file.subarray(0, end));
    if (content !== undefined && hasForm(form, content.state)) return { ...content, state: content.state };
  } catch {
    // No JSON, or too deep.
  }
  throw damaged(path, 'it does not say what one of this program says');
}

function readWhole(path: string): Buffer {
  try {
    const { buffer, byteOffset, byteLength } = readFileWithin(path, longest);
    return Buffer.from(buffer, byteOffset, byteLength);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw ['EISDIR', 'ENOTFILE', 'EFBIG'].includes(code ?? '') ? damaged(path, message) : error;
  }
}

/** What stands before the hash; undefined where it is not what its header says. */
function readContent(file: Buffer): Checkpoint<unknown> | undefined {
  let offset = magic.length + 4 + file.readUInt32LE(magic.length);
  if (offset > file.length) return undefined;
  const header = parseBytes(file.subarray(magic.length + 4, offset));
  if (!hasForm(headerForm, header)) return undefined;
  if (header.arrays.reduce((sum, { bytes }) => sum + padded(bytes), offset) !== file.length) return undefined;
  const arrays = header.arrays.map(({ name, shape, dtype, bytes }) => {
    const values = valuesAt(file, offset, bytes, dtype);
    offset += padded(bytes);
    return { name, shape, values };
  });
  return { state: header.state, arrays };
}

/** Bytes of a header that is looked at only. */
const longestShort = 8e6;

/**
 * Reads the state alone, without its arrays and without proof: for a look at many checkpoints, none of which is used.
 *
 * @throws Error where there is none, it is damaged at its beginning, or its state is not short
 */
export function peekCheckpoint(path: string): unknown {
  const handle = openFile(path);
  try {
    const start = Buffer.alloc(magic.length + 4);
    readSync(handle, start);
    if (start.toString('latin1', 0, magic.length) !== magic) throw damaged(path, 'it is no checkpoint of this version');
    const header = Buffer.alloc(Math.min(start.readUInt32LE(magic.length), fstatSync(handle).size, longestShort + 1));
    readSync(handle, header);
    return (parseBytes(header, longestShort, { depth: 16, holders: 100_000, values: 500_000 }) as Header).state;
  } finally {
    closeSync(handle);
  }
}

function damaged(path: string, why: string): UserError {
  return failure('damaged-checkpoint', `the checkpoint ${path} is damaged: ${why}`);
}

function dtypeOf(values: ArrayValues): Dtype {
  if (values instanceof Float32Array) return 'float32';
  if (values instanceof Float64Array) return 'float64';
  return values instanceof Int32Array ? 'int32' : 'uint8';
}

function valuesAt(file: Buffer, offset: number, bytes: number, dtype: Dtype): ArrayValues {
  // Node may place a small file anywhere in its pool.
  const at = file.byteOffset + offset;
  const isAligned = at % itemBytes[dtype] === 0;
  const buffer = isAligned ? file.buffer : file.buffer.slice(at, at + bytes);
  const start = isAligned ? at : 0;
  if (dtype === 'uint8') return new Uint8Array(buffer, start, bytes);
  if (dtype === 'float64') return new Float64Array(buffer, start, bytes / 8);
  return dtype === 'float32' ? new Float32Array(buffer, start, bytes / 4) : new Int32Array(buffer, start, bytes / 4);
}
