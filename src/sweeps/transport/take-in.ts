import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { temporaryFolder } from '../../base/temporary-folder.ts';
import type { RemoteStore } from '../../cache/remote-store.ts';
import { entryEnding } from '../../cache/stage-cache.ts';
import { readInputs, readRun } from '../../tracking/store/read-run.ts';
import { artifactPath } from '../../tracking/store/run-folder.ts';
import type { TrackedRun } from '../../tracking/tracker.ts';
import { type HeldFile, pullFile } from './held-files.ts';
import type { JobResult } from './job-manifest.ts';

/** Tags that a run has from who began it. */
const ownTags = /^mlflow\.(source\.|user$|runName$|parentRunId$)|^layerline\.(sweep|trial|best)/;

/**
 * Records what a job did as the run that was begun for it here: metrics, tags, data sets and artifacts, so that a
 * server has them once. Params and the configuration are those that it was begun with. What an earlier job of the run
 * left is passed over; the run is not ended.
 *
 * @param cache folder of kept outcomes, to which the job's are added
 * @throws UserError where the store cannot be read, or a file of it is not what it has to be
 */
export async function takeIn(
  { place, files }: JobResult,
  { store, run, cache }: { readonly store: RemoteStore; readonly run: TrackedRun; readonly cache: string },
): Promise<void> {
  const folder = temporaryFolder('result');
  try {
    const isNeeded = ({ path }: HeldFile) => !/\/checkpoints\/|^runs\/\.|\/config\//.test(path);
    for (const held of files.filter(isNeeded)) await pullFile(store, held, join(folder, held.path));
    if (place !== undefined && existsSync(join(folder, 'runs', place, 'meta.yaml')))
      record(run, join(folder, 'runs', place), files, `runs/${place}/artifacts/`);
    for (const { path } of files.filter(isOutcome)) {
      const target = join(cache, basename(dirname(path)), basename(path));
      if (existsSync(target)) continue;
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(join(folder, path), target);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// What is in one, the cache proves when it is asked for it.
const isOutcome = ({ path }: HeldFile) =>
  /^\.layerline\/cache\/runs\/[a-z-]+\/[0-9a-f]{64}\./.test(path) && path.endsWith(entryEnding);

function record(run: TrackedRun, directory: string, files: readonly HeldFile[], artifacts: string): void {
  const { tags, metrics } = readRun(directory);
  run.metrics(metrics);
  run.inputs(readInputs(directory, dirname(directory)));
  const inside = files.filter(({ path }) => path.startsWith(artifacts) && !/\/config\//.test(path));
  for (const { path } of inside) {
    const name = path.slice(artifacts.length);
    const target = artifactPath(run.artifactDirectory, name);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(directory, 'artifacts', name), target);
    run.artifact(name);
  }
  run.tags(Object.fromEntries(Object.entries(tags).filter(([key]) => !ownTags.test(key))));
}
