import type { Shape } from '../base/tensor-shape.ts';
import type { DatasetSpec } from '../datasets/dataset.ts';
import type { ConnectedLayer } from '../layers/build-model.ts';
import type { ParameterCount } from '../layers/layer.ts';

/** A layer with all that is known of it before TensorFlow loads. */
export interface PlannedLayer extends ConnectedLayer {
  /** Of one sample. */
  readonly outputShape: Shape;
  readonly parameters: ParameterCount;
  /** Floating point operations of the forward pass for one sample. */
  readonly flops: number;
  /** Bytes of what the forward pass computes for one sample, which training keeps for the way back. */
  readonly activations: number;
}

/** Bytes, estimated: what the process takes at its peak. */
export interface MemoryEstimate {
  /** Node, this program, TensorFlow and what draws the figures. */
  readonly runtime: number;
  readonly data: number;
  /** What reading the data takes beside it. */
  readonly reading: number;
  /** Weights, their gradients and the optimizer's state, in TensorFlow's graph and outside of it. */
  readonly weights: number;
  /**
   * Activations of all layers for one batch, and as much again for their gradients; op by op, both are kept for longer.
   * What a loss makes of the outputs.
   */
  readonly activations: number;
  /** What writing checkpoints, and keeping the last one for later runs, copies. */
  readonly checkpoints: number;
}

/** What a pipeline will do, worked out from the file alone. */
export interface Plan {
  readonly dataset: DatasetSpec;
  readonly layers: readonly PlannedLayer[];
  /** For each target of the data, the index of the layer that predicts it. */
  readonly outputs: readonly number[];
  /**
   * For each target, why its numbers are trained on as they are; null where they are standardized, or it is of classes.
   */
  readonly asTheyAre: readonly (string | null)[];
  readonly parameters: ParameterCount;
  readonly flops: number;
  /** Bytes, for one sample, the input among them. */
  readonly activations: number;
  readonly memory: MemoryEstimate;
  readonly samples: { readonly train: number; readonly validation: number; readonly test: number };
  readonly stepsPerEpoch: number;
}
