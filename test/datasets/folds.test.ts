import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, integer, property, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { folds } from '../../src/datasets/splits/folds.ts';
import { foldSize } from '../../src/datasets/splits/split.ts';

interface Judged {
  readonly count: number;
  readonly folds: number;
  readonly labels: readonly number[];
  readonly groups: readonly number[];
  readonly plain: readonly number[];
  readonly stratified: readonly number[] | null;
  readonly classes: readonly (readonly number[])[] | null;
  readonly grouped: readonly number[];
}

const judged = JSON.parse(readFileSync(join(import.meta.dirname, 'folds.json'), 'utf8')) as readonly Judged[];

const sizesOf = (fold: Uint32Array, parts: number) =>
  Array.from({ length: parts }, (_, k) => fold.filter((one) => one === k + 1).length);
const ascending = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

test.each(judged)('$count samples in $folds folds are as many as those of scikit-learn', (one) => {
  const { count, folds: parts, plain, stratified, classes, grouped } = one;
  expect(sizesOf(folds(count, parts, { seed: 9 }), parts)).toEqual(plain);
  expect(plain).toEqual(plain.map((_, k) => foldSize({ number: k + 1, of: parts }, count)));
  const groups = Uint32Array.from(one.groups);
  const ofGroups = folds(count, parts, { groups, seed: 9 });
  expect(ascending(sizesOf(ofGroups, parts))).toEqual(grouped);
  const foldOf = new Map<number, number>();
  ofGroups.forEach((fold, row) => {
    expect(foldOf.get(groups[row]!) ?? fold).toBe(fold);
    foldOf.set(groups[row]!, fold);
  });
  if (stratified === null || classes === null) return;
  const labels = Uint8Array.from(one.labels);
  const byClass = folds(count, parts, { labels, seed: 9 });
  expect(ascending(sizesOf(byClass, parts))).toEqual(ascending(stratified));
  for (const k of [0, 1, 2]) {
    const own = sizesOf(
      byClass.map((fold, row) => (labels[row] === k ? fold : 0)),
      parts,
    );
    expect(ascending(own)).toEqual(ascending(classes.map((counts) => counts[k]!)));
  }
});

test('every sample is in one fold, sizes differ by one at most, and each class does', () => {
  assert(
    property(
      uint8Array({ minLength: 2, maxLength: 80, max: 4 }),
      integer({ min: 2, max: 8 }),
      integer(),
      (all, k, seed) => {
        const parts = Math.min(k, all.length);
        const fold = folds(all.length, parts, { labels: all, seed });
        expect(fold.every((one) => one >= 1 && one <= parts)).toBe(true);
        expect(sizesOf(fold, parts)).toEqual(
          Array.from({ length: parts }, (_, i) => foldSize({ number: i + 1, of: parts }, all.length)),
        );
        for (const label of new Set(all)) {
          const own = sizesOf(
            fold.map((one, row) => (all[row] === label ? one : 0)),
            parts,
          );
          expect(Math.max(...own) - Math.min(...own)).toBeLessThanOrEqual(1);
        }
        expect(folds(all.length, parts, { labels: all, seed })).toEqual(fold);
      },
    ),
    { numRuns: 60 },
  );
});

test('another seed divides otherwise; more folds than samples or groups are refused', () => {
  expect(folds(50, 5, { seed: 1 })).not.toEqual(folds(50, 5, { seed: 2 }));
  expect(() => folds(3, 5, { seed: 1 })).toThrow(UserError);
  expect(() => folds(6, 4, { seed: 1, groups: Uint32Array.of(0, 0, 1, 1, 2, 2) })).toThrow('4 folds of 3 groups');
});
