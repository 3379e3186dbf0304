import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { self } from '../../src/base/owner.ts';
import type { JobState } from '../../src/sweeps/executor.ts';
import { chosenExecutor, needOf, openExecutor } from '../../src/sweeps/executors.ts';
import { describeExecutor } from './executor-suite.ts';

const local = { type: 'local', options: {} };
describeExecutor('local', { on: () => local, seconds: 10 });

const folder = mkdtempSync(join(tmpdir(), 'layerline-executors-'));
afterAll(() => rmSync(folder, { recursive: true }));
const executor = openExecutor(local, { folder, grace: 500 });

async function stateOf(id: string): Promise<JobState | undefined> {
  return (await executor.list('sweep')).find((one) => one.id === id);
}

test('a job whose shell was killed is lost, and what is left of it runs no more', async () => {
  const argv = ['sh', '-c', 'while :; do echo on; sleep 0.05; done'];
  await executor.submit({ id: 'sweep-1-0-0', argv, env: {}, need: { cpu: 1 } });
  expect(await executor.slots({ cpu: 1 })).toBe(availableParallelism() - 1);
  const { pid } = JSON.parse(readFileSync(join(folder, 'sweep-1-0-0', 'claim'), 'utf8')) as { readonly pid: number };
  process.kill(pid, 'SIGKILL');
  for (let looks = 0; looks < 100 && (await stateOf('sweep-1-0-0'))?.state === 'running'; looks++) await sleep(20);
  expect(await stateOf('sweep-1-0-0')).toMatchObject({ state: 'lost', reason: 'its process was killed from outside' });
  const log = await executor.logs('sweep-1-0-0');
  await sleep(200);
  expect(await executor.logs('sweep-1-0-0')).toBe(log);
  expect(await executor.slots({ cpu: 1 })).toBe(availableParallelism());
});

test('another process that has the number of a job now is neither taken for it nor killed', async () => {
  const other = spawn('sleep', ['30'], { detached: true, stdio: 'ignore' });
  const claim = { pid: other.pid, space: self().space, started: '1', nonce: 'job', cpu: 1 };
  mkdirSync(join(folder, 'sweep-2-0-0'));
  writeFileSync(join(folder, 'sweep-2-0-0', 'claim'), JSON.stringify(claim));
  expect(await stateOf('sweep-2-0-0')).toMatchObject({ state: 'lost' });
  await executor.stop('sweep-2-0-0');
  expect(process.kill(other.pid!, 0)).toBe(true);
  other.kill();
});

test('a job of before the machine was started anew is lost; a folder without a claim is no job', async () => {
  const claim = { pid: process.pid, space: 'another boot', started: '1', nonce: 'job', cpu: 1 };
  for (const id of ['sweep-3-0-0', 'sweep-4-0-0']) mkdirSync(join(folder, id));
  writeFileSync(join(folder, 'sweep-3-0-0', 'claim'), JSON.stringify(claim));
  writeFileSync(join(folder, 'sweep-4-0-0', 'claim'), '{"pid":-1');
  expect(await stateOf('sweep-3-0-0')).toMatchObject({ state: 'lost', reason: expect.stringContaining('anew') });
  expect(await stateOf('sweep-4-0-0')).toBeUndefined();
});

test('more cores than there are is told at once, and an id that is a path is refused', async () => {
  await expect(executor.slots({ cpu: 4096 })).rejects.toThrow(/asks for 4096 cores, and this machine has \d+/);
  const job = { argv: ['true'], env: {}, need: { cpu: 1 } };
  await expect(executor.submit({ id: '../sweep-1', ...job })).rejects.toThrow(/cannot be the id of a job/);
});

test('`on` is taken apart: the executor with its options, and what a trial asks for', () => {
  const on = chosenExecutor({ ray: { url: 'http://head:8265' }, cpu: 2, memory: '4Gi' });
  expect(on).toEqual({ type: 'ray', options: { url: 'http://head:8265', cpu: 2, memory: '4Gi' } });
  expect(needOf(on, 8)).toEqual({ cpu: 2, memory: '4Gi' });
  expect(needOf(chosenExecutor({ slurm: {} }), 8)).toEqual({ cpu: 1 });
  expect(needOf(chosenExecutor({ local: {} }), 1)).toEqual({ cpu: availableParallelism() });
  expect(needOf(chosenExecutor({ local: {} }), 1000)).toEqual({ cpu: 1 });
});
