import { type Batch, batchSizesOf } from '../datasets/batches.ts';
import { inOwnUnit } from '../datasets/scale.ts';
import { type GraphSession, createGraphSession } from '../engine/graph/session.ts';
import { TraceRefusal } from '../engine/graph/trace-refusal.ts';
import { type StepKind, whyEager } from '../engine/install/engine-site.ts';
import { rehearse } from '../engine/wasm/rehearse.ts';
import type { Model } from '../layers/build-model.ts';
import { evaluationBatchOf } from './evaluation-batch.ts';
import { emptySample, feedOf } from './feed.ts';
import { fillBatch, sizesToCompile } from './fill-batch.ts';
import { type StepValues, compileStep, notCompiled, runEagerly } from './run-step.ts';
import { type EvaluationParts, evaluationStep } from './step.ts';

/** What the model says of each sample of a batch. */
export interface BatchEvaluation {
  /** Of all outputs without a mask together. */
  readonly loss: Float32Array;
  readonly outputs: readonly OutputEvaluation[];
}

/** What one output of the model says, sample by sample and place by place. */
export interface OutputEvaluation {
  /** Of each sample; where there are several outputs, or a mask: the sum over places that are there then. */
  readonly loss?: Float32Array;
  /** Under a mask: 1 for each place that is there, else 0. */
  readonly there?: Int32Array;
  /** Classes, or numbers in their own unit. */
  readonly predicted: Int32Array | Float64Array;
  /** Of classes: probability of the one that is predicted. */
  readonly confidence?: Float32Array;
  /** Of classes: probabilities of all, [places, classes]; where the step's parts ask for them. */
  readonly probabilities?: Float32Array;
  /** The same of what samples are ranked by. */
  readonly ranks?: Float32Array;
}

/** A model with its outputs, at work without training: says what it makes of raw batches. */
export interface Evaluator {
  /** What the loss of each output is multiplied with in the sum over all. */
  readonly lossWeights: readonly number[];
  /** Samples to evaluate at a time. */
  readonly evaluationBatch: number;
  evaluate(batch: Batch): BatchEvaluation;
}

/** Batches that evaluation comes in: the bits of a sample may depend on the size of its batch. */
export interface EvaluationSizes {
  /** The full size. */
  readonly evaluationBatch: number;
  /** Sizes that a batch is filled up to, the largest first; one that is larger than all is computed as it is. */
  readonly sizes: readonly number[];
}

/**
 * The sizes for a model that is trained in batches of `batchSize`.
 *
 * @param splits samples of each split that it evaluates, one after the other
 */
export function evaluationSizes(
  { layersModel }: Pick<Model, 'layersModel'>,
  batchSize: number,
  splits: readonly number[],
): EvaluationSizes {
  const outputs = layersModel.layers.reduce(
    (sum, { outputShape }) => sum + (outputShape as number[]).slice(1).reduce((product, size) => product * size, 4),
    0,
  );
  const evaluationBatch = evaluationBatchOf(batchSize, outputs);
  return {
    evaluationBatch,
    sizes: sizesToCompile([...new Set(splits.flatMap((rows) => batchSizesOf(rows, evaluationBatch)))]),
  };
}

/**
 * Evaluates by a graph that holds nothing else, or op by op.
 *
 * @param rows how many samples come, one batch after the other, as far as it is known: their batches are compiled at
 * once
 * @param kind how the steps of the model's training ran: its own evaluation then has the same bits
 * @throws UserError where a graph would compute something else, there is no room or no memory for it, or the engine
 * lacks a kernel
 */
export function createEvaluator(
  parts: EvaluationParts,
  sizes: EvaluationSizes,
  rows: number,
  kind: StepKind,
): Evaluator & { dispose(): void } {
  if (kind === 'eager' || whyEager(parts.engine.kind) !== undefined) {
    const evaluator = eagerEvaluator(parts, sizes.evaluationBatch);
    if (whyEager(parts.engine.kind) !== undefined)
      rehearse(parts.engine.tf, [], () => void evaluator.evaluate(emptySample(parts)));
    return { ...evaluator, dispose: () => {} };
  }
  const session = createGraphSession(parts.engine, { state: parts.model.variables });
  try {
    const evaluator = compileEvaluator(session, parts, sizes, batchSizesOf(rows, sizes.evaluationBatch));
    session.load();
    return { ...evaluator, dispose: () => session.dispose() };
  } catch (error) {
    session.dispose();
    throw error instanceof TraceRefusal ? notCompiled(`it ${error.reason}`) : error;
  }
}

/**
 * Evaluates as a part of a session's graph, with the weights that it has.
 *
 * @param counts samples of the batches that are compiled at once
 * @throws TraceRefusal
 */
export function compileEvaluator(
  session: GraphSession,
  parts: EvaluationParts,
  { evaluationBatch, sizes }: EvaluationSizes,
  counts: readonly number[],
): Evaluator {
  const sizeFor = (count: number) => sizes.findLast((size) => size >= count) ?? count;
  const step = { name: 'evaluate', step: evaluationStep(parts) };
  const run = compileStep(session, parts, step, [...new Set(counts.map(sizeFor))]);
  return {
    lossWeights: parts.outputs.map(({ weight }) => weight),
    evaluationBatch,
    evaluate: (batch) => {
      const size = sizeFor(batch.count);
      const results = Object.entries(run(size)(feedOf(fillBatch(batch, size), parts)));
      return batchEvaluation(
        parts,
        Object.fromEntries(
          results.map(([name, values]) => [name, values.slice(0, (values.length / size) * batch.count)]),
        ),
      );
    },
  };
}

/** Evaluates op by op: the reference for all other ways. */
export function eagerEvaluator(parts: EvaluationParts, evaluationBatch: number): Evaluator {
  // Op after op there is nothing beside which a part of the batch could be computed.
  const step = evaluationStep({ ...parts, towers: 1 });
  return {
    lossWeights: parts.outputs.map(({ weight }) => weight),
    evaluationBatch,
    evaluate: (batch) => batchEvaluation(parts, runEagerly(parts, step, batch)),
  };
}

function batchEvaluation({ outputs }: EvaluationParts, told: StepValues): BatchEvaluation {
  const each = outputs.map(({ scales }, k): OutputEvaluation => {
    const [loss, confidence, probabilities, ranks] = ['loss', 'confidence', 'probabilities', 'ranks'].map(
      (name) => told[`${name}${k}`] as Float32Array | undefined,
    );
    const there = told[`there${k}`] as Int32Array | undefined;
    const predicted = told[`predicted${k}`]!;
    return {
      predicted: predicted instanceof Float32Array ? inOwnUnit(predicted, scales) : (predicted as Int32Array),
      ...(there && { there }),
      ...(loss && { loss }),
      ...(confidence && { confidence }),
      ...(probabilities && { probabilities }),
      ...(ranks && { ranks }),
    };
  });
  return { loss: told['loss'] as Float32Array, outputs: each };
}
