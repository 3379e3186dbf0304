import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/base/events.ts';
import { checkMemory } from '../../src/plan/check-memory.ts';

const none = { runtime: 0, data: 0, reading: 0, weights: 0, activations: 0, checkpoints: 0 };

function check(memory: Partial<typeof none>, limits = { memory: 8e9, addressSpace: Infinity }): string[] {
  const events: RunEvent[] = [];
  checkMemory({ ...none, ...memory }, (event) => void events.push(event), limits);
  return events.map((event) =>
    event.type === 'diagnostic'
      ? `${event.diagnostic.severity}: ${event.diagnostic.message} ${event.diagnostic.hint}`
      : event.type,
  );
}

test('what fits is let pass, what likely does not is said, what cannot is refused', () => {
  expect(check({ data: 1e9, weights: 1e9, activations: 6e9 })).toEqual([]);
  expect(check({ data: 1e9, weights: 1e9, activations: 81.6e9 })).toEqual([
    expect.stringMatching(
      /^warning: .* 8\.0 GB .* a batch and their gradients 81\.6 GB, .*Make `train\.batchSize` smaller/,
    ),
  ]);
  expect(check({ runtime: 1e9, weights: 6e9, checkpoints: 2e9 })).toEqual([
    expect.stringMatching(
      /^warning: the run may need more than the 8\.0 GB .* about 9\.0 GB, TensorFlow and this program 1\.0 GB, .*copies for checkpoints 2\.0 GB Give the machine or container more memory/,
    ),
  ]);
  expect(() => check({ data: 1e6, weights: 252.6e12 })).toThrow(
    /data 1\.0 MB, reading it 0 B, weights with gradients and optimizer 252\.6 TB/,
  );
});

test('the address space is held against what TensorFlow reserves of it, and `ulimit -v` is named', () => {
  const within = (kilobytes: number) => ({ memory: 8e9, addressSpace: kilobytes * 1024 });
  const small = { runtime: 480e6, data: 1e6, weights: 1e6 };
  expect(check(small, within(3_300_000))).toEqual([]);
  expect(check(small, within(3_000_000))).toEqual([
    expect.stringMatching(
      /^warning: the run may need more than the 3\.1 GB of address space that `ulimit -v 3000000` allows, and it would break off then: about 3\.3 GB, .* TensorFlow and this program alone take about 3\.3 GB: raise the limit \(`ulimit -v unlimited`\)\.$/,
    ),
  ]);
  expect(() => check({ ...small, weights: 2e9 }, within(3_000_000))).toThrow(
    /needs more than the 3\.1 GB of address space that `ulimit -v 3000000` allows/,
  );
});

test('a smaller batch is advised only where it helps; a limit is shown as it was typed', () => {
  const hint = (memory: Partial<typeof none>, limit: number) =>
    check({ runtime: 480e6, ...memory }, { memory: limit, addressSpace: Infinity })[0];
  expect(hint({ activations: 900e6 }, 2 ** 30)).toMatch(
    /^warning: the run may need more than the 1 GiB \(1\.1 GB\) of memory .* Make `train\.batchSize` smaller, or give the machine or container more memory\.$/,
  );
  expect(hint({ activations: 900e6 }, 300 * 2 ** 20)).toMatch(
    /the 300 MiB \(314\.6 MB\) of memory .* TensorFlow and this program alone take about 480\.0 MB: give the machine/,
  );
  expect(hint({ activations: 900e6, weights: 700e6 }, 2 ** 30)).toMatch(
    /copies for checkpoints 0 B Give the machine or container more memory, or train a smaller model\.$/,
  );
  expect(hint({ activations: 900e6, data: 700e6 }, 2 ** 30)).toMatch(
    /Give the machine or container more memory, or train on less data\.$/,
  );
});
