import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/base/events.ts';
import { checkMemory } from '../../src/pipeline/check-memory.ts';

function check(memory: { data: number; weights: number; activations: number }): string[] {
  const events: RunEvent[] = [];
  checkMemory(memory, (event) => void events.push(event), 8e9);
  return events.map((event) => (event.type === 'diagnostic' ? `${event.diagnostic.severity}: ${event.diagnostic.message}` : event.type));
}

test('what fits is let pass, what likely does not is said, what cannot is refused', () => {
  expect(check({ data: 1e9, weights: 1e9, activations: 6e9 })).toEqual([]);
  expect(check({ data: 1e9, weights: 1e9, activations: 81.6e9 })).toEqual([expect.stringMatching(/^warning: .* 8\.0 GB .* a batch and their gradients 81\.6 GB$/)]);
  expect(() => check({ data: 1e6, weights: 252.6e12, activations: 0 })).toThrow(/data 1\.0 MB, weights with gradients and optimizer 252\.6 TB/);
});
