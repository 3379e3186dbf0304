// The train stage's work with nothing around it: the same step, over batches gathered beforehand, in a plain loop.
// usage: bare-loop.js PIPELINE_FILE           prints one JSON line per epoch, then one of type "bare-loop"
import { dirname } from 'node:path';
import { type Batch, batchSizesOf, gatherBatches } from '../src/datasets/batches.ts';
import { loadEngine } from '../src/engine/load.ts';
import { buildModel } from '../src/layers/build-model.ts';
import { checkFile } from '../src/pipeline/check-pipeline.ts';
import { evaluationBatch } from '../src/stages/evaluate.ts';
import { load } from '../src/stages/load.ts';
import { lossRow } from '../src/training/losses.ts';
import { optimizerRow } from '../src/training/optimizers.ts';
import { createRunner } from '../src/training/runner.ts';

const { pipeline, plan, source } = checkFile(process.argv[2]!);
const { seed, train: options } = pipeline;
const engine = await loadEngine();
const { dataset, split } = await load({ ...pipeline.data, seed, folder: dirname(source.name) });
/** `gatherBatches` uses its arrays again, so each batch is copied as it comes. */
const gather = (rows: Uint32Array, batchSize: number): Batch[] =>
  Array.from(gatherBatches(dataset.train, rows, batchSize), ({ x, y, count }) => ({ x: x.slice(), y: y.slice(), count }));
const [training, validation] = [gather(split.train, options.batchSize), gather(split.validation, evaluationBatch)];
const seconds = (since: number) => (performance.now() - since) / 1000;

const start = performance.now();
const model = buildModel(engine, dataset.spec.inputShape, plan.layers, seed);
const parts = {
  engine,
  model,
  loss: { row: lossRow(options.loss.type), options: options.loss.options },
  optimizer: optimizerRow(options.optimizer.type).create(engine.tf, model.trainable, options.optimizer.options),
  scale: dataset.scale,
  classes: dataset.spec.labels.classes.length,
};
const sizes = {
  train: batchSizesOf(split.train.length, options.batchSize),
  evaluate: [...new Set([split.validation.length, dataset.test.count].flatMap((rows) => batchSizesOf(rows, evaluationBatch)))],
};
const learningRate = options.optimizer.options['learningRate'] as number;
const compileStart = performance.now();
const runner = createRunner(parts, dataset.spec.inputShape, sizes, options.step);
let compileSeconds = 0;
let number = 0;
for (let epoch = 0; epoch < options.epochs; epoch++) {
  const epochStart = performance.now();
  for (const batch of training) {
    runner.train(batch, learningRate, number++);
    if (number === 1) compileSeconds = seconds(compileStart);
  }
  process.stdout.write(`${JSON.stringify({ type: 'epoch-finished', imagesPerSecond: split.train.length / seconds(epochStart) })}\n`);
  for (const batch of validation) runner.evaluate(batch);
}
runner.pull();
process.stdout.write(`${JSON.stringify({ type: 'bare-loop', seconds: seconds(start), compileSeconds, step: runner.step })}\n`);
