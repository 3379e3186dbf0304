import { createHash } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError, failure } from '../base/diagnostics.ts';
import { besideName, touch } from '../base/files.ts';
import { type Form, list, object, number, text, whole } from '../base/json-form.ts';
import { ownFolder } from '../base/own-folder.ts';
import { sizeOf } from '../base/tensor-shape.ts';
import { loadCheckpoint, type NamedArray, saveCheckpoint } from '../checkpoints/checkpoint-file.ts';
import type { DataFile } from '../datasets/data-file.ts';
import type { DatasetSpec } from '../datasets/dataset.ts';

/*
 * Samples on the disk: KEY.rows has the bytes of one after the other, each input and each target that has a class at
 * each place; KEY.index all else that is known of them. The index is written when the rows are whole, so that where it
 * is, they are.
 */

/** Bytes of a SHA-256 that prove an input or a target of a sample: chance has no part in it. */
export const proofBytes = 16;

/** What stands where in a row. */
export interface RowLayout {
  /** Bytes of each part of a row: of each input, then of each target at places. */
  readonly parts: readonly number[];
  readonly inputs: number;
  /** Of each target its part, or undefined where it has one class for each sample, which the index has. */
  readonly targets: readonly (number | undefined)[];
  /** How many classes each target has. */
  readonly classes: readonly number[];
  readonly bytes: number;
}

/** See RowLayout. */
export function layoutOf({ inputs, targets }: Pick<DatasetSpec, 'inputs' | 'targets'>): RowLayout {
  const parts = inputs.map(({ shape }) => sizeOf(shape));
  const places = targets.map(({ shape }) => (shape.length === 0 ? undefined : parts.push(sizeOf(shape)) - 1));
  return {
    parts,
    inputs: inputs.length,
    targets: places,
    classes: targets.map((target) => (target.kind === 'class' ? target.classes.length : 0)),
    bytes: parts.reduce((sum, bytes) => sum + bytes, 0),
  };
}

/** What is known of packed samples without reading them. */
export interface PackedIndex {
  /** Of all of them, [samples, parts, proofBytes]. */
  readonly proofs: Uint8Array;
  /** For each target the class of each sample, or how many of its places have each class, [samples, classes]. */
  readonly labels: readonly (Uint8Array | Int32Array)[];
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
  return createHash('sha256').update(bytes).digest().subarray(0, proofBytes);
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
    const areWhole = layout.targets.every(
      (part, k) => labels[k]?.length === (part === undefined ? count : count * layout.classes[k]!),
    );
    if (!areWhole || statSync(rowsPath(folder, key)).size !== count * layout.bytes) return undefined;
    [rowsPath(folder, key), indexPath(folder, key)].forEach(touch);
    const known = labels.flatMap((values) =>
      values instanceof Uint8Array || values instanceof Int32Array ? [values] : [],
    );
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
