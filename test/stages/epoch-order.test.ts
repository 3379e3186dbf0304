import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { arraySource } from '../../src/datasets/batch-source.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { epochOrder } from '../../src/stages/epoch-order.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

/** What is asked for of the order alone. */
function inputOf(labels: readonly number[], rows: Uint32Array, seed: number) {
  const dataset = {
    name: 't',
    files: [],
    spec: {
      inputs: [{ name: 'input', shape: [1], dtype: 'float32', scale: 1 }],
      targets: [{ kind: 'class', name: 'y', classes: ['a', 'b', 'c', 'd'], shape: [] }],
    },
    train: arraySource({
      inputs: [Float32Array.from(labels.keys())],
      targets: [Uint8Array.from(labels)],
      count: labels.length,
    }),
    test: arraySource({ inputs: [new Float32Array(1)], targets: [new Uint8Array(1)], count: 1 }),
  } as const;
  const facts = { samples: { training: 0, validation: 0, test: 0 }, inputs: [], targets: [], alike: null };
  return {
    data: { dataset, split: { train: rows, validation: new Uint32Array() }, fitted: [], facts, warnings: [] },
    seed,
  };
}

test('balanced: as many samples, equally many of each class, none again before all of its class', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 0, 0, 0, 0, 1, 3), { minLength: 4, maxLength: 120 }),
      fc.integer({ min: 0, max: 99 }),
      fc.integer({ min: 1, max: 9 }),
      (labels, seed, epoch) => {
        const rows = Uint32Array.from(labels.keys()).filter((row) => row % 5 !== 4);
        const input = { ...inputOf(labels, rows, seed), sampling: 'balanced' as const };
        const order = epochOrder(input, epoch);
        expect(order.length).toBe(rows.length);
        expect(order.every((row) => rows.includes(row))).toBe(true);
        const classes = [...new Set(Array.from(rows, (row) => labels[row]!))];
        for (const label of classes) {
          const own = [...order].filter((row) => labels[row] === label);
          expect(Math.abs(own.length - rows.length / classes.length)).toBeLessThan(1);
          const times = Array.from(rows).flatMap((row) =>
            labels[row] === label ? [own.filter((one) => one === row).length] : [],
          );
          expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1);
        }
        expect(epochOrder(input, epoch)).toEqual(order);
      },
    ),
    { numRuns: 50 },
  );
});

test('epochs draw others, and all of a large class come in some; without sampling each comes once', () => {
  const labels = Array.from({ length: 100 }, (_, i) => (i < 90 ? 0 : 1));
  const rows = Uint32Array.from(labels.keys());
  const input = inputOf(labels, rows, 1);
  const orders = Array.from({ length: 12 }, (_, k) => epochOrder({ ...input, sampling: 'balanced' }, k + 1));
  expect(orders[0]).not.toEqual(orders[1]);
  expect(new Set(orders.flatMap((order) => [...order])).size).toBe(100);
  expect(epochOrder(input, 1).toSorted()).toEqual(rows);
});

test('sampling is balanced by classes, and by nothing else at once', () => {
  rig.write('d.csv', `x,k,n\n${Array.from({ length: 30 }, (_, i) => `${i},${'ab'[i % 2]},${i * i}`).join('\n')}\n`);
  const problems = (targets: string, loss: string) =>
    checkSource({
      name: join(rig.folder, 'p.yaml'),
      text: `name: t
data: { source: { csv: { file: d.csv, features: { input: [x] }, targets: ${targets} } } }
model: { layers: [dense ${targets.includes('number') ? 1 : 2}] }
train: { optimizer: adam, epochs: 1, sampling: balanced, ${loss} }
`,
    }).diagnostics.map(({ code }) => code);
  expect(problems('{ k: [a, b] }', 'loss: softmaxCrossEntropy')).toEqual([]);
  expect(problems('{ k: [a, b] }', 'loss: softmaxCrossEntropy, classWeights: balanced')).toEqual(['balanced-twice']);
  expect(problems('{ n: number }', 'loss: meanSquaredError')).toContain('not-classes');
});
