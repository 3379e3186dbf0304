import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { claim, isClaimed } from '../base/claim.ts';
import type { Diagnostic } from '../base/diagnostics.ts';
import { realPath } from '../base/files.ts';
import { closeOrphan } from '../tracking/server/orphans.ts';
import { type UnfinishedPlace, unfinishedIn } from './unfinished-record.ts';
import { checkpointsOf, forget } from './unfinished-runs.ts';

/**
 * A run that was interrupted, and whose pipeline file is no longer where it was: it goes on only if the file is run
 * from another place.
 */
export interface AbandonedRun {
  readonly runId: string;
  /** Where the file was, from the current folder. */
  readonly file: string;
  /** Of its checkpoints. */
  readonly bytes: number;
  readonly place: UnfinishedPlace;
}

/** The abandoned runs of a store that no process is at. @throws the file system's own error */
export function abandonedRuns(runsDirectory: string): readonly AbandonedRun[] {
  return unfinishedIn(runsDirectory).flatMap((place) => {
    // Versions before did not note the file: nobody can say whether it is gone.
    if (typeof place.file !== 'string') return [];
    const file = join(realPath(runsDirectory), place.file);
    if (existsSync(file) || (existsSync(place.directory) && isClaimed(place.directory))) return [];
    return [
      {
        runId: basename(place.directory),
        file: relative('', file),
        bytes: bytesIn(checkpointsOf(place.directory)),
        place,
      },
    ];
  });
}

/**
 * Removes the checkpoints of a run for good, and closes it as KILLED where it is still open.
 *
 * @returns whether it did: not where another process took the run up in this moment
 * @throws UserError where the run's folder leads elsewhere; the file system's own error
 */
export function giveUp({ place: { path, directory } }: AbandonedRun, warn: (warning: Diagnostic) => void): boolean {
  if (existsSync(directory)) {
    closeOrphan(directory, warn);
    const claimed = claim(directory);
    if (claimed === undefined) return false;
    try {
      forget(path, directory);
    } finally {
      claimed.release();
    }
  } else forget(path, directory);
  return !existsSync(path);
}

function bytesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
