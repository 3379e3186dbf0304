import type { TrainingState } from './training-state.ts';
import { type Diagnostic, warning } from '../base/diagnostics.ts';
import type { Emit } from '../base/events.ts';
import type { Checkpoint } from '../checkpoints/checkpoint-file.ts';
import type { Checkpoints } from '../checkpoints/checkpoint-folder.ts';
import type { TrackedRun } from '../tracking/tracker.ts';

/**
 * A training that goes on from the end of another.
 *
 * @param own where it keeps its own checkpoints; left out: nowhere
 * @param run whose they are
 * @param emit told where that end cannot be gone on from, and the training begins anew; left out: it is thrown
 */
export function startingFrom(
  end: Checkpoint<TrainingState> | undefined,
  own?: Checkpoints<TrainingState>,
  run?: TrackedRun,
  emit?: Emit,
): Checkpoints<TrainingState> {
  return {
    newest: (misfit) => {
      const newest = own?.newest(misfit);
      const why = newest !== undefined || end === undefined ? undefined : misfit?.(end);
      if (why === undefined) return newest ?? end;
      if (emit === undefined) throw why;
      emit({
        type: 'diagnostic',
        diagnostic: cannotBeUsed('it does not fit what is trained', 'The training begins anew.'),
      });
      return undefined;
    },
    isDue: (steps) => own?.isDue(steps) ?? false,
    affordsOneIn: (ms) => own?.affordsOneIn(ms) ?? false,
    write: (steps, take, isBest) => {
      run?.ensureOurs();
      return own?.write(steps, take, isBest) ?? false;
    },
  };
}

/** That a kept training is of no use, and what is done instead. */
export function cannotBeUsed(why: string, hint: string): Diagnostic {
  return warning('cache-damaged', `the kept outcome of train cannot be used: ${why}`, hint);
}
