import type { SavedModel } from '../../layers/save-model.ts';

/** A tensor as files of weights hold it. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** bool as bytes. */
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** The weights of a saved model by their names there, such as `conv2d/kernel`, in their order. */
export function weightsOf({ description, weights }: SavedModel): readonly Tensor[] {
  const [manifest] = description['weightsManifest'] as [{ readonly weights: readonly Omit<Tensor, 'values'>[] }];
  let at = 0;
  return manifest.weights.map(({ name, shape, dtype }) => {
    const size = shape.reduce((product, one) => product * one, 1);
    // Typed arrays begin where a number can: the file may lie anywhere in memory.
    const bytes = weights.slice(at, (at += size * (dtype === 'bool' ? 1 : 4)));
    return { name, shape, dtype, values: valuesOf(bytes, dtype) };
  });
}

/** Numbers from bytes of their own. */
export function valuesOf(
  { buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>,
  dtype: Tensor['dtype'],
): Tensor['values'] {
  if (dtype === 'bool') return new Uint8Array(buffer, byteOffset, byteLength);
  return new (dtype === 'int32' ? Int32Array : Float32Array)(buffer, byteOffset, byteLength / 4);
}

/** The bytes of a tensor, little endian as all machines are that this runs on. */
export function bytesOf({ values: { buffer, byteOffset, byteLength } }: Tensor): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
