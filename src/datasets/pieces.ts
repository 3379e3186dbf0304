import { failure } from '../base/diagnostics.ts';
import { pauses } from '../base/turns.ts';
import { skippedWarning, type Unusable } from './pictures/check-pictures.ts';
import type { DataFile } from './files/data-file.ts';
import type { Dataset, DatasetSpec, Origin, Samples, SamplePlace } from './dataset.ts';
import { withWarnings } from './pictures/png-files.ts';
import type { Split, SplitOptions } from './splits/split.ts';

/** A sample that was read. */
export interface Piece {
  /** The bytes of each input, then of each target; those of numbers begin where one of them may. */
  readonly values: readonly Uint8Array[];
  /** What proves which files it is from, one for each of its paths; none where a later sample of them has it. */
  readonly files: readonly DataFile[];
}

/**
 * A data set whose samples are read one by one: of inputs bytes or the bytes of float32, of targets bytes of classes or
 * the bytes of float64.
 */
export interface Pieces {
  readonly name: string;
  /** What it holds, before any sample is left out. */
  readonly spec: DatasetSpec;
  /** The folder that paths in messages count from. */
  readonly folder: string;
  /** The files of each sample. */
  readonly paths: readonly (readonly string[])[];
  /** Samples that are listed, with those that are left out before any is read. */
  readonly listed: number;
  /** What its values are made by beside its files, as JSON has it. */
  readonly madeBy: unknown;
  /** The folders that are listed as one, and which of them a sample is in; left out where there is one. */
  readonly sources?: {
    readonly names: readonly string[];
    placeOf(sample: number): number;
  };
  /** Where a sample stands: it is kept with the data, and holds no more than that takes. */
  readonly place: (sample: number) => SamplePlace;
  /** See Samples.coded. */
  readonly coded?: Samples['coded'];
  /** Of the data set beside its samples. */
  readonly about?: Pick<Dataset, 'preparation' | 'beside'>;
  /** Where its samples come from, for who looks at the data: it may hold much, and is let go of then. */
  readonly origin?: Origin;
  /**
   * Gets ready to read all samples, from the first to the last. Left out: nothing has to be done for it.
   *
   * @param scratch a file that may be made for it, of as many bytes as the samples are packed in
   * @returns what takes it away again
   * @throws UserError as `read`; the file system's own error; the signal's reason
   */
  begin?(scratch: string, signal?: AbortSignal): Promise<() => void>;
  /** @returns why it is left out, where it is @throws UserError where it cannot be used */
  read(sample: number): Promise<Piece | Unusable>;
  /** Which samples train and which test, by their places among the usable ones. @param usable in their order */
  divide(usable: Uint32Array): PieceParts;
  /** What is recorded of the files. @param files of each of the usable samples */
  describeFiles(usable: Uint32Array, files: (sample: number) => readonly DataFile[]): readonly DataFile[];
  /** See Dataset.split. */
  readonly split?: Split;
  /** Reads all samples at once, into memory; left out: one by one. @throws UserError as `load` of the data set */
  whole?(signal?: AbortSignal): Promise<Dataset>;
}

/** Gives a data set in pieces. */
export interface PieceMaker<Options = object> {
  /** The samples that `load` of the data set gives, unread. @throws UserError as it, of lists and heads */
  open(options: Options, folder: string, seed: number, split?: SplitOptions): Pieces;
}

/** See Pieces.divide. */
export type PieceParts = Readonly<Record<'train' | 'test', Uint32Array>>;

/** Samples that are read beside each other. */
const together = 16;

/**
 * Reads all samples in their order, some beside each other.
 *
 * @param take is given each that can be used
 * @returns those that are left out
 * @throws UserError as Pieces.read; the signal's reason once it is aborted
 */
export async function readPieces(
  { paths, read }: Pieces,
  take: (piece: Piece, sample: number) => void,
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, Unusable>> {
  const pause = pauses(signal);
  const skipped = new Map<number, Unusable>();
  for (let from = 0; from < paths.length; from += together) {
    await pause();
    const some = paths.slice(from, from + together).map(async (_, k) => {
      try {
        return await read(from + k);
      } catch (error) {
        return { error };
      }
    });
    // The first that cannot be used is told, whichever was found first.
    for (const [k, one] of (await Promise.all(some)).entries()) {
      if ('values' in one) take(one, from + k);
      else if ('path' in one) skipped.set(from + k, one);
      else throw one.error;
    }
  }
  return skipped;
}

/** What is known of pieces once all were read. */
export interface DividedPieces {
  /** The samples that are not left out, in their order. */
  readonly usable: Uint32Array;
  /** By their places among those. */
  readonly parts: PieceParts;
  readonly spec: DatasetSpec;
}

/** Divides samples that were read. @param skipped why some are left out @throws UserError where a part has none */
export function dividePieces(pieces: Pieces, skipped: ReadonlyMap<number, Unusable>): DividedPieces {
  const { spec, paths, folder, listed } = pieces;
  const usable = Uint32Array.from(paths.keys()).filter((sample) => !skipped.has(sample));
  const parts = pieces.divide(usable);
  const count = { train: parts.train.length, test: parts.test.length };
  if (count.train === 0 || count.test === 0)
    throw (
      [...skipped.values()][0]?.error ??
      failure(
        'no-test-samples',
        `${usable.length} samples leave none to train on, or none for the test`,
        'Change `test`, or add pictures.',
      )
    );
  return {
    usable,
    parts,
    spec: withWarnings(
      { ...spec, count: { ...spec.count, ...count } },
      skippedWarning('pictures-skipped', [...skipped.values()], { from: folder, total: listed }),
    ),
  };
}

/** Which of listed folders the samples are in, where several are listed. */
export function sourcesOf({ sources }: Pieces, { usable, parts }: DividedPieces): Pick<Dataset, 'sources'> {
  if (sources === undefined) return {};
  const places = (rows: Uint32Array) => rows.map((row) => sources.placeOf(usable[row]!));
  return { sources: { names: sources.names, train: places(parts.train), test: places(parts.test) } };
}

/** Reads all samples into memory. @throws UserError as readPieces, and where a part has none */
export async function inMemory(pieces: Pieces, signal?: AbortSignal): Promise<Dataset> {
  if (pieces.whole !== undefined) return pieces.whole(signal);
  const read = new Map<number, Piece>();
  const skipped = await readPieces(pieces, (piece, sample) => read.set(sample, piece), signal);
  const divided = dividePieces(pieces, skipped);
  const { usable, parts, spec } = divided;
  const samples = (rows: Uint32Array): Samples => {
    const [first, ...more] = Array.from(rows, (row) => read.get(usable[row]!)!.values);
    const joined = first!.map((_, k) => join([first!, ...more].map((values) => values[k]!)));
    return {
      inputs: joined.slice(0, spec.inputs.length),
      targets: spec.targets.map(({ kind }, k) => {
        const bytes = joined[spec.inputs.length + k]!;
        return kind === 'number' ? new Float64Array(bytes.buffer) : bytes;
      }),
      count: rows.length,
    };
  };
  return {
    name: pieces.name,
    spec,
    train: samples(parts.train),
    test: samples(parts.test),
    ...sourcesOf(pieces, divided),
    files: pieces.describeFiles(usable, (sample) => read.get(sample)!.files),
    origin: { place: (part, row) => pieces.place(usable[parts[part][row]!]!) },
  };
}

/** Bytes of one length, one after the other. */
function join(all: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = all[0]!.length;
  const joined = new Uint8Array(all.length * size);
  all.forEach((values, i) => joined.set(values, i * size));
  return joined;
}
