import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();

/** Gives its input again to the bit, as a learning rate of next to nothing leaves its weights alone. */
const copier = (size: number) => `dense: { units: ${size}, kernelInitializer: identity, biasInitializer: zeros }`;

const pictures = (layers: string, train: string) =>
  digitsPipeline({ layers, epochs: 1, figures: '[reconstructions]' })
    .replace('t10k-labels }', 't10k-labels, targets: input }')
    .replace('optimizer: adam\n  loss: softmaxCrossEntropy', train)
    .concat('evaluate: { metrics: [meanSquaredError, r2Score] }\n');

const table = `name: rows
seed: 1
data:
  source:
    csv:
      file: rows.csv
      targets: input
      categories: { kind: fromData }
      test: other.csv
model: { layers: [{ ${copier(5)} }] }
train: { loss: meanSquaredError, optimizer: sgd 1e-30, epochs: 1, batchSize: 16 }
evaluate: { metrics: [meanSquaredError, meanAbsoluteError, r2Score] }
visualize: { figures: [] }
`;

const row = (k: number) => `${((k * 37) % 101) / 50 - 1},${(k * 53) % 97},${['big', 'round', 'flat'][k % 3]!}\n`;
const rowsOf = (from: number, count: number) =>
  `a,b,kind\n${Array.from({ length: count }, (_, k) => row(from + k)).join('')}`;

beforeAll(() => {
  rig.writeDigits(200, 60);
  rig.write('rows.csv', rowsOf(0, 120));
  rig.write('other.csv', rowsOf(120, 30));
  rig.write('rows.yaml', table);
  const flat = `[flatten, { ${copier(784)} }, reshape 28x28x1]`;
  rig.write(
    'copy.yaml',
    pictures(flat, 'optimizer: sgd 1e-30\n  loss: meanSquaredError\n  augment: [noise: { stddev: 30 }]'),
  );
  const half = '{ dense: { units: 784, kernelInitializer: zeros, biasInitializer: zeros, activation: sigmoid } }';
  rig.write(
    'half.yaml',
    pictures(`[flatten, ${half}, reshape 28x28x1]`, 'optimizer: sgd 1e-30\n  loss: binaryCrossentropy'),
  );
});
afterAll(() => rig.remove());

const metricsOf = async (args: readonly string[]) => {
  const { code, stdout, stderr } = await rig.run([...args, '--json']);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return eventsOf(stdout).at(-1) as { runId: string; metrics: Record<string, number> };
};

test(
  'the target is the picture to the bit, without the noise that it is given with',
  { timeout: 120_000 },
  async () => {
    const { runId, metrics } = await metricsOf(['run', 'copy.yaml']);
    expect(metrics['test_loss']).toBe(0);
    expect(metrics['test_meanSquaredError']).toBeLessThan(1e-40);
    const runs = readdirSync(join(rig.folder, 'runs'), { recursive: true, encoding: 'utf8' });
    expect(runs.some((file) => file.includes(runId) && file.endsWith('figures/reconstructions.png'))).toBe(true);
    const history = runs.find((file) => file.includes(runId) && /metrics.loss$/.test(file))!;
    // What is left of a deviation of 30 in 255 where black and white bound it.
    const loss = Number(readFileSync(join(rig.folder, 'runs', history), 'utf8').split(' ')[1]);
    expect(loss).toBeGreaterThan(0.3 * (30 / 255) ** 2);
    expect(loss).toBeLessThan((30 / 255) ** 2);

    rig.write('images.jsonl', `${JSON.stringify(Array.from({ length: 28 }, () => Array(28).fill(7)))}\n`);
    const told = await rig.run(['predict', runId, 'images.jsonl']);
    expect(told.code).toBe(0);
    const { predicted, error } = JSON.parse(told.stdout) as Record<string, Record<string, number[][][]>>;
    expect(error).toEqual({ reconstruction: 0 });
    expect(predicted!['reconstruction']![3]![5]).toEqual([Math.fround(7 * Math.fround(1 / 255))]);
  },
);

test('losses and metrics are those that all of the pictures give', { timeout: 120_000 }, async () => {
  const { runId, metrics } = await metricsOf(['run', 'half.yaml']);
  const values = [...readFileSync(join(rig.folder, 'data/t10k-images')).subarray(16)].map((byte) => byte / 255);
  const mean = (of: (value: number) => number) => values.reduce((sum, one) => sum + of(one), 0) / values.length;
  const [squared, middle] = [mean((value) => (value - 0.5) ** 2), mean((value) => value)];
  expect(metrics['test_loss']).toBeCloseTo(Math.LN2, 6);
  expect(metrics['test_meanSquaredError']).toBeCloseTo(squared, 8);
  expect(metrics['test_r2Score']).toBeCloseTo(1 - squared / mean((value) => (value - middle) ** 2), 6);
  // Without labels beside them.
  const { metrics: others } = await metricsOf(['evaluate', runId, '--data', 'data/t10k-images']);
  expect(metrics).toMatchObject(others);
  expect(Object.keys(others)).toHaveLength(3);
});

test('the target of a table is its prepared numbers', { timeout: 120_000 }, async () => {
  const { runId, metrics } = await metricsOf(['run', 'rows.yaml']);
  expect(metrics).toMatchObject({ test_loss: 0, test_meanAbsoluteError: 0, test_r2Score: 1 });
  const { metrics: again } = await metricsOf(['evaluate', runId, '--data', 'other.csv']);
  expect(metrics).toMatchObject(again);
  expect(await rig.run(['predict', runId, 'other.csv', '--out', 'said.csv'])).toMatchObject({ code: 0 });
  expect(rig.read('said.csv').split('\n')[0]).toBe('file,line,reconstruction,reconstruction_error');
  const looked = await rig.run(['data', 'rows.yaml']);
  expect([looked.code, looked.stdout]).toEqual([0, expect.stringMatching(/findings +none/)]);
  expect(looked.stdout).not.toContain('target');
});
