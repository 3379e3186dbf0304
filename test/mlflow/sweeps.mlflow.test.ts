import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runsIn } from '../faults/runs-in.ts';
import { Rig, eventsOf } from '../rig.ts';
import { type ReadRun, type RealServer, readRuns, realServer } from './real-mlflow.ts';

const rig = new Rig();
let server: RealServer;

const pipeline = (name: string, more = '') => `name: ${name}
seed: 3
data: { source: { csv: { file: points.csv, targets: { k: [little, much] }, test: 0.2 } }, split: { validation: 40 } }
model: { layers: [dense 4 relu, dense 2] }
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 20, epochs: 2 }
visualize: { figures: [] }
${more}`;

beforeAll(async () => {
  const rows = Array.from({ length: 200 }, (_, i) => [((i * 37) % 100) / 100, ((i * 53) % 97) / 97] as const);
  rig.write('points.csv', `a,b,k\n${rows.map(([a, b]) => `${a},${b},${a + b > 1 ? 'much' : 'little'}\n`).join('')}`);
  rig.write('twice.yaml', pipeline('twice', 'repeat: 2\n'));
  for (const name of ['early', 'late']) {
    rig.write(`p-${name}.yaml`, pipeline(name));
    rig.write(
      `${name}.yaml`,
      `sweep: ./p-${name}.yaml
goal: minimize val_loss
space: { train.optimizer.adam.learningRate: [0.05, 0.0001, 0.00001] }
search: grid
asha: { from: 1, factor: 3 }
parallel: 3
`,
    );
  }
  server = await realServer(rig.folder);
});

afterAll(async () => {
  await server.kill();
  rig.remove();
});

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Of an experiment, the run above the others and these. */
async function familyOf(experiment: string): Promise<{ readonly head: ReadRun; readonly members: readonly ReadRun[] }> {
  const { runs } = await readRuns(server.address, experiment);
  const heads = runs.filter(({ tags }) => tags['mlflow.parentRunId'] === undefined);
  expect(heads).toHaveLength(1);
  return { head: heads[0]!, members: runs.filter((run) => run !== heads[0]) };
}

async function expectSweep(name: string, local: string): Promise<readonly ReadRun[]> {
  const { head, members } = await familyOf(name);
  const trials = members.filter(({ tags }) => tags['layerline.trial'] !== undefined);
  expect(head).toMatchObject({ name, status: 'FINISHED', tags: { 'layerline.best_trial': '1' } });
  expect(new Set(trials.map(({ tags }) => tags['layerline.trial']))).toEqual(new Set(['1', '2', '3']));
  for (const { tags, status, metrics } of trials) {
    expect(tags['mlflow.parentRunId'], 'as MLflow nests runs').toBe(head.run_id);
    const isBest = tags['layerline.trial'] === '1';
    expect([status, tags['layerline.pruned']]).toEqual(['FINISHED', isBest ? undefined : 'after epoch 1']);
    expect(metrics['val_loss']!.map(([step]) => step)).toEqual(isBest ? [1, 2] : [1]);
  }
  const best = trials.find(({ tags }) => tags['layerline.trial'] === '1')!;
  expect(head.metrics['best_val_loss']!.at(-1)![2]).toBe(best.metrics['val_loss']!.at(-1)![2]);
  const folder = runsIn(join(rig.folder, 'runs')).find((run) => run.endsWith(local))!;
  for (const file of ['report.html', 'sweep.json', 'best.yaml'])
    expect(head.artifacts[file], file).toBe(sha256(join(folder, 'artifacts', file)));
  return trials;
}

test(
  'runs that others are below keep them on a server that was down when they began',
  { timeout: 400_000 },
  async () => {
    // Nobody listens yet.
    const swept = await rig.run(['sweep', 'late.yaml', '--json', '--tracking-uri', server.address]);
    expect(swept.code, swept.stderr).toBe(0);
    const repeated = await rig.run(['run', 'twice.yaml', '--json', '--tracking-uri', server.address]);
    expect(repeated.code, repeated.stderr).toBe(0);
    const measured = await rig.run(['evaluate', 'late.yaml', '--json']);
    expect(measured.code, measured.stderr).toBe(0);
    const local = String(eventsOf(swept.stdout).at(-1)!['runId']);
    const trial = (eventsOf(swept.stdout).at(-1)!['best'] as { runId: string }).runId;

    await server.start();
    // Before the run that it is below, one is not nested wrongly: it waits.
    const early = await rig.run(['sync', '--again', trial, '--to', server.address]);
    expect(early.code).toBe(1);
    expect(early.stderr).toContain('does not have the run that it names yet');
    const synced = await rig.run(['sync', '--to', server.address]);
    expect([synced.code, synced.stderr]).toEqual([0, '']);

    const trials = await expectSweep('late', local);
    expect(trials.some(({ run_id }) => run_id === trial)).toBe(false);
    const { head, members } = await familyOf('twice');
    expect(head.run_id).not.toBe(eventsOf(repeated.stdout).at(-1)!['runId']);
    expect(members.map(({ tags, status }) => [tags['mlflow.parentRunId'], status])).toEqual([
      [head.run_id, 'FINISHED'],
      [head.run_id, 'FINISHED'],
    ]);
    expect(head.metrics).toHaveProperty('val_loss_mean');
    expect(Object.keys(head.artifacts).sort()).toEqual(['repetitions.json', 'report.html']);

    // An evaluation that was recorded here alone comes below the server's run of its trial.
    const { runId } = JSON.parse(measured.stdout) as { readonly runId: string };
    const again = await rig.run(['sync', '--again', runId, '--to', server.address]);
    expect(again.code, again.stderr).toBe(0);
    const sent = (await familyOf('late')).members.find(({ tags }) => tags['pipeline.evaluates'] !== undefined);
    const best = trials.find(({ tags }) => tags['layerline.trial'] === '1')!.run_id;
    expect([sent!.tags['mlflow.parentRunId'], sent!.tags['pipeline.evaluates']]).toEqual([best, best]);
  },
);

test('a sweep is whole on a server that is there from the start, and as `pipeline runs` reads it', async () => {
  if (
    !(await fetch(`${server.address}/health`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await server.start();
  const { code, stdout, stderr } = await rig.run(['sweep', 'early.yaml', '--json', '--tracking-uri', server.address]);
  expect([code, stderr]).toEqual([0, '']);
  const { runId } = eventsOf(stdout).at(-1)!;
  await expectSweep('early', String(runId));
  expect((await familyOf('early')).head.run_id).toBe(runId);
  const listed = await rig.run([
    'runs',
    'early.yaml',
    '--tracking-uri',
    server.address,
    '--columns',
    'name,state,val_loss',
  ]);
  expect(
    listed.stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => /(FINISHED|PRUNED)/.exec(line)?.[0]),
  ).toEqual(['FINISHED', 'FINISHED', 'PRUNED', 'PRUNED']);
  expect((await rig.run(['predict', 'early.yaml', 'points.csv', '--tracking-uri', server.address])).code).toBe(0);
});
