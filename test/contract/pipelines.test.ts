import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Rig } from '../rig.ts';

const folder = join(import.meta.dirname, '../../pipelines');
const rig = new Rig();
afterAll(() => rig.remove());

// That of Fashion-MNIST brings no data, and `validate` fetches none.
const [fashion, unfetched] = ['fashion.yaml', 'warning data-not-fetched'];
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && file !== fashion);

test('have nothing wrong in them, and a plan', async () => {
  const { code, stdout, stderr } = await rig.run(['validate', ...files.map((name) => join(folder, name))]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.match(/^ok /gm)).toHaveLength(files.length);
  const planned = await rig.run(['plan', join(folder, files[0]!)]);
  expect([planned.code, planned.stderr]).toEqual([0, '']);
  expect(planned.stdout).toMatch(/parameters  [1-9][\d,]* trainable/);
});

test('that of Fashion-MNIST has nothing wrong in it but that its data is not fetched', async () => {
  const { code, stdout, stderr } = await rig.run(['validate', join(folder, fashion)], { HOME: rig.folder });
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^ok .*fashion\.yaml\n$/)]);
  expect(stderr.match(/ (warning|error) [a-z-]+/g)).toEqual([` ${unfetched}`]);
});
