import type { Tensor } from '@tensorflow/tfjs';
import type { Batch } from '../datasets/batches.ts';
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
}

/** Runs steps on raw batches: the one place that decides how. */
export interface Runner {
  /** `compiled`, or `eager (why)`; said to the user in one line. */
  readonly step: string;
  train(batch: Batch, learningRate: number, step: number): StepResult;
  evaluate(batch: Batch): BatchEvaluation;
  /** Brings the model's own variables up to date, before anything else reads them. */
  pull(): void;
  dispose(): void;
}

/** Runs each step op by op: the reference for all other ways. */
export function eagerRunner(parts: StepParts, inputShape: readonly number[], why: string): Runner {
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
  const train = trainingStep(parts);
  const evaluate = evaluationStep(parts);
  return {
    step: `eager (${why})`,
    train: (batch, learningRate, step) => {
      const { loss, correct } = run(train, batch, () => ({ learningRate: tf.scalar(learningRate), step: tf.scalar(step, 'int32') }));
      return { loss: loss![0]!, correct: correct![0]! };
    },
    evaluate: (batch) => run(evaluate, batch, () => ({})) as unknown as BatchEvaluation,
    pull: () => {},
    dispose: () => {},
  };
}

/** Chooses how steps are run. */
export function createRunner(parts: StepParts, inputShape: readonly number[]): Runner {
  return eagerRunner(parts, inputShape, 'not compiled yet');
}
