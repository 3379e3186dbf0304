import { failure } from '../base/diagnostics.ts';
import { packedFolder } from '../cache/packed-file.ts';
import { bytesOfIndex, packSamples, proveMemory } from '../cache/pack-samples.ts';
import { packedSource } from '../cache/packed-source.ts';
import { viewOfPacked } from '../cache/packed-view.ts';
import type { BatchSource } from '../datasets/batch-source.ts';
import type { Dataset, Origin } from '../datasets/dataset.ts';
import { dividePieces, type PieceParts, type Pieces, sourcesOf } from '../datasets/pieces.ts';
import type { SampleView } from '../datasets/findings/sample-view.ts';

/** Data whose samples are on the disk, and who looks at all of them. */
export interface PackedData {
  readonly dataset: Dataset<BatchSource>;
  readonly view: SampleView;
  /** See Pieces.origin. */
  readonly origin?: Origin;
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
      ...(pieces.split && { split: pieces.split }),
      ...pieces.about,
      origin: placesOf(pieces.place, usable, parts),
    },
    view: viewOfPacked(rows, parts, spec),
    ...(pieces.origin && { origin: pieces.origin }),
  };
}

/** Of their place alone: what knows more than that may hold much of memory, and is let go of. */
function placesOf(place: Pieces['place'], usable: Uint32Array, parts: PieceParts): Origin {
  return { place: (part, row) => place(usable[parts[part][row]!]!) };
}
