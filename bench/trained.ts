import { join } from 'node:path';
import { prepare } from './data.ts';
import { eventsOf, measure, pipelineRun } from './processes.ts';
import { works } from './works.ts';

/** A run of the reference net that has trained for an epoch on a few pictures: what is computed is the same. */
export interface TrainedRun {
  readonly runId: string;
  /** The folder of its model. */
  readonly model: string;
}

/** Trains the reference net, to be asked. */
export async function trainReference(scratch: string): Promise<TrainedRun> {
  const { pipelineFile } = prepare(scratch, works['mnist']!, { images: 2000, epochs: 1, heldBack: 500 });
  const [finished] = eventsOf(await measure(scratch, pipelineRun(pipelineFile, scratch)), 'run-finished');
  const { runId, experimentId } = finished as unknown as { readonly runId: string; readonly experimentId: string };
  return { runId, model: join(scratch, 'runs', experimentId, runId, 'artifacts/model') };
}
