import type * as TensorFlow from '@tensorflow/tfjs';
import type { EngineKind } from './install/engine-site.ts';

/** The TensorFlow.js namespace, loaded late: nothing but the engine imports it for real. */
export type Tf = (typeof TensorFlow)['default'];

/** TensorFlow, ready to compute. */
export interface Engine {
  readonly tf: Tf;
  readonly kind: EngineKind;
  /** For people and for the run's tags, such as `TensorFlow 2.21.0, tfjs-node 4.22.0`. */
  readonly version: string;
  readonly ops: Ops;
}

/** Kind and version, such as `native: TensorFlow 2.21.0, tfjs-node 4.22.0`. */
export function nameEngine({ kind, version }: Engine): string {
  return `${kind}: ${version}`;
}

/** Computations that TensorFlow does better, or only, in one op of its own; each differentiable where it says so. */
export interface Ops {
  /**
   * Softmax cross-entropy per sample from logits, differentiable in the logits.
   * @param logits [batch, classes] @param labels one-hot or probabilities, [batch, classes] @returns [batch]
   */
  softmaxCrossEntropy(logits: TensorFlow.Tensor2D, labels: TensorFlow.Tensor2D): TensorFlow.Tensor1D;
  /**
   * Uniform random numbers in [0, 1) that depend on the seeds alone.
   * @param seed int32 tensor of shape [2]
   */
  statelessUniform(shape: number[], seed: TensorFlow.Tensor1D): TensorFlow.Tensor;
}
