import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { openRuns } from '../../src/tracking/open-runs.ts';
import { readHistory } from '../../src/tracking/server/metric-history.ts';
import { MlflowClient } from '../../src/tracking/server/mlflow-client.ts';
import { RequestError } from '../../src/tracking/server/mlflow-connection.ts';
import { type Calls, calls } from '../../src/tracking/server/mlflow-protocol.ts';
import { serverAddress } from '../../src/tracking/server/server-address.ts';
import { digitsPipeline, Rig } from '../rig.ts';
import { type Name, hostileIds, metric, proper, run, runId, server } from './answering-server.ts';

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
  searchExperiments: {},
  createRegisteredModel: { name: 'm' },
  createModelVersion: { name: 'm', source: `runs:/${runId}/model` },
  getModelVersion: { name: 'm', version: '1' },
  setRegisteredModelAlias: { name: 'm', alias: 'a', version: '1' },
  getModelVersionByAlias: { name: 'm', alias: 'a' },
};

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
    expect(error.message).toContain(server.address);
    return undefined;
  }
}

const client = () => new MlflowClient(serverAddress(server.address, true), { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' });

describe.each(Object.keys(calls) as Name[])('%s', (name) => {
  test('an answer of any shape is what is read of it, or a message', async () => {
    const asking = client();
    server.answers = proper;
    expect(await asking.call(name, requests[name])).toEqual(proper[name]);
    await fc.assert(
      fc.asyncProperty(anyAnswer(name), async (answer) => {
        server.answers = { ...proper, [name]: answer };
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
      address: server.address,
      experiment: { name: 'e' },
      run: { run_name: 'r', user_id: 'u', start_time: 1 },
      key: 'key',
    };
    await fc.assert(
      fc.asyncProperty(anyAnswer(name), async (answer) => {
        server.answers = { ...proper, [name]: answer };
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
          openRuns('runs', server.address, { warn: () => undefined, signal: new AbortController().signal }).fetch(
            runId,
          ),
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
    server.answers = { createRun: answer };
    await expect(client().call('createRun', {})).rejects.toThrow(
      `${server.address} answered createRun ${fault}: is it an MLflow server?`,
    );
  }
});

test('pages of values without an end have one', async () => {
  server.answers = { getMetricHistory: { metrics: [metric], next_page_token: 'more' } };
  await expect(readHistory(client(), runId, 'loss')).rejects.toThrow('pages that lead nowhere');
  server.answers = { getMetricHistory: () => JSON.stringify({ next_page_token: String(Math.random()) }) };
  await expect(readHistory(client(), runId, 'loss')).rejects.toThrow('pages that lead nowhere');
});

test('a run that is not the one looked for is not taken for it', async () => {
  server.answers = {
    ...proper,
    searchRuns: { runs: [{ ...run, data: { tags: [{ key: 'pipeline.run_key', value: 'other' }] } }] },
  };
  expect(
    await client().findRun({
      address: server.address,
      experiment: { name: 'e' },
      run: { run_name: 'r', user_id: 'u', start_time: 1 },
      key: 'key',
    }),
  ).toBeUndefined();
});

describe('the real binary', () => {
  const rig = new Rig();
  afterAll(() => rig.remove());
  test.each(['{}', 'null', '[]', '3', '"x"', '{"run":null}', '{"run":{"info":[]}}', '<html>'])(
    'replay of a run that is answered with %s ends with a message',
    async (text) => {
      server.answers = new Proxy({}, { get: () => () => text });
      const { code, stdout, stderr } = await rig.run(['replay', runId, '--tracking-uri', server.address]);
      expect(code).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/answered getRun .*is it an MLflow server\?/);
      expect(stderr).not.toMatch(/mistake in Layerline|\n +at /);
    },
  );

  test('a run whose server gives a path for an id, or nothing, ends with a message and changes nothing', async () => {
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
      server.answers = wrong;
      const { code, stderr } = await rig.run([
        'run',
        'project/p.yaml',
        '--tracking-uri',
        server.address,
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
