import type { Static, TObject } from 'typebox';
import type { Split, SplitOptions } from './splits/split.ts';
import type { WithBaselines } from './findings/baseline.ts';
import { type Diagnostic, UserError } from '../base/diagnostics.ts';
import { type ClassIndices, fewClasses } from '../base/class-indices.ts';
import type { Code } from '../base/mistakes/mistakes.ts';
import type { Misfit, Row } from '../base/row.ts';
import type { IndexFacts } from './index-facts.ts';
import type { Several } from './several-labels.ts';
import type { SourceCells, SourceColumn } from './tables/source-columns.ts';
import type { Glance } from './glance.ts';
import type { DataFile, DataFileOption } from './files/data-file.ts';
import type { InputWays } from './input-ways.ts';
import type { SpectrogramOptions } from './audio/mel-spectrogram.ts';
import type { ListedSources } from './listed-sources.ts';
import { notFetched } from './files/read-bytes.ts';
import { WrongOption } from './wrong-option.ts';

/** What a data set is known to hold before any of it is read: enough to check and plan a pipeline. */
export interface DatasetSpec {
  /** At least one; where it is the only one, it is called `input`. */
  readonly inputs: readonly InputSpec[];
  /** What is to be predicted, at least one. */
  readonly targets: readonly TargetSpec[];
  /** Number of samples, where it is known; how many of `train` validate, where that is not as the split asks for. */
  readonly count?: { readonly train: number; readonly test: number; readonly validation?: number };
  /** Whether its test samples are drawn from all there are, so that a fold can be the test. */
  readonly drawsTest?: true;
  /** Bytes of a sample in memory, where it is held shorter than its shapes say. */
  readonly held?: number;
  /** Bytes that reading it takes at its peak beside the samples, late garbage among them. Left out: hardly any. */
  readonly reading?: number;
  /**
   * Its samples may be more than memory holds (datasets.ts `piecesOf`): each of files of its own, many of one, or rows
   * of a table. Left out: all of them have to fit.
   */
  readonly packs?: 'files' | 'rows' | 'cells';
  /** Whether they are packed whatever memory may hold, as their files are too large to be read as a whole. */
  readonly isLong?: true;
  /** Whether its only input is a spectrogram in decibels, [frames, mels, 1]. */
  readonly isSpectrogram?: true;
  /** The classes of its samples, of the only target, where they are known before all is read. */
  readonly labels?: () => Labels;
  /** What decodes it where that is another's, and its version bears on the values; left out: nothing does. */
  readonly decoder?: 'sharp';
  /** Why it took reading all of its files, asked for a glance; left out: it did not. */
  readonly wholeFor?: string;
  /** What is strange about it; left out where that takes reading it. */
  readonly warnings?: readonly DataWarning[];
  /**
   * Of an input by its name, where the files tell; those of other data are none, but for inputs that have `indices`.
   */
  readonly indexFacts?: (input: string) => IndexFacts;
}

/** Indices of classes, sample by sample: of masks, one for each place. */
export interface Labels {
  readonly train: Uint8Array;
  readonly test: Uint8Array;
}

/** What is wrong with a source, and which mistake that is. */
export interface DataMisfit extends Misfit {
  readonly code: Code;
}

/** Something about data that is no mistake, but rarely meant: what it is, and its evidence. */
export interface DataWarning extends Misfit {
  readonly code: Code;
}

/** How samples will be divided, and by which seed. */
export interface Division {
  readonly split: SplitOptions;
  readonly seed: number;
  /** What `data.memory` allows, in bytes. Left out: what is usual. */
  readonly memory?: number;
}

/** Bytes of the samples in memory. */
export function bytesOf({ inputs, targets, count, held }: DatasetSpec): number {
  const values = ({ shape }: { readonly shape: readonly number[] }) =>
    shape.reduce((product, size) => product * size, 1);
  const input = inputs.reduce((sum, one) => sum + values(one) * (one.dtype === 'uint8' ? 1 : 4), 0);
  const bytes = (one: TargetSpec) => {
    if (one.kind === 'class') return one.classes.length > fewClasses ? 4 : 1;
    return one.reconstructs === undefined ? 8 : 0;
  };
  const each = targets.reduce((sum, one) => sum + values(one) * bytes(one), input);
  return (held ?? each) * ((count?.train ?? 0) + (count?.test ?? 0));
}

/** One of the things that a sample consists of. */
export interface InputSpec extends InputWays {
  /** What `from` calls it. */
  readonly name: string;
  /** Shape of one sample, without the batch. */
  readonly shape: readonly number[];
  /** Bytes stay bytes until they are in the graph. */
  readonly dtype: 'uint8' | 'float32';
  /** Where the values are indices: how many there are, so that all are below. */
  readonly indices?: number;
  /** Whether index 0 fills up what is shorter, and stands for nothing itself. */
  readonly padded?: true;
}

/** One of several classes. */
export interface ClassTarget {
  readonly kind: 'class';
  readonly name: string;
  readonly classes: readonly string[];
  /** The places of a sample with a class each: [height, width] of masks, [steps] of texts; [] for a single class. */
  readonly shape: readonly number[];
  /** They have an order, from the lowest to the highest: a unit for each but the first says that it is reached. */
  readonly ordinal?: true;
  /** Labels of which a sample may have several at once: each is a place that is `no` or `yes`, and a unit. */
  readonly several?: Several;
  /** They are the numbers of tokens of a text: 0 is behind the last one, 1 is any that the vocabulary has not. */
  readonly tokens?: 'words' | 'characters';
  /** They are all tokens of it: places behind its end, which is a 0 of its own, do not count. How it is cut. */
  readonly wholeText?: { readonly lowerCase: boolean };
}

/** Numbers. */
export interface NumberTarget {
  readonly kind: 'number';
  readonly name: string;
  /** Shape of the numbers of one sample: [1] for a single one. */
  readonly shape: readonly number[];
  /** Whether the user wants them standardized for training. Left out: where loss and output allow it. */
  readonly standardize?: boolean;
  /**
   * They are the only input, as the model takes it: `shares` from 0 to 1, or any numbers. They are not held, but made
   * of it batch by batch.
   */
  readonly reconstructs?: 'shares' | 'numbers';
}

/** One of the things that are to be predicted. */
export type TargetSpec = ClassTarget | NumberTarget;

/** What the options of a data set tell while its files are not fetched yet, and that they are not. */
export interface UnfetchedDataset extends DataMisfit {
  readonly outline: Outline;
}

/** Tells a data set that is not fetched yet from one that is, or cannot be. */
export function isUnfetched(described: object): described is UnfetchedDataset {
  return 'outline' in described;
}

/** What the options alone tell of a data set. */
export interface Outline {
  /** Names of the inputs. */
  readonly inputs: readonly string[];
  /** Left out where the files tell them. */
  readonly targets?: readonly TargetSpec[];
}

/** Numbers of many samples, one after the other. */
export type Values = Uint8Array | Float32Array;

/** What is to be predicted of many samples: indices of classes, or numbers in their own unit, exact as float64. */
export type TargetValues = ClassIndices | Float64Array;

/** Samples in memory. */
export interface Samples extends WithBaselines {
  /** For each input of the spec, `count` samples of its shape, or as `coded` says. */
  readonly inputs: readonly Values[];
  /** For each target of the spec, `count` times its shape; of one that is the input, nothing. */
  readonly targets: readonly TargetValues[];
  readonly count: number;
  /**
   * For each input that is held shorter than its shape, what its values become in a batch: 0 leaves a number as it is,
   * n makes a 0 or 1 for each of n categories of their index.
   */
  readonly coded?: readonly (readonly number[] | undefined)[];
}

/** Where a sample stands. */
export interface SamplePlace {
  readonly file: string;
  /** Of a table, counted from 1. */
  readonly line?: number;
  /** Of a file that holds many without lines, counted from 1. */
  readonly sample?: number;
}

/**
 * A data set that was read and checked. Its rows give all samples in memory, the load stage hands them on as sources.
 */
export interface Dataset<Part = Samples> {
  readonly name: string;
  readonly spec: DatasetSpec;
  /** What was done to the values on the way from the files, for who uses the model: it is saved with it. */
  readonly preparation?: Readonly<Record<string, unknown>>;
  /** Columns that its table has, and that are neither learnt from nor predicted; left out where it is none. */
  readonly beside?: readonly string[];
  readonly train: Part;
  readonly test: Part;
  readonly files: readonly DataFile[];
  /** How its training samples are divided, where something was fitted to those trained on. */
  readonly split?: Split;
  /** Which of several listed files or folders its samples are of. Left out where its options list one. */
  readonly sources?: ListedSources;
  /** Where its samples come from, for who looks at the data: it holds the files, and is let go of then. */
  readonly origin?: Origin;
}

/** See Dataset.origin. */
export interface Origin {
  /** Where a sample stands. @param row of its part */
  place(part: 'train' | 'test', row: number): SamplePlace;
  /** For each input, the columns that the values held of a sample are of; left out where it is no table. */
  readonly columns?: readonly (readonly SourceColumn[])[];
  /** The cells of training samples as the file has them; left out where it is no table. */
  readonly cells?: SourceCells;
}

/** What a model was trained on, as far as rows that it is asked about depend on it. */
export interface TrainedOn<Options = unknown> {
  /** Those of the data set. */
  readonly options: Options;
  readonly inputs: readonly InputSpec[];
  readonly targets: readonly TargetSpec[];
  /** What `Dataset.preparation` was. */
  readonly preparation?: Readonly<Record<string, unknown>>;
  /** What `Dataset.beside` was: rows may have them, too. */
  readonly beside?: readonly string[];
}

/** A row that a trained model is asked about, as its inputs take it; or why it is none. Baselines are of it alone. */
export interface AskedRow extends WithBaselines {
  /** Where it stands, such as its file and line. */
  readonly place: Readonly<Record<string, string | number>>;
  /**
   * For each input, values of its shape as a batch has them; left out where the row cannot be used, or is still to be
   * decoded.
   */
  readonly x?: readonly Values[];
  /** Gives `x` where that takes waiting, as for a JPEG file. @throws UserError where the row cannot be used */
  readonly decode?: () => Promise<readonly Values[]>;
  /** For each target what is right, of its shape; left out where it is not known, empty where nobody knows it yet. */
  readonly actual?: readonly (TargetValues | undefined)[];
  /** Why it cannot be used, or what it says is right. */
  readonly fault?: Diagnostic;
  /** What is strange, and hinders nothing. */
  readonly warning?: Diagnostic;
}

/** A row with its values, or why it has none. */
export async function decoded({ decode, ...row }: AskedRow): Promise<AskedRow> {
  if (decode === undefined) return row;
  try {
    return { ...row, x: await decode() };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...row, fault: error.diagnostics[0]! };
  }
}

/** What a file holds, by its first bytes or its name: `png` is a picture of any format. */
export type FileKind = 'png' | 'npy' | 'npz' | 'idx' | 'csv' | 'parquet' | 'wav' | 'text';

/** What rows are made of. */
export type RowKind = 'table' | 'pictures' | 'recordings' | 'arrays' | 'text' | 'series';

/** Reads rows that are none of the data set's own files, with the values that `load` would give them. */
export interface RowReader {
  readonly kind: RowKind;
  /** What rows are, in words: `PNG files of 28 x 28 x 1`. */
  readonly takes: string;
  /** What makes spectrograms of recordings; left out: rows are none. */
  readonly spectrogram?: SpectrogramOptions;
  /** Whether pictures may have any size, as they are brought to that of the model. */
  readonly anySize?: boolean;
  /**
   * A row as a program or a line of JSON has it.
   *
   * @param where what messages call it
   * @param folder that paths in it count from; left out: there are none
   * @throws UserError where it cannot be used
   */
  encode(row: unknown, where: string, folder?: string): Omit<AskedRow, 'place'>;
  /**
   * The rows of a file, by what it holds. The first kind is what a file is taken for that shows none.
   *
   * @throws UserError where none of its rows can be used
   */
  readonly files: Readonly<Partial<Record<FileKind, (name: string, bytes: Uint8Array) => Generator<AskedRow>>>>;
  /** The rows of lines of JSON where a line is less than a row; undefined, or left out, where each is one. */
  lines?(name: string, bytes: Uint8Array): Generator<AskedRow> | undefined;
  /** The rows of a folder; left out where folders hold none. @throws UserError as `files` */
  folder?(path: string): Generator<AskedRow>;
}

/** A data set or format: everything the program knows of it. Its key in the table is the name users write. */
export interface DatasetRow<O extends TObject = TObject> extends Row<O> {
  /**
   * What may give the order of its samples in time: that in which they stand in the files, or a column too. Left out:
   * nothing.
   */
  readonly order?: 'time' | 'column';
  /**
   * Loads what reads it; until then nothing below may be asked. Left out: it is loaded.
   * @param what `rows`: what `rows` needs, too
   */
  ready?(what?: 'rows'): Promise<void>;
  /**
   * What the data set holds, without reading it.
   * @param folder the folder that paths in the options count from
   * @param division as far as it is known: nothing is said that depends on the rest
   */
  describe(
    options: Static<O>,
    folder: string,
    division?: Partial<Division> & Glance,
  ): DatasetSpec | UnfetchedDataset | DataMisfit;
  /**
   * The options with what they leave to the data, such as a list of classes: what is resolved and recorded. Left out:
   * they leave nothing to it. @throws UserError where `describe` gives a misfit
   *
   * @param split how the samples will be divided: nothing is taken from the columns that say it
   * @param memory see Division
   */
  settle?(options: Static<O>, folder: string, split: SplitOptions, memory?: number): object;
  /** The files and folders that the options name, as they name them: `load` reads no others of the user's. */
  named(options: Static<O>): readonly DataFileOption[];
  /** The files or folders that it is read from, as they are named. Left out: its options can list no others. */
  sources?(options: Static<O>): readonly string[];
  /** Paths of all files that `load` reads: the stage cache hashes them to see whether they are still the same. */
  files(options: Static<O>, folder: string): readonly string[];
  /**
   * @param seed the only source of what is random in it
   * @param split how the training samples will be divided; left out: not at all
   * @throws UserError when a file is missing, damaged or does not fit the others; the signal's reason when it is
   * aborted
   */
  load(options: Static<O>, folder: string, seed: number, signal?: AbortSignal, split?: SplitOptions): Promise<Dataset>;
  /** What a model that was trained on it is asked by. @throws UserError where the model does not say what that takes */
  rows(trained: TrainedOn<Static<O>>): RowReader;
}

/** Types a row; checks its options against its functions, and forgets them for the table. */
export function defineDataset<O extends TObject>(row: DatasetRow<O>): DatasetRow {
  return row;
}

/**
 * What `describe` gives where it has to read for it: a mistake of the user's that is found on the way is a misfit.
 *
 * @param outline what is known where a file is not fetched yet; left out: all of them are this machine's own
 */
export function orMisfit<Found>(read: () => Found, outline?: Outline): Found | UnfetchedDataset | DataMisfit {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, hint } = error.diagnostics[0]!;
    return {
      code,
      problem: message,
      ...(hint === undefined ? {} : { hint }),
      ...(error instanceof WrongOption ? { path: error.path } : {}),
      ...(code === notFetched && outline !== undefined ? { outline } : {}),
    };
  }
}
