import { hash } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fewClasses } from '../base/class-indices.ts';
import { UserError, failure } from '../base/diagnostics.ts';
import { besideName, touch } from '../base/files.ts';
import { type Form, list, object, number, text, whole } from '../base/json-form.ts';
import { ownFolder } from '../base/own-folder.ts';
import { sizeOf } from '../base/tensor-shape.ts';
import { loadCheckpoint, type NamedArray, saveCheckpoint } from '../checkpoints/checkpoint-file.ts';
import type { DataFile } from '../datasets/files/data-file.ts';
import type { DatasetSpec, InputSpec, Samples, Values } from '../datasets/dataset.ts';

/*
 * Samples on the disk: KEY.rows has the bytes of one after the other, each input and each target that has a class at
 * each place; KEY.index all else that is known of them, other targets among it: splitting, scaling and evaluating take
 * those whole. The index is written when the rows are whole, so that where it is, they are.
 */

/** Bytes of a SHA-256 that prove an input or a target of a sample: chance has no part in it. */
export const proofBytes = 16;

/** What stands where in a row. */
export interface RowLayout {
  /** Bytes of each part of a row: of each input, then of each target at places. */
  readonly parts: readonly number[];
  /** What the values of each input are. */
  readonly inputs: readonly InputSpec['dtype'][];
  readonly targets: readonly TargetLayout[];
  readonly bytes: number;
  /** See Samples.coded. */
  readonly coded?: Samples['coded'];
}

/** Where a target stands. */
export interface TargetLayout {
  /** The part of a row that has its class at each place; left out: the index has all of it. */
  readonly part?: number;
  /** Values that the index has of a sample: all of them, or how many places have each class. */
  readonly width: number;
  /** What these are: bytes of classes, numbers to predict, or counts or many classes. */
  readonly dtype: 'uint8' | 'float64' | 'int32';
}

/** See RowLayout. */
export function layoutOf(
  { inputs, targets }: Pick<DatasetSpec, 'inputs' | 'targets'>,
  coded?: Samples['coded'],
): RowLayout {
  const parts = inputs.map(
    ({ shape, dtype }, k) => (coded?.[k]?.length ?? sizeOf(shape)) * (dtype === 'uint8' ? 1 : 4),
  );
  const layouts = targets.map((target): TargetLayout => {
    const size = sizeOf(target.shape);
    if (target.kind === 'number') return { width: size, dtype: 'float64' };
    if (target.shape.length === 0 || target.several !== undefined)
      return { width: size, dtype: target.classes.length > fewClasses ? 'int32' : 'uint8' };
    return { part: parts.push(size) - 1, width: target.classes.length, dtype: 'int32' };
  });
  return {
    parts,
    inputs: inputs.map(({ dtype }) => dtype),
    targets: layouts,
    bytes: parts.reduce((sum, bytes) => sum + bytes, 0),
    ...(coded && { coded }),
  };
}

/** The values of an input of some samples. @param bytes begin where four of them do */
export function asInput(bytes: Uint8Array, dtype: InputSpec['dtype']): Values {
  return dtype === 'uint8' ? bytes : new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

const arrayOf = { uint8: Uint8Array, float64: Float64Array, int32: Int32Array };

/** What the index has of a target, of so many samples. */
export const roomFor = ({ width, dtype }: TargetLayout, count: number): IndexedTarget =>
  new arrayOf[dtype](count * width);

/** What the index has of a target of all samples. */
export type IndexedTarget = Uint8Array | Float64Array | Int32Array;

/** What is known of packed samples without reading them. */
export interface PackedIndex {
  /** Of all of them, [samples, parts, proofBytes]. */
  readonly proofs: Uint8Array;
  /** For each target what TargetLayout says, [samples, width]. */
  readonly labels: readonly IndexedTarget[];
  /** Smallest and largest value of each input. */
  readonly ranges: readonly { readonly smallest: number; readonly largest: number }[];
  /** Samples that were left out, and why. */
  readonly skipped: readonly { readonly sample: number; readonly why: string }[];
  /** What is recorded of the files. */
  readonly files: readonly DataFile[];
}

type State = Pick<PackedIndex, 'ranges' | 'skipped' | 'files'>;

const stateForm: Form<State> = object({
  ranges: list(object({ smallest: number, largest: number })),
  skipped: list(object({ sample: whole, why: text() })),
  files: list(object({ name: text(), sha256: text(/^[0-9a-f]{64}$/), bytes: whole })),
});

/** Where packed samples are kept, below the folder one works in. @throws UserError where it would lead elsewhere */
export function packedFolder(): string {
  return ownFolder('.', '.layerline', 'packed');
}

/** Where samples are packed, by their key. */
export const rowsPath = (folder: string, key: string) => join(folder, `${key}.rows`);

const indexPath = (folder: string, key: string) => join(folder, `${key}.index`);

/** The proof of some bytes. */
export function proofOf(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer').subarray(0, proofBytes);
}

/** Writes the index, once the rows are whole. @throws the file system's own error */
export function writeIndex(folder: string, key: string, { proofs, labels, ...state }: PackedIndex): void {
  const arrays = [proofs, ...labels].map((values, k): NamedArray => ({
    name: String(k),
    shape: [values.length],
    values,
  }));
  saveCheckpoint(indexPath(folder, key), { state, arrays }, join(folder, besideName(key)));
}

/** The index of whole rows; undefined where there is none, or what there is, is damaged: it is packed anew then. */
export function readIndex(folder: string, key: string, layout: RowLayout): PackedIndex | undefined {
  try {
    const { state, arrays } = loadCheckpoint(indexPath(folder, key), stateForm);
    const [proofs, ...labels] = arrays.map(({ values }) => values);
    if (!(proofs instanceof Uint8Array)) return undefined;
    const count = proofs.length / (proofBytes * layout.parts.length);
    const known = layout.targets.flatMap(({ width, dtype }, k) => {
      const values = labels[k];
      const isWhole = values instanceof arrayOf[dtype] && values.length === count * width;
      return isWhole ? [values] : [];
    });
    const areWhole = known.length === layout.targets.length;
    if (!areWhole || statSync(rowsPath(folder, key)).size !== count * layout.bytes) return undefined;
    [rowsPath(folder, key), indexPath(folder, key)].forEach(touch);
    return { ...state, proofs, labels: known };
  } catch (error) {
    if (error instanceof UserError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** That a packed sample is not what was packed; it is forgotten, so that the next run packs anew. */
export function damagedRow(folder: string, key: string, what: string): UserError {
  try {
    rmSync(indexPath(folder, key), { force: true });
  } catch {
    // Read-only: `pipeline clean` by who may write there.
  }
  return failure(
    'packed-data-damaged',
    `${what} in ${rowsPath(folder, key)} is not what was packed`,
    'Run the file again: the data is packed anew. Where that happens more than once, look at the disk.',
  );
}
