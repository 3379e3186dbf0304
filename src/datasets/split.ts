import { shareOf } from '../base/numbers.ts';

/** The parts that samples are divided into, by the names that users write. */
export type PartName = 'train' | 'validation' | 'test';

/** How the training samples are divided. */
export interface SplitOptions {
  /** Samples for validation: a count, or a fraction below 1. Without effect where the data says which they are. */
  readonly validation: number;
  /** Every class has its share in both parts; of the first target that is one class per sample, where there is one. */
  readonly stratified: boolean;
  /** The last samples are held back instead of random ones: in the order of the data, or of a column. */
  readonly order?: string;
  /** A column of a table: rows that are alike in it are in one part. */
  readonly group?: string;
  /** A column of a table that says which part a row is in. */
  readonly column?: string;
  /** What that column says of each part, where that is not its name. */
  readonly parts?: Readonly<Partial<Record<PartName, string>>>;
}

/** Rows of the training samples: which are trained on, which validate. */
export interface Split {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
}

/** Number of validation samples that an option means. */
export function validationCount(validation: number, count: number): number {
  return validation < 1 ? shareOf(validation, count) : validation;
}
