import { once } from 'node:events';
import { existsSync, openSync, statSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { canRedraw, showsColors } from '../../src/base/terminal.ts';
import { Rig, digitsPipeline } from '../rig.ts';

const rig = new Rig();
afterAll(() => {
  rig.remove();
  vi.unstubAllEnvs();
});

test('a build is executable, as `npx pipeline` needs it', () => {
  expect(statSync(join(import.meta.dirname, '../../dist/cli.js')).mode & 0o111).toBe(0o111);
});

test('a run outlives the reader of its log', async () => {
  rig.writeDigits();
  rig.write('digits.yaml', digitsPipeline());
  const { child, ended } = rig.start(['run', 'digits.yaml', '--runs', 'quiet']);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
  expect((await rig.run(['status', 'digits.yaml', '--runs', 'quiet'])).stdout).toMatch(/^(\w+ +fresh .*\n){4}$/);
});

test('what is cut off ends in silence', async () => {
  const { child, ended } = rig.start(['schema']);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});

test.skipIf(!existsSync('/dev/full'))('a full disk is said', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../dist/cli.js'), 'list'], {
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
  });
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = await once(child, 'close');
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^error output-not-written: the output cannot be written: ENOSPC[^\n]*\n$/),
  ]);
});

test('colours are for terminals that have them', () => {
  const terminal = (env: Record<string, string>) => ({ isTTY: true, hasColors: () => !('NO_COLOR' in env) });
  expect(showsColors(terminal({}))).toBe(true);
  expect(showsColors(terminal({ NO_COLOR: '1' }))).toBe(false);
  vi.stubEnv('TERM', 'dumb');
  expect(canRedraw({ isTTY: true, columns: 80 })).toBe(false);
  vi.stubEnv('TERM', 'xterm');
  expect([
    canRedraw({ isTTY: true, columns: 80 }),
    canRedraw({ isTTY: false, columns: 80 }),
    canRedraw({ isTTY: true, columns: 0 }),
  ]).toEqual([true, false, false]);
});
