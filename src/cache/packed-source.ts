import { closeSync, read as readCallback, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { UserError } from '../base/diagnostics.ts';
import { openFile } from '../base/read-file.ts';
import { firstRows, gatherLabels, type BatchSource } from '../datasets/batch-source.ts';
import { type Batch, expand, gatherRows } from '../datasets/batches.ts';
import { asInput, damagedRow, type PackedIndex, proofBytes, proofOf, type RowLayout, rowsPath } from './packed-file.ts';

/** Packed samples, and what is known of them. */
export interface PackedRows {
  readonly folder: string;
  readonly key: string;
  readonly layout: RowLayout;
  readonly index: PackedIndex;
  /** Bytes that batches may take at a time, the one that is trained on among them. */
  readonly room: number;
}

const readAt = promisify(readCallback);

/** Batches that are read ahead of the step: one that is being read while one waits. */
const mostAhead = 2;

/**
 * Some packed samples as a source. The batches that are next are read while the step works, in the order that they are
 * asked for in, by threads of Node's own; each row is proven before it is given.
 *
 * @param rows of the packed ones, in the order of the source
 * @throws UserError where they are gone
 */
export function packedSource(packed: PackedRows, rows: Uint32Array): BatchSource {
  const { layout, index, room } = packed;
  openRows(packed);
  return {
    count: rows.length,
    labels: (target, some) => {
      const asked = some === undefined ? rows : some.map((row) => rows[row]!);
      const { part, width } = layout.targets[target]!;
      const known = index.labels[target]!;
      return part === undefined ? gatherLabels(known, asked, known.length / width) : placesOf(packed, asked, part);
    },
    async *batches({ rows: wanted, size, from = 0 }) {
      let next = from * size;
      // As they are read, as they are given, and classes of places as int32.
      const labels = layout.parts.slice(layout.inputs.length).reduce((sum, bytes) => sum + bytes, 0);
      const each = (2 * layout.bytes + 4 * labels) * Math.min(size, wanted.length);
      const ahead = Math.max(0, Math.min(mostAhead, Math.floor(room / each) - 1));
      const file = openRows(packed);
      const coming: Promise<Batch>[] = [];
      const ask = () => {
        if (next >= wanted.length) return;
        const batch = readBatch(
          packed,
          file,
          wanted.subarray(next, next + size).map((row) => rows[row]!),
        );
        // Whoever leaves off before it came is not told of it.
        batch.catch(() => {});
        coming.push(batch);
        next += size;
      };
      try {
        for (let k = 0; k < Math.max(1, ahead); k++) ask();
        for (let batch = coming.shift(); batch !== undefined; batch = coming.shift()) {
          const given = await batch;
          if (ahead > 0) ask();
          yield given;
          if (ahead === 0) ask();
        }
      } finally {
        await Promise.allSettled(coming);
      }
    },
  };
}

/**
 * Files of rows. Each stays open as long as anything reads of it: what `pipeline clean` removes meanwhile can be read
 * to the end then.
 */
const opened = new WeakMap<PackedRows, number>();
const unused = new FinalizationRegistry<number>(closeSync);

/** The open file of the rows. @throws UserError where it is gone */
export function openRows(packed: PackedRows): number {
  const { folder, key } = packed;
  const known = opened.get(packed);
  if (known !== undefined) return known;
  try {
    const file = openFile(rowsPath(folder, key));
    opened.set(packed, file);
    unused.register(packed, file);
    return file;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw damagedRow(folder, key, 'what should be');
  }
}

async function readBatch(packed: PackedRows, file: number, rows: Uint32Array): Promise<Batch> {
  const { layout } = packed;
  const { bytes } = layout;
  const all = new Uint8Array(Buffer.allocUnsafeSlow(rows.length * bytes).buffer);
  await readRows(packed, file, rows, all);
  // What has one part is given as it was read.
  const parts = layout.parts.length === 1 ? [all] : layout.parts.map((size) => new Uint8Array(rows.length * size));
  rows.forEach((row, i) => {
    let at = i * bytes;
    for (const [k, size] of layout.parts.entries()) {
      const values = all.subarray(at, at + size);
      prove(packed, row, k, values);
      if (parts[k] !== all) parts[k]!.set(values, i * size);
      at += size;
    }
  });
  const y = layout.targets.map(({ part, width }, k) => {
    if (part !== undefined) return Int32Array.from(parts[part]!);
    const labels = packed.index.labels[k]!;
    const room = rows.length * width;
    return gatherRows(labels, rows, labels instanceof Float64Array ? new Float64Array(room) : new Int32Array(room));
  });
  const x = layout.inputs.map((dtype, k) => {
    const [values, code] = [asInput(parts[k]!, dtype), layout.coded?.[k]];
    return code === undefined ? values : expand(code, values, firstRows(rows.length));
  });
  return { x, y, count: rows.length };
}

/** That a row cannot be read. */
const notRead = ({ folder, key }: PackedRows, row: number, why: string) =>
  damagedRow(folder, key, `sample ${row + 1} (${why})`);

/** What an error of reading tells the user: a disk that fails is no fault of this program. */
const notReadAt = (packed: PackedRows, row: number, error: Error) =>
  error instanceof UserError ? error : notRead(packed, row, (error as NodeJS.ErrnoException).code ?? error.message);

/**
 * Reads of a batch that wait for a thread at a time: enough for the threads while a step keeps this one busy, and what
 * they hold is let go of young. As many as a large batch has rows grow old, and the garbage of batches piles up.
 */
const mostReads = 512;

/** Reads rows one after the other into some bytes. @throws UserError where one cannot be read */
async function readRows(packed: PackedRows, file: number, rows: Uint32Array, into: Uint8Array): Promise<void> {
  const { bytes } = packed.layout;
  const runs = runsIn(rows);
  // All take of the same runs; where one cannot be read, the others end.
  const lane = async () => {
    for (const { from, length } of runs)
      for (let done = 0; done < length * bytes;) {
        const at = from * bytes + done;
        const { bytesRead } = await readAt(file, into, at, length * bytes - done, rows[from]! * bytes + done);
        if (bytesRead === 0) throw notRead(packed, rows[from]!, 'it ends before');
        done += bytesRead;
      }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(mostReads, rows.length) }, lane));
  const [failed] = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  if (failed !== undefined) throw notReadAt(packed, rows[0]!, failed);
}

/** Rows that follow each other in the file, too: validation and test are read in few pieces. */
function* runsIn(rows: Uint32Array): Generator<{ readonly from: number; readonly length: number }> {
  for (let from = 0, length: number; from < rows.length; from += length) {
    length = 1;
    while (rows[from + length] === rows[from]! + length) length++;
    yield { from, length };
  }
}

function prove({ folder, key, layout, index }: PackedRows, row: number, part: number, values: Uint8Array): void {
  const at = (row * layout.parts.length + part) * proofBytes;
  if (!proofOf(values).equals(index.proofs.subarray(at, at + proofBytes)))
    throw damagedRow(folder, key, `sample ${row + 1}`);
}

/** A target at places, of some rows. */
function placesOf(packed: PackedRows, rows: Uint32Array, part: number): Uint8Array {
  const { layout } = packed;
  const size = layout.parts[part]!;
  const before = layout.parts.slice(0, part).reduce((sum, bytes) => sum + bytes, 0);
  const all = new Uint8Array(rows.length * size);
  const file = openRows(packed);
  for (const [i, row] of rows.entries()) {
    const values = all.subarray(i * size, (i + 1) * size);
    try {
      readSync(file, values, 0, size, row * layout.bytes + before);
    } catch (error) {
      throw notReadAt(packed, row, error as Error);
    }
    prove(packed, row, part, values);
  }
  return all;
}
