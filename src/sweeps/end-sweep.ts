import type { RunStatus } from '../base/events.ts';
import { rankTrials } from '../base/rank-trials.ts';
import type { TrialRecord } from '../base/sweep-results.ts';
import { writeSweepReport } from '../charts/sweep/sweep-report.ts';
import type { TrackedRun } from '../tracking/tracker.ts';
import { writeArtifact } from '../tracking/write-artifact.ts';
import { writeBest } from './best-file.ts';
import { pruneTrials } from './prune-trials.ts';
import type { SweepEnding } from './sweep-events.ts';
import type { SweepHead, SweepLine } from './sweep-journal.ts';
import { recordOf } from './sweep-record.ts';
import type { SweepOutcome, SweepRequest } from './sweep-request.ts';
import type { TrialProgress } from './trial-progress.ts';

/** How the parent run ends. */
const statusOf: Readonly<Record<SweepEnding, RunStatus>> = {
  done: 'FINISHED',
  budget: 'FINISHED',
  failures: 'FAILED',
  stopped: 'KILLED',
  interrupted: 'KILLED',
};

/** A sweep that ends for this time, as its driver has it. */
interface Ending {
  readonly why: SweepEnding;
  readonly head: SweepHead;
  readonly parent: TrackedRun;
  /** Of the same trials, in the same order. */
  readonly progress: readonly TrialProgress[];
  readonly records: readonly TrialRecord[];
  readonly note: (line: SweepLine) => void;
  /** Seconds that drivers were at work. */
  readonly at: number;
}

/**
 * Ends a sweep for this time. Each step may be done again by a driver that goes on after a kill. Of one that is done,
 * the trials that wait at a rung are pruned.
 *
 * @throws UserError where something cannot be written
 */
export async function endSweep(
  request: SweepRequest,
  { why, head, parent, progress, records, note, at }: Ending,
): Promise<SweepOutcome> {
  const { checked, promotions, emit, signal, tracker } = request;
  const endTime = Date.now();
  const status = statusOf[why];
  const isPruned = ({ state }: TrialRecord) => status === 'FINISHED' && state === 'paused';
  const trials = records.map((trial) => (isPruned(trial) ? ({ ...trial, state: 'pruned' } as const) : trial));
  const record = recordOf(head, checked.sweep, trials, { rungs: promotions?.rungs, endTime });
  const [best] = rankTrials(record);
  writeArtifact(parent, 'report.html', writeSweepReport(record));
  writeArtifact(parent, 'sweep.json', `${JSON.stringify(record, null, 1)}\n`);
  if (best !== undefined) await writeBest(request, parent, best);
  const left = progress.flatMap(({ run }, k) =>
    run !== undefined && isPruned(records[k]!) ? [{ run, epochs: records[k]!.epochs }] : [],
  );
  const untold = await pruneTrials(tracker, left, signal);
  note({ type: 'ending', why, endTime, at });
  for (const diagnostic of [...untold, ...(await parent.finish(status, endTime, signal))])
    emit({ type: 'diagnostic', diagnostic });
  const { runId, artifactDirectory } = parent;
  emit({
    type: 'sweep-finished',
    why,
    runId,
    trials: trials.length,
    failed: trials.filter(({ state }) => state === 'failed').length,
    ...(best === undefined
      ? {}
      : { best: { trial: best.number, score: best.score!, runId: best.runId!, values: best.values } }),
  });
  return { record, why, runId, artifactDirectory, ...(best === undefined ? {} : { best }) };
}
