import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'rolldown';
import { afterAll, expect, test } from 'vitest';
import { claim, isAtWork } from '../../src/base/claim.ts';
import { self } from '../../src/base/owner.ts';
import { withLock } from '../../src/engine/install/engine-lock.ts';
import { inContainer, noContainers } from '../container.ts';

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

// This one and the next wait seconds for signs of life, side by side.
test.concurrent('the lock of another container is taken over once its holder shows no life', async () => {
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
  const left = readdirSync(folder).filter((name) => name.startsWith(`${basename(path)}.owner.`));
  expect([waited, left]).toEqual([true, []]);
});

test.runIf(noContainers === undefined)(
  'what a process in another container holds is its own while that lives, ' +
    "and anyone's once it was killed: a run, and the set-up",
  { concurrent: true, timeout: 30_000 },
  async () => {
    const [run, lock] = [newPath(), newPath()];
    const program = join(folder, 'claim.mjs');
    await build({
      input: join(import.meta.dirname, '../../src/base/claim.ts'),
      platform: 'node',
      output: { file: program },
      logLevel: 'silent',
    });
    const script = `const { claim } = await import(${JSON.stringify(program)});
      console.log(${JSON.stringify([run, lock])}.every((path) => claim(path) !== undefined));
      setInterval(() => {}, 1000);`;
    const [command, ...args] = [...inContainer('elsewhere'), process.execPath, '--input-type=module', '-e', script];
    const holder = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(holder, 'exit');
    expect(String((await once(holder.stdout, 'data'))[0])).toBe('true\n');
    const minuteAgo = () => {
      const time = new Date(Date.now() - 60_000);
      for (const path of [run, lock]) utimesSync(`${path}.owner.1`, time, time);
    };
    minuteAgo();
    expect([await isAtWork(run, () => undefined), claim(run), claim(lock)]).toEqual([true, undefined, undefined]);
    holder.kill('SIGKILL');
    await ended;
    minuteAgo();
    let waited = 0;
    const done = withLock(
      lock,
      () => Promise.resolve('done'),
      () => waited++,
    );
    expect(await isAtWork(run, () => undefined)).toBe(false);
    const mine = claim(run);
    expect([mine !== undefined, await done, waited]).toEqual([true, 'done', 1]);
    mine!.release();
  },
);
