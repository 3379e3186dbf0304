import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Rig, eventsOf } from '../rig.ts';

const folder = join(import.meta.dirname, '../../pipelines');
const rig = new Rig();
afterAll(() => rig.remove());

const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

test('have nothing wrong in them', async () => {
  const { code, stdout, stderr } = await rig.run(['validate', ...files.map((name) => join(folder, name))]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.match(/^ok /gm)).toHaveLength(files.length);
});

describe.each(files)('pipelines/%s', (name) => {
  const file = join(folder, name);

  test('has a plan', async () => {
    const { code, stdout, stderr } = await rig.run(['plan', file]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/parameters  [1-9][\d,]* trainable/);
  });

  test('sends a batch through every stage, compiled', async () => {
    const { code, stdout, stderr } = await rig.run(['run', file, '--smoke', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    const finished = eventsOf(stdout).filter(({ type }) => type === 'stage-finished');
    expect(finished.map(({ stage }) => stage)).toEqual(['load', 'train', 'evaluate', 'visualize']);
    expect(finished[1]!['summary']).toMatch(/^1 epoch, compiled, /);
    const { status, metrics } = eventsOf(stdout).at(-1)!;
    expect(status).toBe('FINISHED');
    for (const value of Object.values(metrics as Record<string, number>)) expect(value).toEqual(expect.any(Number));
  });
});
