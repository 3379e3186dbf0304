import { afterAll, expect, test } from 'vitest';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

test('categories may make more values than memory holds: they are 0 and 1 in a batch alone', async () => {
  const names = Array.from({ length: 256 }, (_, k) => `k${k}`);
  const columns = ['a', 'b', 'c', 'd'];
  const rows = 600_000;
  // All of them would be 2.5 GB.
  const lines = Array.from(
    { length: rows },
    (_, row) => `${`k${row % 256},`.repeat(columns.length)}${row % 256 < 128 ? 'low' : 'high'}\n`,
  );
  rig.write('d.csv', `${columns.join(',')},y\n${lines.join('')}`);
  const categories = columns.map((column) => `${column}: [${names.join(', ')}]`);
  rig.write(
    'p.yaml',
    'name: t\ndata: { source: { csv: { file: d.csv, targets: { y: [low, high] }, ' +
      `categories: { ${categories.join(', ')} }, test: 0.1 } } }\nmodel: { layers: [dense 1] }\n` +
      'train: { optimizer: { adam: { learningRate: 0.03 } }, loss: sigmoidCrossEntropy, batchSize: 10000, ' +
      'epochs: 1 }\nevaluate: { metrics: [accuracy] }\n',
  );
  // One category tells the class, so that all is learnt where each stands in its place.
  for (const more of [
    [],
    ['--set', 'train.step=eager'],
    ['--overfit', '100', '--set', 'train.optimizer.adam.learningRate=0.5'],
  ]) {
    const { code, stdout, stderr } = await rig.run(['run', 'p.yaml', ...more]);
    expect(code, stderr).toBe(0);
    expect(stdout, more.join(' ')).toMatch(/test_accuracy\s+1\.000/);
  }
  for (const args of [
    ['run', 'p.yaml', '--smoke'],
    ['plan', 'p.yaml', '--calibrate'],
  ]) {
    const { code, stderr } = await rig.run(args);
    expect(code, stderr).toBe(0);
  }
});
