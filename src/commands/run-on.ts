import type { Diagnostic } from '../base/diagnostics.ts';
import { failure, misuse } from '../base/diagnostics.ts';
import { makeVisible } from '../base/visible-text.ts';
import { readKeys, readTexts, valueAt } from '../tracking/store/read-run.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { needOf, openExecutor } from '../sweeps/executors.ts';
import { readOn } from '../sweeps/read-on.ts';
import { JobSender } from '../sweeps/transport/job-sender.ts';
import { type ElsewhereOutcome, jobFailed, runElsewhere } from '../sweeps/transport/run-elsewhere.ts';
import type { Tracker } from '../tracking/tracker.ts';
import { repetitionSpace } from '../run/repetition-points.ts';
import { sharedAddress } from '../run/shared-address.ts';
import { join } from 'node:path';

/** A run that is sent to other machines. */
interface Sent {
  readonly checked: CheckedPipeline;
  /** As `--on` has it. */
  readonly on: string;
  readonly tracker: Tracker;
  readonly name?: string;
  readonly untilEpoch?: number;
  readonly fresh: boolean;
  readonly json: boolean;
  readonly warn: (warning: Diagnostic) => void;
  readonly signal: AbortSignal;
  /** The command that goes on. */
  readonly again: string;
}

/**
 * Runs a file where `--on` says, and shows what it prints there.
 *
 * @returns how it ended, with the metrics of the run; one that failed is thrown
 * @throws UserError where it was stopped, failed, or could not be sent
 */
export async function runOn(sent: Sent): Promise<ElsewhereOutcome & { readonly metrics: Record<string, number> }> {
  const { checked, again, json, ...rest } = sent;
  const { on, range } = readOn(sent.on);
  if (repetitionSpace(checked.pipeline) !== undefined)
    throw misuse(
      'on-repeats',
      '`--on` sends one training, and this pipeline is trained several times (`repeat`, `folds`)',
      'leave them out; a sweep over `seed` with `on` trains as many',
    );
  const sender = await JobSender.open({
    on: on.type,
    range,
    program: process.argv[1]!,
    shared: sharedAddress(checked, process.env),
  });
  let outcome: ElsewhereOutcome;
  try {
    outcome = await runElsewhere({
      ...rest,
      checked,
      json,
      sender,
      need: needOf(on, 1),
      openExecutor: (folder) => openExecutor(on, { folder, range }),
      // Lines of JSON are escaped; what a machine prints besides may be anything.
      show: (text) => void process.stdout.write(json ? text : visible(text)),
    });
  } finally {
    await sender.close();
  }
  const { status, pausedAfter, run } = outcome;
  if (status === 'FAILED') throw jobFailed(outcome);
  if (status === 'KILLED' && pausedAfter === undefined)
    throw failure('interrupted', `the run ${run.runId} was stopped`, `Go on with: ${again}`);
  return { ...outcome, metrics: metricsOf(run.directory) };
}

const visible = (text: string) => text.split('\n').map(makeVisible).join('\n');

/** The value of each metric that the weights have which the run kept. */
function metricsOf(directory: string): Record<string, number> {
  const [metrics, best] = [join(directory, 'metrics'), Number(readTexts(join(directory, 'tags'))['best_epoch'])];
  const found = readKeys(metrics).flatMap((key) => {
    const value = valueAt(metrics, key, best);
    return value === undefined || key.startsWith('system/') ? [] : [[key, value] as const];
  });
  return Object.fromEntries(found);
}
