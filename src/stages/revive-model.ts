import type { TrainInput } from './train-input.ts';
import { UserError } from '../base/diagnostics.ts';
import { type RestoredModel, type Saved, restoreEvaluator } from '../training/restore-evaluator.ts';
import { cannotBeUsed } from './continue-training.ts';
import { outputsOf } from './prepare-training.ts';

/**
 * The model of a kept training, to be evaluated: what is kept of it has to give the weights that it says, or it is of
 * no use.
 *
 * @returns undefined where it cannot be used, which is warned of
 */
export function reviveModel(kept: Saved, input: TrainInput): RestoredModel | undefined {
  const {
    data: { dataset, split },
    emit,
  } = input;
  try {
    return restoreEvaluator(kept, {
      ...input,
      inputs: dataset.spec.inputs,
      outputs: outputsOf(input),
      from: 'the kept outcome of train',
      samples: { validation: split.validation.length, test: dataset.test.count },
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  emit({
    type: 'diagnostic',
    diagnostic: cannotBeUsed('it does not give the weights that it says', 'The stage runs again and replaces it.'),
  });
  return undefined;
}
