import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, Rig, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
const disk = join(rig.folder, 'disk');
mkdirSync(disk);
/** Needs the right to mount. */
const mount = (options: string) =>
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk], { stdio: 'ignore' });
const unmount = () => execFileSync('umount', [disk], { stdio: 'ignore' });
const canMount = (() => {
  try {
    mount('size=4k');
    unmount();
    return true;
  } catch {
    return false;
  }
})();
const last = ({ stdout }: Ended) => eventsOf(stdout).at(-1)!;

let whole: Ended;
beforeAll(async () => {
  rig.writeDigits();
  rig.write('digits.yaml', digitsPipeline({ figures: true }));
  whole = await rig.run(['run', 'digits.yaml', '--json']);
}, 60_000);
afterAll(() => rig.remove());

test.runIf(canMount).each([250, 500, 900, 1500])(
  'a disk of %i kB fills up in the middle: no stack trace, and with room again the run ends as it should',
  async (size) => {
    mount(`size=${size}k`);
    try {
      const cut = await rig.run(['run', 'digits.yaml', '--json', '--runs', 'disk/runs']);
      expect(cut.stderr).not.toMatch(/mistake in Layerline|\n\s+at /);
      expect([cut.code, `${cut.stdout}${cut.stderr}`]).toEqual([1, expect.stringMatching(/no space/i)]);
      mount('remount,size=20m');
      const again = await rig.run(['run', 'digits.yaml', '--json', '--runs', 'disk/runs']);
      expect([again.code, again.stderr]).toEqual([0, '']);
      expect(last(again)).toMatchObject({
        status: 'FINISHED',
        weightsSha256: last(whole)['weightsSha256'],
        metrics: last(whole)['metrics'],
      });
      expect((await rig.run(['status', 'digits.yaml', '--runs', 'disk/runs'])).stdout).not.toContain('runs ');
    } finally {
      unmount();
    }
  },
  120_000,
);
