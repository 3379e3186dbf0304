// The train stage's work with nothing around it: the same step, over batches gathered beforehand, in a plain loop.
// usage: bare-loop.js PIPELINE_FILE [FOLDER] prints one JSON line per epoch, then one of type "bare-loop"; keeps the
// graph in the folder
import { cpSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Batch } from '../src/datasets/batches.ts';
import { loadEngine } from '../src/engine/load-engine.ts';
import type { Binding } from '../src/engine/private-parts.ts';
import { checkFile } from '../src/plan/check-pipeline.ts';
import { graphOf } from '../src/plan/plan-pipeline.ts';
import { load } from '../src/stages/load.ts';
import { prepareTraining } from '../src/stages/prepare-training.ts';
import { countTowers, threadsPerOp } from '../src/training/split-batch.ts';

const [file, folder] = process.argv.slice(2) as [string, string?];
const { pipeline, plan, source } = await checkFile(file);
const { seed, train: options } = pipeline;
const towers = countTowers({ graph: plan, ...options });
const engine = await loadEngine(threadsPerOp(towers));
if (folder !== undefined) keepGraph(folder);
const data = await load({ ...pipeline.data, seed, folder: dirname(source.name) });
const { dataset, split } = data;
const gather = async (rows: Uint32Array, size: number): Promise<readonly Batch[]> => {
  const batches: Batch[] = [];
  for await (const batch of dataset.train.batches({ rows, size })) batches.push(batch);
  return batches;
};
const seconds = (since: number) => (performance.now() - since) / 1000;

const training = await gather(split.train, options.batchSize);

const start = performance.now();
const quiet = { emit: () => {}, signal: new AbortController().signal };
const { trainer, rates } = prepareTraining({
  ...options,
  ...quiet,
  engine,
  data,
  graph: graphOf(plan),
  wanted: [],
  seed,
});
const rate = rates([]);
const validation = await gather(split.validation, trainer.evaluator.evaluationBatch);
let compileSeconds = 0;
let number = 0;
for (let epoch = 0; epoch < options.epochs; epoch++) {
  const epochStart = performance.now();
  for (const batch of training) {
    trainer.train(batch, rate(number), number++);
    if (number === 1) compileSeconds = seconds(start);
  }
  process.stdout.write(
    `${JSON.stringify({ type: 'epoch-finished', samplesPerSecond: split.train.length / seconds(epochStart) })}\n`,
  );
  for (const batch of validation) trainer.evaluator.evaluate(batch);
}
trainer.pull();
process.stdout.write(
  `${JSON.stringify({
    type: 'bare-loop',
    seconds: seconds(start),
    compileSeconds,
    step: trainer.step,
    towers,
    threadsPerOp: threadsPerOp(towers),
  })}\n`,
);

/** Has a copy of the graph left in a folder when it is handed to TensorFlow. */
function keepGraph(target: string): void {
  const backend = engine.tf.backend() as unknown as { binding: Binding };
  const addon = backend.binding;
  const loadSavedModel: Binding['loadSavedModel'] = (directory, tags) => {
    cpSync(directory, target, { recursive: true });
    return addon.loadSavedModel(directory, tags);
  };
  backend.binding = Object.create(addon, Object.getOwnPropertyDescriptors({ loadSavedModel })) as Binding;
}
