import type { Batch } from '../datasets/batches.ts';
import { unscaled } from '../datasets/scale.ts';
import { createGraphSession } from '../engine/graph/session.ts';
import { TraceRefusal } from '../engine/graph/trace-refusal.ts';
import { type StepKind, whyEager } from '../engine/install/engine-site.ts';
import { rehearse } from '../engine/wasm/rehearse.ts';
import { type EvaluationSizes, type Evaluator, compileEvaluator, eagerEvaluator } from './evaluator.ts';
import { emptySample, feedOf } from './feed.ts';
import { type StepValues, compileStep, notCompiled, runEagerly } from './run-step.ts';
import { type EvaluationParts, type StepParts, trainingStep } from './step.ts';

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
  /** Of each output, the margin of each sample, as labelMargins has it; undefined where its labels are not watched. */
  readonly margins: readonly (ArrayLike<number> | undefined)[];
}

/** Trains on raw batches: the one place that decides how steps are run. */
export interface Trainer {
  /** `compiled`, or `eager (why)`; said to the user in one line. */
  readonly step: string;
  readonly kind: StepKind;
  /** Evaluates with the weights as trained so far. */
  readonly evaluator: Evaluator;
  train(batch: Batch, learningRate: number, step: number): StepResult;
  /** Brings the model's own variables up to date, before anything else reads them. */
  pull(): void;
  /** Lets steps go on from what the variables hold now, after something else has changed them. */
  push(): void;
  dispose(): void;
}

/** Sizes of the batches that a training will see: all are compiled at once. */
export interface BatchSizes extends EvaluationSizes {
  readonly train: readonly number[];
}

/**
 * Chooses how steps are run: compiled into one TensorFlow graph, unless the file asks for the other or the step cannot
 * be traced.
 *
 * @throws UserError when what is around does not let them be compiled, such as a full disk: other bits would come of it
 */
export function createTrainer(parts: StepParts, sizes: BatchSizes, wanted: 'auto' | 'compiled' | 'eager'): Trainer {
  const eagerOnly = whyEager(parts.engine.kind);
  if (wanted === 'eager') return eagerTrainer(parts, sizes, 'as the file asks');
  if (eagerOnly !== undefined && wanted === 'auto') return eagerTrainer(parts, sizes, eagerOnly);
  if (eagerOnly !== undefined) throw notCompiled(eagerOnly);
  try {
    return compiledTrainer(parts, sizes);
  } catch (error) {
    if (!(error instanceof TraceRefusal)) throw error;
    if (wanted === 'auto') return eagerTrainer(parts, sizes, `the step ${error.reason}`);
    throw notCompiled(`it ${error.reason}`);
  }
}

/** Labels are mixed in training alone. */
function ofEvaluation(parts: StepParts): EvaluationParts {
  return { ...parts, mixed: false };
}

function stepResult({ outputs }: StepParts, told: StepValues): StepResult {
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
    margins: outputs.map((_, k) => told[`margin${k}`]),
  };
}

/** Runs steps as one TensorFlow graph each, in one session, where weights and optimizer live until they are pulled. */
function compiledTrainer(parts: StepParts, sizes: BatchSizes): Trainer {
  const session = createGraphSession(parts.engine, { state: [...parts.model.variables, ...parts.optimizer.slots] });
  try {
    const step = { name: 'train', step: trainingStep(parts) };
    const train = compileStep(session, parts, step, sizes.train, {
      learningRate: { dtype: 'float32', shape: [] },
      step: { dtype: 'int32', shape: [] },
    });
    const evaluator = compileEvaluator(session, ofEvaluation(parts), sizes, sizes.sizes);
    session.load();
    return {
      step: 'compiled',
      kind: 'compiled',
      evaluator,
      train: (batch, learningRate, number) =>
        stepResult(parts, train(batch.count)({ ...feedOf(batch, parts), learningRate, step: number })),
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
function eagerTrainer(parts: StepParts, { evaluationBatch }: BatchSizes, why: string): Trainer {
  const { tf } = parts.engine;
  // Op after op there is nothing beside which a tower could be computed.
  const train = trainingStep({ ...parts, towers: 1 });
  const trainer: Trainer = {
    step: `eager (${why})`,
    kind: 'eager',
    evaluator: eagerEvaluator(ofEvaluation(parts), evaluationBatch),
    train: (batch, learningRate, step) =>
      stepResult(
        parts,
        runEagerly(parts, train, batch, () => ({
          learningRate: tf.scalar(learningRate),
          step: tf.scalar(step, 'int32'),
        })),
      ),
    pull: () => {},
    push: () => {},
    dispose: () => {},
  };
  if (whyEager(parts.engine.kind) !== undefined) {
    const sample = emptySample(parts);
    rehearse(tf, [...parts.model.variables, ...parts.optimizer.slots], () => {
      trainer.train(sample, 0, 0);
      trainer.evaluator.evaluate(sample);
    });
  }
  return trainer;
}
