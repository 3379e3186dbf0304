import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Rig } from '../rig.ts';

const folder = join(import.meta.dirname, '../../pipelines');
const rig = new Rig();
afterAll(() => rig.remove());

const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

test('have nothing wrong in them, and a plan', async () => {
  const { code, stdout, stderr } = await rig.run(['validate', ...files.map((name) => join(folder, name))]);
  // All but one bring their data, and `validate` fetches nothing.
  const told = stderr.match(/^.* (warning|error) .*$/gm) ?? [];
  expect(told.filter((line) => !/fashion\.yaml:\d+:\d+ warning data-not-fetched: /.test(line))).toEqual([]);
  expect(code).toBe(0);
  expect(stdout.match(/^ok /gm)).toHaveLength(files.length);
  const planned = await rig.run(['plan', join(folder, files[0]!)]);
  expect([planned.code, planned.stderr]).toEqual([0, '']);
  expect(planned.stdout).toMatch(/parameters  [1-9][\d,]* trainable/);
});
