import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Executor, JobState } from '../../src/sweeps/executor.ts';

/** Processes of this machine that outlive whoever starts them: the least that a driver can be tried with. */
export function localJobs(folder: string, cores = 2): Executor {
  const read = (id: string, name: string) => {
    const path = join(folder, id, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
  };
  const stateOf = (id: string): JobState => {
    const exit = read(id, 'exit');
    const state = Number(exit) === 0 ? 'done' : 'failed';
    if (exit !== undefined) return { id, state: read(id, 'stop') === '' ? 'stopped' : state, exitCode: Number(exit) };
    const pid = Number(read(id, 'pid') ?? 0);
    // Between two looks it may have ended.
    if (pid === 0 || isAlive(pid) || read(id, 'exit') !== undefined) return { id, state: 'running' };
    return read(id, 'stop') === '' ? { id, state: 'stopped' } : { id, state: 'lost', reason: 'its process is gone' };
  };
  const ids = () => (existsSync(folder) ? readdirSync(folder) : []);
  return {
    slots: async ({ cpu }) =>
      Math.floor((cores - ids().filter((id) => stateOf(id).state === 'running').length * cpu) / cpu),
    submit: async ({ id, argv, env, cwd }) => {
      if (existsSync(join(folder, id))) return;
      mkdirSync(join(folder, id), { recursive: true });
      const script =
        'cd "$1"; echo $$ >pid.t; mv pid.t pid; cd "$2"; d=$1; shift 2; "$@" >>"$d/log" 2>&1; ' +
        'echo $? >"$d/exit.t"; mv "$d/exit.t" "$d/exit"';
      spawn('/bin/sh', ['-c', `trap : TERM INT; ${script}`, 'sh', join(folder, id), cwd ?? '.', ...argv], {
        env: { ...process.env, ...env },
        stdio: 'ignore',
        detached: true,
      }).unref();
    },
    list: async (sweep) =>
      ids()
        .filter((id) => id.startsWith(sweep))
        .map(stateOf),
    stop: async (id) => {
      const pid = Number(read(id, 'pid') ?? 0);
      if (stateOf(id).state !== 'running' || pid === 0) return;
      writeFileSync(join(folder, id, 'stop'), '');
      process.kill(-pid, 'SIGTERM');
      for (let i = 0; i < 400 && stateOf(id).state === 'running'; i++) await sleep(25);
    },
    logs: async (id) => read(id, 'log'),
    close: async () => {},
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
