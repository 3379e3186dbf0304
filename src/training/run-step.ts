import type { Tensor } from '@tensorflow/tfjs';
import { failure, type UserError } from '../base/diagnostics.ts';
import type { Batch } from '../datasets/batches.ts';
import type { GraphSession, RunBody } from '../engine/graph/session.ts';
import type { InputSpec as GraphInput } from '../engine/graph/trace.ts';
import type { HostValues } from '../engine/private-parts.ts';
import { specsOf, tensorsOf } from './feed.ts';
import type { EvaluationParts, TensorFunction } from './step.ts';

/** What a step gives, by its names there. */
export type StepValues = Readonly<Record<string, HostValues>>;

/**
 * Makes a step part of a session's graph, once for each size of batch.
 *
 * @param name of its nodes
 * @param counts sizes that are compiled at once; others are when they come
 * @param scalars what goes in beside the batch
 * @returns gives what runs the step for batches of so many samples
 * @throws TraceRefusal where a graph would compute something else
 */
export function compileStep(
  session: GraphSession,
  parts: EvaluationParts,
  { name, step }: { readonly name: string; readonly step: TensorFunction },
  counts: readonly number[],
  scalars: Readonly<Record<string, GraphInput>> = {},
): (count: number) => RunBody {
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
}

/** Runs a step op by op. @param more what goes in beside the batch */
export function runEagerly(
  parts: EvaluationParts,
  step: TensorFunction,
  batch: Batch,
  more: () => Record<string, Tensor> = () => ({}),
): StepValues {
  return parts.engine.tf.tidy(() => {
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
}

/** That a step has to be compiled, and cannot be. @param why completes "it cannot be compiled: ..." */
export function notCompiled(why: string): UserError {
  return failure(
    'not-compiled',
    `the step cannot be compiled: ${why}`,
    'Use `step: auto`, which runs such a step eagerly and says so.',
  );
}
