import { totalmem } from 'node:os';
import { afterAll, describe, expect, test } from 'vitest';
import { availableMemory } from '../../src/base/available-memory.ts';
import { explainOutOfMemory } from '../../src/base/out-of-memory.ts';
import { type MemoryGroup, addressesWithin, makeMemoryGroup } from '../memory-group.ts';
import { Rig, digitsPipeline } from '../rig.ts';

const rig = new Rig();
const group = makeMemoryGroup(800_000_000);
afterAll(() => {
  if (typeof group !== 'string') group.remove();
  rig.remove();
});

test('there is some, and no more than the machine has', () => {
  expect(availableMemory()).toBeGreaterThan(100e6);
  expect(availableMemory()).toBeLessThanOrEqual(totalmem());
});

describe('a run that needs more than there is', () => {
  const large = () => {
    rig.writeDigits(300, 100);
    rig.write('large.yaml', digitsPipeline({ layers: '[flatten, dense 5000 relu, dense 2000 relu, dense 10]' }));
    rig.write('huge.yaml', digitsPipeline({ layers: '[flatten, dense 30000 relu, dense 30000 relu, dense 10]' }));
  };
  /** What is said within a limit; the run is not waited for once it has been. */
  const limited = (within: readonly string[], file: string) => {
    large();
    const { child } = rig.start(['run', file], {}, within);
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: string) => (said += text).includes('help:') && child.kill('SIGKILL'));
    return new Promise<string>((done) => child.on('close', () => done(said)));
  };

  test.runIf(typeof group !== 'string')(
    `within a limit of a group above its own is told with its parts${typeof group === 'string' ? ` (${group})` : ''}`,
    async () => {
      const { enter } = group as MemoryGroup;
      expect(await limited(enter, 'large.yaml')).toMatch(
        /warning memory-may-not-suffice: the run may need more than the 8\d\d\.\d MB of memory there is, and the system would kill it then: about \S+ .B, TensorFlow and this program \S+ MB, data \S+ .B, reading it \S+ .?B, weights with gradients and optimizer \S+ MB, activations .*, copies for checkpoints \S+ MB/,
      );
      expect(await limited(enter, 'huge.yaml')).toMatch(
        /error not-enough-memory: the run needs more than the 800\.\d MB of memory there is: .* weights with gradients and optimizer \d+\.\d GB/,
      );
    },
    120_000,
  );

  test.runIf(process.platform === 'linux')(
    'within `ulimit -v`, which is held against address space',
    async () => {
      expect(await limited(addressesWithin(3_000_000), 'large.yaml')).toMatch(
        /warning memory-may-not-suffice: the run may need more than the 3\.1 GB of address space that `ulimit -v 3000000` allows/,
      );
      const refused = await limited(addressesWithin(2_000_000), 'large.yaml');
      expect(refused).toMatch(
        /error engine-address-space: TensorFlow does not load: it reserves about 3\.3 GB of address space, more than `ulimit -v 2000000` allows/,
      );
      expect(refused).not.toMatch(/engine install|batchSize/);
    },
    60_000,
  );
});

// A run that ends so is a row of `npm run faults`: TensorFlow waits for 20 s whether memory comes.
test.each([
  [
    'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[5000,2000]',
    'OOM when allocating tensor with shape[5000,2000]',
  ],
  ['Array buffer allocation failed', 'Array buffer allocation failed'],
])('%j is told as what it is', (message, told) => {
  expect(explainOutOfMemory(new Error(message))).toMatchObject({
    exitCode: 1,
    diagnostics: [{ code: 'out-of-memory', message: `the memory was over: ${told}` }],
  });
});

test('what else an engine says is no matter of memory', () => {
  const error = new Error('Invalid TF_Status: 3\nMessage: Matrix size-incompatible');
  expect(explainOutOfMemory(error)).toBe(error);
});
