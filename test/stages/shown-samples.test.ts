import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BatchSource, arraySource } from '../../src/datasets/batch-source.ts';
import type { Dataset } from '../../src/datasets/dataset.ts';
import { shownIn } from '../../src/stages/shown-samples.ts';

/** Samples of which each byte is its row, the class by turns. @param size of a picture; left out: rows of a table */
function dataset(count: number, classes: number, size?: number): Dataset<BatchSource> {
  const labels = Uint8Array.from({ length: count }, (_, row) => row % classes);
  const inputs = size === undefined ? new Float32Array(count) : new Uint8Array(count * size * size);
  const samples = arraySource({ inputs: [inputs], targets: [labels], count });
  const names = Array.from({ length: classes }, (_, k) => `class ${k}`);
  return {
    name: 't',
    files: [],
    spec: {
      inputs: [
        size === undefined
          ? { name: 'input', shape: [1], dtype: 'float32', scale: 1 }
          : { name: 'input', shape: [size, size, 1], dtype: 'uint8', scale: 1 / 255 },
      ],
      targets: [{ kind: 'class', name: 'y', classes: names, shape: [] }],
    },
    train: samples,
    test: samples,
  };
}

test('shown are samples of each class that are trained on, the same for a seed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 2, max: 30 }),
      fc.integer(),
      (count, classes, seed) => {
        const data = dataset(count, classes, 2);
        const train = Uint32Array.from({ length: count }, (_, row) => row).filter((row) => row % 3 !== 0);
        const split = { train, validation: new Uint32Array() };
        const shown = shownIn(data, split, seed)!;
        expect(shown.classes).toBe(classes);
        expect(shown.groups.length).toBe(Math.min(20, classes));
        for (const [label, { rows, count: all }] of shown.groups.entries()) {
          const ofClass = train.filter((row) => row % classes === label);
          expect([all, rows.length, new Set(rows).size]).toEqual([ofClass.length, Math.min(8, all), rows.length]);
          for (const row of rows) expect(ofClass).toContain(row);
        }
        expect(shownIn(data, split, seed)!.groups).toEqual(shown.groups);
      },
    ),
    { numRuns: 30 },
  );
});

test('rows of a table are shown as their cells, and what is neither is not', () => {
  const data = dataset(12, 2);
  const split = { train: Uint32Array.from({ length: 12 }, (_, row) => row), validation: new Uint32Array() };
  expect(shownIn(data, split, 1)).toBeUndefined();
  const columns = Array.from({ length: 11 }, (_, k) => `c${k}`);
  const of = (row: number, many: number) => columns.slice(0, many).map((name) => `${name}/${row}/${'x'.repeat(200)}`);
  const { table, groups } = shownIn(
    { ...data, origin: { place: () => ({ file: 't' }), cells: { columns, of } } },
    split,
    1,
  )!;
  expect([table!.columns.length, table!.more, table!.cells.length]).toEqual([8, 3, 6]);
  for (const [k, row] of groups.flatMap(({ rows }) => rows).entries())
    expect(table!.cells[k]![0]).toMatch(new RegExp(`^c0/${row}/x{90,}$`));
});
