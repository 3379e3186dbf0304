import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Chosen } from '../../src/base/row.ts';
import type { Executor, Job, JobState } from '../../src/sweeps/executor.ts';
import { openExecutor } from '../../src/sweeps/executors.ts';

/** An engine that the suite is run against. */
export interface Engine {
  readonly on: () => Chosen;
  /** How many small jobs the long part runs; left out: the short part alone. */
  readonly jobs?: number;
  /** Seconds that a small job takes there at most, from its submission on. */
  readonly seconds: number;
}

/** What every executor keeps: nothing is lost, nothing runs twice, and how a job ended is known. */
export function describeExecutor(name: string, { on, jobs, seconds }: Engine): void {
  describe(`jobs on ${name}`, () => {
    let folder: string;
    let executor: Executor;
    const open = () => openExecutor(on(), { folder: join(folder, 'jobs'), grace: 1000 });
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'layerline jobs, 100 %j-'));
      executor = open();
    });
    afterAll(async () => {
      for (const { id, state } of await executor.list('sweep'))
        if (state === 'running' || state === 'queued') await executor.stop(id);
      await executor.close();
      rmSync(folder, { recursive: true, force: true });
    });

    // Each job says that it starts, so that one that ran twice is seen.
    const starts = () => {
      const file = join(folder, 'starts');
      return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    };
    const job = (id: string, rest: string): Job => ({
      id,
      argv: ['sh', '-c', `echo ${id} >>"${folder}/starts"; ${rest}`],
      env: { ASKED: 'for a trial' },
      need: { cpu: 1 },
    });
    const until = async (id: string, states: readonly JobState['state'][], from = executor): Promise<JobState> => {
      for (let looks = 0; looks < 20 * seconds; looks++) {
        const found = (await from.list('sweep')).find((one) => one.id === id);
        if (found !== undefined && states.includes(found.state)) return found;
        await sleep(50);
      }
      throw new Error(`${id} is not ${states.join(' or ')}: ${JSON.stringify(await from.list('sweep'))}`);
    };
    const ended = ['done', 'failed', 'stopped', 'lost'] as const;

    test('a job ends, with what it printed on both streams, and is known afterwards', async () => {
      await executor.submit(job('sweep-1-0-0', 'echo "out $ASKED"; echo "it\'s" >&2; exit 0'));
      expect(await until('sweep-1-0-0', ended)).toEqual({ id: 'sweep-1-0-0', state: 'done', exitCode: 0 });
      const log = await executor.logs('sweep-1-0-0');
      expect(log).toContain('out for a trial');
      expect(log).toContain("it's");
      expect(await executor.list('swee')).toEqual([]);
      expect(await executor.logs('sweep-99-0-0')).toBeUndefined();
    });

    test('a job that fails tells its exit code', async () => {
      await executor.submit(job('sweep-2-0-0', 'exit 64'));
      expect(await until('sweep-2-0-0', ended)).toMatchObject({ state: 'failed', exitCode: 64 });
    });

    test('a job that a signal ended has failed, with the reason', async () => {
      await executor.submit(job('sweep-3-0-0', 'kill -KILL $$'));
      expect(await until('sweep-3-0-0', ended)).toMatchObject({
        state: 'failed',
        exitCode: 137,
        reason: 'it was killed by SIGKILL',
      });
    });

    test('a known job is adopted, whether it runs or has ended, by one driver or by two at once', async () => {
      const twice = job('sweep-4-0-0', 'sleep 1');
      const other = open();
      await executor.submit(twice);
      await Promise.all([executor.submit(twice), other.submit(twice)]);
      await until('sweep-4-0-0', ['done']);
      await other.submit(twice);
      expect(await until('sweep-4-0-0', ended, other)).toMatchObject({ state: 'done' });
      await other.close();
      expect(starts().filter((id) => id === 'sweep-4-0-0')).toHaveLength(1);
    });

    test('a clock that is set back by years, and then forward, changes nothing', async () => {
      await executor.submit(job('sweep-8-0-0', 'sleep 1'));
      vi.useFakeTimers({ toFake: ['Date'], now: 0 });
      try {
        const next = open();
        await next.submit(job('sweep-8-0-0', 'sleep 1'));
        expect(['running', 'done']).toContain((await until('sweep-8-0-0', [...ended, 'running'], next)).state);
        vi.setSystemTime(Date.parse('2099-01-01'));
        expect(await until('sweep-8-0-0', ended, next)).toMatchObject({ state: 'done' });
        await next.close();
      } finally {
        vi.useRealTimers();
      }
      expect(starts().filter((id) => id === 'sweep-8-0-0')).toHaveLength(1);
    });

    test('a job that is stopped runs no more, also one that does not heed SIGTERM', async () => {
      await executor.submit(job('sweep-5-0-0', `trap "" TERM; while :; do echo on >>"${folder}/on"; sleep 0.1; done`));
      await until('sweep-5-0-0', ['running']);
      for (let looks = 0; looks < 20 * seconds && !existsSync(join(folder, 'on')); looks++) await sleep(50);
      await executor.stop('sweep-5-0-0');
      appendFileSync(join(folder, 'on'), 'end\n');
      expect((await until('sweep-5-0-0', ended)).state).toBe('stopped');
      await executor.stop('sweep-5-0-0');
      await executor.stop('sweep-99-0-0');
      await sleep(300);
      expect(readFileSync(join(folder, 'on'), 'utf8')).toMatch(/end\n$/);
    });

    test.runIf(jobs !== undefined)(
      'what a killed driver submitted is found by the next one, in another process',
      async () => {
        const jobs = ['sweep-6-0-0', 'sweep-7-0-0'].map((id) => job(id, 'sleep 2; exit 3'));
        const driver = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'executor-driver.ts')], {
          env: { ...process.env, GIVEN: JSON.stringify({ on: on(), folder: join(folder, 'jobs'), jobs }) },
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        await once(driver.stdout, 'data');
        driver.kill('SIGKILL');
        for (const { id } of jobs) expect(await until(id, ended)).toMatchObject({ state: 'failed', exitCode: 3, id });
        for (const one of jobs) await executor.submit(one);
        expect(
          starts()
            .filter((id) => /-[67]-/.test(id))
            .toSorted(),
        ).toEqual(['sweep-6-0-0', 'sweep-7-0-0']);
      },
    );

    test.runIf(jobs !== undefined)(`${jobs} jobs over the slots: none is lost, none runs twice`, async () => {
      const ids = Array.from({ length: jobs! }, (_, k) => `sweep-${100 + k}-0-0`);
      const waiting = [...ids];
      for (let looks = 0; looks < 20 * seconds * jobs!; looks++) {
        for (let free = await executor.slots({ cpu: 1 }); free > 0 && waiting.length > 0; free--)
          await executor.submit(job(waiting.shift()!, 'sleep 0.2'));
        const done = (await executor.list('sweep')).filter(({ id, state }) => ids.includes(id) && state === 'done');
        if (done.length === jobs) break;
        await sleep(100);
      }
      expect(
        starts()
          .filter((id) => ids.includes(id))
          .toSorted(),
      ).toEqual(ids.toSorted());
    });
  });
}
