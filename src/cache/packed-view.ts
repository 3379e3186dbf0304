import { readSync } from 'node:fs';
import type { DatasetSpec } from '../datasets/dataset.ts';
import type { PieceParts } from '../datasets/pieces.ts';
import { type SampleView, countIn } from '../datasets/findings/sample-view.ts';
import { gatherRows } from '../datasets/batches.ts';
import { proofBytes } from './packed-file.ts';
import { openRows, type PackedRows } from './packed-source.ts';

/**
 * Looks at packed samples by their index: inputs are the same where their SHA-256 are.
 *
 * @param spec what they hold
 */
export function viewOfPacked(packed: PackedRows, parts: PieceParts, { targets }: DatasetSpec): SampleView {
  const { layout, index } = packed;
  const { proofs, labels, ranges } = index;
  const each = layout.parts.length * proofBytes;
  const [trained, count] = [parts.train.length, parts.train.length + parts.test.length];
  const rowOf = (sample: number) => (sample < trained ? parts.train[sample]! : parts.test[sample - trained]!);
  const words = new DataView(proofs.buffer, proofs.byteOffset, proofs.byteLength);
  const areAlike = (one: number, other: number, from: number, to: number) => {
    const [mine, others] = [rowOf(one) * each, rowOf(other) * each];
    for (let at = from; at < to; at++) if (proofs[mine + at] !== proofs[others + at]) return false;
    return true;
  };
  const inputs = layout.inputs.length * proofBytes;
  const areEqual = (one: number, other: number) => areAlike(one, other, 0, inputs);
  const isSame = (k: number, one: number, other: number) => {
    const { part, width } = layout.targets[k]!;
    if (part !== undefined) return true;
    const [values, mine, others] = [labels[k]!, rowOf(one) * width, rowOf(other) * width];
    for (let at = 0; at < width; at++) if (values[mine + at] !== values[others + at]) return false;
    return true;
  };
  const haveOneAnswer = (one: number, other: number) =>
    areAlike(one, other, inputs, each) && targets.every(({ kind }, k) => kind === 'number' || isSame(k, one, other));
  const { width, differences } = comparing(packed);
  return {
    cells: {
      count,
      width,
      areEqual,
      differences: (one, other, most) => (areEqual(one, other) ? 0 : differences(rowOf(one), rowOf(other), most)),
      hash: (sample) => words.getUint32(rowOf(sample) * each),
    },
    range: (input) => ({ ...ranges[input]!, missing: 0 }),
    column: columnsOf(packed, count, rowOf),
    answers: (target) =>
      gatherRows(
        labels[target]!,
        Uint32Array.from({ length: count }, (_, sample) => rowOf(sample)),
        new Float64Array(count * layout.targets[target]!.width),
      ),
    countClasses: (target, part, rows) => {
      const [values, { part: atPlaces, width: classes }] = [labels[target]!, layout.targets[target]!];
      const asked = rows.map((row) => parts[part][row]!);
      if (atPlaces === undefined) return countIn(values, targets[target]!, asked);
      const counts = new Float64Array(classes);
      for (const row of asked) for (let k = 0; k < classes; k++) counts[k]! += values[row * classes + k]!;
      return counts;
    },
    haveOneAnswer,
    testIsTrain: () =>
      2 * trained === count &&
      Array.from({ length: trained }, (_, row) => row).every(
        (row) =>
          areEqual(row, trained + row) &&
          haveOneAnswer(row, trained + row) &&
          targets.every((_, k) => isSame(k, row, trained + row)),
      ),
  };
}

/** Bytes of rows that are read at a time. */
const block = 1 << 20;

/** Reads rows, and gives the bytes of one that lies near the one before at once: they are there until the next. */
function readingRows(packed: PackedRows): (row: number) => Uint8Array {
  const { bytes } = packed.layout;
  const together = Math.max(1, Math.floor(block / bytes));
  const values = new Uint8Array(together * bytes);
  let near: number | undefined;
  return (row) => {
    const from = row - (row % together);
    if (near !== from) readSync(openRows(packed), values, 0, values.length, from * bytes);
    near = from;
    return values.subarray((row - from) * bytes, (row - from + 1) * bytes);
  };
}

/** Columns that are read together at most, as all rows are read for them. */
const mostColumns = 32;

/**
 * The columns of inputs of float32, as those of tables are: no others are asked for, and these one after the other.
 * Each is there until one is asked for that was not read with it.
 */
function columnsOf(packed: PackedRows, count: number, rowOf: (sample: number) => number): SampleView['column'] {
  const { layout, room } = packed;
  const most = Math.max(1, Math.min(mostColumns, Math.floor(room / (16 * count))));
  // The same for all: where they are made anew, those before are garbage of as many bytes.
  const columns: Float64Array[] = [];
  let read = { input: 0, first: 0, end: 0 };
  return (input, at) => {
    if (input === read.input && at >= read.first && at < read.end) return columns[at - read.first]!;
    const before = layout.parts.slice(0, input).reduce((sum, bytes) => sum + bytes, 0);
    const some = Math.min(most, layout.parts[input]! / 4 - at);
    while (columns.length < some) columns.push(new Float64Array(count));
    const bytesOf = readingRows(packed);
    for (let sample = 0; sample < count; sample++) {
      const { buffer, byteOffset } = bytesOf(rowOf(sample));
      const values = new Float32Array(buffer, byteOffset + before + 4 * at, some);
      for (let k = 0; k < some; k++) columns[k]![sample] = values[k]!;
    }
    read = { input, first: at, end: at + some };
    return columns[0]!;
  };
}

/**
 * Counts by how many values rows differ: one is held while it is compared with others in about the order that they lie
 * in, as is done of rows with few values. They are not proven: the worst is a finding too many.
 */
function comparing(packed: PackedRows): {
  readonly width: number;
  readonly differences: (one: number, other: number, most: number) => number;
} {
  const { parts, inputs } = packed.layout;
  // Bytes are compared by four where they divide, as they are in memory.
  const steps = parts.slice(0, inputs.length).map((size) => (size % 4 === 0 ? 4 : 1));
  let held: { readonly row: number; readonly values: Uint8Array } | undefined;
  const valuesOf = readingRows(packed);
  return {
    width: steps.reduce((sum, step, k) => sum + parts[k]! / step, 0),
    differences: (one, other, most) => {
      if (held?.row !== one) held = { row: one, values: valuesOf(one).slice() };
      const [mine, others] = [held.values, valuesOf(other)];
      let [found, at] = [0, 0];
      for (const [k, step] of steps.entries())
        for (const end = at + parts[k]!; at < end; at += step) {
          let isOther = false;
          for (let i = at; i < at + step; i++) isOther ||= mine[i] !== others[i];
          if (isOther && ++found === most) return found;
        }
      return found;
    },
  };
}
