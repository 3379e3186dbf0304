import { join } from 'node:path';
import type { RunEvent } from '../../src/base/events.ts';
import { checkFile } from '../../src/plan/check-pipeline.ts';
import { type RunOutcome, runPipeline } from '../../src/run/run-pipeline.ts';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import type { Rig } from '../rig.ts';

/**
 * Runs a pipeline in this process, recorded in the rig's folder.
 *
 * @param watch sees each event; may stop the run
 * @param cache the folder of kept outcomes; left out: none are taken and none are kept
 */
export async function runHere(
  rig: Rig,
  text: string,
  watch: (event: RunEvent, stop: () => void) => void = () => {},
  cache?: string,
): Promise<RunOutcome> {
  const stop = new AbortController();
  const tracker = chooseTracker({ runsDirectory: join(rig.folder, 'runs'), warn: () => {}, env: {} });
  return runPipeline({
    checked: await checkFile(rig.write('pipeline.yaml', text)),
    tracker,
    signal: stop.signal,
    emit: (event) => watch(event, () => stop.abort()),
    ...(cache === undefined ? {} : { cache }),
  });
}
