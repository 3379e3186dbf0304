import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { self } from '../../src/base/owner.ts';
import { withLock } from '../../src/engine/install/engine-lock.ts';

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
  let waited = 0;
  await Promise.all([withLock(path, work('a'), failOnWait), withLock(path, work('b'), () => waited++)]);
  expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends']);
  expect(waited).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test('the lock is released when the work fails', async () => {
  const path = newPath();
  await expect(withLock(path, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(readdirSync(folder)).toEqual([]);
});

test('the lock of a process that ended is taken over at once', async () => {
  const path = newPath();
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  writeFileSync(`${path}.owner.1`, JSON.stringify({ ...self(), pid, started: '1' }));
  expect(await withLock(path, () => Promise.resolve('done'), failOnWait)).toBe('done');
});

test('the lock of a living process is waited for, and taken over when that process is killed', async () => {
  const path = newPath();
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  writeFileSync(`${path}.owner.1`, JSON.stringify({ pid: holder.pid, host: hostname() }));
  let waited = false;
  const running = withLock(
    path,
    () => Promise.resolve(holder.killed),
    () => {
      waited = true;
      setTimeout(() => holder.kill('SIGKILL'), 300);
    },
  );
  expect(await running).toBe(true);
  expect(waited).toBe(true);
});

test('the lock of another container is taken over once its holder shows no life', async () => {
  const path = newPath();
  writeFileSync(`${path}.owner.1`, JSON.stringify({ ...self(), space: 'elsewhere' }));
  let waited = false;
  const running = withLock(
    path,
    () => Promise.resolve('done'),
    () => {
      waited = true;
      const hourAgo = new Date(Date.now() - 3_600_000);
      utimesSync(`${path}.owner.1`, hourAgo, hourAgo);
    },
  );
  expect(await running).toBe('done');
  expect([waited, readdirSync(folder).filter((name) => name.includes('.owner.'))]).toEqual([true, []]);
});
