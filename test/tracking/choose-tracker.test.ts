import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { UserError } from '../../src/base/diagnostics.ts';
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

test.each(['sqlite:///mlflow.db', 'databricks://profile', 'postgresql://ada:secret@host/db', 'http:', 'file://elsewhere/runs'])('%s is refused with the way out, without the password', (uri) => {
  const error = (() => {
    try {
      return choose(uri);
    } catch (caught) {
      return caught as UserError;
    }
  })();
  expect(error).toMatchObject({ exitCode: 2, diagnostics: [{ code: 'tracking-uri', hint: expect.stringContaining('mlflow server --backend-store-uri') }] });
  expect(JSON.stringify(error)).not.toContain('secret');
});

test('a server that is not there is named at once, without the password, and nothing is made', async () => {
  const before = performance.now();
  const runsDirectory = join(directory, 'untouched');
  const tracker = chooseTracker({ uri: 'http://ada:secret@127.0.0.1:1/ml', runsDirectory, warn: () => undefined, env: {} });
  expect(tracker.where).toBe('http://127.0.0.1:1/ml');
  const error = await tracker.start(start).then(() => expect.unreachable(), (caught: UserError) => caught);
  expect(error).toMatchObject({ exitCode: 1, diagnostics: [{ code: 'tracker-unreachable', message: 'cannot reach the MLflow server: http://127.0.0.1:1/ml did not answer (connect ECONNREFUSED 127.0.0.1:1)', hint: expect.stringContaining('`mlflow server --host 127.0.0.1 --port 1`') }] });
  expect(JSON.stringify(error.diagnostics)).not.toContain('secret');
  expect(existsSync(runsDirectory)).toBe(false);
  expect(performance.now() - before).toBeLessThan(1000);
});
