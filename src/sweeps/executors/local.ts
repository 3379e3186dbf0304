import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Type } from 'typebox';
import { UserError, failure, mistake } from '../../base/diagnostics.ts';
import { hasForm, number, object, such } from '../../base/json-form.ts';
import { type Owner, isAlive, isReused, readOwner, self } from '../../base/owner.ts';
import { startProgram } from '../../base/start-program.ts';
import type { Executor, Job, JobState, Resources } from '../executor.ts';
import type { ExecutorPlace, ExecutorRow } from './executor-row.ts';
import { JobFolders, takeAndRun } from './job-folders.ts';

const noOptions = Type.Object({});

/** The machine that the sweep is started on. */
export const local: ExecutorRow<typeof noOptions> = {
  doc:
    'This machine: each trial is a process of its own, which runs on where the sweep itself is killed. ' +
    'Without `cpu`, trials that run at once share the cores evenly.',
  example: 'on: local',
  options: noOptions,
  open: (_, place) => new LocalExecutor(place),
};

// The shell that a job runs in says who it is as base/owner.ts has it: the tick in which it was started is field 22 of
// what proc(5) says, and elsewhere ps tells it. It leads the group of all that the job starts.
const script = `
folder=$1 space=$2 cpu=$3 work=$4
shift 4
field() { shift 21; printf %s "$1"; }
if read -r stat 2>/dev/null </proc/$$/stat; then started=$(field $stat)
else started=$(LC_ALL=C TZ=UTC /bin/ps -o lstart= -p $$ | sed 's/^ *//; s/ *$//'); fi
mine=$folder/claim.$$
printf '{"pid":%s,"space":"%s","started":"%s","nonce":"job","cpu":%s}' $$ "$space" "$started" "$cpu" >"$mine" || exit 1
${takeAndRun('{ rm -f "$mine"; exit 0; }')}`;

const withCpu = object({ cpu: such(number, (cpu) => cpu > 0) });

/** Milliseconds that all of a killed group may take to be gone. */
const vanishing = 2000;

class LocalExecutor implements Executor {
  readonly #place: ExecutorPlace;
  readonly #jobs: JobFolders;
  /** Those that have ended: nothing changes of them. */
  readonly #ended = new Map<string, JobState>();
  #told: () => void = () => {};

  constructor(place: ExecutorPlace) {
    this.#place = place;
    this.#jobs = new JobFolders(place.folder);
  }

  /** @throws UserError where this machine has fewer cores */
  async slots({ cpu }: Resources): Promise<number> {
    const cores = availableParallelism();
    if (cpu > cores) {
      const message = `a trial asks for ${cpu} cores, and this machine has ${cores}`;
      throw new UserError(mistake('job-too-large', message, this.#place.range, 'Write a smaller `cpu`.'), 2);
    }
    const states = await Promise.all(this.#jobs.ids().map((id) => this.#stateOf(id)));
    const used = states
      .filter((state) => state?.state === 'running')
      .reduce((sum, state) => sum + this.#cpuOf(state!.id), 0);
    return Math.max(0, Math.floor((cores - used) / cpu));
  }

  /** @throws UserError where the process cannot be started */
  async submit({ id, argv, env, cwd, need }: Job): Promise<void> {
    try {
      if (this.#jobs.read(id, 'claim') !== undefined) return;
      const folder = this.#jobs.make(id);
      const args = [folder, self().space, String(need.cpu), cwd ?? `${folder}/work`, ...argv];
      const child = startProgram('/bin/sh', ['-c', script, 'sh', ...args], {
        env: { ...process.env, ...env },
        cwd: folder,
        detached: true,
      });
      child.once('exit', () => this.#told());
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-500)));
      child.stdout.resume();
      // The shell closes both once it has taken the job, and what runs from then on holds this process no more.
      const refused = new Promise<never>((_, reject) => child.once('error', reject));
      await Promise.race([refused, Promise.all([once(child.stdout, 'end'), once(child.stderr, 'end')])]);
      child.unref();
      if (this.#jobs.read(id, 'claim') === undefined) throw new Error(said.trim() || 'its shell ended');
    } catch (error) {
      throw failure('job-not-started', `cannot start the trial ${id}: ${(error as Error).message}`, undefined, error);
    }
  }

  async list(sweep: string): Promise<readonly JobState[]> {
    const states = await Promise.all(this.#jobs.ids(sweep).map((id) => this.#stateOf(id)));
    return states.filter((state) => state !== undefined);
  }

  async stop(id: string): Promise<void> {
    const owner = this.#ownerOf(id);
    if (owner === undefined || (await this.#stateOf(id))?.state !== 'running') return;
    this.#jobs.markStopping(id);
    signalGroup(owner, 'SIGTERM');
    await until(() => isAlive(owner) === false, this.#place.grace ?? 10_000);
    // What does not heed SIGTERM, and what was left behind in the background.
    await endGroup(owner);
  }

  async logs(id: string): Promise<string | undefined> {
    return this.#jobs.logOf(id);
  }

  onEnd(told: () => void): void {
    this.#told = told;
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }

  /** @returns undefined where the job was never started */
  async #stateOf(id: string): Promise<JobState | undefined> {
    const known = this.#ended.get(id);
    if (known !== undefined) return known;
    const owner = this.#ownerOf(id);
    if (owner === undefined) return undefined;
    const isNear = owner.space === self().space;
    // Where the system does not tell when it was started, its number has to do.
    if (this.#jobs.endOf(id) === undefined && isNear && isAlive(owner) !== false) return { id, state: 'running' };
    // It may have ended after the first look for that, and before the one for its process.
    const state = this.#jobs.endOf(id) ?? (await this.#lost(id, owner, isNear));
    this.#ended.set(id, state);
    return state;
  }

  /** A job without a shell that could say how it ended: what is left of it is killed, as another attempt comes. */
  async #lost(id: string, owner: Owner, isNear: boolean): Promise<JobState> {
    if (isNear) await endGroup(owner);
    if (this.#jobs.isStopping(id)) return { id, state: 'stopped' };
    const reason = isNear
      ? 'its process was killed from outside'
      : 'the machine was started anew, or the job was started on another one';
    return { id, state: 'lost', reason };
  }

  #ownerOf(id: string): Owner | undefined {
    const owner = readOwner(this.#jobs.read(id, 'claim') ?? '');
    return owner !== undefined && 'space' in owner ? owner : undefined;
  }

  #cpuOf(id: string): number {
    const claim: unknown = JSON.parse(this.#jobs.read(id, 'claim') ?? '{}');
    return hasForm(withCpu, claim) ? claim.cpu : 1;
  }
}

function signalGroup({ pid }: Owner, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    // It is gone; macOS says EPERM of one in which all have ended.
    return false;
  }
}

/** Kills all of a job that is left, where the number of its group cannot be that of another one by now. */
async function endGroup(owner: Owner): Promise<void> {
  if (isAlive(owner) === false && isReused(owner)) return;
  if (signalGroup(owner, 'SIGKILL')) await until(() => !signalGroup(owner, 0), vanishing);
}

async function until(holds: () => boolean, longest: number): Promise<void> {
  const start = performance.now();
  for (let pause = 5; !holds() && performance.now() - start < longest; pause = Math.min(2 * pause, 200))
    await sleep(pause);
}
