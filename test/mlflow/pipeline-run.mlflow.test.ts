import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';
import { type ReadRun, type RealServer, readRuns, realServer } from './real-mlflow.ts';

const rig = new Rig();
let server: RealServer;

beforeAll(async () => {
  rig.writeDigits();
  rig.write('digits.yaml', digitsPipeline({ epochs: 15, figures: '[learningCurves]' }));
  server = await realServer(rig.folder);
  await server.start();
});

afterAll(async () => {
  await server.kill();
  rig.remove();
});

/** SHA-256 of each file below a folder, by its path. */
function digests(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(folder, file)).isFile(),
  );
  return Object.fromEntries(
    files.map((file) => [
      relative('.', file),
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
    ]),
  );
}

async function expectWhole(uri: string, stdout: string, runsFolder: string): Promise<ReadRun> {
  const finished = eventsOf(stdout).at(-1)!;
  const read = await readRuns(uri, 'digits');
  expect(read.experiment_id).toBe(finished['experimentId']);
  const run = read.runs.find(({ run_id }) => run_id === finished['runId'])!;
  expect(run).toMatchObject({ status: 'FINISHED' });
  expect(run.params).toMatchObject({
    seed: '7',
    optimizer: 'adam',
    learningRate: '0.001',
    batchSize: '64',
    epochs: '15',
    loss: 'softmaxCrossEntropy',
    'model.dense_1.units': '10',
  });
  expect(run.tags).toMatchObject({
    'mlflow.source.name': 'digits.yaml',
    'mlflow.source.type': 'LOCAL',
    'pipeline.step': 'compiled',
    'pipeline.weights_sha256': finished['weightsSha256'],
  });
  expect(run.tags['mlflow.note.content']).toContain('test_accuracy');
  for (const key of ['loss', 'accuracy', 'val_loss', 'val_accuracy', 'system/samples_per_second']) {
    expect(
      run.metrics[key]!.map(([step]) => step).sort((a, b) => a - b),
      key,
    ).toEqual(Array.from({ length: 15 }, (_, epoch) => epoch + 1));
  }
  const metrics = finished['metrics'] as Record<string, number>;
  for (const key of ['test_loss', 'test_accuracy']) expect(Number(run.metrics[key]![0]![2])).toBe(metrics[key]);
  expect(Number(run.metrics['loss']!.find(([step]) => step === 15)![2])).toBe(metrics['loss']);
  expect(run.inputs.map(({ name, tags }) => `${name} ${tags['mlflow.data.context']}`).sort()).toEqual([
    'idx test',
    'idx training',
    'idx validation',
  ]);
  const written = readdirSync(join(rig.folder, runsFolder), { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith(`${run.run_id}/artifacts`),
  )!;
  expect(run.artifacts).toEqual(digests(join(rig.folder, runsFolder, written)));
  expect(Object.keys(run.artifacts)).toEqual(
    expect.arrayContaining([
      'config/pipeline.yaml',
      'config/resolved.yaml',
      'model/model.json',
      'model/weights.bin',
      'report.html',
      'figures/learningCurves.png',
    ]),
  );
  return run;
}

test("MLflow's own client reads a run of the real binary out of the local store", async () => {
  const { code, stdout } = await rig.run(['run', 'digits.yaml', '--json', '--runs', 'local']);
  expect(code).toBe(0);
  await expectWhole(join(rig.folder, 'local'), stdout, 'local');
});

test('and off a real server', async () => {
  const { code, stdout } = await rig.run(['run', 'digits.yaml', '--json', '--runs', 'mirrored'], {
    MLFLOW_TRACKING_URI: server.address,
  });
  expect(code).toBe(0);
  await expectWhole(server.address, stdout, 'mirrored');
});

test('a run whose stages were all kept from another is as whole, and says which', async () => {
  const { code, stdout } = await rig.run(['run', 'digits.yaml', '--json', '--runs', 'mirrored'], {
    MLFLOW_TRACKING_URI: server.address,
  });
  expect(code).toBe(0);
  const skipped = eventsOf(stdout).filter(({ type }) => type === 'stage-skipped');
  expect(skipped.map(({ stage }) => stage)).toEqual(['load', 'train', 'evaluate', 'visualize']);
  const { tags } = await expectWhole(server.address, stdout, 'mirrored');
  for (const { stage, runId } of skipped) expect(tags[`pipeline.cached.${String(stage)}`]).toBe(runId);
});
