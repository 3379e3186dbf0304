import { join } from 'node:path';
import { listExperiments } from './local-experiments.ts';
import { editMeta } from './meta-yaml.ts';
import { foldersIn, isRunId, readOwnFile } from './run-folder.ts';

/**
 * Gives runs that were recorded without it the key `run_uuid`: MLflow 2 lists no run of an experiment that holds one
 * such. What cannot be written is left as it is, as MLflow 3 shows it all the same.
 */
export function completeRuns(runsDirectory: string): void {
  for (const { directory } of listExperiments(runsDirectory)) {
    for (const run of foldersIn(directory).filter(isRunId)) {
      const path = join(directory, run, 'meta.yaml');
      try {
        if (!/^run_uuid:/m.test(readOwnFile(path, 65_536))) editMeta(path, { run_uuid: run });
      } catch {
        // Of a stranger's run, or in a store that is not this user's.
      }
    }
  }
}
