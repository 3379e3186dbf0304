import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { freePort } from './real-mlflow.ts';
import { recordArtifacts, sampleStart } from './sample-run.ts';

/**
 * Records two runs in `folder/runs`, the first as it was before `run_uuid` was written, and opens `pipeline ui` there.
 *
 * @returns how many runs MLflow lists, and the text of an artifact of each
 */
export async function openUi(
  program: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const tracker = chooseTracker({ runsDirectory: join(folder, 'runs'), warn: () => undefined, env: {} });
  const runs = [await tracker.start(sampleStart), await tracker.start(sampleStart)] as const;
  for (const run of runs) {
    recordArtifacts(run);
    await run.finish('FINISHED', Date.now());
  }
  const meta = join(runs[0].directory, 'meta.yaml');
  writeFileSync(meta, readFileSync(meta, 'utf8').replace(/^run_uuid.*\n/m, ''));
  const port = await freePort();
  const ui = spawn(process.execPath, [resolve('dist/cli.js'), 'ui', '--port', String(port)], {
    cwd: folder,
    env: { ...process.env, ...env, MLFLOW_BIN: program },
  });
  const ended = new Promise((done) => ui.once('exit', done));
  let output = '';
  for (const stream of [ui.stdout, ui.stderr]) stream.on('data', (text) => (output += text));
  try {
    await Promise.race([
      ended,
      new Promise<void>((done) => ui.stdout.on('data', () => output.includes('Ctrl-C') && done())),
    ]);
    if (!output.includes('Ctrl-C')) throw new Error(output);
    const address = `http://127.0.0.1:${port}`;
    const answer = await fetch(`${address}/api/2.0/mlflow/runs/search`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ experiment_ids: [runs[0].experimentId] }),
    });
    const found = (await answer.json()) as { runs?: { info: { run_id: string } }[] };
    return await Promise.all(
      (found.runs ?? []).map(async ({ info }) =>
        (await fetch(`${address}/get-artifact?run_id=${info.run_id}&path=config/pipeline.yaml`)).text(),
      ),
    );
  } finally {
    ui.kill('SIGINT');
    await ended;
  }
}
