import { sizeOf } from '../../base/tensor-shape.ts';
import { type SampleCells, cellsOf } from './alike-samples.ts';
import type { Dataset, TargetSpec, TargetValues } from '../dataset.ts';
import { type ColumnFacts, rangeOf } from './study-column.ts';
import { countsAt, isWholeText } from '../texts/whole-texts.ts';

/**
 * What is asked of all samples by who looks at them, wherever they are kept. Samples are counted through, those for
 * training first.
 */
export interface SampleView {
  /** Of their inputs. */
  readonly cells: SampleCells;
  /** Of all values of an input. */
  range(input: number): ColumnFacts;
  /** The numbers of a column, of all samples, there until another is asked for; of an input of a table alone. */
  column(input: number, at: number): Float64Array;
  /** What is right for all samples, of a target that is numbers or one class for each. */
  answers(target: number): Float64Array;
  /** How many places of some samples of a part have each class of a target. */
  countClasses(target: number, part: 'train' | 'test', rows: Uint32Array): ArrayLike<number>;
  /** Whether two samples have the same classes; numbers that were measured twice may differ. */
  haveOneAnswer(one: number, other: number): boolean;
  /** Whether the test is what is trained on. */
  testIsTrain(): boolean;
}

/** A view of samples in memory. */
export function viewOf({ spec: { targets }, train, test }: Dataset): SampleView {
  return {
    cells: cellsOf(train, test),
    column: (input, at) => {
      const width = (train.inputs[input]!.length + test.inputs[input]!.length) / (train.count + test.count);
      return columnOf(train.inputs[input]!, test.inputs[input]!, { at, width });
    },
    answers: (target) => columnOf(train.targets[target]!, test.targets[target]!, { at: 0, width: 1 }),
    range: (input) => joined(rangeOf(train.inputs[input]!), rangeOf(test.inputs[input]!)),
    countClasses: (target, part, rows) =>
      countIn((part === 'train' ? train : test).targets[target]!, targets[target]!, rows),
    haveOneAnswer: (one, other) =>
      targets.every((target, k) => {
        if (target.kind === 'number') return true;
        const size = sizeOf(target.shape);
        const from = (sample: number) =>
          sample < train.count
            ? ([train.targets[k]!, sample * size] as const)
            : ([test.targets[k]!, (sample - train.count) * size] as const);
        const [[mine, at], [others, to]] = [from(one), from(other)];
        for (let i = 0; i < size; i++) if (mine[at + i] !== others[to + i]) return false;
        return true;
      }),
    testIsTrain: () => {
      const others = [...test.inputs, ...test.targets];
      return (
        train.count === test.count &&
        [...train.inputs, ...train.targets].every((mine, k) =>
          (mine as Float32Array).every((value, i) => value === others[k]![i]),
        )
      );
    },
  };
}

function columnOf(
  mine: ArrayLike<number>,
  others: ArrayLike<number>,
  { at, width }: { readonly at: number; readonly width: number },
): Float64Array {
  const first = mine.length / width;
  const values = new Float64Array(first + others.length / width);
  for (let row = 0; row < first; row++) values[row] = mine[row * width + at]!;
  for (let row = 0; row < values.length - first; row++) values[first + row] = others[row * width + at]!;
  return values;
}

/** Ranges of two columns as one. */
export function joined(one: ColumnFacts, other: ColumnFacts): ColumnFacts {
  const known = [one, other].filter(({ smallest }) => !Number.isNaN(smallest));
  return {
    smallest: known.length === 0 ? Number.NaN : Math.min(...known.map(({ smallest }) => smallest)),
    largest: known.length === 0 ? Number.NaN : Math.max(...known.map(({ largest }) => largest)),
    missing: one.missing + other.missing,
  };
}

/**
 * How many places of some samples have each class, of those that count; of several labels at once, how many samples
 * have each.
 */
export function countIn(labels: TargetValues, target: TargetSpec, rows: Uint32Array): Float64Array {
  if (target.kind === 'number') return new Float64Array();
  const { several, classes, shape } = target;
  const counts = new Float64Array((several?.labels ?? classes).length);
  const size = sizeOf(shape);
  const isText = isWholeText(target);
  for (const row of rows)
    for (let i = row * size; i < (row + 1) * size; i++)
      if (several === undefined) counts[labels[i]!]! += isText && !countsAt(labels, i, size) ? 0 : 1;
      else counts[i % size]! += labels[i]!;
  return counts;
}
