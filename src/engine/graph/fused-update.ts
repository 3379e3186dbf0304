import type { Tensor, Variable } from '@tensorflow/tfjs';

/** An update of variables by one of TensorFlow's own ops, such as ResourceApplyAdam. */
export interface FusedUpdate {
  readonly op: string;
  /** The op's first inputs: the variables it changes. */
  readonly variables: readonly Variable[];
  /** The op's other inputs, in its order, the gradient among them. */
  readonly inputs: readonly Tensor[];
  /** The op's switches that are not at their default, such as `use_nesterov`. */
  readonly attributes?: Readonly<Record<string, boolean>>;
}
