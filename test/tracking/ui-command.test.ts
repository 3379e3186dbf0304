import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';

const directory = mkdtempSync(join(tmpdir(), 'layerline-ui-command-'));
const runs = join(directory, 'runs');

beforeAll(async () => {
  const tracker = chooseTracker({ runsDirectory: runs, warn: () => undefined, env: {} });
  await (await tracker.start({ experiment: 'e', runName: 'r', startTime: 1, tags: {} })).finish('FINISHED', 2);
});
afterAll(() => rmSync(directory, { recursive: true }));

async function ui(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: unknown; stderr: string }> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      [resolve('dist/cli.js'), 'ui', ...args],
      { cwd: directory, env: { PATH: dirname(process.execPath), XDG_CACHE_HOME: join(directory, 'cache'), ...env } },
      (error, _, stderr) => {
        done({ code: error?.code ?? 0, stderr });
      },
    );
  });
}

function script(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('without MLflow it says how to get it', async () => {
  const { code, stderr } = await ui([]);
  expect(code).toBe(1);
  expect(stderr).toContain('MLflow is not installed');
  expect(stderr).toContain('/cache/layerline/mlflow/bin/pip install mlflow==');
});

test('without runs it says so, before it looks for MLflow', async () => {
  const { code, stderr } = await ui(['--runs', 'nothing here']);
  expect(code).toBe(1);
  expect(stderr).toContain('there are no runs in nothing here/ yet');
});

test('a port that is taken and an MLFLOW_BIN that is no program are named', async () => {
  const taken = createServer();
  const port = await new Promise<number>((done) =>
    taken.listen(0, '127.0.0.1', () => done((taken.address() as { port: number }).port)),
  );
  const MLFLOW_BIN = script('mlflow-idle', 'sleep 5');
  expect(await ui(['--port', String(port)], { MLFLOW_BIN })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`port ${port} cannot be used`),
  });
  taken.close();
  expect(await ui([], { MLFLOW_BIN: '/no/such/mlflow' })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("'/no/such/mlflow'"),
  });
  expect(await ui(['--port', '70000'])).toMatchObject({ code: 2 });
});

test('an MLflow that ends at once is shown with its last words', async () => {
  const { code, stderr } = await ui([], {
    MLFLOW_BIN: script('mlflow-broken', 'echo "ImportError: no such thing" >&2; exit 3'),
  });
  expect(code).toBe(1);
  expect(stderr).toContain('ended at once');
  expect(stderr).toContain('ImportError: no such thing');
});
