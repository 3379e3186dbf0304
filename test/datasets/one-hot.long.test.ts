import { afterAll, expect, test } from 'vitest';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

test('categories may make more values than a list of JavaScript has room for', async () => {
  const names = Array.from({ length: 256 }, (_, k) => `k${k}`);
  const rows = 760_000;
  rig.write('d.csv', `c,y\n${Array.from({ length: rows }, (_, row) => `k${row % 256},${row % 10}`).join('\n')}\n`);
  rig.write('p.yaml', `name: t\ndata: { source: { csv: { file: d.csv, targets: { y: number }, categories: { c: [${names.join(', ')}] }, test: 0.1 } } }\nmodel: { layers: [dense 1] }\ntrain: { optimizer: adam, loss: meanSquaredError, batchSize: 10000, epochs: 1 }\n`);
  // A list has room for 2^27 values.
  expect(rows * 0.9 * 0.9 * 256).toBeGreaterThan(2 ** 27);
  const { code, stdout, stderr } = await rig.run(['run', 'p.yaml']);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/test_loss\s+[\d.]+/);
});
