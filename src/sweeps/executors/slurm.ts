import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Type } from 'typebox';
import { type Range, UserError, failure, mistake } from '../../base/diagnostics.ts';
import { duration } from '../../base/quantities.ts';
import { EXPECTED } from '../../base/row.ts';
import { hideSecrets } from '../../base/secrets.ts';
import { shellWord } from '../../base/shell-word.ts';
import { shorten } from '../../base/shorten.ts';
import { startProgram } from '../../base/start-program.ts';
import { makeVisible } from '../../base/visible-text.ts';
import { writeFileAtomic } from '../../base/files.ts';
import type { Executor, Job, JobState } from '../executor.ts';
import { askedMemory } from './asked-memory.ts';
import type { ExecutorRow } from './executor-row.ts';
import { JobFolders, belongsTo, expectId, takeAndRun } from './job-folders.ts';

const word = { pattern: '^[\\w][\\w.,@+-]{0,99}$', [EXPECTED]: 'a name as Slurm has them' };

const slurmOptions = Type.Object({
  partition: Type.Optional(
    Type.String({ description: "The partition; left out: the cluster's own choice.", examples: ['cpu'], ...word }),
  ),
  account: Type.Optional(
    Type.String({ description: 'The account that pays, where the cluster wants one.', examples: ['lab'], ...word }),
  ),
  time: Type.Optional(
    Type.String({
      description: "Time that a trial may take at most; left out: the partition's own limit.",
      examples: ['2h'],
      pattern: duration.pattern,
      [EXPECTED]: duration.expected,
    }),
  ),
});

/** A Slurm cluster, through its commands. */
export const slurm: ExecutorRow<typeof slurmOptions> = {
  doc:
    'A Slurm cluster, through sbatch, squeue and scancel, from a machine that has them. The folder of the sweep has ' +
    'to be one that all machines share.',
  example: 'on: { slurm: { partition: cpu, time: 2h }, cpu: 2, memory: 4Gi }',
  options: slurmOptions,
  open: (options, { folder, range }) => new SlurmExecutor(options, new JobFolders(folder), range),
};

// A job that Slurm starts again, as its machine failed, has the same number; a second one of the same name, from two
// that submitted it at once, has another and does nothing. Where the head did not hear of its end, it is none to start.
const script = `
folder=$1 work=$2
shift 2
[ ! -e "$folder/exit" ] || exit 0
mine=$folder/claim.$SLURM_JOB_ID
printf %s "$SLURM_JOB_ID" >"$mine" || exit 1
${takeAndRun('[ "$(cat "$folder/claim")" = "$SLURM_JOB_ID" ] || { rm -f "$mine"; exit 0; }')}`;

/** A job in Slurm's queue. */
interface Entry {
  readonly number: string;
  readonly state: string;
  readonly reason: string;
  readonly name: string;
}

const queued = new Set([
  'PENDING',
  'REQUEUED',
  'REQUEUE_FED',
  'REQUEUE_HOLD',
  'SPECIAL_EXIT',
  'CONFIGURING',
  'RESIZING',
]);
const running = new Set(['RUNNING', 'COMPLETING', 'SUSPENDED', 'STOPPED', 'SIGNALING', 'STAGE_OUT']);

/** Milliseconds after which the record of a job that has left the queue does not come: a shared folder lags behind. */
const lag = 10_000;

/** Milliseconds that a stop may take: a cluster waits for half a minute, or what it was told, before it kills. */
const stopping = 120_000;

/** Characters that a command may print: those that wait in the queue of one user. */
const longest = 32 << 20;

class SlurmExecutor implements Executor {
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #jobs: JobFolders;
  readonly #range: Range | undefined;
  /** Jobs that have left the queue without a record, and since when. */
  readonly #missing = new Map<string, number>();

  constructor(options: Readonly<Record<string, unknown>>, jobs: JobFolders, range: Range | undefined) {
    this.#options = options;
    this.#jobs = jobs;
    this.#range = range;
  }

  /** Slurm queues safely. */
  async slots(): Promise<number> {
    return Infinity;
  }

  /** @throws UserError where Slurm does not take the job, or cannot be reached */
  async submit(job: Job): Promise<void> {
    const { id, env, cwd, argv } = job;
    expectId(id);
    if (this.#isKnown(id) || (await this.#queue()).some(({ name }) => name === id)) return;
    const folder = this.#make(id);
    const command = ['/bin/sh', '-c', script, 'sh', folder, cwd ?? `${folder}/work`, ...argv].map(shellWord).join(' ');
    const args = [...this.#asked(job), `--output=${asIs(folder)}`, `--wrap=exec ${command}`];
    const number = await this.#run('sbatch', args, { ...process.env, ...env });
    writeFileAtomic(`${folder}/submitted`, number.trim());
  }

  async list(sweep: string): Promise<readonly JobState[]> {
    const queue = await this.#queue();
    const names = queue.map(({ name }) => name).filter((name) => belongsTo(name, sweep));
    const ids = [...new Set([...this.#jobs.ids(sweep), ...names])];
    const states = ids.map((id) =>
      this.#stateOf(
        id,
        queue.filter(({ name }) => name === id),
      ),
    );
    // Slurm holds what a machine could not start for ever: another attempt is to come, and this one never.
    const held = queue.filter(({ name, reason }) => names.includes(name) && isHeldForGood(reason));
    if (held.length > 0)
      await this.#run(
        'scancel',
        held.map(({ number }) => number),
      );
    return states.filter((state) => state !== undefined);
  }

  async stop(id: string): Promise<void> {
    const start = performance.now();
    for (let asked = false; performance.now() - start < stopping; asked = true) {
      const active = (await this.#queue()).filter(({ name, state }) => name === id && isActive(state));
      if (active.length === 0) return;
      if (!asked) {
        this.#make(id);
        this.#jobs.markStopping(id);
        await this.#run(
          'scancel',
          active.map(({ number }) => number),
        );
      }
      await sleep(300);
    }
    throw failure('executor-refused', `Slurm did not stop the trial ${id} within ${stopping / 1000} s`);
  }

  async logs(id: string): Promise<string | undefined> {
    return this.#jobs.logOf(id);
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }

  /** Whether it was submitted, or has run. */
  #isKnown(id: string): boolean {
    return ['exit', 'claim', 'submitted'].some((name) => this.#jobs.read(id, name) !== undefined);
  }

  #make(id: string): string {
    try {
      return this.#jobs.make(id);
    } catch (error) {
      throw failure('job-not-started', `no folder for the trial ${id}: ${(error as Error).message}`, undefined, error);
    }
  }

  #asked({ id, need: { cpu, memory, gpu } }: Job): readonly string[] {
    const { partition, account, time } = this.#options as {
      readonly partition?: string;
      readonly account?: string;
      readonly time?: string;
    };
    return [
      '--parsable',
      `--job-name=${id}`,
      '--requeue',
      '--open-mode=append',
      '--nodes=1',
      '--ntasks=1',
      `--cpus-per-task=${Math.ceil(cpu)}`,
      ...(memory === undefined ? [] : [`--mem=${Math.ceil(askedMemory(memory) / 2 ** 20)}M`]),
      ...(gpu === undefined ? [] : [`--gres=gpu:${gpu}`]),
      ...(partition === undefined ? [] : [`--partition=${partition}`]),
      ...(account === undefined ? [] : [`--account=${account}`]),
      ...(time === undefined ? [] : [`--time=${Math.ceil(duration.read(time) / 60)}`]),
    ];
  }

  /** @returns undefined where it was never submitted */
  #stateOf(id: string, entries: readonly Entry[]): JobState | undefined {
    const end = this.#jobs.endOf(id);
    const claim = this.#jobs.read(id, 'claim');
    const entry =
      entries.find(({ number }) => number === claim) ?? entries.find(({ state }) => isActive(state)) ?? entries[0];
    if (end !== undefined) return withReasonOf(entry, end);
    if (entry === undefined && !this.#isKnown(id)) return undefined;
    const { state = 'gone', reason = '' } = entry ?? {};
    if (isHeldForGood(reason) || (state === 'FAILED' && reason === 'JobLaunchFailure' && claim === undefined))
      return { id, state: 'lost', reason: 'its machine could not start it' };
    if (isActive(state)) {
      this.#missing.delete(id);
      const waits = queued.has(state);
      return { id, state: waits ? 'queued' : 'running', ...(waits && { reason: makeVisible(shorten(reason)) }) };
    }
    if (this.#jobs.isStopping(id) || state.startsWith('CANCELLED')) return { id, state: 'stopped' };
    const told = byLimit(id, state);
    if (told !== undefined) return told;
    if (/^(NODE_FAIL|BOOT_FAIL|PREEMPTED)$/.test(state))
      return { id, state: 'lost', reason: `Slurm says ${state} of it` };
    // It may have ended a moment ago, and its record is on the way.
    const since = this.#missing.get(id) ?? performance.now();
    this.#missing.set(id, since);
    if (performance.now() - since < lag) return { id, state: 'running' };
    return { id, state: 'lost', reason: 'it has left the queue of Slurm without a record of its end' };
  }

  /** All jobs of this user that Slurm knows of, those too that ended a while ago. */
  async #queue(): Promise<readonly Entry[]> {
    // Names stand last, as others than ours may hold the sign between.
    const text = await this.#run('squeue', ['--me', '--states=all', '--noheader', '--format=%A|%T|%r|%j']);
    return text.split('\n').flatMap((line) => {
      const [, number, state, reason, name] = /^(\d+)\|([A-Z_]+)\|([^|]*)\|(.*)$/.exec(line.trim()) ?? [];
      return name === undefined ? [] : [{ number: number!, state: state!, reason: reason!, name }];
    });
  }

  /** What a command of Slurm's prints. @throws UserError where it is not there, or fails */
  async #run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
    let child: ReturnType<typeof startProgram>;
    try {
      child = startProgram(command, args, { env: withoutDefaults(env) });
    } catch {
      const hint = 'Run the sweep on a machine of the cluster that has the commands of Slurm.';
      throw this.#told('executor-unreachable', `there is no ${command} on the PATH`, hint);
    }
    let [said, complaint] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.length > longest) child.kill();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-2000)));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code === 0) return said;
    const line = complaint.trim().split('\n').at(-1)?.trim() || `it ended with ${code}`;
    const shown = hideSecrets(makeVisible(shorten(line, 300)));
    if (/unable to contact|connect failure|connection refused|timed out|munge/i.test(complaint))
      throw this.#told('executor-unreachable', `Slurm cannot be reached: ${shown}`, 'Try again when it is up.');
    throw this.#told('executor-refused', `Slurm refuses: ${command}: ${shown}`);
  }

  #told(code: 'executor-refused' | 'executor-unreachable', message: string, hint?: string): UserError {
    return new UserError(mistake(code, message, this.#range, hint), 1);
  }
}

/** The log in a folder, as Slurm is told of it: a backslash makes it take no `%j` in the path for the job's number. */
function asIs(folder: string): string {
  return `${folder.replaceAll('\\', '\\\\')}/\\log`;
}

/** What is told of a job that Slurm ended for a limit. */
function byLimit(id: string, state: string): JobState | undefined {
  if (state === 'TIMEOUT' || state === 'DEADLINE')
    return { id, state: 'failed', reason: 'it took longer than its time limit' };
  if (state === 'OUT_OF_MEMORY')
    return { id, state: 'failed', exitCode: 137, reason: 'it took more memory than it asked for' };
  return undefined;
}

/** A job's own record knows the signal, and Slurm what it was for: a moment later, once it has tidied up. */
function withReasonOf(entry: Entry | undefined, end: JobState): JobState {
  if (entry === undefined || end.state !== 'failed' || (end.exitCode ?? 0) < 128) return end;
  if (isActive(entry.state)) return { id: end.id, state: 'running' };
  return byLimit(end.id, entry.state) ?? end;
}

function isActive(state: string): boolean {
  return queued.has(state) || running.has(state);
}

/** `launch failed requeued held`; what a person holds is let go of by a person. */
function isHeldForGood(reason: string): boolean {
  return /launch.failed.requeued.held/i.test(reason);
}

/** Users' own defaults, such as another form of what squeue prints, are for their eyes. */
function withoutDefaults(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(SQUEUE|SBATCH|SCANCEL)_/.test(name)));
}
