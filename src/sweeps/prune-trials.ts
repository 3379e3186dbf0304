import { join } from 'node:path';
import type { Diagnostic } from '../base/diagnostics.ts';
import type { RunStatus } from '../base/events.ts';
import { statusNumber } from '../tracking/store/local-run.ts';
import { editMeta, readMeta } from '../tracking/store/meta-yaml.ts';
import { runFolderAt } from '../tracking/store/run-folder.ts';
import { sweepTags } from '../tracking/sweep-tags.ts';
import type { Tracker } from '../tracking/tracker.ts';

/** A trial that stands at a rung. */
interface Waiting {
  /** Its run, as `EXPERIMENT/RUN`. */
  readonly run: string;
  readonly epochs: number;
}

/**
 * Ends the runs of trials that nobody promoted, FINISHED and with a tag, as MLflow has no status for it; one that is so
 * already stays as it is. Their checkpoints stay, too: a sweep that goes on may promote them after all.
 *
 * @returns what a server was not told of
 */
export async function pruneTrials(
  tracker: Tracker,
  trials: readonly Waiting[],
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  let untold: readonly Diagnostic[] = [];
  for (const { run, epochs } of trials) {
    const tags = { [sweepTags.pruned]: `after epoch ${epochs}` };
    // A server that did not answer for one run is not waited for with each of the others.
    const told = await mark(
      tracker,
      run,
      { tags, status: 'FINISHED' },
      untold.length > 0 ? AbortSignal.abort() : signal,
    );
    if (untold.length === 0) untold = told;
  }
  return untold;
}

/** Takes it back, before a job goes on with the run. @param run `EXPERIMENT/RUN` */
export async function takeBackPruning(tracker: Tracker, run: string, signal: AbortSignal): Promise<void> {
  // First, as a driver may be killed here: without the tag it would be a trial that was trained to its end.
  editMeta(join(runFolderAt(tracker.runsDirectory, run), 'meta.yaml'), { status: statusNumber.KILLED });
  await mark(tracker, run, { tags: { [sweepTags.pruned]: '' }, status: 'KILLED' }, signal);
}

async function mark(
  tracker: Tracker,
  place: string,
  { tags, status }: { readonly tags: Readonly<Record<string, string>>; readonly status: RunStatus },
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  const directory = runFolderAt(tracker.runsDirectory, place);
  const ended = readMeta(join(directory, 'meta.yaml'))?.['end_time'];
  const run = await tracker.reopen(directory);
  run?.tags(tags);
  return (await run?.finish(status, typeof ended === 'number' ? ended : Date.now(), signal)) ?? [];
}
