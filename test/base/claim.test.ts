import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'rolldown';
import { afterAll, expect, test } from 'vitest';
import { claim, claimedBy, isClaimed } from '../../src/base/claim.ts';
import { isGone, self } from '../../src/base/owner.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerline-claim-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const newPath = (): string => join(folder, String(count++), 'run');

test('one has it until it is given back', () => {
  const path = newPath();
  const held = claim(path);
  expect(held).toBeDefined();
  expect(claim(path)).toBeUndefined();
  expect(isClaimed(path)).toBe(true);
  held!.release();
  expect(isClaimed(path)).toBe(false);
  expect(claim(path)).toBeDefined();
  expect(readdirSync(join(path, '..')).map(claimedBy)).toEqual(['run']);
});

test('the claim of a process that ended is taken over, also when its number is used again', () => {
  const path = newPath();
  claim(path)!.release();
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  writeFileSync(`${path}.owner.3`, JSON.stringify({ pid, host: hostname(), started: 'x 1' }));
  expect(isClaimed(path)).toBe(false);
  claim(path)!.release();
  // This very process, said to have started at another time.
  writeFileSync(`${path}.owner.1`, JSON.stringify({ ...self(), started: 'another boot 1' }));
  expect(isGone({ ...self(), started: 'another boot 1' })).toBe(true);
  expect(isGone(self())).toBe(false);
  expect(claim(path)).toBeDefined();
  expect(existsSync(`${path}.owner.1`)).toBe(false);
});

test('a living process and another host keep theirs; a half-written claim counts for seconds only', async () => {
  const path = newPath();
  claim(path)!.release();
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  writeFileSync(`${path}.owner.1`, JSON.stringify({ pid: holder.pid, host: hostname() }));
  expect(claim(path)).toBeUndefined();
  const ended = new Promise((done) => holder.once('exit', done));
  holder.kill('SIGKILL');
  await ended;
  expect(isClaimed(path)).toBe(false);
  writeFileSync(`${path}.owner.1`, JSON.stringify({ pid: 1, host: 'elsewhere' }));
  expect(claim(path)).toBeUndefined();
  writeFileSync(`${path}.owner.1`, '');
  expect(claim(path)).toBeUndefined();
  utimesSync(`${path}.owner.1`, 1, 1);
  expect(claim(path)).toBeDefined();
});

test('of processes that want to take over at the same moment, no two have it', async () => {
  const path = newPath();
  claim(path)!.release();
  const program = join(folder, 'claim.mjs');
  await build({ input: join(import.meta.dirname, '../../src/base/claim.ts'), platform: 'node', output: { file: program }, logLevel: 'silent' });
  for (let round = 0; round < 3; round++) {
    writeFileSync(`${path}.owner.1`, JSON.stringify({ pid: 1, host: hostname(), started: 'another boot 1' }));
    const script = `const { claim } = await import(${JSON.stringify(program)}); while (Date.now() < ${Date.now() + 800}); console.log(claim(${JSON.stringify(path)}) === undefined ? 0 : 1); setTimeout(() => {}, 800)`;
    const outputs = await Promise.all(Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])));
    expect(outputs.map(({ stdout }) => Number(stdout)).reduce((a, b) => a + b)).toBe(1);
  }
}, 30_000);

const full = join(folder, 'full');
mkdirSync(full);
/** Needs the right to mount: a disk of one page, which is filled. */
const canMount = (() => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', full], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.runIf(canMount)('a claim that a full disk does not hold leaves nothing that keeps others off', () => {
  try {
    writeFileSync(join(full, 'all'), new Uint8Array(4096));
    expect(() => claim(join(full, 'run'))).toThrow('ENOSPC');
    expect(readdirSync(full)).toEqual(['all']);
    rmSync(join(full, 'all'));
    expect(claim(join(full, 'run'))).toBeDefined();
  } finally {
    execFileSync('umount', [full]);
  }
});
