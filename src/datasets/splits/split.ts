import { shareOf } from '../../base/numbers.ts';

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
  /** Which of several equal parts is held back: for the test where that is a share of the samples, else to validate. */
  readonly fold?: Fold;
}

/** One of the parts of a cross-validation. */
export interface Fold {
  /** Counted from 1. */
  readonly number: number;
  /** How many parts there are, 2 at least. */
  readonly of: number;
}

/** Samples of a fold that is not of whole groups: the first folds take what is left over, one each. */
export function foldSize({ number, of }: Fold, count: number): number {
  return Math.floor(count / of) + (number <= count % of ? 1 : 0);
}

/** Samples that the test takes of so many. @param fold left out: it is a share of them */
export function testSize(share: number, count: number, fold: Fold | undefined): number {
  return fold === undefined ? shareOf(share, count) : foldSize(fold, count);
}

/** How the training samples are divided once the test is taken out: its share of the samples may be the fold. */
export function afterTest(split: SplitOptions, { drawsTest }: { readonly drawsTest?: true }): SplitOptions {
  if (drawsTest !== true) return split;
  const { fold: _, ...rest } = split;
  return rest;
}

/** Rows of the training samples: which are trained on, which validate. */
export interface Split {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
}

/** Number of validation samples that the options mean. @param count of the training samples, those among them */
export function validationCount(
  { validation, fold }: Pick<SplitOptions, 'validation' | 'fold'>,
  count: number,
): number {
  if (fold !== undefined) return foldSize(fold, count);
  return validation < 1 ? shareOf(validation, count) : validation;
}
