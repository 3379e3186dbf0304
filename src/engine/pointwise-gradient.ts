import type { KernelFunc, Tensor4D } from '@tensorflow/tfjs';
import type { Tf } from './tensorflow.ts';

/**
 * Keeps oneDNN from writing past its own memory: its gradient of a 1x1 filter with strides does so where there are
 * fewer input channels than its vectors hold (8 or 16; https://github.com/uxlfoundation/oneDNN/issues/6035), which
 * ends the process at some later moment. A 1x1 filter sees only every stride-th pixel, so the same gradient comes from
 * those pixels with stride 1.
 */
export function repairPointwiseGradient(tf: Tf): void {
  for (const kernelName of ['Conv2DBackpropFilter', 'DepthwiseConv2dNativeBackpropFilter']) {
    const stock = tf.getKernel(kernelName, 'tensorflow');
    const kernelFunc: KernelFunc = (call) => {
      const { filterShape, strides } = call.attrs as typeof call.attrs & {
        filterShape: number[];
        strides: number | [number, number];
      };
      const [down, across] = typeof strides === 'number' ? [strides, strides] : strides;
      if (filterShape[0]! * filterShape[1]! > 1 || down * across === 1) return stock.kernelFunc(call);
      const x = call.inputs['x'] as Tensor4D;
      // The mean of one value is the value, and oneDNN has it 15 times faster than TensorFlow a slice with strides.
      const seen = tf.avgPool(x, 1, [down, across], 'valid');
      const gradient = stock.kernelFunc({
        ...call,
        inputs: { ...call.inputs, x: seen },
        attrs: { ...call.attrs, strides: [1, 1] },
      });
      seen.dispose();
      return gradient;
    };
    tf.unregisterKernel(kernelName, 'tensorflow');
    tf.registerKernel({ ...stock, kernelFunc });
  }
}
