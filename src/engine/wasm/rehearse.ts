import type { Variable } from '@tensorflow/tfjs';
import { failure } from '../../base/diagnostics.ts';
import type { Tf } from '../tensorflow.ts';

/**
 * Runs a step for nothing, so that what the wasm backend cannot compute is known before training starts. The
 * variables hold afterwards what they held before.
 *
 * @param state all variables that the step changes
 * @throws UserError `missing-kernel`
 */
export function rehearse(tf: Tf, state: readonly Variable[], step: () => void): void {
  const before = state.map((variable) => tf.clone(variable));
  try {
    step();
  } catch (error) {
    const limit = error instanceof Error ? limitOf(error.message) : undefined;
    if (limit === undefined) throw error;
    throw failure(
      'missing-kernel',
      `the wasm engine cannot train this pipeline: ${limit}`,
      'Unset PIPELINE_ENGINE to train it with the native engine.',
      error,
    );
  } finally {
    state.forEach((variable, k) => variable.assign(before[k]!));
    tf.dispose(before);
  }
}

/** What the backend lacks, from the words that it refuses with; undefined for any other error. */
function limitOf(message: string): string | undefined {
  const kernel = /^Kernel '(\w+)' not registered for backend/.exec(message)?.[1];
  if (kernel !== undefined) return `it has no ${kernel} kernel that works`;
  return /wasm backend/i.test(message) ? message.split('\n')[0] : undefined;
}
