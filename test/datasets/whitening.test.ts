import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { asTaken } from '../../src/datasets/as-taken.ts';
import { arraySource, firstRows } from '../../src/datasets/batch-source.ts';
import type { InputSpec } from '../../src/datasets/dataset.ts';
import { datasetRow } from '../../src/datasets/datasets.ts';
import { decodeMatrix, encodeMatrix } from '../../src/datasets/input-ways.ts';
import { symmetricEigen } from '../../src/datasets/pictures/symmetric-eigen.ts';
import { fitWhitening } from '../../src/datasets/pictures/whitening.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { load } from '../../src/stages/load.ts';
import { takenInput } from '../../src/training/taken-input.ts';
import { Rig } from '../rig.ts';
import judge from './whitening.json' with { type: 'json' };

const rig = new Rig();
const write = (name: string, rows: readonly (readonly number[])[]) =>
  rig.write(name, `a,b,c,d,y\n${rows.map((row, k) => [...row, k % 2].join()).join('\n')}\n`);
beforeAll(() => {
  write('train.csv', judge.train);
  write('test.csv', judge.test);
});
afterAll(() => rig.remove());

const options = {
  file: 'train.csv',
  test: 'test.csv',
  features: {},
  categories: {},
  targets: { y: ['0', '1'] },
  standardize: true,
  whiten: 'zca',
};

test('columns are whitened as by scikit-learn, turned back onto them', async () => {
  const { dataset } = await load({
    source: { type: 'csv', options },
    split: { validation: 0, stratified: true },
    seed: 1,
    folder: rig.folder,
  });
  const [input] = dataset.spec.inputs as [InputSpec];
  expect(input.whitened).toMatchObject({ directions: 4 });
  const { tf } = await loadEngine();
  for await (const { x } of dataset.test.batches({ rows: firstRows(6), size: 6 })) {
    const told = tf.tidy(() => takenInput(tf, input, tf.tensor(Float32Array.from(x[0]!), [6, 4])));
    const taken = asTaken(x[0]!, input);
    for (const values of [taken, told.dataSync()])
      judge.zca.flat().forEach((value, i) => expect(Math.abs(values[i]! - value)).toBeLessThan(2e-5));
    told.dispose();
  }
});

test('what does not vary, or follows from others, is left out, and the rest has variance 1', async () => {
  const [count, n] = [50, 4];
  const values = Float32Array.from({ length: count * n }, (_, i) => {
    const [row, k] = [Math.floor(i / n), i % n];
    const [a, b] = [Math.sin(row * 1.7), Math.cos(row * row)];
    return [a, b, a + b, 5][k]!;
  });
  const spec = { inputs: [{ name: 'input', shape: [n], dtype: 'float32', scale: 1 } as const], targets: [] };
  const train = arraySource({ inputs: [values], targets: [], count });
  const [input] = (await fitWhitening({ name: 'csv', spec, train }, firstRows(count))) as [InputSpec];
  expect(input.whitened!.directions).toBe(2);
  const taken = asTaken(values, input);
  const squares = taken.reduce((sum, value) => sum + value ** 2, 0) / (count - 1);
  expect(squares).toBeCloseTo(2, 4);
  expect(taken.every((value, i) => i % n !== 3 || Math.abs(value) < 1e-6)).toBe(true);
});

test('eigenvalues and vectors make the matrix again, and vectors are orthogonal', () => {
  const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(number, { minLength: 36, maxLength: 36 }), (n, drawn) => {
      const at = (i: number, j: number) => drawn[Math.min(i, j) * 6 + Math.max(i, j)]!;
      const places = Array.from({ length: n * n }, (_, i) => [Math.floor(i / n), i % n] as const);
      const { values, vectors } = symmetricEigen(
        Float64Array.from(places, ([i, j]) => at(i, j)),
        n,
      );
      for (const [i, j] of places) {
        const sum = (of: (k: number) => number) => firstRows(n).reduce((all, k) => all + of(k), 0);
        const made = sum((k) => vectors[i * n + k]! * values[k]! * vectors[j * n + k]!);
        expect(Math.abs(made - at(i, j))).toBeLessThan(1e-9);
        const product = sum((k) => vectors[k * n + i]! * vectors[k * n + j]!);
        expect(Math.abs(product - Number(i === j))).toBeLessThan(1e-12);
      }
    }),
    { numRuns: 50 },
  );
});

test('a matrix is the same once it was a text', () => {
  const values = Float32Array.of(0, -0, 1.5, -3e38, 1e-45);
  expect(decodeMatrix(encodeMatrix(values))).toEqual(values);
});

test('what is too large is refused where it says so', () => {
  const wide = Array.from({ length: 129 }, (_, k) => `c${k}`);
  rig.write('wide.csv', `${wide.join()},y\n${wide.map(() => 1).join()},0\n${wide.map(() => 2).join()},1\n`);
  const described = datasetRow('csv').describe({ ...options, file: 'wide.csv', test: 0.5 }, rig.folder);
  if (!isMisfit(described)) throw new Error('it is described');
  expect(described).toMatchObject({ code: 'not-whitenable', path: ['source', 'csv', 'whiten'] });
  expect(described.problem).toContain('at most 128 numbers, and `input` has 129');
});
