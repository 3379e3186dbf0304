import type { OnnxLayer, OnnxValue } from './onnx-layer.ts';

/** Rows and columns at the borders: [[top, bottom], [left, right]]. */
type Borders = readonly (readonly [number, number])[];

/** Zeros around images. */
export const padImages = (borders: Borders, layer: OnnxLayer): OnnxValue =>
  layer.each([layer.input], ([x], axisOf) =>
    layer.node('Pad', [
      x!,
      layer.ints([...borders.map(([before]) => before), ...borders.map(([, after]) => after)]),
      '',
      layer.ints(borders.map((_, axis) => axisOf(axis))),
    ]),
  );

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
  // With the attribute `axes`, which makes it two sizes, ONNX Runtime 1.30 fails where it moves a Transpose past it.
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
