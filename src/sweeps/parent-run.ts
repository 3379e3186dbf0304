import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { failure } from '../base/diagnostics.ts';
import { stateOf, statusNumber } from '../tracking/store/local-run.ts';
import { editMeta, readMeta } from '../tracking/store/meta-yaml.ts';
import { runFolderAt } from '../tracking/store/run-folder.ts';
import { sweepFingerprint, sweepTags } from '../tracking/sweep-tags.ts';
import type { TrackedRun } from '../tracking/tracker.ts';
import type { SweepJournal } from './sweep-journal.ts';
import type { Sweep } from './checked-sweep.ts';
import { type TrialPlace, foundRuns, keyFor, placeOf, startParent } from './trial-runs.ts';

/**
 * Opens the run that those of all trials are below: the one that a driver before made, whether it came to note it or
 * not, or a new one.
 *
 * @throws UserError where it is gone, or cannot be recorded
 */
export async function openParent(place: TrialPlace, journal: SweepJournal, sweep: Sweep): Promise<TrackedRun> {
  const noted = journal.lines.find((line) => line.type === 'parent');
  const where = noted?.type === 'parent' ? noted.run : (await foundRuns(place)).get('parent');
  const run = where === undefined ? await startParent(place) : await reopened(place, where);
  if (noted === undefined) journal.add({ type: 'parent', run: placeOf(place.tracker, run.directory) });
  run.tags({ [sweepTags.file]: sweepFingerprint(place.text) });
  const { space, search, goal, seed } = sweep;
  run.params({
    search,
    goal: `${goal.direction} ${goal.metric}`,
    seed: String(seed),
    ...Object.fromEntries(space.map(({ path, distribution }) => [keyFor(path), JSON.stringify(distribution)])),
  });
  return run;
}

async function reopened({ tracker, file }: TrialPlace, where: string): Promise<TrackedRun> {
  const directory = runFolderAt(tracker.runsDirectory, where);
  const meta = join(directory, 'meta.yaml');
  // One that had finished has more trials now.
  if (stateOf(readMeta(meta)?.['status']) === 'FINISHED') editMeta(meta, { status: statusNumber.KILLED });
  // A trial that is just starting may be closing it, as the run of a driver that was killed.
  for (let looks = 0; existsSync(meta) && looks < 50; looks++) {
    const run = await tracker.reopen(directory);
    if (run !== undefined) return run;
    await sleep(200);
  }
  throw failure(
    'sweep-run-gone',
    `the run ${where} of the sweep is no longer in ${tracker.runsDirectory}, or another process is at it`,
    `Put it back, or begin anew with \`pipeline sweep ${file} --fresh\`.`,
  );
}
