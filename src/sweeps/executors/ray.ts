import { setTimeout as sleep } from 'node:timers/promises';
import { Type } from 'typebox';
import { type Range, UserError, failure, mistake } from '../../base/diagnostics.ts';
import {
  anyNumber,
  anything,
  either,
  type Form,
  type Formed,
  hasForm,
  list,
  nothing,
  number,
  object,
  optional,
  record,
  such,
  text,
  whole,
} from '../../base/json-form.ts';
import { EXPECTED } from '../../base/row.ts';
import { hideSecrets } from '../../base/secrets.ts';
import { shellWord } from '../../base/shell-word.ts';
import { shorten } from '../../base/shorten.ts';
import { makeVisible } from '../../base/visible-text.ts';
import type { Executor, Job, JobState, Resources } from '../executor.ts';
import { askedMemory } from './asked-memory.ts';
import type { ExecutorRow } from './executor-row.ts';
import { belongsTo, endedWith, expectId, longestLog } from './job-folders.ts';
import { RayConnection } from './ray-connection.ts';

const rayOptions = Type.Object({
  url: Type.String({
    description: 'Address of the dashboard of the head.',
    examples: ['http://head:8265'],
    pattern: '^https?://[^\\s@/?#]+(/[^\\s@?#]*)?$',
    [EXPECTED]: 'an address such as `http://head:8265`',
  }),
});

/** A Ray cluster, through its Jobs API. */
export const ray: ExecutorRow<typeof rayOptions> = {
  doc:
    'A Ray cluster, through its Jobs API: as many trials at once as its nodes have room for. The token of the ' +
    'cluster is taken from RAY_AUTH_TOKEN.',
  example: 'on: { ray: { url: "http://head:8265" }, cpu: 2, memory: 4Gi }',
  options: rayOptions,
  open: ({ url }, { range }) => new RayExecutor(new RayConnection(String(url), range), range),
};

const maybe = <T>(form: Form<T>) => optional(either(form, nothing));

/** What Ray says of a job; it says more. */
const jobForm = object({
  submission_id: text(),
  status: text(),
  message: maybe(text()),
  error_type: maybe(text()),
  driver_exit_code: maybe(whole),
  metadata: maybe(record(anything)),
});
type RayJob = Formed<typeof jobForm>;

const nodesForm = object({ data: object({ result: object({ result: list(anything) }) }) });
const nodeForm = object({ state: text(), resources_total: record(anyNumber) });
const needForm = object({ cpu: such(number, (cpu) => cpu > 0) });
const logsForm = object({ logs: text() });

/** Where the need of a job is kept in what Ray knows of it. */
const needKey = 'layerline-need';

/** Milliseconds that a stop may take: Ray kills what does not heed SIGTERM after three seconds. */
const stopping = 60_000;

class RayExecutor implements Executor {
  readonly #ray: RayConnection;
  readonly #range: Range | undefined;
  /** Jobs that this process knows to be there: a head that was started anew has forgotten them. */
  readonly #known = new Set<string>();

  constructor(connection: RayConnection, range: Range | undefined) {
    this.#ray = connection;
    this.#range = range;
  }

  /**
   * Ray's queue is none: what waits is handed to a node, and lost with it. So no more is submitted than runs at once.
   *
   * @throws UserError where no node is large enough
   */
  async slots(need: Resources): Promise<number> {
    const [answer, jobs] = [await this.#ray.get('/api/v0/nodes?limit=10000'), await this.#jobs()];
    const told = this.#ray.parse(answer);
    if (!hasForm(nodesForm, told)) throw this.#ray.notUnderstood(answer.text);
    const nodes = told.data.result.result.filter((node) => hasForm(nodeForm, node));
    const roomOf = (some: typeof nodes) => some.reduce((sum, node) => sum + jobsThatFit(node.resources_total, need), 0);
    const room = roomOf(nodes.filter(({ state }) => state === 'ALIVE'));
    // Ray tells of dead nodes, too: such a one may come back.
    if (nodes.length > 0 && roomOf(nodes) === 0) {
      const message = `no node of Ray at ${this.#ray.address} has room for a trial of ${showNeed(need)}`;
      const hint = 'Ask for less, or start a node that has so much.';
      throw new UserError(mistake('job-too-large', message, this.#range, hint), 2);
    }
    const used = jobs
      .filter(({ status }) => status === 'PENDING' || status === 'RUNNING')
      .reduce((sum, job) => sum + Math.ceil(cpuOf(job) / need.cpu), 0);
    return Math.max(0, room - used);
  }

  /** @throws UserError where Ray does not take the job, or cannot be reached: then it may have taken it */
  async submit(job: Job): Promise<void> {
    expectId(job.id);
    if ((await this.#job(job.id)) === undefined) {
      const answer = await this.#ray.post('/api/jobs/', asRayHasIt(job));
      // Another has submitted it meanwhile: Ray answers with a traceback.
      if (answer.status >= 300 && (await this.#job(job.id)) === undefined)
        throw this.#ray.refused(`does not take the trial ${job.id}`, answer);
    }
    this.#known.add(job.id);
  }

  async list(sweep: string): Promise<readonly JobState[]> {
    const jobs = (await this.#jobs()).filter((job) => belongsTo(job.submission_id, sweep));
    const states = jobs.map(stateOf);
    for (const { id } of states) this.#known.add(id);
    const forgotten = [...this.#known].filter(
      (id) => belongsTo(id, sweep) && !jobs.some((job) => job.submission_id === id),
    );
    const reason = 'Ray has forgotten it: its head was started anew';
    return [...states, ...forgotten.map((id) => ({ id, state: 'lost', reason }) as const)];
  }

  async stop(id: string): Promise<void> {
    const start = performance.now();
    for (let asked = false; performance.now() - start < stopping; asked = true) {
      const job = await this.#job(id);
      if (job === undefined || !isInFlight(job)) return;
      if (!asked) await this.#ray.post(`/api/jobs/${id}/stop`);
      await sleep(300);
    }
    const message = `Ray at ${this.#ray.address} did not stop the trial ${id} within ${stopping / 1000} s`;
    throw failure('executor-refused', message);
  }

  async logs(id: string): Promise<string | undefined> {
    expectId(id);
    const answer = await this.#ray.get(`/api/jobs/${id}/logs`);
    if (answer.status >= 300) return undefined;
    const told = this.#ray.parse(answer);
    return hasForm(logsForm, told) ? told.logs.slice(-longestLog) : undefined;
  }

  async close(): Promise<void> {
    this.#ray.close();
  }

  async #job(id: string): Promise<RayJob | undefined> {
    expectId(id);
    const answer = await this.#ray.get(`/api/jobs/${id}`);
    if (answer.status === 404) return undefined;
    if (answer.status >= 300) throw this.#ray.refused(`does not tell of the trial ${id}`, answer);
    const told = this.#ray.parse(answer);
    if (!hasForm(jobForm, told)) throw this.#ray.notUnderstood(answer.text);
    return told;
  }

  /** All jobs that were submitted: others on the cluster have no id of such a kind, or another. */
  async #jobs(): Promise<readonly RayJob[]> {
    const answer = await this.#ray.get('/api/jobs/');
    if (answer.status === 404) throw this.#ray.notUnderstood(answer.text);
    if (answer.status >= 300) throw this.#ray.refused('does not tell of its jobs', answer);
    const told = this.#ray.parse(answer);
    if (!Array.isArray(told)) throw this.#ray.notUnderstood(answer.text);
    return told.filter((job: unknown) => hasForm(jobForm, job));
  }
}

function asRayHasIt({ id, argv, env, cwd, need }: Job): unknown {
  const folder = cwd === undefined ? '"$(mktemp -d)"' : shellWord(cwd);
  return {
    submission_id: id,
    entrypoint: `cd ${folder} && exec ${argv.map(shellWord).join(' ')}`,
    runtime_env: { env_vars: env },
    metadata: { [needKey]: JSON.stringify(need) },
    entrypoint_num_cpus: need.cpu,
    ...(need.gpu !== undefined && { entrypoint_num_gpus: need.gpu }),
    ...(need.memory !== undefined && { entrypoint_memory: askedMemory(need.memory) }),
  };
}

function isInFlight({ status }: RayJob): boolean {
  return status === 'PENDING' || status === 'RUNNING';
}

function stateOf(job: RayJob): JobState {
  const { submission_id: id, status, error_type: type, driver_exit_code: code, message } = job;
  switch (status) {
    case 'PENDING':
      return { id, state: 'queued' };
    case 'RUNNING':
      return { id, state: 'running' };
    case 'SUCCEEDED':
      return { id, state: 'done', exitCode: 0 };
    case 'STOPPED':
      return { id, state: 'stopped' };
    default: {
      // Of one that a signal ended, Python says its number below zero.
      const isOwn = typeof code === 'number' && (type ?? ownFault) === ownFault;
      if (isOwn && code !== 0) return endedWith(id, code < 0 ? 128 - code : code, false);
      const reason = hideSecrets(makeVisible(shorten([type, message].filter(Boolean).join(': '), 300)));
      return { id, state: 'lost', reason: reason || `Ray says ${makeVisible(shorten(status))}` };
    }
  }
}

/** Ray's word for a job that failed by itself; all others are about its machine, or about Ray. */
const ownFault = 'JOB_ENTRYPOINT_COMMAND_ERROR';

/** How many such jobs a node runs at once. */
function jobsThatFit(total: Readonly<Record<string, number>>, { cpu, memory, gpu }: Resources): number {
  const wanted = [
    ['CPU', cpu],
    ['memory', memory === undefined ? 0 : askedMemory(memory)],
    ['GPU', gpu ?? 0],
  ] as const;
  return Math.min(
    ...wanted.filter(([, amount]) => amount > 0).map(([name, amount]) => Math.floor((total[name] ?? 0) / amount)),
  );
}

/** Cores of a job of ours; those of others are not known. */
function cpuOf({ metadata }: RayJob): number {
  const written = metadata?.[needKey];
  try {
    const need: unknown = typeof written === 'string' ? JSON.parse(written) : undefined;
    return hasForm(needForm, need) ? need.cpu : 0;
  } catch {
    return 0;
  }
}

function showNeed({ cpu, memory, gpu }: Resources): string {
  const parts = [
    `${cpu} CPUs`,
    ...(gpu === undefined ? [] : [`${gpu} GPUs`]),
    ...(memory === undefined ? [] : [memory]),
  ];
  return parts.join(', ');
}
