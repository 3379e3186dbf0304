import type { Emit } from '../base/events.ts';
import type { Checkpoints } from '../checkpoints/checkpoint-folder.ts';
import type { Engine } from '../engine/tensorflow.ts';
import type { ModelGraph } from '../layers/build-model.ts';
import type { ClassValues } from '../training/loss.ts';
import type { TrainOptions } from '../training/training-options.ts';
import type { LoadedData } from './load.ts';
import type { TrainingState } from './training-state.ts';

/** What the train stage is told. */
export interface TrainInput extends Omit<TrainOptions, 'checkpoint'> {
  readonly engine: Engine;
  readonly data: LoadedData;
  readonly graph: ModelGraph;
  /** What evaluation will ask for of all classes. */
  readonly wanted: readonly ClassValues[];
  readonly seed: number;
  readonly emit: Emit;
  /** Aborted when the user wants the run to end. */
  readonly signal: AbortSignal;
  /** The epoch at whose end it pauses, counted from 1; left out, or beyond the last: none. */
  readonly untilEpoch?: number;
  /** Left out: nothing is kept. */
  readonly checkpoints?: Checkpoints<TrainingState>;
}
