/** Shape of one sample, without the batch: [height, width, channels], [units], ... */
export type Shape = readonly number[];

/** Number of values in one sample. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A shape as people write it: 28 x 28 x 1. */
export function formatShape(shape: Shape): string {
  return shape.length === 0 ? 'scalar' : shape.join(' x ');
}
