import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claim } from '../base/claim.ts';
import { codeHash } from '../base/code-hash.ts';
import { UserError, failure } from '../base/diagnostics.ts';
import { besideName, makeFolder, removeLeftovers } from '../base/files.ts';
import { showBytes, showCount } from '../base/quantities.ts';
import { inTurns } from '../base/turns.ts';
import type { DataFile } from '../datasets/files/data-file.ts';
import type { DatasetSpec } from '../datasets/dataset.ts';
import { decoderVersions } from '../datasets/pictures/decode-photo.ts';
import { type Pieces, readPieces } from '../datasets/pieces.ts';
import { hashFile } from '../datasets/files/read-bytes.ts';
import { joined } from '../datasets/findings/sample-view.ts';
import { type ColumnFacts, rangeOf } from '../datasets/findings/study-column.ts';
import {
  asInput,
  type IndexedTarget,
  layoutOf,
  type PackedIndex,
  proofBytes,
  proofOf,
  type RowLayout,
  readIndex,
  roomFor,
  rowsPath,
  writeIndex,
} from './packed-file.ts';

/** Samples that are packed on the disk. */
export interface PackedSamples {
  readonly key: string;
  readonly layout: RowLayout;
  readonly index: PackedIndex;
}

/**
 * Finds samples packed by an earlier run, or packs them: each is decoded once for all runs on the same files. Another
 * process that packs them is waited for.
 *
 * @param folder see packedFolder
 * @throws UserError where one cannot be read, a file changes meanwhile, or there is no room; the signal's reason
 */
export async function packSamples(pieces: Pieces, folder: string, signal?: AbortSignal): Promise<PackedSamples> {
  const layout = layoutOf(pieces.spec, pieces.coded);
  const hashes = new Map<string, string>();
  for (const path of pathsIn(pieces)) hashes.set(path, await inTurns(hashFile(path), signal));
  const key = await keyOf(pieces, hashes);
  for (;;) {
    const index = inFolder(folder, () => readIndex(folder, key, layout));
    if (index !== undefined) return { key, layout, index };
    const mine = inFolder(folder, () => claim(join(folder, key)));
    if (mine === undefined) {
      await sleep(200);
      signal?.throwIfAborted();
      continue;
    }
    try {
      // Another may have ended between the look and the claim.
      const packed = readIndex(folder, key, layout) ?? (await write(pieces, { folder, key, layout, hashes, signal }));
      return { key, layout, index: packed };
    } finally {
      mine.release();
    }
  }
}

function pathsIn({ paths }: Pieces): ReadonlySet<string> {
  const all = new Set<string>();
  for (const own of paths) for (const path of own) all.add(path);
  return all;
}

/** What the values depend on: files, what is done to them, and what does it. */
async function keyOf({ name, paths, folder, madeBy, spec }: Pieces, hashes: ReadonlyMap<string, string>) {
  const decoder = spec.decoder === undefined ? null : await decoderVersions();
  const hash = createHash('sha256').update(JSON.stringify([name, madeBy, decoder, codeHash()]));
  for (const [sample, own] of paths.entries()) {
    // Of many samples of one file, once; how many they are, the file says.
    if (own === paths[sample - 1]) continue;
    for (const path of own) hash.update(JSON.stringify([relative(folder, path), hashes.get(path)]));
  }
  return hash.digest('hex');
}

interface Writing {
  readonly folder: string;
  readonly key: string;
  readonly layout: RowLayout;
  readonly hashes: ReadonlyMap<string, string>;
  readonly signal: AbortSignal | undefined;
}

/** Bytes that are written at a time. */
const chunk = 1 << 20;

async function write(pieces: Pieces, { folder, key, layout, hashes, signal }: Writing): Promise<PackedIndex> {
  proveRoom(folder, (pieces.begin === undefined ? 1 : 2) * pieces.paths.length * layout.bytes);
  // What a process has left that was killed while it packed the same.
  inFolder(folder, () => removeLeftovers(folder, key));
  const aside = join(folder, besideName(key));
  const file = inFolder(folder, () => openSync(aside, 'wx'));
  let end: (() => void) | undefined;
  try {
    end = await beginIn(folder, pieces, key, signal);
    const index = new IndexMaker(pieces, layout);
    // One for all of them: what is made anew for each is garbage of as many bytes as the samples have.
    const waiting = Buffer.allocUnsafe(Math.max(chunk, layout.bytes));
    let bytes = 0;
    const flush = () => {
      inFolder(folder, () => writeWhole(file, waiting.subarray(0, bytes)));
      bytes = 0;
    };
    const skipped = await readPieces(
      pieces,
      (piece, sample) => {
        piece.files.forEach(({ sha256 }, k) => proveSame(pieces.paths[sample]![k]!, sha256, hashes));
        const row = index.add(piece.values, piece.files);
        if (bytes + layout.bytes > waiting.length) flush();
        for (const part of row) {
          waiting.set(part, bytes);
          bytes += part.length;
        }
      },
      signal,
    );
    flush();
    const whole = index.whole(
      pieces,
      [...skipped].map(([sample, { error }]) => ({ sample, why: reasonOf(error, pieces.paths[sample]!) })),
    );
    inFolder(folder, () => {
      fsyncSync(file);
      renameSync(aside, rowsPath(folder, key));
      writeIndex(folder, key, whole);
    });
    return whole;
  } finally {
    end?.();
    closeSync(file);
    rmSync(aside, { force: true });
  }
}

/** Lets samples get ready to be read. @throws UserError where that cannot be, or the file system refuses */
async function beginIn(folder: string, pieces: Pieces, key: string, signal: AbortSignal | undefined) {
  try {
    return await pieces.begin?.(join(folder, besideName(key)), signal);
  } catch (error) {
    if (error instanceof UserError || (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw unpackable(folder, (error as Error).message, error);
  }
}

/** Why a sample is skipped, without the paths of its files: a later run may find them elsewhere. */
function reasonOf({ diagnostics: [first] }: UserError, [path, ...others]: readonly string[]): string {
  const reason = first!.message.replaceAll(path!, 'it');
  return others.reduce((text, other) => text.replaceAll(other, basename(other)), reason);
}

/** What becomes the index, sample by sample. */
class IndexMaker {
  readonly #layout: RowLayout;
  readonly #proofs: Uint8Array;
  readonly #labels: readonly IndexedTarget[];
  /** The bytes of those. */
  readonly #held: readonly Uint8Array[];
  readonly #ranges: ColumnFacts[];
  readonly #files: (readonly DataFile[])[] = [];
  #count = 0;

  constructor({ paths: { length } }: Pieces, layout: RowLayout) {
    this.#layout = layout;
    this.#proofs = new Uint8Array(length * layout.parts.length * proofBytes);
    this.#labels = layout.targets.map((target) => roomFor(target, length));
    this.#held = this.#labels.map(({ buffer }) => new Uint8Array(buffer));
    this.#ranges = layout.inputs.map(() => rangeOf([]));
  }

  /** @param values see Piece @returns those of its row */
  add(values: readonly Uint8Array[], files: readonly DataFile[]): readonly Uint8Array[] {
    const { inputs, targets, parts } = this.#layout;
    const row = this.#count++;
    this.#files.push(files);
    const answers = values.slice(inputs.length);
    const inRow = [...values.slice(0, inputs.length), ...answers.filter((_, k) => targets[k]!.part !== undefined)];
    inRow.forEach((part, k) => this.#proofs.set(proofOf(part), (row * parts.length + k) * proofBytes));
    inputs.forEach((dtype, k) => {
      this.#ranges[k] = joined(this.#ranges[k]!, rangeOf(asInput(values[k]!, dtype)));
    });
    targets.forEach(({ part, width }, k) => {
      const own = answers[k]!;
      if (part === undefined) this.#held[k]!.set(own, row * own.length);
      else for (const label of own) this.#labels[k]![row * width + label]!++;
    });
    return inRow;
  }

  whole({ paths, describeFiles }: Pieces, skipped: PackedIndex['skipped']): PackedIndex {
    const { parts, targets } = this.#layout;
    const out = new Set(skipped.map(({ sample }) => sample));
    const usable = Uint32Array.from(paths.keys()).filter((sample) => !out.has(sample));
    const rowOf = new Uint32Array(paths.length);
    usable.forEach((sample, row) => (rowOf[sample] = row));
    return {
      proofs: this.#proofs.slice(0, this.#count * parts.length * proofBytes),
      labels: this.#labels.map((labels, k) => labels.slice(0, this.#count * targets[k]!.width)),
      ranges: this.#ranges.map(({ smallest, largest }) => ({ smallest, largest })),
      skipped,
      files: describeFiles(usable, (sample) => this.#files[rowOf[sample]!]!),
    };
  }
}

function proveSame(path: string, sha256: string, hashes: ReadonlyMap<string, string>): void {
  if (hashes.get(path) !== sha256)
    throw failure(
      'data-changed-meanwhile',
      `${path} changed while the data was packed`,
      'Run the file again when nothing writes there any more.',
    );
}

/** @throws UserError where the disk has surely no room for so many bytes */
function proveRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = inFolder(folder, () => {
    makeFolder(folder);
    return statfsSync(folder);
  });
  if (bavail * bsize < bytes)
    throw unpackable(folder, `${showBytes(bavail * bsize)} are free, it takes ${showBytes(bytes)}`);
}

/** @throws UserError where the file system refuses */
function inFolder<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserError || (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw unpackable(folder, (error as Error).message, error);
  }
}

function unpackable(folder: string, why: string, cause?: unknown): UserError {
  return failure(
    'data-not-packed',
    `the data is larger than \`data.memory\`, and cannot be packed in ${folder}: ${why}`,
    'Make room there (`pipeline clean` removes what can be made again), or raise `data.memory`.',
    cause,
  );
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}

/** Bytes that packed samples take in memory beside the batches. */
export function bytesOfIndex(spec: DatasetSpec, count: number): number {
  const { parts, targets } = layoutOf(spec);
  const labels = targets.reduce((sum, target) => sum + roomFor(target, 1).byteLength, 0);
  return count * (parts.length * proofBytes + labels + bytesOfNames[spec.packs ?? 'files']);
}

/** Estimates, not measured: paths, and what is known of a file while it is hashed and packed; where it stands. */
const bytesOfNames = { files: 800, rows: 100, cells: 60 };

/** @throws UserError where not even what is known of the samples fits */
export function proveMemory(spec: DatasetSpec, count: number, memory: number): void {
  const least = bytesOfIndex(spec, count);
  if (least > memory)
    throw failure(
      'data-memory-too-small',
      `data.memory is ${showBytes(memory)}, and what is known of ${showCount(count)} samples takes ${showBytes(least)}`,
      'Raise it.',
    );
}
