import type { OnnxLayer, OnnxValue } from './onnx-layer.ts';

/** Rows and columns at the borders: [[top, bottom], [left, right]]. */
type Borders = readonly (readonly [number, number])[];

/**
 * Zeros around images, in words that the optimizers of ONNX Runtime 1.30 leave alone: sizes for all axes, as moving a
 * Transpose past a Pad of some axes gives it the wrong number of them; and all axes by name, as a Pad that names none
 * becomes part of a MaxPool below, for which it may be too large.
 */
export const padImages = (borders: Borders, layer: OnnxLayer): OnnxValue =>
  layer.each([layer.input], ([x], _, order) => {
    const added = (side: 0 | 1) => [0, ...order.map((axis) => borders[axis]?.[side] ?? 0)];
    const sizes = layer.ints([...added(0), ...added(1)]);
    return layer.node('Pad', [x!, sizes, '', layer.ints([0, 1, 2, 3])]);
  });

/** What is within the borders of images. @param starts the first row and column that stay */
export const cutImages = (starts: readonly number[], layer: OnnxLayer): OnnxValue =>
  layer.each([layer.input], ([x], axisOf) =>
    layer.node('Slice', [
      x!,
      layer.ints(starts),
      layer.ints(starts.map((start, axis) => start + layer.output[axis]!)),
      layer.ints(starts.map((_, axis) => axisOf(axis))),
    ]),
  );

/** Images in another size, as TensorFlow samples them: the first row and column of both lie on each other. */
export function resizeImages(interpolation: string, layer: OnnxLayer): OnnxValue {
  if (interpolation === 'nearest')
    return layer.each([layer.input], ([x], axisOf) =>
      [0, 1].reduce((image, axis) => {
        const indices = nearest(layer.input.shape[axis]!, layer.output[axis]!);
        return layer.node('Gather', [image, layer.ints(indices)], { axis: { int: axisOf(axis) } });
      }, x!),
    );
  const x = layer.first();
  // Sizes of all axes, for the reason that padImages has.
  const kept = layer.node('Shape', [x], { end: { int: 2 } });
  const sizes = layer.node('Concat', [kept, layer.ints(layer.output.slice(0, 2))], { axis: { int: 0 } });
  return layer.givesFirst(
    layer.node('Resize', [x, '', '', sizes], {
      coordinate_transformation_mode: { text: 'asymmetric' },
      mode: { text: 'linear' },
    }),
  );
}

/** Which of `from` rows each of `to` takes; computed in float32 as by TensorFlow, which decides at whole numbers. */
function nearest(from: number, to: number): number[] {
  const scale = Math.fround(from / to);
  return Array.from({ length: to }, (_, row) => Math.min(Math.floor(Math.fround(row * scale)), from - 1));
}
