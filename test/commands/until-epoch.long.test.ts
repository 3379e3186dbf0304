import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
beforeAll(() => rig.writeDigits(300, 100));
afterAll(() => rig.remove());

const text = `${digitsPipeline({
  epochs: 4,
  layers: '[flatten, dense 8 relu, batchNormalization, dropout 0.2, dense 10]',
  train: 'momentum',
})}  schedule: { cosine: { warmUp: 1 } }
  earlyStopping: { patience: 3, restoreBestWeights: true }
  augment: [shift(2)]
`;

test('rungs of one run end with the bits of a run without a pause', async () => {
  rig.write('whole.yaml', text);
  rig.write('rungs.yaml', text);
  const whole = eventsOf((await rig.run(['run', 'whole.yaml', '--json', '--runs', 'whole'])).stdout);
  const run = (...more: string[]) => rig.run(['run', 'rungs.yaml', ...more]);
  const paused = await run('--until-epoch', '1');
  expect(paused.code).toBe(0);
  expect(paused.stdout).toMatch(/^paused +after epoch 1 of 4$/m);
  expect(paused.stdout).toMatch(/^go on with +npx pipeline run rungs.yaml$/m);
  const later = await run('--until-epoch', '3', '--json');
  expect(later.code).toBe(0);
  const events = eventsOf(later.stdout);
  const epochs = whole.filter(({ type }) => type === 'epoch-finished');
  const last = events.at(-1)!;
  expect(last).toMatchObject({
    type: 'run-finished',
    status: 'KILLED',
    pausedAfter: 3,
    metrics: epochs[2]!['metrics'],
    weightsSha256: null,
  });
  expect(events.find(({ type }) => type === 'training-resumed')).toMatchObject({ epoch: 2, batch: 0 });
  const { runId, experimentId } = last;
  const folder = join(rig.folder, 'runs', String(experimentId), String(runId));
  expect(readFileSync(join(folder, 'meta.yaml'), 'utf8')).toMatch(/^status: 5$/m);
  expect(readdirSync(join(folder, 'checkpoints'))).not.toEqual([]);
  // Where it is already, it is trained no further.
  const again = eventsOf((await run('--until-epoch', '2', '--json')).stdout);
  expect(again.at(-1)).toEqual(last);
  expect(again.filter(({ type }) => type === 'progress')).toEqual([]);
  const ended = eventsOf((await run('--until-epoch', '9', '--json')).stdout);
  const { weightsSha256, metrics } = whole.at(-1)!;
  expect(ended.at(-1)).toMatchObject({ status: 'FINISHED', runId, weightsSha256, metrics });
  expect(ended.at(-1)).not.toHaveProperty('pausedAfter');
  const metricsOf = (list: readonly Record<string, unknown>[]) =>
    list.filter(({ type }) => type === 'epoch-finished').map((event) => event['metrics']);
  expect(metricsOf(ended)).toEqual(metricsOf(whole));
  expect(existsSync(join(folder, 'checkpoints'))).toBe(false);
}, 60_000);

test('there is no epoch 0 to pause at, and a trial does not pause', async () => {
  const [zero, trial] = await Promise.all([
    rig.run(['run', 'rungs.yaml', '--until-epoch', '0']),
    rig.run(['run', 'rungs.yaml', '--until-epoch', '1', '--smoke']),
  ]);
  expect([zero.code, trial.code]).toEqual([2, 2]);
  expect(zero.stderr).toContain('It must be a whole number from 1');
  expect(trial.stderr).toContain("'--until-epoch <epoch>' cannot be used with option '--smoke'");
});
