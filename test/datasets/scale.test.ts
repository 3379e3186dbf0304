import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fitScale } from '../../src/datasets/scale.ts';

/** What scikit-learn's StandardScaler makes of columns; scales.py made it. */
const judged = JSON.parse(readFileSync(join(import.meta.dirname, 'scales.json'), 'utf8')) as readonly {
  readonly column: readonly number[];
  readonly mean: number;
  readonly scale: number;
}[];

const fitted = (column: readonly number[]) => fitScale(Float64Array.from(column), Uint32Array.from(column.keys()));

test('columns have the mean and the scale of scikit-learn', () => {
  for (const { column, mean, scale } of judged) {
    const { scale: ours } = fitted(column);
    const isNear =
      Math.abs(ours.deviation - scale) <= 1e-9 * scale &&
      Math.abs(ours.mean - mean) <= 1e-15 * column.length * Math.abs(mean) + 1e-14 * scale;
    expect(
      isNear,
      `${JSON.stringify(column.slice(0, 4))} x ${column.length}: ${JSON.stringify(ours)} instead of ${mean}, ${scale}`,
    ).toBe(true);
  }
});

test('only the rows that are named count', () => {
  expect(fitScale(Float64Array.of(1, 100, 3), Uint32Array.of(0, 2))).toEqual({
    scale: { mean: 2, deviation: 1 },
    isConstant: false,
  });
});

test('one value, whatever it is, is constant', () => {
  for (const value of [0.1, 0.2, 1e-300, 3e38, -7.7, 7e20])
    expect(fitted(Array<number>(1000).fill(value)), String(value)).toEqual({
      scale: { mean: value, deviation: 1 },
      isConstant: true,
    });
});
