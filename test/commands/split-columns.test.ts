import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const pipeline = (split: string) => `name: visits
data:
  source:
    csv: { file: visits.csv, targets: { ill: fromData }, prepare: { texts: oneHot, numbers: standardize } }
  split: ${split}
model: { layers: [dense 4 relu, dense 2] }
train: { optimizer: adam(0.05), loss: softmaxCrossEntropy, sampling: balanced, batchSize: 16, epochs: 2 }
visualize: { figures: [] }
`;
const byGroup = '{ group: patient, validation: 0.2 }';

beforeAll(() => {
  const rows = Array.from({ length: 600 }, (_, i) => {
    const part = ['fit', 'fit', 'fit', 'dev', 'holdout'][i % 5];
    return `${(i * 37) % 90},${['ward', 'home', 'street'][i % 3]},p${i >> 1},${part},${i % 4 === 0 ? 'yes' : 'no'}`;
  });
  const head = 'age,place,patient,part,ill\n';
  rig.write('visits.csv', `${head}${rows.join('\n')}\n`);
  rig.write('group.yaml', pipeline(byGroup).replace('prepare: { texts', 'prepare: { part: { hash: 4 }, texts'));
  rig.write(
    'part.yaml',
    pipeline('{ column: part, parts: { train: fit, validation: dev, test: holdout } }').replace(
      'prepare: {',
      'prepare: { patient: { hash: 8 },',
    ),
  );
});

interface Run {
  readonly runId: string;
}

async function run(...args: readonly string[]): Promise<Run> {
  const { code, stdout, stderr } = await rig.run(['run', ...args, '--json']);
  expect(code, stderr + stdout).toBe(0);
  return eventsOf(stdout).at(-1)! as unknown as Run;
}

const skippedIn = (stdout: string) => eventsOf(stdout).filter(({ type }) => type === 'stage-skipped').length;

test('divided by groups a file runs as resolved, is measured and replayed; another split is another', async () => {
  const first = await run('group.yaml');
  const { stdout: resolved } = await rig.run(['plan', 'group.yaml', '--resolved']);
  expect(resolved).not.toContain('p17');
  rig.write('resolved.yaml', resolved);
  const again = await rig.run(['run', 'resolved.yaml', '--json']);
  expect(again.code, again.stderr).toBe(0);
  expect(skippedIn(again.stdout)).toBeGreaterThan(1);
  const replay = await rig.run(['replay', first.runId]);
  expect(replay.code, replay.stderr).toBe(0);
  const { stdout } = await rig.run(['data', 'group.yaml', '--json']);
  const { samples } = JSON.parse(stdout) as { samples: Record<string, number> };
  expect(Object.values(samples).reduce((sum, one) => sum + one, 0)).toBe(600);
  const measured = await rig.run(['evaluate', first.runId, '--split', 'validation', '--json']);
  expect(measured.code, measured.stderr).toBe(0);
  expect(measured.stdout).toContain(`${samples['validation']}`);
  const other = await rig.run(['run', 'group.yaml', '--json', '--set', 'data.split.validation=0.3']);
  expect(skippedIn(other.stdout)).toBe(0);
}, 240_000);

test('a file divided by a column is the same when it is resolved, and has the parts that the column says', async () => {
  const { stdout: resolved } = await rig.run(['plan', 'part.yaml', '--resolved']);
  rig.write('resolved-part.yaml', resolved);
  expect((await rig.run(['plan', 'resolved-part.yaml', '--resolved'])).stdout).toBe(resolved);
  const { stdout } = await rig.run(['data', 'resolved-part.yaml', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ samples: { training: 360, validation: 120, test: 120 } });
}, 120_000);
