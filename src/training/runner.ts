import type { Tensor } from '@tensorflow/tfjs';
import { failure, type UserError } from '../base/diagnostics.ts';
import type { Batch } from '../datasets/batches.ts';
import { TraceRefusal } from '../engine/graph/trace-refusal.ts';
import { type CompiledFunction, createGraphSession } from '../engine/graph/session.ts';
import type { InputSpec } from '../engine/graph/trace.ts';
import { whyEager } from '../engine/site.ts';
import { rehearse } from '../engine/wasm/rehearse.ts';
import { fillBatch, sizesToCompile } from './fill-batch.ts';
import { type StepParts, type TensorFunction, evaluationStep, trainingStep } from './step.ts';

/** What one training step tells. */
export interface StepResult {
  /** Mean over the batch. */
  readonly loss: number;
  /** Samples whose class was predicted right. */
  readonly correct: number;
}

/** What the model says of each sample of a batch. */
export interface BatchEvaluation {
  readonly loss: Float32Array;
  readonly predicted: Int32Array;
  /** Probability of the predicted class. */
  readonly confidence: Float32Array;
  /** Probabilities of all classes, [samples, classes]; where the step's parts ask for them. */
  readonly probabilities?: Float32Array;
}

/** Runs steps on raw batches: the one place that decides how. */
export interface Runner {
  /** `compiled`, or `eager (why)`; said to the user in one line. */
  readonly step: string;
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
 */
export function createRunner(parts: StepParts, inputShape: readonly number[], sizes: BatchSizes, wanted: 'auto' | 'compiled' | 'eager'): Runner {
  const eagerOnly = whyEager(parts.engine.kind);
  if (wanted === 'eager') return eagerRunner(parts, inputShape, sizes, 'as the file asks');
  if (eagerOnly !== undefined && wanted === 'auto') return eagerRunner(parts, inputShape, sizes, eagerOnly);
  if (eagerOnly !== undefined) throw notCompiled(eagerOnly);
  try {
    return compiledRunner(parts, inputShape, sizes);
  } catch (error) {
    if (!(error instanceof TraceRefusal)) throw error;
    if (wanted === 'auto') return eagerRunner(parts, inputShape, sizes, `the step ${error.reason}`);
    throw notCompiled(`it ${error.reason}`);
  }
}

function notCompiled(why: string): UserError {
  return failure('not-compiled', `the step cannot be compiled: ${why}`, 'Use `step: auto`, which runs such a step eagerly and says so.');
}

/** Runs steps as one TensorFlow graph each, in one session, where weights and optimizer live until they are pulled. */
function compiledRunner(parts: StepParts, inputShape: readonly number[], sizes: BatchSizes): Runner {
  const session = createGraphSession(parts.engine, { state: [...parts.model.variables, ...parts.optimizer.slots] });
  const shapesOf = (count: number) => ({ x: [count, ...inputShape], y: [count] });
  const compile = (name: string, step: TensorFunction, counts: readonly number[], scalars: Readonly<Record<string, InputSpec>>): CompiledFunction => {
    const { x, y } = shapesOf(counts[0] ?? 1);
    const compiled = session.compile(name, step, { x: { dtype: 'uint8', shape: x }, y: { dtype: 'int32', shape: y }, ...scalars });
    for (const count of counts.slice(1)) compiled.prepare(shapesOf(count));
    return compiled;
  };
  try {
    const train = compile('train', trainingStep(parts), sizes.train, { learningRate: { dtype: 'float32', shape: [] }, step: { dtype: 'int32', shape: [] } });
    const evaluationSizes = sizesToCompile(sizes.evaluate);
    const evaluate = compile('evaluate', evaluationStep(parts), evaluationSizes, {});
    session.load();
    return {
      step: 'compiled',
      evaluationBatch: sizes.evaluationBatch,
      train: ({ x, y, count }, learningRate, step) => {
        const { loss, correct } = train.run({ x, y, learningRate, step }, shapesOf(count));
        return { loss: loss![0]!, correct: correct![0]! };
      },
      evaluate: (batch) => {
        const size = evaluationSizes.findLast((one) => one >= batch.count) ?? batch.count;
        const { x, y } = fillBatch(batch, size);
        const results = Object.entries(evaluate.run({ x, y }, shapesOf(size)));
        return Object.fromEntries(results.map(([name, values]) => [name, values.slice(0, (values.length / size) * batch.count)])) as unknown as BatchEvaluation;
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
function eagerRunner(parts: StepParts, inputShape: readonly number[], { evaluationBatch }: BatchSizes, why: string): Runner {
  const { tf } = parts.engine;
  const run = (step: TensorFunction, batch: Batch, more: () => Record<string, Tensor>) =>
    tf.tidy(() => {
      const outputs = step({
        x: tf.tensor(new Float32Array(batch.x), [batch.count, ...inputShape]),
        y: tf.tensor1d(batch.y, 'int32'),
        ...more(),
      });
      return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => {
        const values = tensor.dataSync();
        // Kept tensors outlive the tidy.
        tensor.dispose();
        return [name, values];
      }));
    });
  // Op after op there is nothing beside which a tower could be computed.
  const whole = { ...parts, towers: 1 };
  const train = trainingStep(whole);
  const evaluate = evaluationStep(whole);
  const runner: Runner = {
    step: `eager (${why})`,
    evaluationBatch,
    train: (batch, learningRate, step) => {
      const { loss, correct } = run(train, batch, () => ({ learningRate: tf.scalar(learningRate), step: tf.scalar(step, 'int32') }));
      return { loss: loss![0]!, correct: correct![0]! };
    },
    evaluate: (batch) => run(evaluate, batch, () => ({})) as unknown as BatchEvaluation,
    pull: () => {},
    push: () => {},
    dispose: () => {},
  };
  if (whyEager(parts.engine.kind) !== undefined) {
    const sample = { x: new Uint8Array(inputShape.reduce((product, size) => product * size, 1)), y: new Int32Array(1), count: 1 };
    rehearse(tf, [...parts.model.variables, ...parts.optimizer.slots], () => {
      runner.train(sample, 0, 0);
      runner.evaluate(sample);
    });
  }
  return runner;
}
