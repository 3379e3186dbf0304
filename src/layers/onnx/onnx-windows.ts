import { type Sizes, type Rank, spread } from '../options.ts';
import type { Window } from '../window.ts';
import { activate } from './onnx-activations.ts';
import type { OnnxAttribute } from './onnx-graph.ts';
import { type OnnxLayer, type OnnxValue, permuted } from './onnx-layer.ts';

/** A kernel that moves over its input, as far as options say. */
export interface Kernel extends Omit<Window, 'size'> {
  readonly kernelSize: Sizes;
  readonly useBias: boolean;
  readonly activation: string;
}

/**
 * Where a window moves, with TensorFlow's borders written out: of what `same` adds, the smaller half comes first.
 *
 * @param input [...places, channels]
 */
export function windowAttributes(rank: Rank, { size, strides, padding }: Window, input: readonly number[]) {
  const [kernel, steps] = [spread(size, rank), spread(strides, rank)];
  const added = kernel.map((length, axis) => {
    const [n, step] = [input[axis]!, steps[axis]!];
    return padding === 'same' ? Math.max((Math.ceil(n / step) - 1) * step + length - n, 0) : 0;
  });
  return { kernel_shape: { ints: kernel }, strides: { ints: steps }, pads: { ints: halves(added) } };
}

const halves = (added: readonly number[]) => [
  ...added.map((n) => Math.floor(n / 2)),
  ...added.map((n) => Math.ceil(n / 2)),
];

/** Filters and channels to the front, as ONNX has them. */
const kernelOrder = (rank: Rank) => [rank + 1, rank, ...Array.from({ length: rank }, (_, axis) => axis)];

/** A convolution's kernel. @param name of the weight */
export const turnedKernel = (layer: OnnxLayer, rank: Rank, name: string) =>
  layer.weight(name, (saved) => permuted(saved, kernelOrder(rank)));

/** The bias, where there is one. */
export const bias = (layer: OnnxLayer, useBias: boolean) => (useBias ? [layer.weight('bias')] : []);

/** Ends a layer whose result has its channels first. */
const ended = (layer: OnnxLayer, { activation }: Pick<Kernel, 'activation'>, name: string) =>
  activate(layer, activation, layer.givesFirst(name));

/** A convolution. */
export const convolution =
  (rank: Rank) =>
  ({ kernelSize, strides, padding, ...rest }: Kernel, layer: OnnxLayer): OnnxValue => {
    const window = { size: kernelSize, strides, padding };
    const inputs = [layer.first(), turnedKernel(layer, rank, 'kernel'), ...bias(layer, rest.useBias)];
    return ended(layer, rest, layer.node('Conv', inputs, windowAttributes(rank, window, layer.input.shape)));
  };

/** A transposed convolution, whose output has n * stride places with `same`. */
export const transposedConvolution =
  (rank: Rank) =>
  ({ kernelSize, strides, padding, ...rest }: Kernel, layer: OnnxLayer): OnnxValue => {
    const [kernel, steps] = [spread(kernelSize, rank), spread(strides, rank)];
    const cut = kernel.map((length, axis) => (padding === 'same' ? Math.max(length - steps[axis]!, 0) : 0));
    const attributes: Record<string, OnnxAttribute> = {
      kernel_shape: { ints: kernel },
      strides: { ints: steps },
      pads: { ints: halves(cut) },
      output_padding: { ints: kernel.map((length, axis) => Math.max(steps[axis]! - length, 0)) },
    };
    const inputs = [layer.first(), turnedKernel(layer, rank, 'kernel'), ...bias(layer, rest.useBias)];
    return ended(layer, rest, layer.node('ConvTranspose', inputs, attributes));
  };

/** A convolution of each channel by itself. @param last further inputs of it: a bias @returns its name */
function depthwise(layer: OnnxLayer, { kernelSize, strides, padding }: Kernel, last: readonly string[]): string {
  const kernel = layer.weight('depthwise_kernel', (saved) => {
    const [height, width, channels, multiplier] = saved.shape as [number, number, number, number];
    return { ...permuted(saved, [2, 3, 0, 1]), shape: [channels * multiplier, 1, height, width] };
  });
  return layer.node('Conv', [layer.first(), kernel, ...last], {
    ...windowAttributes(2, { size: kernelSize, strides, padding }, layer.input.shape),
    group: { int: layer.input.shape[2]! },
  });
}

export const depthwiseConvolution = (options: Kernel, layer: OnnxLayer): OnnxValue =>
  ended(layer, options, depthwise(layer, options, bias(layer, options.useBias)));

export const separableConvolution = (options: Kernel, layer: OnnxLayer): OnnxValue => {
  const pointwise = turnedKernel(layer, 2, 'pointwise_kernel');
  const apart = depthwise(layer, options, []);
  return ended(layer, options, layer.node('Conv', [apart, pointwise, ...bias(layer, options.useBias)]));
};

/** The maximum or mean of each window; borders do not count. */
export const pooling =
  (op: 'MaxPool' | 'AveragePool', rank: Rank) =>
  (window: Window, layer: OnnxLayer): OnnxValue =>
    layer.givesFirst(layer.node(op, [layer.first()], windowAttributes(rank, window, layer.input.shape)));

/** The maximum or mean over all places, in whichever layout is there. */
export const globalPooling =
  (op: 'ReduceMax' | 'ReduceMean') =>
  (_: unknown, layer: OnnxLayer): OnnxValue => {
    const { input } = layer;
    const places = input.shape.slice(0, -1).map((__, axis) => axis);
    return layer.each([input], ([x], axisOf) =>
      layer.node(op, [x!, layer.ints(places.map((axis) => axisOf(axis)))], { keepdims: { int: 0 } }),
    );
  };
