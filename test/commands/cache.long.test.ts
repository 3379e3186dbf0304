import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, Rig, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
beforeAll(() => {
  rig.writeDigits();
  rig.write('digits.yaml', digitsPipeline({ figures: '[confusionMatrix]' }));
});
afterAll(() => rig.remove());

const last = ({ stdout }: Ended) => eventsOf(stdout).at(-1)!;
const stagesOf = ({ stdout }: Ended, type: 'stage-finished' | 'stage-skipped') =>
  eventsOf(stdout)
    .filter((event) => event['type'] === type)
    .map((event) => event['stage']);
const ran = (ended: Ended) => stagesOf(ended, 'stage-finished');
/** The folder of a run in the store. */
const folderOf = (ended: Ended) => {
  const { experimentId, runId } = last(ended);
  return join(rig.folder, 'runs', String(experimentId), String(runId));
};

test('two at once: both finish alike, and what they leave is whole', async () => {
  const args = ['run', 'digits.yaml', '--json', '--set', 'seed=3'];
  const [one, two, other] = await Promise.all([
    rig.run(args),
    rig.run(args),
    rig.run([...args, '--set', 'train.batchSize=50']),
  ]);
  expect([one.code, two.code, other.code]).toEqual([0, 0, 0]);
  expect(last(one)['weightsSha256']).toBe(last(two)['weightsSha256']);
  const after = await rig.run(args);
  expect(ran(after)).toEqual([]);
  expect(after.stdout).not.toContain('cache-damaged');
  expect(last(after)['weightsSha256']).toBe(last(one)['weightsSha256']);
  expect(ran(await rig.run([...args, '--set', 'train.batchSize=50']))).toEqual([]);
}, 60_000);

test('a run that was killed after its training goes on in the same run, with the training that was kept', async () => {
  const args = ['run', 'digits.yaml', '--json', '--set', 'seed=4'];
  const { child, ended } = rig.start(args);
  child.stdout.on('data', (part: string) => {
    if (/"stage-started","stage":"visualize"/.test(part)) child.kill('SIGKILL');
  });
  const killed = await ended;
  expect(killed.code).toBeNull();
  const again = await rig.run(args);
  expect(stagesOf(again, 'stage-skipped')).toEqual(['train', 'evaluate']);
  const runId = eventsOf(killed.stdout).find(({ type }) => type === 'run-started')!['runId'];
  expect(last(again)).toMatchObject({ status: 'FINISHED', runId });
  expect(
    readFileSync(join(folderOf(again), 'metrics/loss'), 'utf8')
      .trim()
      .split('\n'),
  ).toHaveLength(2);
}, 60_000);
