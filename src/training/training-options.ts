import type { Chosen } from '../base/row.ts';
import type { CheckpointOptions } from '../checkpoints/checkpoint-schedule.ts';
import type { Clipping } from './clipping.ts';
import type { EarlyStopping } from './early-stopping.ts';

/** By class name; `balanced` makes every class count as much as every other. */
export type ClassWeights = 'balanced' | Readonly<Record<string, number>>;

/** `balanced` by classes, or the share of each file or folder that the data is read from, by its name there. */
export type Sampling = 'balanced' | Readonly<Record<string, number>>;

/** How one output of the model is trained. */
export interface OutputOptions {
  /** What it predicts. Left out: the only target of the data. */
  readonly target?: string;
  /** The layer that gives it. Left out: the last one. */
  readonly layer?: string;
  readonly loss: Chosen;
  /** Of its loss in the sum over all outputs. */
  readonly weight: number;
  readonly classWeights?: ClassWeights;
}

/** How a model is trained: the `train` section of a pipeline. */
export interface TrainOptions extends Clipping {
  readonly optimizer: Chosen;
  readonly outputs: readonly OutputOptions[];
  readonly batchSize: number;
  readonly epochs: number;
  readonly step: 'auto' | 'compiled' | 'eager';
  readonly schedule?: Chosen;
  /** How an epoch takes its samples. Left out: each once. */
  readonly sampling?: Sampling;
  /** What training samples are changed by at random, from the first to the last. */
  readonly augment?: readonly Chosen[];
  readonly ema?: { readonly decay: number };
  readonly earlyStopping?: EarlyStopping;
  readonly checkpoint: CheckpointOptions;
  /** Training ends with the epoch whose mean loss is no larger. */
  readonly endsAtLoss?: number;
}
