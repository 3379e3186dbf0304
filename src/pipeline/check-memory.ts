import { availableMemory } from '../base/available-memory.ts';
import { failure } from '../base/diagnostics.ts';
import type { Emit } from '../base/events.ts';
import { showBytes } from '../base/quantities.ts';
import type { MemoryEstimate } from './plan.ts';

/**
 * Refuses a run whose data, and what is surely there of its weights at a time, are more than the memory there is; where all
 * that is expected is more, it is a warning.
 *
 * @param available bytes that the process may have
 * @throws UserError when it cannot run
 */
export function checkMemory(memory: MemoryEstimate, emit: Emit, available = availableMemory()): void {
  const there = `the ${showBytes(available)} of memory there is`;
  const parts = describeMemory(memory);
  // In graph and optimizer, and as gradients; the rest of their copies may come and go.
  const sure = memory.data + memory.weights / 2;
  if (sure > available) throw failure('too-large', `the run needs more than ${there}: ${parts}`, 'Train a smaller model, whose parameters `pipeline plan FILE` shows layer by layer, or give the machine or container more memory.');
  if (totalMemory(memory) <= available) return;
  const message = `the run may need more than ${there}, and the system would kill it then: about ${showBytes(totalMemory(memory))}, ${parts}`;
  const hint = memory.activations > memory.weights + memory.checkpoints ? 'Make `train.batchSize` smaller, or give the machine or container more memory.' : 'Give the machine or container more memory, or train a smaller model.';
  emit({ type: 'diagnostic', diagnostic: { code: 'too-large', severity: 'warning', message, hint } });
}

/** All that a process is expected to take at its peak, in bytes. */
export function totalMemory({ runtime, data, weights, activations, checkpoints }: MemoryEstimate): number {
  return runtime + data + weights + activations + checkpoints;
}

/** Its parts in words. */
export function describeMemory({ runtime, data, weights, activations, checkpoints }: MemoryEstimate): string {
  return [
    `TensorFlow and this program ${showBytes(runtime)}`,
    `data ${showBytes(data)}`,
    `weights with gradients and optimizer ${showBytes(weights)}`,
    `activations of a batch and their gradients ${showBytes(activations)}`,
    `copies for checkpoints ${showBytes(checkpoints)}`,
  ].join(', ');
}
