import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { fetchRun } from '../../src/tracking/fetch-run.ts';
import { readHistory } from '../../src/tracking/server/metric-history.ts';
import { MlflowClient, publicKey } from '../../src/tracking/server/mlflow-client.ts';
import { RequestError } from '../../src/tracking/server/mlflow-connection.ts';
import { type Calls, calls } from '../../src/tracking/server/mlflow-protocol.ts';
import { serverAddress } from '../../src/tracking/server/server-address.ts';
import { digitsPipeline, Rig } from '../rig.ts';
import { contentOf } from './outside.ts';

type Name = keyof Calls;

const runId = 'a'.repeat(32);
const metric = { key: 'loss', value: 1, step: 1, timestamp: 1 };
const run = {
  info: {
    run_id: runId,
    run_name: 'r',
    experiment_id: '1',
    artifact_uri: `mlflow-artifacts:/1/${runId}/artifacts`,
    lifecycle_stage: 'active',
  },
  data: { metrics: [metric], tags: [{ key: 'pipeline.run_key', value: publicKey('key') }] },
};
const experiment = { experiment_id: '1', name: 'e', lifecycle_stage: 'deleted', tags: [{ key: 'a', value: 'b' }] };
/** What a real server answers. */
const proper: Readonly<Record<Name, object>> = {
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
};

let server: Server;
let address: string;
/** What the server answers. */
let answers: Readonly<Record<string, unknown>> = proper;
/** What it was asked: method and path. */
const asked: string[] = [];
const nameOf = (url: string) =>
  Object.entries(calls).find(([, { path }]) => url.split('?')[0] === `/api/2.0${path}`)?.[0];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method} ${decodeURIComponent(request.url!)}`);
    const answer = answers[nameOf(request.url!) ?? 'other'];
    request
      .resume()
      .on('end', () =>
        response.end(typeof answer === 'function' ? (answer as () => string)() : JSON.stringify(answer)),
      );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  address = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
beforeEach(() => {
  answers = proper;
  asked.length = 0;
});
afterAll(() => server.close());

const requests: { readonly [K in Name]: Calls[K]['request'] } = {
  getExperiment: { experiment_id: '1' },
  getExperimentByName: { experiment_name: 'e' },
  createExperiment: { name: 'e' },
  restoreExperiment: { experiment_id: '1' },
  setExperimentTag: { experiment_id: '1', key: 'k', value: 'v' },
  createRun: { experiment_id: '1' },
  searchRuns: { experiment_ids: ['1'] },
  getRun: { run_id: runId },
  updateRun: { run_id: runId },
  logBatch: { run_id: runId },
  logInputs: { run_id: runId },
  getMetricHistory: { run_id: runId, metric_key: 'loss' },
  listArtifacts: { run_id: runId },
};

const hostileIds = [
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
const hostile = [
  null,
  {},
  [],
  [null],
  [[]],
  0,
  -1,
  1e308,
  2 ** 53,
  true,
  '',
  'x',
  '\u001b[2J',
  '__proto__',
  ...hostileIds,
];

/** Answers of any shape, and real ones with one part of them replaced or left out. */
function anyAnswer(name: Name): fc.Arbitrary<unknown> {
  const places = placesIn(proper[name]);
  const replaced = fc
    .tuple(fc.constantFrom(...places), fc.oneof(fc.constantFrom<unknown>(undefined, ...hostile), fc.jsonValue()))
    .map(([place, value]) => withPart(proper[name], place, value));
  return fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(...hostile), { arbitrary: replaced, weight: 4 });
}

type Place = readonly (string | number)[];

function placesIn(value: unknown, above: Place = []): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [above];
  return [
    above,
    ...Object.entries(value).flatMap(([key, part]) =>
      placesIn(part, [...above, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

function withPart(value: unknown, [key, ...rest]: Place, part: unknown): unknown {
  if (key === undefined) return part ?? null;
  const changed = withPart((value as Record<string, unknown>)[key], rest, part);
  const copy = structuredClone(value) as Record<string, unknown>;
  if (rest.length === 0 && part === undefined) delete copy[key];
  else copy[key] = changed;
  return copy;
}

const isServerId = (id: unknown) =>
  typeof id === 'string' && /^[0-9a-f]{32}$/.test(id.replace(/^(.{8})-(.{4})-(.{4})-(.{4})-/, '$1$2$3$4'));

/** The outcome of some work, which may only fail with a message that names the server. */
async function outcome<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RequestError) && !(error instanceof UserError)) throw error;
    expect(error.message).toContain(address);
    return undefined;
  }
}

const client = () => new MlflowClient(serverAddress(address, true), { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' });

describe.each(Object.keys(calls) as Name[])('%s', (name) => {
  test('an answer of any shape is what is read of it, or a message', async () => {
    const asking = client();
    answers = proper;
    expect(await asking.call(name, requests[name])).toEqual(proper[name]);
    await fc.assert(
      fc.asyncProperty(anyAnswer(name), async (answer) => {
        answers = { ...proper, [name]: answer };
        const read = await outcome(asking.call(name, requests[name]));
        const {
          run: one,
          runs = [],
          experiment_id: id,
        } = (read ?? {}) as { run?: typeof run; runs?: (typeof run)[]; experiment_id?: string };
        for (const { info } of one === undefined ? runs : [one]) expect(isServerId(info.run_id)).toBe(true);
        if (id !== undefined) expect(id).toMatch(/^[\w-]+$/);
      }),
      { numRuns: 120 },
    );
    asking.close();
  });

  test('what is made of it is an id, or a message', async () => {
    const asking = client();
    const destination = {
      address,
      experiment: { name: 'e' },
      run: { run_name: 'r', user_id: 'u', start_time: 1 },
      key: 'key',
    };
    await fc.assert(
      fc.asyncProperty(anyAnswer(name), async (answer) => {
        answers = { ...proper, [name]: answer };
        const [made, again, found] = [
          await outcome(asking.findOrCreateRun(destination, false)),
          await outcome(asking.findOrCreateRun(destination, true)),
          await outcome(asking.findRun(destination)),
        ];
        for (const { runId: id, experimentId, artifactUri } of [made, again, found].filter(
          (known) => known !== undefined,
        )) {
          expect(isServerId(id)).toBe(true);
          expect(experimentId).toMatch(/^[\w-]+$/);
          expect(typeof artifactUri).toBe('string');
        }
        expect(typeof ((await outcome(asking.experimentName('1'))) ?? '')).toBe('string');
        expect(typeof ((await outcome(asking.hasRun(runId))) ?? true)).toBe('boolean');
        for (const path of (await outcome(asking.listArtifacts(runId, '.'))) ?? []) expect(typeof path).toBe('string');
        for (const { value, step, timestamp } of (await outcome(readHistory(asking, runId, 'loss'))) ?? [])
          expect([Number(value), step, timestamp].every((number) => typeof number === 'number')).toBe(true);
        const fetched = await outcome(
          fetchRun(runId, 'runs', address, { warn: () => undefined, signal: new AbortController().signal }),
        );
        if (fetched !== undefined)
          expect([fetched.name, ...Object.values(fetched.tags)].every((text) => typeof text === 'string')).toBe(true);
      }),
      { numRuns: 40 },
    );
    asking.close();
  });
});

test('the message says which call was answered wrong, and what is wrong', async () => {
  for (const [answer, fault] of [
    [{}, 'without a proper run'],
    [null, 'with something that is not an object'],
    [{ run: { info: { run_id: runId } } }, 'without a proper run.info.artifact_uri'],
    [{ run: { info: { ...run.info, run_id: '../../x' } } }, 'without a proper run.info.run_id'],
    [() => '<html>', 'with something that is not JSON'],
  ] as const) {
    answers = { createRun: answer };
    await expect(client().call('createRun', {})).rejects.toThrow(
      `${address} answered createRun ${fault}: is it an MLflow server?`,
    );
  }
});

test('pages of values without an end have one', async () => {
  answers = { getMetricHistory: { metrics: [metric], next_page_token: 'more' } };
  await expect(readHistory(client(), runId, 'loss')).rejects.toThrow('pages that lead nowhere');
  answers = { getMetricHistory: () => JSON.stringify({ next_page_token: String(Math.random()) }) };
  await expect(readHistory(client(), runId, 'loss')).rejects.toThrow('pages that lead nowhere');
});

test('a run that is not the one looked for is not taken for it', async () => {
  answers = {
    ...proper,
    searchRuns: { runs: [{ ...run, data: { tags: [{ key: 'pipeline.run_key', value: 'other' }] } }] },
  };
  expect(
    await client().findRun({
      address,
      experiment: { name: 'e' },
      run: { run_name: 'r', user_id: 'u', start_time: 1 },
      key: 'key',
    }),
  ).toBeUndefined();
});

describe('a project beside something else', () => {
  let root: string;
  let runs: string;
  let before: readonly string[];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'layerline-hostile-'));
    runs = join(root, 'home/project/runs');
    mkdirSync(runs, { recursive: true });
    for (const folder of ['home/x', 'home/project/x', 'x']) {
      mkdirSync(join(root, folder, 'params'), { recursive: true });
      writeFileSync(join(root, folder, 'params/precious'), 'precious');
    }
    before = besideRuns();
  });
  /** All but the store, which is what a run is to change. */
  const besideRuns = () => contentOf(root).filter((line) => !line.startsWith(runs));
  const close = (): void => {
    expect(besideRuns()).toEqual(before);
    rmSync(root, { recursive: true });
  };
  const start = (env = {}) =>
    chooseTracker({ uri: address, runsDirectory: runs, warn: () => undefined, env }).start({
      experiment: 'e',
      runName: 'r',
      startTime: 1,
      tags: {},
    });
  const answerRun = (info: object) => ({ ...proper, createRun: { run: { info: { ...run.info, ...info } } } });

  test.each([...hostileIds, '../../x', '../../../x', () => join(root, 'x')])(
    'the run id %j makes no path',
    async (id) => {
      answers = answerRun({ run_id: typeof id === 'function' ? id() : id });
      const error = await start().then(
        () => expect.unreachable(),
        (reason: UserError) => reason,
      );
      expect(error.diagnostics).toMatchObject([
        {
          code: 'tracker-refused',
          message: expect.stringContaining('answered createRun without a proper run.info.run_id'),
        },
      ]);
      expect(
        readdirSync(runs, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('params')),
      ).toEqual([]);
      close();
    },
  );

  test.each(hostileIds)('the experiment id %j makes no path', async (id) => {
    answers = { ...proper, getExperimentByName: { experiment: { ...experiment, experiment_id: id } } };
    // Some are ids to other servers than MLflow's own; none is a folder here.
    const started = await start().catch((error: UserError) => error);
    if (started instanceof UserError)
      expect(started.message).toContain('answered getExperimentByName without a proper experiment.experiment_id');
    else await started.finish('FAILED', 1);
    close();
  });

  test.each([
    'file:///ROOT/x',
    '/ROOT/x',
    '/ROOT/x/../home/x',
    `/ROOT/x/1/${'b'.repeat(32)}/artifacts`,
    `/ROOT/home/../x/1/${runId}/artifacts`,
    'file:///%2',
    'mlflow-artifacts:/../../x',
    'mlflow-artifacts:/%2e%2e/x',
    'mlflow-artifacts:/%',
    'mlflow-artifacts:////etc',
    '',
  ])('the artifact_uri %j gets nothing', async (uri) => {
    answers = answerRun({ artifact_uri: uri.replace('/ROOT', root) });
    const started = await start();
    writeFileSync(join(started.artifactDirectory, 'a.txt'), 'a');
    started.artifact('a.txt');
    const undelivered = await started.finish('FINISHED', 5);
    expect(undelivered.map(({ message }) => message).join()).toMatch(
      /artifacts \(a\.txt\): .*cannot be reached from here/,
    );
    expect(asked.filter((request) => request.startsWith('PUT'))).toEqual([]);
    close();
  });

  test('an id that is given twice takes nothing from the run that has it', async () => {
    const first = await start();
    expect(first.runId).toBe(runId);
    await first.finish('FINISHED', 5);
    const made = contentOf(first.directory);
    const second = await start();
    expect(second.runId).not.toBe(runId);
    await second.finish('FINISHED', 6);
    expect(contentOf(first.directory)).toEqual(made);
    close();
  });

  test('an id with dashes, as GitLab gives, is told to the server, and none here', async () => {
    const dashed = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa';
    const told = {
      info: { ...run.info, run_id: dashed, status: 'FINISHED' },
      data: { tags: [{ key: 'mlflow.runName', value: 'r' }] },
    };
    answers = { ...answerRun({ run_id: dashed }), getRun: { run: told } };
    const started = await start();
    expect(started.runId).toMatch(/^[0-9a-f]{32}$/);
    expect(await started.finish('FINISHED', 5)).toEqual([]);
    expect(readFileSync(join(started.directory, 'journal'), 'utf8')).toContain(dashed);
    close();
  });

  test('where the run cannot be written, only what was made of it goes', async () => {
    // The journal of the run is written beside it, the run's folder is not: a file of its name lies there.
    answers = answerRun({ run_id: runId });
    const { directory } = await start();
    const store = join(directory, '..');
    rmSync(directory, { recursive: true });
    for (const name of readdirSync(store)) if (name.startsWith(runId)) rmSync(join(store, name));
    mkdirSync(directory);
    writeFileSync(join(directory, 'precious'), 'precious');
    const second = await start();
    await second.finish('FAILED', 1);
    expect(readFileSync(join(directory, 'precious'), 'utf8')).toBe('precious');
    expect(existsSync(join(directory, 'meta.yaml'))).toBe(false);
    close();
  });
});

describe('the real binary', () => {
  const rig = new Rig();
  afterAll(() => rig.remove());
  test.each(['{}', 'null', '[]', '3', '"x"', '{"run":null}', '{"run":{"info":[]}}', '<html>'])(
    'replay of a run that is answered with %s ends with a message',
    async (text) => {
      answers = new Proxy({}, { get: () => () => text });
      const { code, stdout, stderr } = await rig.run(['replay', runId, '--tracking-uri', address]);
      expect(code).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/answered getRun .*is it an MLflow server\?/);
      expect(stderr).not.toMatch(/mistake in Layerline|\n +at /);
    },
  );

  test('a run whose server gives a path for an id, or nothing at all, ends with a message and leaves all else alone', async () => {
    rig.writeDigits(200, 100);
    rig.write(
      'project/p.yaml',
      digitsPipeline({ epochs: 1, layers: '[flatten, dense 10]' }).replaceAll('data/', '../data/'),
    );
    rig.write('project/precious/file', 'precious');
    rig.write('precious/file', 'precious');
    for (const [wrong, fault] of [
      [answerOf('../../precious'), /createRun without a proper run\.info\.run_id/],
      [answerOf('../../../precious'), /createRun without a proper run\.info\.run_id/],
      [new Proxy({}, { get: () => ({}) }), /getExperimentByName without a proper experiment/],
      [new Proxy({}, { get: () => null }), /getExperimentByName with something that is not an object/],
    ] as const) {
      answers = wrong;
      const { code, stderr } = await rig.run([
        'run',
        'project/p.yaml',
        '--tracking-uri',
        address,
        '--runs',
        'project/runs',
      ]);
      expect(stderr).toMatch(fault);
      expect(stderr).not.toMatch(/mistake in Layerline|\n +at /);
      expect(code).toBe(1);
      expect([rig.read('project/precious/file'), rig.read('precious/file')]).toEqual(['precious', 'precious']);
      expect(readdirSync(join(rig.folder, 'precious'))).toEqual(['file']);
    }
  });

  const answerOf = (id: string) => ({ ...proper, createRun: { run: { info: { ...run.info, run_id: id } } } });
});
