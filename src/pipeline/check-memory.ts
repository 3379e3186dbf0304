import { totalmem } from 'node:os';
import { failure } from '../base/diagnostics.ts';
import type { Emit } from '../base/events.ts';
import { showBytes } from '../base/quantities.ts';
import type { MemoryEstimate } from './plan.ts';

/**
 * Refuses a run whose weights and data alone are more than the memory there is; where the activations of a batch, which
 * are estimated, make it more, it is a warning.
 *
 * @param available bytes that the process may have
 * @throws UserError when it cannot run
 */
export function checkMemory({ data, weights, activations }: MemoryEstimate, emit: Emit, available = Math.min(totalmem(), process.constrainedMemory() || Infinity)): void {
  const parts = `data ${showBytes(data)}, weights with gradients and optimizer ${showBytes(weights)}`;
  const there = `${showBytes(available)} of memory`;
  if (data + weights > available) throw failure('too-large', `the run needs more than the ${there} there is: ${parts}`, 'Train a smaller model: `pipeline plan FILE` shows the parameters of each layer.');
  if (data + weights + activations <= available) return;
  const message = `the run may need more than the ${there} there is: ${parts}, activations of a batch and their gradients ${showBytes(activations)}`;
  emit({ type: 'diagnostic', diagnostic: { code: 'too-large', severity: 'warning', message, hint: 'Make `train.batchSize` smaller.' } });
}
