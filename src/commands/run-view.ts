import { showDuration, showMeasure, showPace } from '../base/quantities.ts';
import type { Emit, RunEvent, SampleNoun } from '../base/events.ts';

/** How a run is shown while it goes on. */
export interface RunView {
  readonly emit: Emit;
  /** Leaves the terminal as it was; nothing is shown afterwards. */
  close(): Promise<void>;
}

type Of<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;

/** `run 1f2e... of mnist`, `smoke run 1f2e... of mnist`. */
export function describeStart({ runId, name, trial }: Of<'run-started'>): string {
  return `${trial === undefined ? '' : `${trial} `}run ${runId} of ${name}`;
}

/** `epoch 3/15  loss 0.0412  accuracy 0.9871  val_loss ...  6543 images/s`. */
export function describeEpoch(
  { epoch, epochs, metrics, samplesPerSecond, seconds }: Of<'epoch-finished'>,
  samples: SampleNoun,
): string {
  const values = Object.entries(metrics).map(([name, value]) => `${name} ${showMeasure(value)}`);
  return [
    `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
    ...values,
    showPace(samplesPerSecond, samples),
    showDuration(seconds),
  ].join('  ');
}

/** `epoch 3/15  batch 120/550  loss 0.0412  6543 images/s  1 min 20 s left`. */
export function describeProgress(
  { epoch, epochs, batch, batches, loss, samplesPerSecond, etaSeconds }: Of<'progress'>,
  samples: SampleNoun,
): string {
  return [
    `epoch ${epoch}/${epochs}`,
    `batch ${batch}/${batches}`,
    `loss ${showMeasure(loss)}`,
    showPace(samplesPerSecond, samples),
    `${showDuration(etaSeconds)} left`,
  ].join('  ');
}

/** `epoch 3/15  validation 1200/5000  1 min 20 s left`. */
export function describeValidation({ epoch, epochs, done, count, etaSeconds }: Of<'validation-progress'>): string {
  return [`epoch ${epoch}/${epochs}`, `validation ${done}/${count}`, `${showDuration(etaSeconds)} left`].join('  ');
}

/** `goes on in epoch 3, after batch 120 (step 1220)`. */
export function describeResumed({ epoch, batch, step }: Of<'training-resumed'>): string {
  return `goes on in epoch ${epoch}, after batch ${batch} (step ${step})`;
}

/** `2 epochs, compiled, ... (as in run 1f2e...)`. */
export function describeSkipped({ summary, runId, from }: Of<'stage-skipped'>): string {
  return `${summary} (kept from run ${runId}${from === undefined ? '' : ` in ${from}`})`;
}
