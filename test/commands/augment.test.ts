import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { forTrial } from '../../src/run/trial.ts';
import { paramsOf } from '../../src/run/written-params.ts';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
const text = (figures: string) =>
  digitsPipeline({ epochs: 2, layers: '[flatten, dense 10]', figures }) +
  '  augment: [shift(1), { rotate: { degrees: 10, until: 1 } }, mixup]\n';
beforeAll(() => {
  rig.writeDigits();
  rig.write('digits.yaml', text('[augmentedSamples]'));
});
afterAll(() => rig.remove());

/** What a run says of its stages, and where its artifacts are. */
async function run(...more: readonly string[]) {
  const { code, stdout, stderr } = await rig.run(['run', 'digits.yaml', '--json', ...more]);
  expect([code, stderr]).toEqual([0, '']);
  const events = eventsOf(stdout);
  const kept = events.flatMap(({ type, stage }) => (type === 'stage-skipped' ? [stage] : []));
  return { events, kept, metrics: events.at(-1)!['metrics'] as Record<string, number> };
}

test('a run trains on augmented pictures and shows some, and is made anew where they are others', async () => {
  const first = await run();
  const names = readdirSync(rig.folder, { recursive: true, encoding: 'utf8' });
  expect(names.filter((name) => name.endsWith('figures/augmentedSamples.png'))).toHaveLength(1);
  const resolved = names.find((name) => name.endsWith('config/resolved.yaml'))!;
  expect(readFileSync(join(rig.folder, resolved), 'utf8')).toMatch(
    / {2}augment:\n {4}- shift:\n {8}pixels: 1\n {8}fillMode: constant\n {8}fillValue: 0\n {8}probability: 1\n/,
  );
  const again = await run();
  expect(again.metrics).toEqual(first.metrics);
  expect(again.kept).toContain('train');
  const other = await run('--set', 'train.augment[0].shift.pixels=2');
  expect(other.kept).not.toContain('train');
  expect(other.metrics).not.toEqual(first.metrics);
});

test('the plan tells what is done, and what of it is no default', async () => {
  const [plain, json] = await Promise.all([
    rig.run(['plan', 'digits.yaml']),
    rig.run(['plan', 'digits.yaml', '--json']),
  ]);
  expect(plain.stdout).toContain(
    'augment     shift { pixels: 1 }, rotate { degrees: 10, until: 1 }, mixup; in training alone\n',
  );
  const { augment } = JSON.parse(json.stdout) as { augment: readonly { type: string }[] };
  expect(augment.map(({ type }) => type)).toEqual(['shift', 'rotate', 'mixup']);
});

test('samples that are to be learnt by heart are left as they are', () => {
  const checked = checkSource({ name: join(rig.folder, 'digits.yaml'), text: text('[]') }).checked!;
  expect(paramsOf(checked)).toHaveProperty('augment');
  const { pipeline, ...rest } = forTrial(checked, { kind: 'overfit', samples: 5 });
  expect(pipeline.train.augment).toBeUndefined();
  expect(paramsOf({ pipeline, ...rest })).not.toHaveProperty('augment');
  expect(forTrial(checked, { kind: 'smoke' }).pipeline.train.augment).toHaveLength(3);
});
