import type { Tf } from '../engine.ts';
import { replaceKernel, type WasmBackend } from './replace-kernel.ts';

/** One-hot encoding. The stock kernel writes integers, whatever type is asked for: 1 comes out as 1.4e-45 in float32. */
export function registerOneHot(tf: Tf): void {
  replaceKernel(tf, 'OneHot', ({ indices }, attributes, backend) => {
    const { dtype, depth, onValue, offValue } = attributes as { dtype: 'float32' | 'int32'; depth: number; onValue: number; offValue: number };
    const output = backend.makeOutput([...indices!.shape, depth], dtype);
    const [values, places] = [backend.typedArrayFromHeap(output), backend.typedArrayFromHeap(indices!)];
    values.fill(offValue);
    for (let k = 0; k < places.length; k++) if (places[k]! >= 0 && places[k]! < depth) values[k * depth + places[k]!] = onValue;
    return output;
  });
}
