import type { Scale } from '../scale.ts';

/** A column that values of an input are made from. */
export interface SourceColumn {
  readonly column: string;
  /** What its numbers are told in their own unit by; left out where they cannot be. */
  readonly scale?: Scale;
}

/** The cells of training samples as the file of a table has them. */
export interface SourceCells {
  /** What is predicted, then what is learnt from. */
  readonly columns: readonly string[];
  /** The first cells of a sample. @param row of the training part */
  of(row: number, columns: number): readonly string[];
}
