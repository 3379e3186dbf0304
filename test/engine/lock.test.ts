import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { withLock } from '../../src/engine/lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerline-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const newPath = (): string => join(folder, `${count++}.lock`);
const failOnWait = (): never => expect.fail('waited');

test('two at once run one after the other, and leave no lock', async () => {
  const path = newPath();
  const log: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    log.push(`${name} starts`);
    await sleep(50);
    log.push(`${name} ends`);
  };
  const waitedFor: unknown[] = [];
  await Promise.all([withLock(path, work('a'), failOnWait), withLock(path, work('b'), (owner) => waitedFor.push(owner))]);
  expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends']);
  expect(waitedFor).toMatchObject([{ pid: process.pid, host: hostname() }]);
  expect(existsSync(path)).toBe(false);
});

test('the lock is released when the work fails', async () => {
  const path = newPath();
  await expect(withLock(path, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(existsSync(path)).toBe(false);
});

test('the lock of a process that ended is taken over at once', async () => {
  const path = newPath();
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  writeFileSync(path, JSON.stringify({ pid, host: hostname() }));
  expect(await withLock(path, () => Promise.resolve('done'), failOnWait)).toBe('done');
});

test('the lock of a living process is waited for, and taken over when that process is killed', async () => {
  const path = newPath();
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  writeFileSync(path, JSON.stringify({ pid: holder.pid, host: hostname() }));
  let waited = false;
  const running = withLock(path, () => Promise.resolve(holder.killed), () => {
    waited = true;
    setTimeout(() => holder.kill('SIGKILL'), 300);
  });
  expect(await running).toBe(true);
  expect(waited).toBe(true);
});

test('a lock of another host is taken over once its holder shows no life', async () => {
  const path = newPath();
  writeFileSync(path, JSON.stringify({ pid: 1, host: 'elsewhere' }));
  const hourAgo = new Date(Date.now() - 3_600_000);
  utimesSync(path, hourAgo, hourAgo);
  expect(await withLock(path, () => Promise.resolve('done'), failOnWait)).toBe('done');
});
