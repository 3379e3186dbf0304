import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';
import { type RealServer, realServer } from './real-mlflow.ts';

const rig = new Rig();
let server: RealServer;
let finished: Record<string, unknown>;

beforeAll(async () => {
  rig.writeDigits(400, 100);
  rig.write('in/digits.yaml', digitsPipeline({ epochs: 3 }).replaceAll('data/t', '../data/t'));
  server = await realServer(rig.folder);
  await server.start();
  const { code, stdout, stderr } = await rig.run(['run', 'in/digits.yaml', '--json', '--tracking-uri', server.address]);
  expect(code, stderr).toBe(0);
  finished = eventsOf(stdout).at(-1)!;
  // The file may change afterwards, or be gone: the tracker has it.
  rig.write('in/digits.yaml', 'name: changed');
});

afterAll(async () => {
  await server.kill();
  rig.remove();
});

const runId = () => String(finished['runId']);

/** The run's folder in a copy of the store. */
function copyOfRun(store: string): string {
  cpSync(join(rig.folder, 'runs'), join(rig.folder, store), { recursive: true });
  const experiment = readdirSync(join(rig.folder, store)).find((name) => /^[1-9]\d+$/.test(name))!;
  return join(rig.folder, store, experiment, runId());
}

test('a run is rebuilt from a real server alone, and from the local store alone, to the same weights', async () => {
  rmSync(join(rig.folder, 'in'), { recursive: true });
  rig.write('in/other', '');
  for (const where of [
    ['--tracking-uri', server.address, '--runs', 'nothing'],
    ['--runs', 'runs'],
  ]) {
    const { code, stdout, stderr } = await rig.run(['replay', runId(), ...where]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^digits [-\dT]+, run [0-9a-f]{32} in /);
    expect(stdout).toContain(
      `all 3 epochs are the same to the bit, and so are the weights: ${String(finished['weightsSha256'])}`,
    );
    expect(stdout).not.toMatch(/another|other data/);
  }
});

test('other versions and other data are named first, then the first epoch that differs', async () => {
  const run = copyOfRun('altered');
  writeFileSync(join(run, 'tags/pipeline.engine'), 'native: TensorFlow 1.0');
  const loss = readFileSync(join(run, 'metrics/val_loss'), 'utf8').split('\n');
  loss[1] = loss[1]!.replace(/ \S+ 2$/, ' 0.125 2');
  writeFileSync(join(run, 'metrics/val_loss'), loss.join('\n'));
  const { code, stdout, stderr } = await rig.run(['replay', runId(), '--runs', 'altered']);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /another engine: it was native: TensorFlow 1\.0, it is native: TensorFlow 2[\s\S]*epoch 1 of 3 is the same\n$/,
  );
  expect(stderr).toMatch(/error replay-differs: epoch 2 is the first that differs: val_loss was 0\.125, is \d/);

  const labels = readFileSync(join(rig.folder, 'data/train-labels'));
  labels[20] = (labels[20]! + 1) % 10;
  rig.write('data/train-labels', labels);
  const other = await rig.run(['replay', runId()]);
  expect(other.code).toBe(1);
  expect(other.stdout).toMatch(/other data in train-labels: its SHA-256 was [0-9a-f]{64}, it is [0-9a-f]{64}/);
  expect(other.stderr).toMatch(/epoch 1 is the first that differs: loss was/);
});

test('a run that is not there, and one that has nothing to replay', async () => {
  const missing = await rig.run(['replay', 'f'.repeat(32), '--tracking-uri', server.address]);
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringMatching(/has no run ffff/)]);
  expect((await rig.run(['replay', '../../etc'])).stderr).toMatch(/\.\.\/\.\.\/etc is a folder, and no run/);
  const run = copyOfRun('emptied');
  rmSync(join(run, 'artifacts'), { recursive: true });
  const emptied = await rig.run(['replay', runId(), '--runs', 'emptied']);
  expect([emptied.code, emptied.stderr]).toEqual([1, expect.stringMatching(/has no artifact config\/resolved\.yaml/)]);
});
