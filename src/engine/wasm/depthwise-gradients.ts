import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from '../tensorflow.ts';
import { replaceKernel, type WasmBackend } from './replace-kernel.ts';

type Shape4D = [number, number, number, number];

/** Three indices whose values belong together, all at channel 0. */
type Visit = (input: number, output: number, filter: number) => void;

/** The gradients of a depthwise convolution, which the wasm backend lacks, in plain loops. Layout NHWC. */
export function registerDepthwiseGradients(tf: Tf): void {
  replaceKernel(tf, 'DepthwiseConv2dNativeBackpropFilter', ({ x, dy }, attributes, backend) => {
    const { filterShape } = attributes as { filterShape: Shape4D };
    const {
      result,
      values: [dfilter, xs, dys],
    } = open(backend, filterShape, x!, dy!);
    const [, , channels, multiplier] = filterShape;
    forEachProduct(tf, x!.shape as Shape4D, filterShape, attributes, (input, output, filter) => {
      for (let k = 0; k < channels * multiplier; k++)
        dfilter[filter + k]! += xs[input + Math.floor(k / multiplier)]! * dys[output + k]!;
    });
    return result;
  });
  replaceKernel(tf, 'DepthwiseConv2dNativeBackpropInput', ({ dy, filter }, attributes, backend) => {
    const { inputShape } = attributes as { inputShape: Shape4D };
    const {
      result,
      values: [dx, dys, filters],
    } = open(backend, inputShape, dy!, filter!);
    const [, , channels, multiplier] = filter!.shape as Shape4D;
    forEachProduct(tf, inputShape, filter!.shape as Shape4D, attributes, (input, output, weights) => {
      for (let k = 0; k < channels * multiplier; k++)
        dx[input + Math.floor(k / multiplier)]! += dys[output + k]! * filters[weights + k]!;
    });
    return result;
  });
}

/** A result of zeros, with views of it and of two inputs. */
function open(backend: WasmBackend, shape: Shape4D, a: TensorInfo, b: TensorInfo) {
  const result = backend.makeOutput(shape, 'float32');
  const values = [result, a, b].map((tensor) => backend.typedArrayFromHeap(tensor)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  values[0].fill(0);
  return { result, values };
}

/** Visits each cell of the input under each cell of the filter, for every output. */
function forEachProduct(
  tf: Tf,
  inputShape: Shape4D,
  filterShape: Shape4D,
  attributes: NamedAttrMap,
  visit: Visit,
): void {
  const { strides, dilations, pad } = attributes as {
    strides: number | [number, number];
    dilations: number | [number, number] | null;
    pad: 'same' | 'valid';
  };
  const info = tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    dilations ?? 1,
    pad,
    undefined,
    true,
  );
  const [batch, height, width, channels] = inputShape;
  let output = 0;
  for (let sample = 0; sample < batch; sample++) {
    for (let row = 0; row < info.outHeight; row++) {
      for (let column = 0; column < info.outWidth; column++, output += info.outChannels) {
        for (let cell = 0; cell < info.filterHeight * info.filterWidth; cell++) {
          const y =
            row * info.strideHeight - info.padInfo.top + Math.floor(cell / info.filterWidth) * info.dilationHeight;
          const x = column * info.strideWidth - info.padInfo.left + (cell % info.filterWidth) * info.dilationWidth;
          if (y >= 0 && y < height && x >= 0 && x < width)
            visit(((sample * height + y) * width + x) * channels, output, cell * info.outChannels);
        }
      }
    }
  }
}
