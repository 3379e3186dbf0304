import { join } from 'node:path';
import type { Batch } from '../../src/datasets/batches.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { graphOf } from '../../src/plan/plan-pipeline.ts';
import { load } from '../../src/stages/load.ts';
import type { TrainInput } from '../../src/stages/train-input.ts';
import { trainingBatches } from '../../src/stages/training-batches.ts';
import type { Rig } from '../rig.ts';

/** What the train stage of a file in a folder takes, and the batches of its first epoch. */
export async function trainingInput(
  engine: Engine,
  rig: Rig,
  text: string,
): Promise<{ readonly input: TrainInput; readonly batches: readonly Batch[] }> {
  const { pipeline, plan } = checkSource({ name: join(rig.folder, 'p.yaml'), text }).checked!;
  const data = await load({ ...pipeline.data, seed: 7, folder: rig.folder });
  const input = {
    engine,
    data,
    graph: graphOf(plan),
    ...pipeline.train,
    wanted: [],
    seed: 7,
    emit: () => {},
    signal: new AbortController().signal,
  };
  const batches: Batch[] = [];
  for await (const batch of trainingBatches(input, 1, 0)) batches.push(structuredClone(batch));
  return { input, batches };
}
