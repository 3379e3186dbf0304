import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { claim, claimedBy, isClaimed, silentFor } from '../../base/claim.ts';
import { type Diagnostic, warningsOf } from '../../base/diagnostics.ts';
import { besideName, removeLeftovers } from '../../base/files.ts';
import { Journal } from './journal.ts';
import { listExperiments } from '../store/local-experiments.ts';
import { statusNumber } from '../store/local-run.ts';
import { editMeta, readMeta } from '../store/meta-yaml.ts';
import { addTo, closeJournal, journalPath, openJournal, runOfJournal } from './open-journal.ts';
import { MetricFiles } from '../store/metric-files.ts';
import { readKeys } from '../store/read-run.ts';
import { isRunId, proveWhole, removeHalfMade, runFolder } from '../store/run-folder.ts';
import { tellOfUnwritable } from '../store/unwritable.ts';

/**
 * Closes the runs whose process ended without a word: KILLED, at their last sign of life. Their servers are told by
 * whoever delivers their journals.
 *
 * @returns the folders of the runs that were closed
 * @throws UserError where the store cannot be read
 */
export function closeOrphans(runsDirectory: string, warn: (warning: Diagnostic) => void): string[] {
  /** One that cannot be read keeps none of the others open. */
  const attempt = <T>(work: () => T, run?: string): T | undefined => {
    try {
      return work();
    } catch (error) {
      const told = run === undefined ? undefined : tellOfUnwritable(run, error);
      (told === undefined ? warningsOf(error, 'not-closed') : [told]).forEach(warn);
      return undefined;
    }
  };
  return listExperiments(runsDirectory, warn).flatMap(({ directory }) => {
    const names = attempt(() => readdirSync(directory)) ?? [];
    for (const name of names) adoptJournal(directory, name);
    const owned = new Set(names.map(claimedBy).filter(isRunId));
    return [...owned]
      .map((id) => runFolder(directory, id))
      .filter((run) => attempt(() => !isClaimed(run) && closeOrphan(run, warn), run) === true);
  });
}

/** The names in an experiment's folder; none where it cannot be listed, which `closeOrphans` tells. */
export function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Of each run whose process cannot be seen, and may be at work: milliseconds since its last sign of life. */
export function listSilences(runsDirectory: string): readonly number[] {
  return listExperiments(runsDirectory).flatMap(({ directory }) => {
    const owned = new Set(namesIn(directory).map(claimedBy).filter(isRunId));
    return [...owned].map((id) => silenceOf(runFolder(directory, id))).filter((silence) => silence !== undefined);
  });
}

function silenceOf(directory: string): number | undefined {
  try {
    return silentFor(directory);
  } catch {
    // `closeOrphans` tells.
    return undefined;
  }
}

// A process was killed after it had made the run's folder, under the server's id, and before it moved the journal
// there.
function adoptJournal(experiment: string, name: string): void {
  const key = runOfJournal(name);
  if (key === undefined || existsSync(join(experiment, key)) || isClaimed(join(experiment, key))) return;
  try {
    const journal = Journal.open(join(experiment, name));
    const { server } = journal;
    const directory = runFolder(experiment, isRunId(server?.runId) ? server.runId : key);
    if (existsSync(join(directory, 'meta.yaml')) && !existsSync(journalPath(directory)))
      journal.moveTo(journalPath(directory));
    journal.close();
  } catch {
    // Whoever delivers it says why it cannot be read.
  }
}

/**
 * Closes one run, if its process is gone and it is still open.
 *
 * @returns whether it did
 * @throws UserError where it is not whole; the file system's own error
 */
export function closeOrphan(directory: string, warn: (warning: Diagnostic) => void): boolean {
  const claimed = claim(directory);
  if (claimed === undefined) return false;
  try {
    proveWhole(directory);
    const meta = join(directory, 'meta.yaml');
    // Killed while the run was being made: nothing is in it, and MLflow would complain of it for ever.
    if (!existsSync(meta)) removeHalfMade(directory);
    if (readMeta(meta)?.status !== statusNumber.RUNNING) {
      // Killed after the status was written, and perhaps before the journal's line of it.
      const journal = openJournal(directory, warn);
      if (journal !== undefined) closeJournal(journal, directory);
      return false;
    }
    // A half line that a loss of power left would keep MLflow from listing the experiment.
    new MetricFiles(join(directory, 'metrics'), join(directory, besideName())).recover();
    const end_time = lastSign(directory);
    removeLeftovers(directory);
    editMeta(meta, { status: statusNumber.KILLED, end_time });
    const journal = openJournal(directory, warn);
    if (journal !== undefined) {
      addTo(journal, 'status', [{ status: 'KILLED', end_time }]);
      closeJournal(journal, directory);
    }
    return true;
  } finally {
    claimed.release();
  }
}

/** Milliseconds since 1970 of the last thing that a run wrote. */
function lastSign(directory: string): number {
  const metrics = join(directory, 'metrics');
  const written = [
    join(directory, 'meta.yaml'),
    journalPath(directory),
    ...readKeys(metrics).map((key) => join(metrics, key)),
  ];
  return Math.round(Math.max(...written.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0)));
}
