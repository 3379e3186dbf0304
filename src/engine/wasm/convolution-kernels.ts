import type { NamedAttrMap, Tensor4D, TensorInfo } from '@tensorflow/tfjs';
import type { Tf } from '../tensorflow.ts';
import { replaceKernel } from './replace-kernel.ts';

type Shape4D = [number, number, number, number];

/** What the kernels of a convolution are told, as far as this file needs it. Layout NHWC. */
interface Attributes {
  readonly strides: number | [number, number];
  /** null and undefined stand for 1. */
  readonly dilations?: number | [number, number] | null;
  readonly pad: 'valid' | 'same' | number;
}

/** Mends the convolutions of the wasm backend, and gives them their gradients. */
export function registerConvolution(tf: Tf): void {
  for (const name of ['Conv2D', 'FusedConv2D', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2D']) cropInput(tf, name);
  replaceKernel(tf, 'Conv2DBackpropFilter', ({ x, dy }, attributes) => {
    const { filterShape } = attributes as { filterShape: Shape4D };
    return filterGradient(tf, x as Tensor4D, dy as Tensor4D, filterShape, convolutionAttributes(attributes));
  });
  replaceKernel(tf, 'Conv2DBackpropInput', ({ dy, filter }, attributes) => {
    const { inputShape } = attributes as { inputShape: Shape4D };
    return inputGradient(tf, dy as Tensor4D, filter as Tensor4D, inputShape, convolutionAttributes(attributes));
  });
}

function convolutionAttributes(attributes: NamedAttrMap): Attributes {
  return attributes as NamedAttrMap & Attributes;
}

/**
 * The stock kernels give zeros, without an error, for padding `same` with a stride that leaves rows or columns over at
 * the end; without those they compute.
 */
function cropInput(tf: Tf, name: string): void {
  const stock = tf.getKernel(name, 'wasm').kernelFunc;
  replaceKernel(tf, name, (inputs, attrs, backend) => {
    const { x, filter } = inputs as Record<'x' | 'filter', Tensor4D>;
    const attributes = convolutionAttributes(attrs);
    const cropped = attributes.pad === 'same' ? reachedPart(tf, x, filter.shape, attributes) : x;
    return stock({ inputs: { ...inputs, x: cropped }, attrs, backend }) as TensorInfo;
  });
}

/** The input without the rows and columns that no window reaches. */
function reachedPart(tf: Tf, x: Tensor4D, filterShape: Shape4D, { strides, dilations, pad }: Attributes): Tensor4D {
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, dilations ?? 1, pad);
  const rows = (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight - info.padInfo.top;
  const columns = (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth - info.padInfo.left;
  const [, height, width] = x.shape;
  return rows < height || columns < width
    ? tf.slice(x, [0, 0, 0, 0], [-1, Math.min(rows, height), Math.min(columns, width), -1])
    : x;
}

/**
 * dfilter[i, j, c, f] = sum over n, h, w of x[n, h * stride + i - top, w * stride + j - left, c] * dy[n, h, w, f]: a
 * convolution of x with dy as the kernel, where the channels c are the samples and the samples n the channels. The
 * stride sets the kernel's values apart, which is a dilation.
 */
function filterGradient(tf: Tf, x: Tensor4D, dy: Tensor4D, filterShape: Shape4D, attributes: Attributes): Tensor4D {
  const {
    padInfo: { top, left },
    outHeight,
    outWidth,
    strideHeight,
    strideWidth,
  } = tf.backend_util.computeConv2DInfo(x.shape, filterShape, attributes.strides, 1, attributes.pad);
  const part = reachedPart(tf, x, filterShape, attributes);
  const bottom = (outHeight - 1) * strideHeight + filterShape[0] - top - part.shape[1];
  const right = (outWidth - 1) * strideWidth + filterShape[1] - left - part.shape[2];
  const images = tf.transpose(part, [3, 1, 2, 0]);
  const kernel = tf.transpose(dy, [1, 2, 0, 3]);
  const gradient = tf.conv2d(
    images,
    kernel,
    1,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    'NHWC',
    [strideHeight, strideWidth],
  );
  return tf.transpose(gradient, [1, 2, 0, 3]);
}

/**
 * dx[n, h, w, c] = sum over i, j, f of dy[n, (h + top - i) / stride, (w + left - j) / stride, f] * filter[i, j, c, f],
 * where the stride divides: a convolution of dy, set apart by zeros, with the filter turned by 180 degrees. The stock
 * kernel computes the same many times slower.
 */
function inputGradient(
  tf: Tf,
  dy: Tensor4D,
  filter: Tensor4D,
  inputShape: Shape4D,
  { strides, pad }: Attributes,
): Tensor4D {
  const {
    padInfo: { top, left },
    strideHeight,
    strideWidth,
  } = tf.backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, pad);
  const [, height, width] = inputShape;
  const [filterHeight, filterWidth] = filter.shape;
  const apart = setApart(tf, dy, strideHeight, strideWidth);
  const [, rows, columns] = apart.shape;
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  return tf.conv2d(apart, turned, 1, [
    [0, 0],
    [filterHeight - 1 - top, height - rows + top],
    [filterWidth - 1 - left, width - columns + left],
    [0, 0],
  ]);
}

/**
 * Puts stride - 1 zeros between neighbours: [batch, (height - 1) * strideHeight + 1, (width - 1) * strideWidth + 1,
 * channels].
 */
function setApart(tf: Tf, dy: Tensor4D, strideHeight: number, strideWidth: number): Tensor4D {
  if (strideHeight === 1 && strideWidth === 1) return dy;
  const [batch, height, width, channels] = dy.shape;
  const cells = tf.pad(tf.reshape(dy, [batch * height, 1, width, 1, channels]), [
    [0, 0],
    [0, strideHeight - 1],
    [0, 0],
    [0, strideWidth - 1],
    [0, 0],
  ]);
  const image = tf.reshape(cells, [batch, height * strideHeight, width * strideWidth, channels]) as Tensor4D;
  return tf.slice(
    image,
    [0, 0, 0, 0],
    [batch, (height - 1) * strideHeight + 1, (width - 1) * strideWidth + 1, channels],
  );
}
