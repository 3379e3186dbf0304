import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { gatherBatch } from '../../src/datasets/batches.ts';
import { csv } from '../../src/datasets/tables/csv.ts';
import { normalQuantile } from '../../src/datasets/preparations/quantiles.ts';
import { preparations } from '../../src/datasets/preparations/preparations.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

type Cell = number | string | null;
const written = (cell: Cell) => (cell === null ? 'NA' : `"${cell}"`);
const writeColumn = (file: string, cells: readonly Cell[]) =>
  rig.write(file, ['x,y', ...cells.map((cell, row) => `${written(cell)},${row}`), ''].join('\n'));

/** Trains on all of `t.csv`; gives the rows of `asked.csv` as a batch has them, and as a model is asked about them. */
async function prepared(steps: unknown, cells: readonly Cell[], asked: readonly Cell[]) {
  writeColumn('t.csv', cells);
  writeColumn('asked.csv', asked);
  const options = {
    file: 't.csv',
    targets: { y: 'number' },
    features: {},
    categories: {},
    prepare: { x: steps },
    test: 'asked.csv',
    standardize: false,
    delimiter: ',',
  };
  const { spec, test: samples, preparation } = await csv.load(options, rig.folder, 1);
  const width = spec.inputs[0]!.shape[0]!;
  const rows = Uint32Array.from(asked, (_, row) => row);
  const batch = gatherBatch(samples, rows).x[0]!;
  // As a model has it: through JSON.
  const kept = JSON.parse(JSON.stringify(preparation)) as Readonly<Record<string, unknown>>;
  const { encode } = csv.rows({ options, inputs: spec.inputs, targets: spec.targets, preparation: kept });
  const of = (row: number) => [...batch.subarray(row * width, (row + 1) * width)];
  return {
    trained: asked.map((_, row) => of(row)),
    said: asked.map((cell, row) => [...encode({ x: cell }, `row ${row}`).x![0]!]),
  };
}

interface Judged {
  readonly steps: unknown;
  readonly rows: readonly Cell[];
  readonly asked: readonly Cell[];
  readonly expected: readonly (readonly number[])[];
}
const judged = JSON.parse(readFileSync(join(import.meta.dirname, 'preparations.json'), 'utf8')) as readonly Judged[];

test(`${judged.length} columns are what scikit-learn and pandas make of them, in training and when asked`, async () => {
  for (const { steps, rows, asked, expected } of judged) {
    const { trained, said } = await prepared(steps, rows, asked);
    expect(said, JSON.stringify(steps)).toEqual(trained);
    for (const [row, values] of expected.entries())
      for (const [place, value] of values.entries())
        expect(
          Math.abs(trained[row]![place]! - value),
          `${JSON.stringify(steps)}: ${asked[row]} gives ${trained[row]![place]}, not ${value}`,
        ).toBeLessThanOrEqual(1.2e-7 * Math.max(1e-3, Math.abs(value)));
    expect(trained[0]!.length).toBe(expected[0]!.length);
  }
});

test('every step has its judge, and its line in the guide', () => {
  const ofTexts = readFileSync(join(import.meta.dirname, 'texts.json'), 'utf8');
  const used = `${JSON.stringify(judged.map(({ steps }) => steps))}${ofTexts}`;
  const guide = readFileSync(join(import.meta.dirname, '../../docs/data.md'), 'utf8');
  for (const name of Object.keys(preparations)) {
    expect(used).toContain(`"${name}"`);
    expect(guide).toMatch(new RegExp(`^\\| \`${name}\\b`, 'm'));
  }
});

test('the quantiles of the normal distribution are those of tables', () => {
  expect(normalQuantile(0.5)).toBe(0);
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
  expect(normalQuantile(1e-20)).toBeCloseTo(-9.2623400898, 9);
});

test('whatever the numbers and the steps, a row is the same bits in training and when asked about', async () => {
  const step = fc.constantFrom<unknown>(
    'standardize',
    'minmax',
    'robust',
    'quantile',
    { quantile: 'normal' },
    { cyclic: 7 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { freq: 5 }), {
        minLength: 3,
        maxLength: 12,
      }),
      fc.array(step, { maxLength: 3 }),
      fc.constantFrom('mean', 'indicator', 'constant(3)'),
      async (numbers, steps, missing) => {
        const { trained, said } = await prepared([{ missing }, ...steps], [...numbers, 1], numbers);
        expect(said).toEqual(trained);
      },
    ),
    { numRuns: 60 },
  );
});
