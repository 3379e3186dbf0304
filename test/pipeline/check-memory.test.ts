import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/base/events.ts';
import { checkMemory } from '../../src/pipeline/check-memory.ts';

const none = { runtime: 0, data: 0, weights: 0, activations: 0, checkpoints: 0 };

function check(memory: Partial<typeof none>): string[] {
  const events: RunEvent[] = [];
  checkMemory({ ...none, ...memory }, (event) => void events.push(event), 8e9);
  return events.map((event) => (event.type === 'diagnostic' ? `${event.diagnostic.severity}: ${event.diagnostic.message} ${event.diagnostic.hint}` : event.type));
}

test('what fits is let pass, what likely does not is said, what cannot is refused', () => {
  expect(check({ data: 1e9, weights: 1e9, activations: 6e9 })).toEqual([]);
  expect(check({ data: 1e9, weights: 1e9, activations: 81.6e9 })).toEqual([expect.stringMatching(/^warning: .* 8\.0 GB .* a batch and their gradients 81\.6 GB, .*Make `train\.batchSize` smaller/)]);
  expect(check({ runtime: 1e9, weights: 6e9, checkpoints: 2e9 })).toEqual([expect.stringMatching(/^warning: the run may need more than the 8\.0 GB .* about 9\.0 GB, TensorFlow and this program 1\.0 GB, .*copies for checkpoints 2\.0 GB Give the machine or container more memory/)]);
  expect(() => check({ data: 1e6, weights: 252.6e12 })).toThrow(/data 1\.0 MB, weights with gradients and optimizer 252\.6 TB/);
});
