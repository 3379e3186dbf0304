import { UserError } from '../base/diagnostics.ts';
import type { Checkpoint } from '../checkpoints/checkpoint-file.ts';
import { cannotBeUsed, startingFrom } from './continue-training.ts';
import { type TrainInput, type TrainOutput, train } from './train.ts';
import type { TrainingState } from './training-progress.ts';

/** What is kept of a training, as far as it brings its model to work again. */
export interface KeptTraining {
  readonly weightsSha256: string;
  readonly end?: Checkpoint<TrainingState>;
}

/**
 * The model of a kept training, at work again: what is kept of it has to give the weights that it says, or it is of no use.
 *
 * @returns undefined where it cannot be used, which is warned of
 */
export async function reviveModel(
  { end, weightsSha256 }: KeptTraining,
  input: TrainInput,
): Promise<TrainOutput | undefined> {
  let live: TrainOutput | undefined;
  try {
    live = end && (await train({ ...input, checkpoints: startingFrom(end), emit: () => {} }));
    if (live?.weightsSha256 === weightsSha256) return live;
  } catch (error) {
    if (input.signal.aborted || !(error instanceof UserError)) throw error;
  }
  live?.dispose();
  input.emit({
    type: 'diagnostic',
    diagnostic: cannotBeUsed('it does not give the weights that it says', 'The stage runs again and replaces it.'),
  });
  return undefined;
}
