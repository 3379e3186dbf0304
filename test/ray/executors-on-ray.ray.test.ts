import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import type { Executor, JobState } from '../../src/sweeps/executor.ts';
import { openExecutor } from '../../src/sweeps/executors.ts';
import { bareMachine } from '../bare-machine.ts';
import { noContainers } from '../container.ts';
import { describeExecutor } from '../contract/executor-suite.ts';
import { testSweep } from '../contract/whole-sweep.ts';
import { all, untilJobs } from '../until.ts';
import { type RayCluster, startRay } from './ray-cluster.ts';

const noRay = inject('rayMissing') || noContainers;

describe.skipIf(noRay !== undefined)(`a Ray cluster of two nodes${noRay ? ` (${noRay})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'layerline ray-'));
  let cluster: RayCluster;
  let executor: Executor;
  const on = () => ({ type: 'ray', options: { url: cluster.url } });
  beforeAll(async () => {
    mkdirSync(join(folder, 'store'));
    cluster = await startRay(bareMachine(folder));
    process.env['RAY_AUTH_TOKEN'] = cluster.token;
    executor = openExecutor(on(), { folder });
  });
  afterAll(async () => {
    await executor?.close();
    await cluster?.end();
    rmSync(folder, { recursive: true });
  });

  const submit = (id: string, rest: string) =>
    executor.submit({ id, argv: ['sh', '-c', rest], env: {}, need: { cpu: 1 } });
  const untilAll = (holds: (states: readonly JobState[]) => boolean, sweep: string) =>
    untilJobs(executor, sweep, holds, 120);

  describeExecutor('Ray', { on, jobs: 20, seconds: 30 });
  testSweep('Ray', {
    on: () => `ray: { url: "${cluster.url}" }`,
    cache: `cache: { remote: "${pathToFileURL(folder).href}/store" }\n`,
    faults: {
      restartNode: () => cluster.restartNode(2),
      endHead: async () => {
        await submit('head-1-0-0', 'sleep 600');
        await cluster.killHead();
        await expect(executor.list('head')).rejects.toThrow(/^Ray cannot be reached at http:\S+: /);
      },
      startHead: async () => {
        await cluster.startAnew();
        expect(await executor.list('head')).toEqual([
          { id: 'head-1-0-0', state: 'lost', reason: 'Ray has forgotten it: its head was started anew' },
        ]);
      },
      told: /error executor-unreachable: Ray cannot be reached at http:/,
    },
  });

  test('jobs of a node that lost its power are lost, the others end; another attempt is done', async () => {
    const ids = ['power-1-0-0', 'power-2-0-0'];
    for (const id of ids) await submit(id, `hostname; sleep 6; echo ${id} >>"${folder}/ends"`);
    await untilAll(all('running'), 'power');
    await cluster.restartNode(1);
    const states = await untilAll(all('done', 'lost'), 'power');
    expect(states.map(({ state }) => state).toSorted()).toEqual(['done', 'lost']);
    const lost = states.find(({ state }) => state === 'lost')!;
    expect(lost.reason).toMatch(/^JOB_SUPERVISOR_ACTOR_DIED: /);
    const again = lost.id.replace(/0$/, '1');
    await submit(again, `echo ${again} >>"${folder}/ends"`);
    await untilAll((jobs) => jobs.find(({ id }) => id === again)?.state === 'done', 'power');
    const ends = readFileSync(join(folder, 'ends'), 'utf8').trim().split('\n');
    expect(ends.toSorted()).toEqual([...ids.filter((id) => id !== lost.id), again].toSorted());
  }, 300_000);

  test('more than any node has is told, whatever nodes died before', async () => {
    await expect(executor.slots({ cpu: 2 })).rejects.toThrow(
      /^no node of Ray at http:\S+ has room for a trial of 2 CPUs$/,
    );
    await expect(executor.slots({ cpu: 1, memory: '4Gi' })).rejects.toThrow(/a trial of 1 CPUs, 4Gi$/);
    await expect(executor.slots({ cpu: 1, gpu: 1 })).rejects.toThrow(/a trial of 1 CPUs, 1 GPUs$/);
  });

  test('no token and a wrong one are told', async () => {
    vi.stubEnv('HOME', folder);
    vi.stubEnv('RAY_AUTH_TOKEN', '');
    const without = openExecutor(on(), { folder });
    vi.stubEnv('RAY_AUTH_TOKEN', 'wrong');
    const wrong = openExecutor(on(), { folder });
    vi.unstubAllEnvs();
    await expect(without.list('sweep')).rejects.toThrow(/^Ray at http:\S+ wants a token$/);
    await expect(wrong.list('sweep')).rejects.toThrow(/^Ray at http:\S+ does not take the token$/);
  });
});
