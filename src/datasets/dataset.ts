import type { Static, TObject } from 'typebox';
import type { Misfit, Row } from '../base/row.ts';

/** What a data set is known to hold before any of it is read: enough to check and plan a pipeline. */
export interface DatasetSpec {
  /** Shape of one sample, without the batch. */
  readonly inputShape: readonly number[];
  readonly labels: LabelSpec;
  /** Number of samples, where it is known without reading. */
  readonly count?: { readonly train: number; readonly test: number };
}

/** What is to be predicted. */
export type LabelSpec = { readonly kind: 'class'; readonly classes: readonly string[] };

/** Samples in memory, as they came: bytes stay bytes until they are in the graph. */
export interface Samples {
  /** `count` samples of `inputShape`, one after the other. */
  readonly inputs: Uint8Array;
  /** One class index per sample. */
  readonly labels: Uint8Array;
  readonly count: number;
}

/** A file that was read, with what proves which one it was. */
export interface DataFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** A data set that was read and checked. */
export interface Dataset {
  readonly name: string;
  readonly spec: DatasetSpec;
  /** What each byte is multiplied with on the way into the model, such as 1/255. */
  readonly scale: number;
  readonly train: Samples;
  readonly test: Samples;
  readonly files: readonly DataFile[];
}

/** A data set or format: everything the program knows of it. Its key in the table is the name users write. */
export interface DatasetRow<O extends TObject = TObject> extends Row<O> {
  /**
   * What the data set holds, without reading it.
   * @param folder the folder that paths in the options count from
   */
  describe(options: Static<O>, folder: string): DatasetSpec | Misfit;
  /** Paths of all files that `load` reads: the stage cache hashes them to see whether they are still the same. */
  files(options: Static<O>, folder: string): readonly string[];
  /** @throws UserError when a file is missing, damaged or does not fit the others */
  load(options: Static<O>, folder: string): Promise<Dataset>;
}

/** Types a row; checks its options against its functions, and forgets them for the table. */
export function defineDataset<O extends TObject>(row: DatasetRow<O>): DatasetRow {
  return row;
}
