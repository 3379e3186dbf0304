import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { Diagnostic, UserError } from '../../src/base/diagnostics.ts';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';

const directory = mkdtempSync(join(tmpdir(), 'layerline choose '));
afterAll(() => rmSync(directory, { recursive: true }));
const start = { experiment: 'e', runName: 'r', startTime: 1, tags: {} };

function choose(uri: string | undefined, env = {}) {
  return chooseTracker({ uri, runsDirectory: join(directory, 'runs'), warn: () => undefined, env });
}

test.each([
  [undefined, 'runs'],
  ['', 'runs'],
  [pathToFileURL(join(directory, 'by uri')).href, 'by uri'],
  [join(directory, 'by path'), 'by path'],
  [`file:${join(directory, 'plain')}`, 'plain'],
])('%s is a local store', async (uri, folder) => {
  const tracker = choose(uri);
  const run = await tracker.start(start);
  expect(tracker.where).toBe(join(directory, folder));
  expect(run.directory.startsWith(join(directory, folder))).toBe(true);
});

test.each(['sqlite:///mlflow.db', 'databricks://profile', 'postgresql://ada:secret@host/db', 'file://elsewhere/runs'])(
  '%s is refused with the way out, without the password',
  (uri) => {
    const error = (() => {
      try {
        return choose(uri);
      } catch (caught) {
        return caught as UserError;
      }
    })();
    expect(error).toMatchObject({
      exitCode: 2,
      diagnostics: [
        { code: 'unsupported-tracking-uri', hint: expect.stringContaining('mlflow server --backend-store-uri') },
      ],
    });
    expect(JSON.stringify(error)).not.toContain('secret');
  },
);

test('an absent server is named at once, without the password, and the run goes on in the local store', async () => {
  const before = performance.now();
  const warnings: Diagnostic[] = [];
  const tracker = chooseTracker({
    uri: 'http://ada:secret@127.0.0.1:1/ml',
    runsDirectory: join(directory, 'kept'),
    warn: (warning) => warnings.push(warning),
    env: {},
  });
  expect(tracker.where).toBe('http://127.0.0.1:1/ml');
  const run = await tracker.start(start);
  expect(performance.now() - before).toBeLessThan(1000);
  expect(warnings).toMatchObject([
    {
      code: 'tracker-unreachable',
      severity: 'warning',
      message:
        'the MLflow server cannot be told of the run yet: ' +
        'http://127.0.0.1:1/ml did not answer (connect ECONNREFUSED 127.0.0.1:1)',
    },
  ]);
  run.params({ a: '1' });
  const undelivered = await run.finish('FINISHED', 2);
  expect(undelivered).toMatchObject([
    {
      code: 'not-delivered',
      message: expect.stringMatching(
        /^not delivered yet: tags \(1\), params \(1\), status: http:\/\/127\.0\.0\.1:1\/ml did not answer/,
      ),
    },
  ]);
  expect(readFileSync(join(run.directory, 'params', 'a'), 'utf8')).toBe('1');
  const everything = readdirSync(join(directory, 'kept'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
  expect(everything.join('')).toContain('http://127.0.0.1:1/ml');
  expect(JSON.stringify([warnings, undelivered, everything])).not.toContain('secret');
});

/** A server that answers each request so. */
async function answering(status: number, body: string): Promise<{ address: string; close(): void }> {
  const server = createServer((request, response) =>
    request
      .resume()
      .on('end', () => response.writeHead(status, status === 302 ? { Location: '/login' } : {}).end(body)),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { address: `http://127.0.0.1:${(server.address() as { port: number }).port}`, close: () => server.close() };
}

test.each([408, 425, 429, 500, 501, 502, 503, 504, 507, 511, 520, 522, 527, 530])(
  'a server that answers %i at the start of a run is told of it later',
  async (status) => {
    const { address, close } = await answering(status, '<h1>not now</h1>');
    const warnings: Diagnostic[] = [];
    for (const env of [{}, { MLFLOW_EXPERIMENT_ID: '7' }]) {
      const run = await chooseTracker({
        uri: address,
        runsDirectory: join(directory, 'down'),
        warn: (warning) => warnings.push(warning),
        env,
      }).start(start);
      expect(warnings.splice(0)).toMatchObject([
        { code: 'tracker-unreachable', message: expect.stringContaining(`not now (${status})`) },
      ]);
      expect(await run.finish('FINISHED', 2, AbortSignal.abort())).toMatchObject([{ code: 'not-delivered' }]);
    }
    close();
  },
);

test.each([
  [302, ''],
  [404, ''],
  [501, '{"error_code":"NOT_IMPLEMENTED"}'],
  [400, '{"error_code":"INVALID_PARAMETER_VALUE"}'],
  [200, '<h1>Log in</h1>'],
])('what answers %i %j at the start of a run is refused', async (status, body) => {
  const { address, close } = await answering(status, body);
  await expect(
    chooseTracker({ uri: address, runsDirectory: join(directory, 'down'), warn: () => undefined, env: {} }).start(
      start,
    ),
  ).rejects.toMatchObject({ diagnostics: [{ code: 'tracker-refused' }] });
  close();
});

test('an address that is none of MLflow is refused when a run starts, but keeps none from going on', async () => {
  const server = createServer((request, response) =>
    request.resume().on('end', () => response.writeHead(404).end('<h1>Not Found</h1>')),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const place = { runsDirectory: join(directory, 'going on'), warn: () => undefined, env: {} };
  await expect(chooseTracker({ ...place, uri: address }).start(start)).rejects.toMatchObject({
    diagnostics: [
      { code: 'tracker-refused', message: `the MLflow server at ${address} did not start the run: Not Found (404)` },
    ],
  });
  const interrupted = await chooseTracker(place).start(start);
  await interrupted.finish('KILLED', 2);
  const again = (await chooseTracker({ ...place, uri: address }).reopen(interrupted.directory))!;
  again.params({ a: '1' });
  expect(await again.finish('FINISHED', 3)).toMatchObject([
    {
      code: 'not-delivered',
      message: expect.stringContaining('Not Found (404)'),
      hint: expect.stringContaining(`pipeline sync --to ${address}`),
    },
  ]);
  server.close();
});
