import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { availableMemory } from '../../src/base/available-memory.ts';
import { Rig, digitsPipeline } from '../rig.ts';

const rig = new Rig();
/** A group of this test's own within the one of this process, with a limit, and one below it without. */
const [group, whyNot] = makeGroup(800_000_000);
afterAll(() => {
  if (group !== undefined) for (const folder of [join(group, 'inner'), group]) rmdirSync(folder);
  rig.remove();
});

function makeGroup(bytes: number): readonly [string | undefined, string] {
  const own = /^\d+:memory:(.*)$/m.exec(existsSync('/proc/self/cgroup') ? readFileSync('/proc/self/cgroup', 'utf8') : '')?.[1];
  const folder = join('/sys/fs/cgroup/memory', own ?? '', `layerline-test-${process.pid}`);
  try {
    if (own === undefined) throw new Error('there are no control groups of version 1 here');
    mkdirSync(join(folder, 'inner'), { recursive: true });
    writeFileSync(join(folder, 'memory.limit_in_bytes'), String(bytes));
    return [folder, ''];
  } catch (error) {
    return [undefined, ` (skipped: ${(error as Error).message})`];
  }
}

test('there is some, and no more than the machine has', () => {
  expect(availableMemory()).toBeGreaterThan(100e6);
  expect(availableMemory()).toBeLessThanOrEqual(totalmem());
});

describe('a run that needs more than there is', () => {
  const large = () => {
    rig.writeDigits(300, 50);
    rig.write('large.yaml', digitsPipeline({ layers: '[flatten, dense 5000 relu, dense 2000 relu, dense 10]' }));
    rig.write('huge.yaml', digitsPipeline({ layers: '[flatten, dense 30000 relu, dense 30000 relu, dense 10]' }));
  };
  /** What is said within a limit; the run is not waited for once it has been. */
  const limited = (limit: string, file: string) => {
    large();
    const child = spawn('sh', ['-c', `${limit}; exec "$0" "$@"`, process.execPath, join(import.meta.dirname, '../../dist/cli.js'), 'run', file], { cwd: rig.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text).includes('help:') && child.kill('SIGKILL'));
    return new Promise<string>((done) => child.on('close', () => done(said)));
  };

  test.runIf(group !== undefined)(`within a limit of a group above its own is told with its parts${whyNot}`, async () => {
    const enter = `echo $$ > ${group}/inner/cgroup.procs`;
    expect(await limited(enter, 'large.yaml')).toMatch(/warning too-large: the run may need more than the 8\d\d\.\d MB of memory there is, and the system would kill it then: about \S+ .B, TensorFlow and this program \S+ MB, data \S+ .B, weights with gradients and optimizer \S+ MB, activations .*, copies for checkpoints \S+ MB/);
    expect(await limited(enter, 'huge.yaml')).toMatch(/error too-large: the run needs more than the 800\.\d MB of memory there is: .* weights with gradients and optimizer \d+\.\d GB/);
  }, 120_000);

  test.runIf(process.platform === 'linux')('within `ulimit -v`, which is the address space', async () => {
    expect(await limited('ulimit -v 3000000', 'huge.yaml')).toMatch(/error too-large: the run needs more than the \d\.\d GB of memory there is/);
  }, 60_000);
});
