import type { Batch } from '../datasets/batches.ts';

/**
 * Which sizes of evaluation batches to compile: the largest, and each that would be filled up to more than twice its
 * size. A body of its own takes longer to compile than a larger one to run.
 */
export function sizesToCompile(counts: readonly number[]): readonly number[] {
  const sizes: number[] = [];
  for (const count of [...counts].sort((a, b) => b - a))
    if (sizes.length === 0 || 2 * count < sizes.at(-1)!) sizes.push(count);
  return sizes;
}

/** The batch with zeros for the samples that it lacks. */
export function fillBatch({ x, y, count }: Batch, size: number): Batch {
  if (count === size) return { x, y, count };
  const fill = <V extends Batch['x'][number] | Batch['y'][number]>(values: V): V => {
    const filled = new (values.constructor as new (length: number) => V)((values.length / count) * size);
    filled.set(values);
    return filled;
  };
  return { x: x.map(fill), y: y.map(fill), count: size };
}
