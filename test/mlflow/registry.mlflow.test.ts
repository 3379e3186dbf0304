import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';
import { type RealServer, python, realServer } from './real-mlflow.ts';

const rig = new Rig();
let server: RealServer;
let finished: { readonly runId: string; readonly metrics: Readonly<Record<string, number>> };

beforeAll(async () => {
  rig.writeDigits(400, 100);
  rig.write('digits.yaml', digitsPipeline({ epochs: 2 }));
  server = await realServer(rig.folder);
  await server.start();
  await rig.run(['run', 'digits.yaml', '--set', 'train.epochs=1', '--tracking-uri', server.address]);
  const { code, stdout, stderr } = await rig.run(['run', 'digits.yaml', '--json', '--tracking-uri', server.address]);
  expect(code, stderr).toBe(0);
  finished = eventsOf(stdout).at(-1) as unknown as typeof finished;
});

afterAll(async () => {
  await server.kill();
  rig.remove();
});

/** Any command, at the server and with no local store. */
const atServer = (...args: readonly string[]) =>
  rig.run([...args, '--tracking-uri', server.address, '--runs', 'nothing']);

const tested = () => Object.fromEntries(Object.entries(finished.metrics).filter(([name]) => name.startsWith('test_')));

/** What MLflow's own client says of a version, and the files that it gets of it. */
async function readVersion(uri: string, name: string, alias: string): Promise<Record<string, unknown>> {
  const script = `
import json, os, sys, tempfile
import mlflow
from mlflow import MlflowClient
uri, name, alias = sys.argv[1:]
mlflow.set_tracking_uri(uri); mlflow.set_registry_uri(uri)
client = MlflowClient(tracking_uri=uri, registry_uri=uri)
version = client.get_model_version_by_alias(name, alias)
with tempfile.TemporaryDirectory() as folder:
    root = mlflow.artifacts.download_artifacts(artifact_uri=f"models:/{name}@{alias}", dst_path=folder)
    files = sorted(os.listdir(root))
print(json.dumps({
    "name": version.name, "version": int(version.version), "run_id": version.run_id, "status": version.status,
    "files": files, "aliases": dict(client.get_registered_model(name).aliases),
    "versions": sorted(int(v.version) for v in client.search_model_versions(f"name='{name}'")),
}))`;
  const answer = await python('-c', script, uri, name, alias);
  return JSON.parse(answer.trim().split('\n').at(-1)!) as Record<string, unknown>;
}

test('runs of a server are listed, found and evaluated without a store of ours', async () => {
  const listed = await atServer('runs', 'digits.yaml', '--sort', 'test_accuracy', '--json');
  expect(listed.stderr).toBe('');
  const { runs } = JSON.parse(listed.stdout) as { runs: { runId: string; metrics: Record<string, number> }[] };
  expect(runs).toHaveLength(2);
  expect(runs.find(({ runId }) => runId === finished.runId)!.metrics).toMatchObject(tested());

  const kept = join(rig.folder, '.layerline/models', finished.runId);
  for (const reference of ['last', finished.runId.slice(0, 10), 'digits.yaml']) {
    const { code, stdout, stderr } = await atServer('evaluate', reference, '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ evaluates: finished.runId, metrics: tested() });
    expect(existsSync(join(kept, 'model/model.json'))).toBe(true);
  }
  // It is fetched anew where what is there is not the run's, or damaged in what it says.
  const json = join(kept, 'model/model.json');
  const whole = readFileSync(json, 'utf8');
  writeFileSync(json, whole.replace(/("weightsSha256":\s*")\w/, '$1f'));
  expect((await atServer('evaluate', 'last', '--json')).code).toBe(0);
  expect(readFileSync(json, 'utf8')).toBe(whole);
  expect(readdirSync(join(rig.folder, '.layerline/models'))).toEqual([finished.runId]);
  expect((await atServer('replay', 'last')).stdout).toContain('the same to the bit');

  const compared = JSON.parse((await atServer('compare', finished.runId, 'last~1', '--json')).stdout);
  expect(compared).toMatchObject({ runs: [{ runId: finished.runId, metrics: tested() }, {}] });
  expect(compared.different.params).toContain('epochs');
  expect((await atServer('report', 'last', '--out', 'its.html')).code).toBe(0);
  expect(rig.read('its.html')).toMatch(/^<!doctype html>/i);
});

test("a model is registered at a server as MLflow's own client reads it back", async () => {
  const first = await atServer('register', 'last', '--name', 'my digits', '--alias', 'champion');
  expect([first.code, first.stderr]).toEqual([0, '']);
  expect(first.stdout).toMatch(
    /^models:\/my digits\/1, models:\/my digits@champion: digits .*, run [0-9a-f]{32} in http/,
  );
  const second = await atServer('register', 'last~1', '--name', 'my digits', '--json');
  expect(JSON.parse(second.stdout)).toMatchObject({ name: 'my digits', version: 2, alias: null });
  expect(await readVersion(server.address, 'my digits', 'champion')).toMatchObject({
    name: 'my digits',
    version: 1,
    run_id: finished.runId,
    status: 'READY',
    aliases: { champion: '1' },
    versions: [1, 2],
    files: expect.arrayContaining(['model.json', 'weights.bin']) as unknown,
  });
  for (const reference of ['models:/my digits@champion', 'models:/my digits/1']) {
    const { code, stdout, stderr } = await atServer('evaluate', reference, '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ evaluates: finished.runId, metrics: tested() });
  }
  // The alias moves on.
  await atServer('register', 'last~1', '--name', 'my digits', '--alias', 'champion');
  expect(await readVersion(server.address, 'my digits', 'champion')).toMatchObject({ version: 3 });
});

test("a model is registered in the local store as MLflow's own client reads it back", async () => {
  await rig.run(['register', 'last', '--name', 'here', '--alias', 'champion']);
  const { code, stdout } = await rig.run([
    'register',
    finished.runId,
    '--name',
    'here',
    '--alias',
    'champion',
    '--json',
  ]);
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    { name: 'here', version: 2, alias: 'champion', runId: finished.runId },
  ]);
  const store = pathToFileURL(join(rig.folder, 'runs')).href;
  expect(await readVersion(store, 'here', 'champion')).toMatchObject({
    version: 2,
    run_id: finished.runId,
    status: 'READY',
    aliases: { champion: '2' },
    versions: [1, 2],
    files: expect.arrayContaining(['model.json', 'weights.bin']) as unknown,
  });
  // What MLflow itself registers there is found here.
  const script = `
import sys
from mlflow import MlflowClient
client = MlflowClient(tracking_uri=sys.argv[1], registry_uri=sys.argv[1])
client.create_registered_model("theirs")
client.create_model_version("theirs", source=f"runs:/{sys.argv[2]}/model", run_id=sys.argv[2])
client.set_registered_model_alias("theirs", "good", "1")`;
  await python('-c', script, store, finished.runId);
  for (const reference of ['models:/theirs@good', 'models:/theirs/1', 'models:/here@champion'])
    expect(JSON.parse((await rig.run(['evaluate', reference, '--json'])).stdout)).toMatchObject({
      evaluates: finished.runId,
    });
});

test('what is not there is named', async () => {
  for (const [args, code, message] of [
    [['evaluate', 'models:/nothing/1'], 1, /error unknown-model-version: http.* has no model nothing\/1/],
    [['evaluate', 'models:/my digits@nobody'], 1, /error (unknown-model-version|run-not-readable)/],
    [['evaluate', 'models:/my digits/99'], 1, /error unknown-model-version/],
    [['evaluate', 'models:my digits'], 2, /error bad-model-uri/],
    [['evaluate', 'f'.repeat(32)], 1, /error unknown-run: http.* has no run ffff/],
    [['evaluate', 'best:val_acc'], 1, /error unrecorded-metric[\s\S]*best:val_accuracy/],
    [['register', 'last', '--name', 'a:b'], 2, /error bad-model-name/],
    [['register', 'f'.repeat(32), '--name', 'a'], 1, /error unknown-run/],
  ] as const)
    expect(await atServer(...args)).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringMatching(message) as unknown,
    });
  const recorded = JSON.parse((await atServer('evaluate', 'last', '--json')).stdout) as { runId: string };
  const none = await atServer('register', recorded.runId, '--name', 'a');
  expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/error no-model: the run \w+ has no model/)]);
  await server.kill();
  rmSync(join(rig.folder, '.layerline'), { recursive: true });
  expect((await atServer('evaluate', 'last')).stderr).toMatch(/error run-not-readable: cannot read the runs from http/);
});
