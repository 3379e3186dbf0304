import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobState } from '../../src/sweeps/executor.ts';
import { openExecutor } from '../../src/sweeps/executors.ts';
import { describeExecutor } from '../contract/executor-suite.ts';
import { testSweep } from '../contract/whole-sweep.ts';
import { all, untilJobs } from '../until.ts';
import { type SlurmCluster, noSlurm, startSlurm } from './slurm-cluster.ts';

describe.skipIf(noSlurm !== undefined)(`a Slurm cluster of two nodes${noSlurm ? ` (${noSlurm})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'layerline-slurm-'));
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await startSlurm();
    Object.assign(process.env, cluster.env);
  });
  afterAll(async () => {
    await cluster?.end();
    rmSync(folder, { recursive: true });
  });
  const on = () => ({ type: 'slurm', options: {} });

  describeExecutor('Slurm', { on, jobs: 20, seconds: 20 });
  testSweep('Slurm', { on: () => 'slurm: { partition: cpu }' });

  const executor = openExecutor(on(), { folder: join(folder, 'jobs') });
  const submit = (id: string, rest: string) =>
    executor.submit({ id, argv: ['sh', '-c', `echo "${id} $(hostname)"; ${rest}`], env: {}, need: { cpu: 1 } });
  // Slurm holds a job back for a minute or two whose node failed.
  const untilAll = (holds: (states: readonly JobState[]) => boolean, sweep: string) =>
    untilJobs(executor, sweep, holds, 240);

  test('a job whose node lost its power is run again by Slurm, to its end, and no other one is', async () => {
    const ids = ['power-1-0-0', 'power-2-0-0'];
    for (const id of ids) await submit(id, `sleep 15; echo ${id} >>"${folder}/ends"`);
    await untilAll(all('running'), 'power');
    // Slurm says that a job runs before it does, and which of the two is on the node nobody knows.
    for (const id of ids) while (!(await executor.logs(id))) await sleep(100);
    await cluster.restartNode(1);
    await untilAll(all('done'), 'power');
    const ends = readFileSync(join(folder, 'ends'), 'utf8').trim().split('\n');
    expect(ends.toSorted()).toEqual(ids);
    const logs = await Promise.all(ids.map((id) => executor.logs(id)));
    const begun = logs.map((log) => log!.trim().split('\n').length).toSorted((a, b) => a - b);
    expect(begun[0]).toBe(1);
    expect(begun[1]).toBeGreaterThan(1);
  }, 400_000);

  test('while the head is down that is told; what runs goes on, and is known afterwards', async () => {
    await submit('head-1-0-0', 'sleep 1');
    await untilAll(all('running'), 'head');
    await cluster.killHead();
    await expect(executor.list('head')).rejects.toThrow(/Slurm cannot be reached: /);
    await cluster.startHead();
    await submit('head-1-0-0', 'sleep 1');
    await untilAll(all('done'), 'head');
    expect(await executor.logs('head-1-0-0')).toMatch(/^head-1-0-0 n\d\n$/);
  });

  test('a job that waits says what for; one that Slurm does not take is told', async () => {
    for (const id of ['wait-1-0-0', 'wait-2-0-0']) await submit(id, 'sleep 300');
    await submit('wait-3-0-0', 'true');
    cluster.run('scontrol', 'hold', 'jobname=wait-3-0-0');
    const third = ({ id }: JobState) => id === 'wait-3-0-0';
    const states = await untilAll((all) => all.find(third)?.reason?.startsWith('JobHeld') === true, 'wait');
    expect(states.find(third)).toMatchObject({
      state: 'queued',
      reason: expect.stringMatching(/^JobHeld(User|Admin)$/),
    });
    for (const id of ['wait-1-0-0', 'wait-2-0-0', 'wait-3-0-0']) await executor.stop(id);
    expect((await executor.list('wait')).map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped']);
    const nowhere = { type: 'slurm', options: { partition: 'nowhere' } };
    const other = openExecutor(nowhere, { folder: join(folder, 'jobs') });
    const job = { id: 'nowhere-1-0-0', argv: ['true'], env: {}, need: { cpu: 1 } };
    await expect(other.submit(job)).rejects.toThrow(/^Slurm refuses: sbatch: .*[Ii]nvalid partition/);
  });
});
