import type { Tf } from '../tensorflow.ts';

/**
 * Kernels of the wasm backend 4.22.0 that give wrong numbers without an error: the input gradient of convolution with
 * a kernel of 1 or sides of several lengths, padding `same` with a stride above the kernel, maxima below 0, means at
 * the border.
 */
export const unusableKernels: readonly string[] = [
  'Conv3D',
  'Conv3DBackpropFilterV2',
  'Conv3DBackpropInputV2',
  'MaxPool3D',
  'MaxPool3DGrad',
  'AvgPool3D',
  'AvgPool3DGrad',
];

/** Takes them away, so that a pipeline that needs one is refused before it trains. */
export function removeUnusableKernels(tf: Tf): void {
  for (const name of unusableKernels) tf.unregisterKernel(name, 'wasm');
}
