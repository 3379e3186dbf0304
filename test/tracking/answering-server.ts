import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { publicKey } from '../../src/tracking/server/mlflow-client.ts';
import { type Calls, calls } from '../../src/tracking/server/mlflow-protocol.ts';

/** A call of the protocol. */
export type Name = keyof Calls;

/** The id of the run that a real server has. */
export const runId = 'a'.repeat(32);

/** One value of its metrics. */
export const metric = { key: 'loss', value: 1, step: 1, timestamp: 1 };

/** That run, as it is told. */
export const run = {
  info: {
    run_id: runId,
    run_name: 'r',
    experiment_id: '1',
    artifact_uri: `mlflow-artifacts:/1/${runId}/artifacts`,
    lifecycle_stage: 'active',
  },
  data: { metrics: [metric], tags: [{ key: 'pipeline.run_key', value: publicKey('key') }] },
};

/** A version of a model that is made of it. */
const version = { name: 'm', version: '1', run_id: runId, source: `runs:/${runId}/model` };

/** The experiment that the run is in. */
export const experiment = {
  experiment_id: '1',
  name: 'e',
  lifecycle_stage: 'deleted',
  tags: [{ key: 'a', value: 'b' }],
};

/** What a real server answers. */
export const proper: Readonly<Record<Name, object>> = {
  getExperiment: { experiment },
  getExperimentByName: { experiment },
  createExperiment: { experiment_id: '1' },
  restoreExperiment: {},
  setExperimentTag: {},
  createRun: { run },
  searchRuns: { runs: [run] },
  getRun: { run },
  updateRun: { run_info: run.info },
  logBatch: {},
  logInputs: {},
  getMetricHistory: { metrics: [metric] },
  listArtifacts: {
    root_uri: `mlflow-artifacts:/1/${runId}/artifacts`,
    files: [{ path: 'a.txt', is_dir: false, file_size: 1 }],
  },
  searchExperiments: { experiments: [experiment] },
  createRegisteredModel: { registered_model: { name: 'm' } },
  createModelVersion: { model_version: version },
  getModelVersion: { model_version: version },
  setRegisteredModelAlias: {},
  getModelVersionByAlias: { model_version: version },
};

/** What is no id of a run, and leads elsewhere as part of a path. */
export const hostileIds = [
  '',
  '..',
  '../../../../x',
  '/etc',
  'x/../../y',
  'a\0b',
  `${runId}a`,
  runId.slice(1),
  `${runId}\n`,
  runId.toUpperCase(),
  '..\\..\\x',
  '%2e%2e',
  '-',
];

/** A server whose answers a test chooses; before each test they are those of a real one, and nothing was asked. */
export const server: {
  address: string;
  answers: Readonly<Record<string, unknown>>;
  /** What it was asked: method and path. */
  readonly asked: string[];
} = { address: '', answers: proper, asked: [] };

const nameOf = (method: string, url: string) =>
  Object.entries(calls).find(
    (call) => call[1].method === method && url.split('?')[0] === `/api/2.0${call[1].path}`,
  )?.[0];

const listener = createServer((request, response) => {
  server.asked.push(`${request.method} ${decodeURIComponent(request.url!)}`);
  const answer = server.answers[nameOf(request.method!, request.url!) ?? 'other'];
  request
    .resume()
    .on('end', () => response.end(typeof answer === 'function' ? (answer as () => string)() : JSON.stringify(answer)));
});
beforeAll(async () => {
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  server.address = `http://127.0.0.1:${(listener.address() as { port: number }).port}`;
});
beforeEach(() => {
  server.answers = proper;
  server.asked.length = 0;
});
afterAll(() => listener.close());
