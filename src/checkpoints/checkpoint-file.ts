import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { failure, type UserError } from '../base/diagnostics.ts';
import { syncFolder, writeFileAtomic } from '../base/files.ts';

/** Values of a tensor; bool as bytes. */
export type ArrayValues = Float32Array | Int32Array | Uint8Array;

/** A tensor on the disk. */
export interface NamedArray {
  /** Unique in its checkpoint. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: ArrayValues;
}

/** What a checkpoint holds: tensors, and whatever else JSON can say. */
export interface Checkpoint<State> {
  readonly state: State;
  readonly arrays: readonly NamedArray[];
}

/*
 * The file: magic (8 bytes), length of the header (uint32, little endian), header (JSON, padded with spaces so that what
 * follows begins at a multiple of 8), the arrays one after the other, each padded to 8; SHA-256 over all of that.
 */
const magic = 'LLCHECK1';
const hashBytes = 32;

type Dtype = 'float32' | 'int32' | 'uint8';

interface Header {
  readonly state: unknown;
  readonly arrays: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype: Dtype; readonly bytes: number }[];
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
  const header: Header = { state, arrays: arrays.map(({ name, shape, values }) => ({ name, shape, dtype: dtypeOf(values), bytes: values.byteLength })) };
  const json = Buffer.from(JSON.stringify(header));
  const start = padded(magic.length + 4 + json.length);
  const file = Buffer.alloc(start + arrays.reduce((sum, { values }) => sum + padded(values.byteLength), 0) + hashBytes);
  file.write(magic, 'latin1');
  file.writeUInt32LE(start - magic.length - 4, magic.length);
  file.fill(' ', magic.length + 4, start);
  json.copy(file, magic.length + 4);
  let offset = start;
  for (const { values } of arrays) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += padded(values.byteLength);
  }
  const hash = createHash('sha256').update(file.subarray(0, offset)).digest();
  hash.copy(file, offset);
  writeFileAtomic(path, file, aside);
  syncFolder(dirname(path));
  return hash.toString('hex');
}

/**
 * Reads a checkpoint, and proves by its hash that it is as it was written.
 *
 * @returns the state as whoever saved it knows it, and the arrays, which share one block of memory
 * @throws UserError `damaged-checkpoint`; the file system's own error where there is none
 */
export function loadCheckpoint<State>(path: string): Checkpoint<State> {
  const file = readFileSync(path);
  const end = file.length - hashBytes;
  if (end < magic.length + 4 || file.toString('latin1', 0, magic.length) !== magic) throw damaged(path, 'it is cut short, or no checkpoint of this version');
  if (!createHash('sha256').update(file.subarray(0, end)).digest().equals(file.subarray(end))) throw damaged(path, 'its content does not have the SHA-256 that it was written with');
  try {
    return readContent<State>(file);
  } catch {
    throw damaged(path, 'it does not say what one of this program says');
  }
}

function readContent<State>(file: Buffer): Checkpoint<State> {
  let offset = magic.length + 4 + file.readUInt32LE(magic.length);
  const header = JSON.parse(file.toString('utf8', magic.length + 4, offset)) as Header;
  const arrays = header.arrays.map(({ name, shape, dtype, bytes }) => {
    const values = valuesAt(file, offset, bytes, dtype);
    offset += padded(bytes);
    return { name, shape, values };
  });
  return { state: header.state as State, arrays };
}

/**
 * Reads the state alone, without its arrays and without proof: for a look at many checkpoints, none of which is used.
 *
 * @throws Error where there is none, or it is damaged at its beginning
 */
export function peekCheckpoint(path: string): unknown {
  const handle = openSync(path, 'r');
  try {
    const start = Buffer.alloc(magic.length + 4);
    readSync(handle, start);
    if (start.toString('latin1', 0, magic.length) !== magic) throw damaged(path, 'it is no checkpoint of this version');
    const header = Buffer.alloc(Math.min(start.readUInt32LE(magic.length), fstatSync(handle).size));
    readSync(handle, header);
    return (JSON.parse(header.toString()) as Header).state;
  } finally {
    closeSync(handle);
  }
}

function damaged(path: string, why: string): UserError {
  return failure('damaged-checkpoint', `the checkpoint ${path} is damaged: ${why}`);
}

function dtypeOf(values: ArrayValues): Dtype {
  if (values instanceof Float32Array) return 'float32';
  return values instanceof Int32Array ? 'int32' : 'uint8';
}

function valuesAt(file: Buffer, offset: number, bytes: number, dtype: Dtype): ArrayValues {
  // Node may place a small file anywhere in its pool.
  const at = file.byteOffset + offset;
  const buffer = at % 4 === 0 ? file.buffer : file.buffer.slice(at, at + bytes);
  const start = at % 4 === 0 ? at : 0;
  if (dtype === 'uint8') return new Uint8Array(buffer, start, bytes);
  return dtype === 'float32' ? new Float32Array(buffer, start, bytes / 4) : new Int32Array(buffer, start, bytes / 4);
}
