import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import type { TrackedRun } from '../../src/tracking/tracker.ts';
import { freePort } from './real-mlflow.ts';
import { epochMetrics, recordArtifacts, sampleParams, sampleStart } from './sample-run.ts';
import { mlflowProgram } from './setup.ts';

const directory = mkdtempSync(join(tmpdir(), 'layerline ui-'));
let run: TrackedRun;

beforeAll(async () => {
  const before = join(directory, 'before');
  run = await chooseTracker({ runsDirectory: before, warn: () => undefined, env: {} }).start(sampleStart);
  run.params(sampleParams);
  run.metrics(epochMetrics(1));
  recordArtifacts(run);
  await run.finish('FINISHED', Date.now());
  // The folder is moved before the UI sees it.
  renameSync(before, join(directory, 'runs'));
});

afterAll(() => rmSync(directory, { recursive: true }));

/**
 * A folder whose Python files would be taken for MLflow's parts by a Python that works there; each leaves a trace when
 * it runs.
 */
function strangersFolder(): { readonly folder: string; readonly canary: string } {
  const [folder, canary] = [join(directory, 'stranger'), join(directory, 'canary')];
  mkdirSync(folder);
  for (const name of [
    'mlflow',
    'flask',
    'uvicorn',
    'gunicorn',
    'gunicorn.conf',
    'sitecustomize',
    'usercustomize',
    'sqlalchemy',
    'json',
    'asyncio',
  ]) {
    writeFileSync(join(folder, `${name}.py`), `open(${JSON.stringify(canary)}, 'a').write(__name__ + '\\n')\n`);
  }
  writeFileSync(join(folder, '.env'), 'FLASK_APP=flask\nMLFLOW_TRACKING_URI=http://127.0.0.1:1\n');
  return { folder, canary };
}

test('pipeline ui serves the local store, even of a moved folder, until Ctrl-C; no file of it runs', async () => {
  const port = await freePort();
  const { folder, canary } = strangersFolder();
  const ui = spawn(
    process.execPath,
    [resolve('dist/cli.js'), 'ui', '--runs', join(directory, 'runs'), '--port', String(port)],
    {
      cwd: folder,
      env: { ...process.env, MLFLOW_BIN: mlflowProgram, PYTHONPATH: '.' },
    },
  );
  let output = '';
  ui.stderr.on('data', (text) => (output += text));
  const ended = new Promise<number | null>((done) => ui.once('exit', done));
  const link = await Promise.race([
    ended.then(() => undefined),
    new Promise<string>((done) => {
      ui.stdout.on('data', (text) => {
        output += text;
        const found = /^http\S+/m.exec(output);
        if (found !== null) done(found[0]);
      });
    }),
  ]);
  expect(link, output).toBe(
    `http://127.0.0.1:${port}/#/experiments/${run.experimentId}/runs` +
      '?workflowType=machine_learning&compareRunsMode=CHART',
  );

  const api = `http://127.0.0.1:${port}/api/2.0/mlflow`;
  const post = async (path: string, body: unknown): Promise<unknown> =>
    (
      await fetch(`${api}/${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).json();
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('<div id="root"');
  expect(await post('experiments/search', { max_results: 10 })).toMatchObject({
    experiments: [{ experiment_id: run.experimentId, name: sampleStart.experiment }],
  });
  expect(await post('runs/search', { experiment_ids: [run.experimentId] })).toMatchObject({
    runs: [{ info: { run_id: run.runId, status: 'FINISHED' } }],
  });
  const artifact = await fetch(`http://127.0.0.1:${port}/get-artifact?run_id=${run.runId}&path=config/pipeline.yaml`);
  expect(await artifact.text()).toBe('name: mnist\n');

  // An experiment that was deleted in the UI comes back, its runs with it, when the next run of it starts.
  await post('experiments/delete', { experiment_id: run.experimentId });
  expect(await post('experiments/search', { max_results: 10 })).not.toHaveProperty('experiments');
  const next = await chooseTracker({ runsDirectory: join(directory, 'runs'), warn: () => undefined, env: {} }).start(
    sampleStart,
  );
  const { runs } = (await post('runs/search', { experiment_ids: [run.experimentId] })) as {
    runs: { info: { run_id: string } }[];
  };
  expect(runs.map(({ info }) => info.run_id).sort()).toEqual([run.runId, next.runId].sort());

  expect(existsSync(canary)).toBe(false);
  ui.kill('SIGINT');
  expect(await ended).toBe(0);
  await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
});
