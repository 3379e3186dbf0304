import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { arraySource } from '../../src/datasets/batch-source.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { epochOrder } from '../../src/stages/epoch-order.ts';
import { trainingBatches } from '../../src/stages/training-batches.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

/** What is asked for of the order alone. */
function inputOf(labels: readonly number[], rows: Uint32Array, seed: number, names: readonly string[] = []) {
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
    sources: { names, train: Uint32Array.from(labels), test: new Uint32Array(1) },
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

test('shares: as many samples, of each source its share to one row, none of it more than once oftener', async () => {
  const names = ['a.csv', 'b.csv', 'c.csv', 'd.csv'];
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(...names.map(() => fc.double({ min: 0.001, max: 1000, noNaN: true }))),
      fc.array(fc.constantFrom(0, 0, 0, 0, 0, 1, 3), { minLength: 4, maxLength: 120 }),
      fc.record({ seed: fc.nat(99), epoch: fc.integer({ min: 1, max: 9 }), size: fc.integer({ min: 1, max: 50 }) }),
      async (shares, sources, { seed, epoch, size }) => {
        const rows = Uint32Array.from(sources.keys()).filter((row) => row % 5 !== 4);
        const sampling = Object.fromEntries(names.map((name, k) => [name, shares[k]!]));
        const input = { ...inputOf(sources, rows, seed, names), sampling, batchSize: size };
        const order = epochOrder(input, epoch);
        expect(order.length).toBe(rows.length);
        const there = names.map((_, k) => [...rows].filter((row) => sources[row] === k));
        const sum = shares.reduce((all, share, k) => all + (there[k]!.length > 0 ? share : 0), 0);
        for (const [k, own] of there.entries()) {
          const drawn = [...order].filter((row) => sources[row] === k);
          expect(drawn.every((row) => own.includes(row))).toBe(true);
          const wanted = own.length === 0 ? 0 : (shares[k]! / sum) * rows.length;
          expect(Math.abs(drawn.length - wanted)).toBeLessThan(1 + 1e-6);
          // So each row of a source whose share is as large as it is comes exactly once.
          for (const row of own) {
            const times = drawn.filter((one) => one === row).length;
            expect([Math.floor(drawn.length / own.length), Math.ceil(drawn.length / own.length)]).toContain(times);
          }
        }
        // What goes on behind any batch takes the rows that it would have taken.
        const seen: number[] = [];
        for await (const { x } of trainingBatches(input, epoch, 1)) seen.push(...x[0]!);
        expect(seen).toEqual([...order.subarray(size)]);
      },
    ),
    { numRuns: 40 },
  );
});

test('equal shares draw what balanced classes do, and shares as large as the sources are all rows once', () => {
  const sources = Array.from({ length: 90 }, (_, i) => (i % 9 === 0 ? 1 : 0));
  const rows = Uint32Array.from(sources.keys());
  const input = inputOf(sources, rows, 5, ['a', 'b']);
  expect(epochOrder({ ...input, sampling: { b: 3, a: 3 } }, 2)).toEqual(
    epochOrder({ ...input, sampling: 'balanced' }, 2),
  );
  expect(epochOrder({ ...input, sampling: { a: 80, b: 10 } }, 2).toSorted()).toEqual(rows);
  // Binary fractions of 0.1 and 0.7 add up to less than 0.8.
  const [a, b, c] = [0.1, 0.7, 0.2];
  const thirds = inputOf(
    Array.from({ length: 10 }, (_, i) => i % 3),
    Uint32Array.from({ length: 10 }, (_, i) => i),
    5,
    ['a', 'b', 'c'],
  );
  for (let epoch = 1; epoch < 20; epoch++) {
    const drawn = [...epochOrder({ ...thirds, sampling: { a, b, c } }, epoch)].map((row) => row % 3);
    expect([0, 1, 2].map((k) => drawn.filter((one) => one === k).length)).toEqual([1, 7, 2]);
  }
});

test('shares name what the source lists, each once, and all of it', () => {
  for (const name of ['own.csv', 'p1.csv', 'p2.csv'])
    rig.write(name, `x,k\n${Array.from({ length: 20 }, (_, i) => `${i},${'ab'[i % 2]}`).join('\n')}\n`);
  const told = (source: string, sampling: string, layers = '[dense 2]') =>
    checkSource({
      name: join(rig.folder, 'p.yaml'),
      text: `name: t
data: { source: ${source} }
model: { layers: ${layers} }
train:
  optimizer: adam
  epochs: 1
  loss: softmaxCrossEntropy
  sampling: ${sampling}
`,
    }).diagnostics.map(({ code, message, hint, range }) => {
      const before = range!.source.text.slice(0, range!.start);
      return {
        code,
        told: `${message} ${hint}`,
        at: [before.split('\n').length, range!.start - before.lastIndexOf('\n')],
      };
    });
  const csv = (file: string) => `{ csv: { file: ${file}, targets: { k: [a, b] } } }`;
  expect(told(csv('[own.csv, p?.csv]'), '{ own.csv: 1, p?.csv: 2 }')).toEqual([]);
  const [typo, ...more] = told(csv('[own.csv, p1.csv]'), '{ own.csv: 1, p1.cvs: 2 }');
  expect(more).toEqual([]);
  expect(typo).toMatchObject({ code: 'sampling-sources', at: [8, 35] });
  expect(typo!.told).toContain('Did you mean `p1.csv`?');
  expect(told(csv('[own.csv, p1.csv, p2.csv]'), '{ own.csv: 1 }')[0]!.told).toContain(
    'no share for `p1.csv`, `p2.csv`, which the source lists Give each one',
  );
  expect(told(csv('[own.csv, own.csv]'), '{ own.csv: 1 }')[0]!.told).toContain('lists `own.csv` twice');
  expect(told(csv("'p*.csv'"), '{ p*.csv: 1 }')[0]!.told).toContain('the source `csv` names one');
  expect(told('mnist', '{ train: 1, extra: 2 }', '[flatten, dense 10]')[0]!.told).toContain('`mnist` is read as one');
  expect(told(csv('[own.csv, p1.csv]'), '{ own.csv: 0, p1.csv: 2 }')[0]!.at).toEqual([8, 24]);
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
