import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Emit } from '../base/events.ts';
import { firstRows, subsetOf } from '../datasets/batch-source.ts';
import { ensureEngine } from '../engine/install/install-engine.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { evaluate } from '../stages/evaluate.ts';
import { type LoadedData, load } from '../stages/load.ts';
import { type Training, prepareTraining } from '../stages/prepare-training.ts';
import { countTowers, threadsPerOp } from '../training/split-batch.ts';
import { visualize } from '../stages/visualize.ts';
import type { Calibration } from '../stages/stage.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { metricsOf, wantedValues } from '../language/pipeline.ts';
import { graphOf } from '../plan/plan-pipeline.ts';
import { trainingBatches } from '../stages/training-batches.ts';
import { picturesIn } from '../stages/pictures.ts';

/** Milliseconds of training that are measured: enough for hundreds of steps of a small net. */
const window = 2_000;
/** Steps that are passed over first: memory is laid out, the cores wake up. */
const warmUp = 5;
/** Steps that are measured at least, and evaluation batches at most. */
const [leastSteps, mostBatches] = [10, 4];

/** What is measured, and what it talks to. */
export interface CalibrateRequest {
  readonly checked: CheckedPipeline;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Measures what a pipeline's stages take on this machine: reads its data, trains it for two seconds, evaluates a part
 * of the test samples and draws the figures. Nothing of it is kept.
 *
 * @throws UserError when a stage fails; the signal's reason when it is aborted
 */
export async function calibrate({ checked, emit, signal }: CalibrateRequest): Promise<Calibration> {
  const { pipeline, plan, source } = checked;
  const tell = (fraction: number) =>
    emit({ type: 'engine-progress', phase: 'measuring the pace of this machine', fraction });
  await ensureEngine({ emit });
  tell(0);
  const [engine, start] = await timed(() => loadEngine(threadsPerOp(countTowers({ ...pipeline.train, graph: plan }))));
  const [data, loading] = await timed(() =>
    load({ ...pipeline.data, seed: pipeline.seed, folder: dirname(source.name), signal }),
  );
  tell(0.2);
  const wanted = wantedValues(pipeline);
  const [training, prepare] = await timed(async () =>
    prepareTraining({
      ...pipeline.train,
      engine,
      data,
      graph: graphOf(plan),
      wanted,
      seed: pipeline.seed,
      emit,
      signal,
    }),
  );
  try {
    const step = await measureSteps(training, checked, data, signal);
    tell(0.6);
    const rest = await measureRest(training, checked, data, signal);
    tell(1);
    const { train, test } = data.dataset;
    const memory = process.resourceUsage().maxRSS * 1024;
    return {
      measuredAt: new Date().toISOString(),
      seconds: { start, load: loading, prepare, step, ...rest },
      samples: { train: train.count, test: test.count },
      memory,
    };
  } finally {
    training.dispose();
  }
}

/** Seconds of a training step. */
async function measureSteps(
  { trainer, rates }: Training,
  { pipeline: { train, seed } }: CheckedPipeline,
  data: LoadedData,
  signal: AbortSignal,
): Promise<number> {
  const rate = rates([]);
  let [steps, start] = [-warmUp, performance.now()];
  for (;;) {
    for await (const batch of trainingBatches({ ...train, data, seed }, 1, 0)) {
      trainer.train(batch, rate(0), 0);
      if (++steps === 0) start = performance.now();
      await setImmediate();
      signal.throwIfAborted();
      const elapsed = performance.now() - start;
      if (steps >= leastSteps && elapsed >= window) return elapsed / steps / 1000;
    }
  }
}

/** Seconds of evaluation for one sample, and of the visualize stage. */
async function measureRest(
  { trainer: { evaluator } }: Training,
  { pipeline }: CheckedPipeline,
  { dataset }: LoadedData,
  signal: AbortSignal,
): Promise<{ readonly evaluation: number; readonly visualize: number }> {
  const count = Math.min(dataset.test.count, mostBatches * evaluator.evaluationBatch);
  const test = subsetOf(dataset.test, firstRows(count));
  const measure = () =>
    timed(() => evaluate({ evaluator, dataset: { ...dataset, test }, metrics: metricsOf(pipeline), signal }));
  await measure();
  const [evaluation, evaluating] = await measure();
  const values = { loss: 1, accuracy: 0.5, val_loss: 1, val_accuracy: 0.5 };
  const pictures = picturesIn({ ...dataset, test });
  const { figures, reference } = pipeline.visualize;
  const chartInput = {
    history: [values, values],
    evaluation,
    seed: pipeline.seed,
    ...(pictures === undefined ? {} : { pictures }),
    ...(reference === undefined ? {} : { reference }),
  };
  const [, drawing] = await timed(() => visualize({ chartInput, figures }));
  return { evaluation: evaluating / test.count, visualize: drawing };
}

async function timed<Output>(work: () => Promise<Output>): Promise<readonly [Output, number]> {
  const start = performance.now();
  const output = await work();
  return [output, (performance.now() - start) / 1000];
}
