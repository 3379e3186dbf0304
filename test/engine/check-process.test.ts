import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findEntry } from '../../src/engine/install/engine-entry.ts';
import { noMemory } from '../../src/engine/check-process.ts';
import { engineSite } from '../../src/engine/install/engine-site.ts';
import { Rig, digitsPipeline } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

/** Needs the right to mount. */
const hideProc = ['unshare', '--mount', '--pid', '--fork', 'sh', '-c', 'mount -t tmpfs none /proc && exec "$0" "$@"'];
const canHide = spawnSync(hideProc[0]!, [...hideProc.slice(1), 'true']).status === 0;

test.runIf(canHide)(
  'without /proc, the run says so where TensorFlow would abort with a dump of its stack',
  async () => {
    rig.writeDigits();
    rig.write('digits.yaml', digitsPipeline());
    const { code, stderr } = await rig.run(['run', 'digits.yaml'], {}, hideProc);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^error engine-without-proc: TensorFlow does not load: it looks itself up in \/proc\/self\/exe, which is not there\n {2}help: Mount it: `mount -t proc proc \/proc`\./,
      ),
    ]);
  },
  30_000,
);

/** The folder of the machine's engine, as hardened hosts mount /var or /home. */
const place = dirname(findEntry(engineSite())!);
const forbid = [
  'unshare',
  '--mount',
  'sh',
  '-c',
  `mount --bind '${place}' '${place}' && mount -o remount,bind,noexec '${place}' && exec "$0" "$@"`,
];
const canForbid = spawnSync(forbid[0]!, [...forbid.slice(1), 'true']).status === 0;

test.runIf(canForbid)(
  'an engine on a mount with noexec is not taken for a want of memory, and the way out leads out',
  async () => {
    rig.writeDigits();
    rig.write('digits.yaml', digitsPipeline());
    const { code, stderr } = await rig.run(['run', 'digits.yaml'], {}, forbid);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^error engine-noexec: TensorFlow does not load: (\S+) is mounted with the option noexec, which .*\n {2}help: Set XDG_CACHE_HOME=FOLDER, to one that is on another mount, then run `pipeline engine install` again/,
      ),
    ]);
    expect(stderr).toContain(`${place} is mounted`);
    const { stdout } = await rig.run(['engine', 'status'], { XDG_CACHE_HOME: rig.folder }, forbid);
    expect(stdout).toMatch(/native, missing/);
    expect(stdout).toContain(`${rig.folder}/layerline/engine`);
  },
  60_000,
);

test('a library that is not mapped for want of memory is not set up again', () => {
  const { message, hint } = noMemory(
    'libtensorflow_framework.so.2: failed to map segment from shared object',
    undefined,
  ).diagnostics[0]!;
  expect(`${message} ${hint}`).toMatch(/not enough memory .*failed to map segment.*ulimit -v/);
  expect(hint).not.toContain('engine install');
});
