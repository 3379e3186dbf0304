import type { KernelBackend, NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from '../tensorflow.ts';

/** The part of the wasm backend that opens its memory. */
export interface WasmBackend extends KernelBackend {
  makeOutput(shape: number[], dtype: 'float32' | 'int32'): TensorInfo;
  /** A view that the next allocation may invalidate. */
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array;
}

/** A kernel's work. Tensors made on the way are freed after it. */
type Compute = (
  inputs: Readonly<Record<string, TensorInfo>>,
  attributes: NamedAttrMap,
  backend: WasmBackend,
) => TensorInfo;

/** Gives the wasm backend a kernel, in place of its own where it has one. */
export function replaceKernel(tf: Tf, kernelName: string, compute: Compute): void {
  const stock: unknown = tf.getKernel(kernelName, 'wasm');
  if (stock !== undefined) tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) =>
      // What comes out is a Tensor or the plain record that stock kernels give; tidy leaves both alone.
      tf.tidy(() => compute(inputs as Record<string, TensorInfo>, attrs!, backend as WasmBackend) as Tensor),
  });
}
