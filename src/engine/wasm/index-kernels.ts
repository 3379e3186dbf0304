import type { Tf } from '../tensorflow.ts';
import { replaceKernel } from './replace-kernel.ts';

/** Kernels that go by whole numbers: one-hot encoding, and the sum of segments, which is the gradient of gathering. */
export function registerIndexKernels(tf: Tf): void {
  // The stock kernel writes integers, whatever type is asked for: 1 comes out as 1.4e-45 in float32.
  replaceKernel(tf, 'OneHot', ({ indices }, attributes, backend) => {
    const { dtype, depth, onValue, offValue } = attributes as {
      dtype: 'float32' | 'int32';
      depth: number;
      onValue: number;
      offValue: number;
    };
    const output = backend.makeOutput([...indices!.shape, depth], dtype);
    const [values, places] = [backend.typedArrayFromHeap(output), backend.typedArrayFromHeap(indices!)];
    values.fill(offValue);
    for (let k = 0; k < places.length; k++)
      if (places[k]! >= 0 && places[k]! < depth) values[k * depth + places[k]!] = onValue;
    return output;
  });
  replaceKernel(tf, 'UnsortedSegmentSum', ({ x, segmentIds }, attributes, backend) => {
    const { numSegments } = attributes as { numSegments: number };
    const inner = x!.shape.slice(segmentIds!.shape.length);
    const output = backend.makeOutput([numSegments, ...inner], x!.dtype as 'float32' | 'int32');
    const [sums, values, segments] = [output, x!, segmentIds!].map((tensor) => backend.typedArrayFromHeap(tensor)) as [
      Float32Array,
      Float32Array,
      Int32Array,
    ];
    const size = inner.reduce((product, extent) => product * extent, 1);
    sums.fill(0);
    for (const [k, segment] of segments.entries()) {
      if (segment < 0 || segment >= numSegments) continue;
      for (let i = 0; i < size; i++) sums[segment * size + i]! += values[k * size + i]!;
    }
    return output;
  });
}
