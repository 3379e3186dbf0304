import fc from 'fast-check';

/** A shape. */
export type Sizes = readonly number[];

/**
 * Shapes that may or may not go together: the same, with axes of 1, without the first axes, with one axis of another
 * size, of another rank.
 */
export const arbitraryInputs = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
  .chain((shape) => {
    const axis = fc.nat(shape.length - 1);
    const relative = fc.oneof(
      fc.constant(shape),
      fc.subarray(shape.map((_, at) => at)).map((ones) => shape.map((size, at) => (ones.includes(at) ? 1 : size))),
      axis.map((first) => shape.slice(first)),
      fc.tuple(axis, fc.integer({ min: 1, max: 5 })).map(([at, size]) => shape.with(at, size)),
      axis.map((at) => [...shape.slice(0, at), ...shape.slice(at + 1), 2]),
    );
    return fc
      .tuple(fc.oneof(fc.constant(shape), relative), fc.array(relative, { minLength: 1, maxLength: 2 }))
      .map(([first, others]): Sizes[] => [first, ...others]);
  });
