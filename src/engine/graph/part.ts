import type { Node } from './graph-def.ts';

/** The op of what stands for a parameter of a part. */
export const PARAMETER = 'Parameter';

/** What was recorded apart. */
export interface Part {
  /** Of no other node or part. */
  readonly name: string;
  /** By their names, parameters among them. */
  readonly nodes: ReadonlyMap<string, Node>;
}

/** What an output of a node is. */
export interface Kind {
  /** TF_DataType. */
  readonly dtype: number;
  readonly shape: readonly number[];
}
