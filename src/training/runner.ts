import type { Tensor } from '@tensorflow/tfjs';
import { failure, type UserError } from '../base/diagnostics.ts';
import type { Batch } from '../datasets/batches.ts';
import { inOwnUnit, unscaled } from '../datasets/scale.ts';
import { TraceRefusal } from '../engine/graph/trace-refusal.ts';
import { type RunBody, createGraphSession } from '../engine/graph/session.ts';
import type { InputSpec as GraphInput } from '../engine/graph/trace.ts';
import type { HostValues } from '../engine/private-parts.ts';
import { type StepKind, whyEager } from '../engine/install/engine-site.ts';
import { rehearse } from '../engine/wasm/rehearse.ts';
import { emptySample, feedOf, specsOf, tensorsOf } from './feed.ts';
import { fillBatch, sizesToCompile } from './fill-batch.ts';
import { type StepParts, type TensorFunction, evaluationStep, trainingStep } from './step.ts';

/** What one training step tells. */
export interface StepResult {
  /** Mean over the batch, of all outputs together. */
  readonly loss: number;
  /** The mean of each output, where there are several. */
  readonly losses: readonly number[];
  /** Of each output, what scoreOf says of the batch; of numbers in their own unit, of all components together. */
  readonly scores: readonly number[];
  /** Of each output, how many of its classes or numbers a mask leaves out. */
  readonly absent: readonly number[];
}

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

/** Runs steps on raw batches: the one place that decides how. */
export interface Runner {
  /** `compiled`, or `eager (why)`; said to the user in one line. */
  readonly step: string;
  readonly kind: StepKind;
  /** What the loss of each output is multiplied with in the sum over all. */
  readonly lossWeights: readonly number[];
  /** Samples to evaluate at a time. */
  readonly evaluationBatch: number;
  train(batch: Batch, learningRate: number, step: number): StepResult;
  evaluate(batch: Batch): BatchEvaluation;
  /** Brings the model's own variables up to date, before anything else reads them. */
  pull(): void;
  /** Lets steps go on from what the variables hold now, after something else has changed them. */
  push(): void;
  dispose(): void;
}

/** Sizes of the batches that a run will see; all training batches are compiled at once, and as many evaluation batches as are worth it. */
export interface BatchSizes {
  /** The full size of an evaluation batch. */
  readonly evaluationBatch: number;
  readonly train: readonly number[];
  readonly evaluate: readonly number[];
}

/**
 * Chooses how steps are run: compiled into one TensorFlow graph, unless the file asks for the other or the step cannot
 * be traced.
 *
 * @throws UserError when what is around does not let them be compiled, such as a full disk: other bits would come of it
 */
export function createRunner(parts: StepParts, sizes: BatchSizes, wanted: 'auto' | 'compiled' | 'eager'): Runner {
  const eagerOnly = whyEager(parts.engine.kind);
  if (wanted === 'eager') return eagerRunner(parts, sizes, 'as the file asks');
  if (eagerOnly !== undefined && wanted === 'auto') return eagerRunner(parts, sizes, eagerOnly);
  if (eagerOnly !== undefined) throw notCompiled(eagerOnly);
  try {
    return compiledRunner(parts, sizes);
  } catch (error) {
    if (!(error instanceof TraceRefusal)) throw error;
    if (wanted === 'auto') return eagerRunner(parts, sizes, `the step ${error.reason}`);
    throw notCompiled(`it ${error.reason}`);
  }
}

function notCompiled(why: string): UserError {
  return failure(
    'not-compiled',
    `the step cannot be compiled: ${why}`,
    'Use `step: auto`, which runs such a step eagerly and says so.',
  );
}

type Arrays = Readonly<Record<string, HostValues>>;

function stepResult({ outputs }: StepParts, told: Arrays): StepResult {
  const scores = outputs.map(({ scales = [unscaled] }, k) => {
    let sum = 0;
    for (const [i, score] of told[`score${k}`]!.entries()) sum += score * scales[i % scales.length]!.deviation;
    return sum;
  });
  return {
    loss: told['loss']![0]!,
    losses: outputs.flatMap((_, k) => told[`loss${k}`]?.[0] ?? []),
    scores,
    absent: outputs.map((_, k) => told[`absent${k}`]?.[0] ?? 0),
  };
}

function batchEvaluation({ outputs }: StepParts, told: Arrays): BatchEvaluation {
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

/** Runs steps as one TensorFlow graph each, in one session, where weights and optimizer live until they are pulled. */
function compiledRunner(parts: StepParts, sizes: BatchSizes): Runner {
  const session = createGraphSession(parts.engine, { state: [...parts.model.variables, ...parts.optimizer.slots] });
  const compile = (
    name: string,
    step: TensorFunction,
    counts: readonly number[],
    scalars: Readonly<Record<string, GraphInput>>,
  ) => {
    const compiled = session.compile(name, step, { ...specsOf(parts, counts[0] ?? 1), ...scalars });
    const known = new Map<number, RunBody>();
    const ofCount = (count: number): RunBody => {
      const run =
        known.get(count) ??
        compiled.prepare(
          Object.fromEntries(Object.entries(specsOf(parts, count)).map(([input, { shape }]) => [input, shape])),
        );
      known.set(count, run);
      return run;
    };
    counts.forEach(ofCount);
    return ofCount;
  };
  try {
    const train = compile('train', trainingStep(parts), sizes.train, {
      learningRate: { dtype: 'float32', shape: [] },
      step: { dtype: 'int32', shape: [] },
    });
    const evaluationSizes = sizesToCompile(sizes.evaluate);
    const evaluate = compile('evaluate', evaluationStep(parts), evaluationSizes, {});
    session.load();
    return {
      step: 'compiled',
      kind: 'compiled',
      lossWeights: parts.outputs.map(({ weight }) => weight),
      evaluationBatch: sizes.evaluationBatch,
      train: (batch, learningRate, step) =>
        stepResult(parts, train(batch.count)({ ...feedOf(batch, parts.outputs), learningRate, step })),
      evaluate: (batch) => {
        const size = evaluationSizes.findLast((one) => one >= batch.count) ?? batch.count;
        const results = Object.entries(evaluate(size)(feedOf(fillBatch(batch, size), parts.outputs)));
        return batchEvaluation(
          parts,
          Object.fromEntries(
            results.map(([name, values]) => [name, values.slice(0, (values.length / size) * batch.count)]),
          ),
        );
      },
      pull: () => session.pull(),
      push: () => session.push(),
      dispose: () => session.dispose(),
    };
  } catch (error) {
    session.dispose();
    throw error;
  }
}

/** Runs each step op by op: the reference for all other ways. */
function eagerRunner(parts: StepParts, { evaluationBatch }: BatchSizes, why: string): Runner {
  const { tf } = parts.engine;
  const run = (step: TensorFunction, batch: Batch, more: () => Record<string, Tensor>) =>
    tf.tidy(() => {
      const outputs = step({ ...tensorsOf(parts, batch), ...more() });
      return Object.fromEntries(
        Object.entries(outputs).map(([name, tensor]) => {
          const values = tensor.dataSync();
          // Kept tensors outlive the tidy.
          tensor.dispose();
          return [name, values];
        }),
      );
    });
  // Op after op there is nothing beside which a tower could be computed.
  const whole = { ...parts, towers: 1 };
  const train = trainingStep(whole);
  const evaluate = evaluationStep(whole);
  const runner: Runner = {
    step: `eager (${why})`,
    kind: 'eager',
    lossWeights: parts.outputs.map(({ weight }) => weight),
    evaluationBatch,
    train: (batch, learningRate, step) =>
      stepResult(
        parts,
        run(train, batch, () => ({ learningRate: tf.scalar(learningRate), step: tf.scalar(step, 'int32') })),
      ),
    evaluate: (batch) =>
      batchEvaluation(
        parts,
        run(evaluate, batch, () => ({})),
      ),
    pull: () => {},
    push: () => {},
    dispose: () => {},
  };
  if (whyEager(parts.engine.kind) !== undefined) {
    const sample = emptySample(parts);
    rehearse(tf, [...parts.model.variables, ...parts.optimizer.slots], () => {
      runner.train(sample, 0, 0);
      runner.evaluate(sample);
    });
  }
  return runner;
}
