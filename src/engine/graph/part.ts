import type { Node } from './graph-def.ts';

/** The op of what stands for a parameter of a part. */
export const PARAMETER = 'Parameter';

/** Nodes that were recorded apart, by their names, with their parameters. */
export type Part = ReadonlyMap<string, Node>;

/** What an output of a node is. */
export interface Kind {
  /** TF_DataType. */
  readonly dtype: number;
  readonly shape: readonly number[];
}
