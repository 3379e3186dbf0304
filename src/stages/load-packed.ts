import { failure } from '../base/diagnostics.ts';
import { packedFolder, proofBytes } from '../cache/packed-file.ts';
import { type PackedSamples, bytesOfIndex, packSamples, proveMemory } from '../cache/pack-samples.ts';
import { packedSource } from '../cache/packed-source.ts';
import type { BatchSource } from '../datasets/batch-source.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { dividePieces, type PieceParts, type Pieces, sourcesOf } from '../datasets/pieces.ts';
import type { SampleView } from '../datasets/sample-view.ts';

/** Data whose samples are on the disk, and who looks at all of them. */
export interface PackedData {
  readonly dataset: Dataset<BatchSource>;
  readonly view: SampleView;
}

/**
 * Gives samples that are more than memory may hold: packed on the disk, and read in batches.
 *
 * @param memory bytes that they may take of it
 * @param folder where they are packed; left out: in `.layerline/packed`
 * @throws UserError as packSamples, and where memory does not even hold what is known of them
 */
export async function loadPacked(
  pieces: Pieces,
  memory: number,
  signal?: AbortSignal,
  folder = packedFolder(),
): Promise<PackedData> {
  const total = pieces.paths.length;
  proveMemory(pieces.spec, total, memory);
  const packed = await packSamples(pieces, folder, signal);
  const { index } = packed;
  const skipped = new Map(
    index.skipped.map(({ sample, why }) => [
      sample,
      { path: pieces.paths[sample]![0]!, error: failure('damaged-picture', why) },
    ]),
  );
  const divided = dividePieces(pieces, skipped);
  const { usable, parts, spec } = divided;
  const rows = { ...packed, folder, room: memory - bytesOfIndex(spec, total) };
  return {
    dataset: {
      name: pieces.name,
      spec,
      train: packedSource(rows, parts.train),
      test: packedSource(rows, parts.test),
      ...sourcesOf(pieces, divided),
      files: index.files,
      origin: { place: (part, row) => pieces.place(usable[parts[part][row]!]!) },
    },
    view: viewOfPacked(packed, parts),
  };
}

/** Looks at packed samples by their index alone: inputs are the same where their SHA-256 are. */
function viewOfPacked({ layout, index }: PackedSamples, parts: PieceParts): SampleView {
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
  const inputs = layout.inputs * proofBytes;
  const areEqual = (one: number, other: number) => areAlike(one, other, 0, inputs);
  const haveOneAnswer = (one: number, other: number) =>
    areAlike(one, other, inputs, each) &&
    layout.targets.every((part, k) => part !== undefined || labels[k]![rowOf(one)] === labels[k]![rowOf(other)]);
  return {
    cells: {
      count,
      width: layout.bytes,
      areEqual,
      // Only tables are asked by how much they differ.
      differences: (one, other, most) => (areEqual(one, other) ? 0 : most),
      hash: (sample) => words.getUint32(rowOf(sample) * each),
    },
    range: (input) => ({ ...ranges[input]!, missing: 0 }),
    column: () => new Float64Array(),
    answers: (target) => Float64Array.from({ length: count }, (_, sample) => labels[target]![rowOf(sample)]!),
    countClasses: (target, part, rows) => {
      const classes = layout.classes[target]!;
      const counts = new Float64Array(classes);
      for (const row of rows) {
        const at = parts[part][row]!;
        if (layout.targets[target] === undefined) counts[labels[target]![at]!]!++;
        else for (let k = 0; k < classes; k++) counts[k]! += labels[target]![at * classes + k]!;
      }
      return counts;
    },
    haveOneAnswer,
    testIsTrain: () =>
      2 * trained === count &&
      Array.from({ length: trained }, (_, row) => row).every(
        (row) => areEqual(row, trained + row) && haveOneAnswer(row, trained + row),
      ),
  };
}
