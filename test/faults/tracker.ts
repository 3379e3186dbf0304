import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { listExperiments } from '../../src/tracking/store/local-experiments.ts';
import { readHistory } from '../../src/tracking/server/metric-history.ts';
import { MlflowClient } from '../../src/tracking/server/mlflow-client.ts';
import type { Calls } from '../../src/tracking/server/mlflow-protocol.ts';
import { serverAddress } from '../../src/tracking/server/server-address.ts';
import { readRun } from '../../src/tracking/store/read-run.ts';
import { readMeta } from '../../src/tracking/store/meta-yaml.ts';
import { realServer } from '../mlflow/real-mlflow.ts';
import setUpMlflow from '../mlflow/setup.ts';
import { Rig, digitsPipeline } from '../rig.ts';
import type { Fault } from './fault.ts';
import { type FaultyProxy, type Mishap, startFaultyProxy } from './faulty-proxy.ts';

/** What happens to one run. */
interface Story {
  readonly name: string;
  /** What may happen to each request, half of the time. */
  readonly mishaps?: readonly Mishap[];
  /** When nobody listens. */
  readonly down?: 'at the start' | 'in the middle' | 'to the end';
  /** One of these is what each request gets for some seconds in the middle. */
  readonly outage?: readonly Mishap[];
  /** Whether the process is killed. */
  readonly isKilled?: boolean;
}

const every: readonly Mishap[] = ['slow', 'hang', '429', '500', '503', 'cut-request', 'cut-answer', 'lose-answer'];
/** Those of the reduced number first; what the others are of alone is among theirs. */
const stories: readonly Story[] = [
  { name: 'all of these', mishaps: every },
  { name: 'down at the start', down: 'at the start' },
  { name: 'down in the middle', down: 'in the middle' },
  { name: 'down to the end', down: 'to the end' },
  { name: 'killed', isKilled: true },
  { name: 'killed, answers lost', isKilled: true, mishaps: ['lose-answer', 'cut-answer'] },
  { name: 'killed, all of these', isKilled: true, mishaps: every },
  ...every.toReversed().map((mishap) => ({ name: mishap, mishaps: [mishap] })),
];

// At the start of a run each of these refuses it, so they come later.
const pages: readonly Mishap[] = ['302', '404', 'html', '{}'];
const pageStories: readonly Story[] = [
  { name: 'all of these', outage: pages },
  // The reduced number leaves these out: mlflow/outages.nightly.test.ts has them in turn.
  ...pages.map((page) => ({ name: page, outage: [page] })),
];

// Short waits, so that a hundred runs take minutes.
const env = {
  MLFLOW_HTTP_REQUEST_TIMEOUT: '2',
  MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '0.2',
  MLFLOW_HTTP_REQUEST_MAX_RETRIES: '50',
};

/**
 * Trains with the real binary, a real MLflow behind a proxy that does harm, `pipeline sync` where the run could not
 * deliver all. The server keeps its runs in files: unlike a database it would store a value twice.
 */
export const tracker: Fault = {
  title:
    'tracker faults through a real MLflow server behind a fault-injecting proxy; ' +
    'params, tags, artifacts, status and each metric value in the server compared with the local record',
  tries: { full: 100, reduced: 8 },
  run: (count, tell) => tellStories(stories, count, tell),
};

/** As `tracker`, with some seconds in which a proxy answers in the server's place. */
export const outages: Fault = {
  title:
    '4 to 6 seconds of 404, 302, HTML and `200 {}` in the middle of a run, in the place of a real MLflow server; ' +
    'the server compared with the local record, as above',
  tries: { full: 100, reduced: 1 },
  run: (count, tell) => tellStories(pageStories, count, tell),
};

async function tellStories(told: readonly Story[], count: number, tell: (line: string) => void): Promise<string[]> {
  await setUpMlflow();
  const rig = new Rig();
  rig.writeDigits(400, 100);
  rig.write(
    'digits.yaml',
    digitsPipeline({ epochs: 12, batchSize: 50, layers: '[flatten, dense 10]' }).replace(
      'validation: 100',
      'validation: 50',
    ),
  );
  const server = await realServer(rig.folder, `${rig.folder}/server`);
  await server.start();
  const wrong: string[] = [];
  let [begun, ended] = [0, 0];
  const work = async (): Promise<void> => {
    const proxy = await startFaultyProxy(server.address);
    for (let i = begun++; i < count; i = begun++) {
      const story = told[i % told.length]!;
      wrong.push(
        ...(await tellStory(rig, proxy, server.address, story, `run-${i}`)).map(
          (line) => `run ${i}, ${story.name}: ${line}`,
        ),
      );
      if (++ended % 5 === 0) tell(`${ended} of ${count} runs, ${wrong.length} wrong`);
    }
    await proxy.down();
  };
  try {
    // Most of the time of each is waiting.
    await Promise.all(Array.from({ length: 4 }, work));
  } finally {
    await server.kill();
  }
  if (wrong.length === 0) rig.remove();
  return wrong;
}

async function tellStory(
  rig: Rig,
  proxy: FaultyProxy,
  server: string,
  { mishaps = [], down, outage, isKilled }: Story,
  name: string,
): Promise<string[]> {
  proxy.mishap = () => (Math.random() < 0.5 ? mishaps[Math.floor(Math.random() * mishaps.length)] : undefined);
  if (down === 'at the start' || down === 'to the end') await proxy.down();
  const { child, ended } = rig.start(
    [
      'run',
      'digits.yaml',
      '--json',
      '--force',
      '--fresh',
      '--runs',
      name,
      '--tracking-uri',
      proxy.address,
      '--set',
      `tracking.experiment=${name}`,
    ],
    env,
  );
  const ending = ended.then(() => 'ended' as const);
  if (outage !== undefined) void breakDown(child.stdout, proxy, outage, 4000 + Math.random() * 2000);
  if (isKilled) setTimeout(() => child.kill('SIGKILL'), 1200 + Math.random() * 2500);
  if (down === 'at the start') {
    await Promise.race([ending, sleep(2500)]);
    await proxy.up();
  }
  if (down === 'in the middle') {
    await Promise.race([ending, sleep(1800 + Math.random() * 500)]);
    await proxy.down();
    await Promise.race([ending, sleep(1000)]);
    await proxy.up();
  }
  const { code, stderr } = await ended;
  if (down === 'to the end') await proxy.up();
  const problems = code === 0 || (isKilled && code === null) ? [] : [`exit code ${code}: ${stderr}`];
  if (!isKilled && listPending(join(rig.folder, name)).length === 0 && down === 'to the end')
    problems.push('nothing waits, though nobody listened');
  // The mishaps go on while the rest is delivered, for a while.
  const sync = () => rig.run(['sync', '--runs', name, '--to', proxy.address], env);
  if (isKilled) await sync();
  for (let tries = 0; listPending(join(rig.folder, name)).length > 0; tries++) {
    if (tries === 2) proxy.mishap = () => undefined;
    if (tries > 3) return [...problems, 'it is never delivered'];
    await sync();
  }
  return [...problems, ...(await compare(join(rig.folder, name), server, name, join(rig.folder, 'artifacts')))];
}

/** Once a run trains, a while in which nothing goes through; longer, where nothing was sent meanwhile. */
export async function breakDown(
  events: Readable,
  proxy: FaultyProxy,
  outage: readonly Mishap[],
  ms: number,
): Promise<void> {
  await untilTold(events, '"epoch-finished"');
  const asked = new Promise<void>((done) => {
    let count = 0;
    proxy.mishap = () => {
      if (++count === 3) done();
      return outage[Math.floor(Math.random() * outage.length)];
    };
  });
  await Promise.all([asked, sleep(ms)]);
  proxy.mishap = () => undefined;
}

/** Waits until a run has told an event. */
export async function untilTold(events: Readable, event: string): Promise<void> {
  await new Promise<void>((done) => events.on('data', (text: string) => (text.includes(event) ? done() : undefined)));
}

/** The journals that are not put away. */
function listPending(runs: string): string[] {
  return listExperiments(runs).flatMap(({ directory }) =>
    readdirSync(directory).filter((file) => file.endsWith('.journal')),
  );
}

/** Whatever the server has otherwise than the local store. */
export async function compare(
  runs: string,
  server: string,
  experimentName: string,
  artifacts: string,
): Promise<string[]> {
  const client = new MlflowClient(serverAddress(server, true), {});
  const local = listExperiments(runs).flatMap(({ directory }) =>
    readdirSync(directory)
      .filter((name) => existsSync(join(directory, name, 'meta.yaml')) && /^[0-9a-f]{32}$/.test(name))
      .map((name) => join(directory, name)),
  );
  const { experiment } = await client
    .call('getExperimentByName', { experiment_name: experimentName })
    .catch(() => ({ experiment: undefined }));
  const answer: Calls['searchRuns']['response'] =
    experiment === undefined
      ? {}
      : await client.call('searchRuns', { experiment_ids: [experiment.experiment_id], max_results: 100 });
  const { runs: remote = [] } = answer;
  const open = remote
    .filter(({ info }) => info!.status === 'RUNNING')
    .map(({ info }) => `${info!.run_id} is RUNNING for ever`);
  // Killed before the local store had it: then the server may have a run that never began.
  if (local.length === 0) return open;
  if (local.length !== 1 || remote.length !== 1)
    return [...open, `${local.length} runs in the local store, ${remote.length} on the server`];
  const problems = [...open];
  const directory = local[0]!;
  const { params, tags, metrics } = readRun(directory);
  const { info, data } = remote[0]!;
  const same = (what: string, ours: unknown, theirs: unknown): void => {
    if (JSON.stringify(ours) !== JSON.stringify(theirs))
      problems.push(`${what}: ${JSON.stringify(ours)} here, ${JSON.stringify(theirs)} there`);
  };
  const sorted = (pairs: readonly (readonly [string, unknown])[]) => pairs.toSorted(([a], [b]) => (a < b ? -1 : 1));
  same('params', sorted(Object.entries(params)), sorted((data!.params ?? []).map(({ key, value }) => [key!, value])));
  same(
    'tags',
    sorted(Object.entries(tags)),
    sorted((data!.tags ?? []).filter(({ key }) => key !== 'pipeline.run_key').map(({ key, value }) => [key!, value])),
  );
  const statuses: Readonly<Record<string, unknown>> = { FINISHED: 3, FAILED: 4, KILLED: 5 };
  same('status', readMeta(join(directory, 'meta.yaml'))?.status, statuses[info!.status!]);
  const line = ({ value, timestamp, step }: { value: unknown; timestamp: number; step: number }) =>
    `${timestamp} ${String(value)} ${step}`;
  for (const key of new Set([
    ...metrics.map((metric) => metric.key),
    ...(data!.metrics ?? []).map((metric) => metric.key!),
  ])) {
    const ours = metrics
      .filter((metric) => metric.key === key)
      .map(line)
      .sort();
    same(key, ours, (await readHistory(client, info!.run_id!, key)).map(line).sort());
  }
  for (const [path, digest] of digests(join(directory, 'artifacts'))) {
    // Killed before the file was whole: then the server was not told of it.
    const theirs = join(artifacts, info!.artifact_uri!.replace('mlflow-artifacts:/', ''), path);
    if (existsSync(theirs) || info!.status === 'FINISHED')
      same(path, digest, existsSync(theirs) ? digestOf(theirs) : 'nothing');
  }
  client.close();
  return problems;
}

function digests(folder: string): [string, string][] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => [path, digestOf(join(folder, path))]);
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
