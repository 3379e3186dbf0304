import type { LayersModel } from '@tensorflow/tfjs';
import type { ModelGraph } from './build-model.ts';
import { type Place, type SavedLayer, type SavedNet, withExplicitMasks } from './explicit-masks.ts';
import { maskOrigins } from './lost-masks.ts';
import { volumeClasses } from './volume-classes.ts';

/**
 * The net such that plain TensorFlow.js (4.22.0), which has none of our mends, loads it and computes the same:
 *
 * - batch normalization of another axis than the last stands between two `Permute` that bring its channels there and
 *   back: the kernels of its CPU, WebGL and wasm count through the weights along the last axis, without a word;
 * - that of volumes stands between two `Reshape`, as it is refused there;
 * - a convolution, or pooling of volumes, with `same` whose strides are larger than its window is `valid`, which is the
 *   same there: of volumes the padding comes out negative elsewhere, and of all else wasm gives zeros, without a word;
 * - where that is so of one axis of an image alone, what the last window leaves over is cut off before;
 * - softmax of steps with a mask is an activation: its layer takes the mask for one of the last axis, and fails;
 * - what reads masks takes them as inputs, in classes of ours, which `layerline/browser` registers;
 * - the first weights of recurrent cells are zeros: matrices at right angles and identities are refused where a weight
 *   is no square, though all weights are given.
 *
 * Batch normalization of what has a mask is kept as it is: `Permute` and `Reshape` lose it.
 *
 * @param model the one that was saved: it knows the shapes
 * @param graph what it was made of
 */
export function savedElsewhere<Net extends SavedNet>(net: Net, model: LayersModel, graph: ModelGraph): Net {
  const origins = maskOrigins(graph.layers);
  const hasMasks = origins.some(({ length }) => length > 0);
  const masked = new Set(graph.layers.filter((_, at) => origins[at]!.length > 0).map(({ name }) => name));
  const names = new Set(net.layers.map(({ name }) => name));
  const free = (name: string): string => (names.has(name) ? free(`${name}_`) : name);
  /** What the layers of a name that others take are called. */
  const ends = new Map<string, string>();
  const written = net.layers.map(({ inbound_nodes, ...layer }): readonly SavedLayer[] => {
    const shape = [model.getLayer(layer.name).getInputAt(0)].flat()[0]!.shape.slice(1) as number[];
    const own = mended(layer, shape, hasMasks);
    const parts = masked.has(layer.name) ? [own] : around(own, shape);
    const named = parts.map(({ name, config, ...part }) => {
      const called = name === layer.name ? name : free(name);
      return { ...part, name: called, config: { ...config, name: called } };
    });
    ends.set(layer.name, named.at(-1)!.name);
    return named.map((part, at) => ({
      ...part,
      inbound_nodes: at === 0 ? inbound_nodes : inbound_nodes.map((_, use) => [[named[at - 1]!.name, use, 0, {}]]),
    }));
  });
  const placed = ([layer, ...rest]: Place): Place => [ends.get(layer)!, ...rest];
  const layers = written.flatMap(([first, ...more]) => [
    { ...first!, inbound_nodes: first!.inbound_nodes.map((inputs) => inputs.map(placed)) },
    ...more,
  ]);
  return withExplicitMasks({ ...net, layers, output_layers: net.output_layers.map(placed) }, graph);
}

type Part = Omit<SavedLayer, 'inbound_nodes'>;

/** Layers whose windows move in steps, and may pass values over. */
const windowClasses: ReadonlySet<string> = new Set([
  'Conv1D',
  'Conv2D',
  'DepthwiseConv2D',
  'SeparableConv2D',
  ...volumeClasses,
]);

function mended(layer: Part, shape: readonly number[], hasMasks: boolean): Part {
  const { class_name, config } = layer;
  if (class_name === 'Softmax' && hasMasks) {
    const { name, trainable } = config;
    return { ...layer, class_name: 'Activation', config: { name, trainable, activation: 'softmax' } };
  }
  if (class_name === 'RNN') return { ...layer, config: withoutDraws(config) };
  const padding = paddingOf(layer, shape);
  return padding.length > 0 && Math.max(...padding) <= 0 && Math.min(...padding) < 0
    ? { ...layer, config: { ...config, padding: 'valid' } }
    : layer;
}

/**
 * The zeros that `same` puts around the input along each axis; below 0, how many values its last window leaves over.
 * None of a layer without it.
 */
function paddingOf({ class_name, config }: Part, shape: readonly number[]): readonly number[] {
  if (!windowClasses.has(class_name) || config['padding'] !== 'same') return [];
  const [sizes, strides, dilations] = [
    config['kernel_size'] ?? config['pool_size'],
    config['strides'],
    config['dilation_rate'],
  ].map((each) => shape.slice(0, -1).map((_, axis) => (Array.isArray(each) ? each[axis] : (each ?? 1)))) as number[][];
  return sizes!.map((size, axis) => {
    const stride = strides![axis]!;
    const rest = class_name === 'Conv3DTranspose' ? stride : shape[axis]! % stride || stride;
    return (size - 1) * dilations![axis]! + 1 - rest;
  });
}

/** As it is drawn by zeros alone. */
function withoutDraws(config: SavedLayer['config']): SavedLayer['config'] {
  const zeros = { class_name: 'Zeros', config: {} };
  return JSON.parse(
    JSON.stringify(config, (key, value: unknown) => (key.endsWith('_initializer') ? zeros : value)),
  ) as SavedLayer['config'];
}

/** A layer, and those before and after it that it needs elsewhere. @param shape of its input, without the batch */
function around(layer: Part, shape: readonly number[]): readonly Part[] {
  if (layer.class_name !== 'BatchNormalization') return [...croppingOf(layer, shape), layer];
  const rank = shape.length + 1;
  const axis = (Number(layer.config['axis']) + rank) % rank;
  // As Permute counts them: from 1, the batch not among them.
  const order = shape.map((_, at) => at + 1);
  order.push(...order.splice(axis - 1, 1));
  const back = order.map((_, at) => order.indexOf(at + 1) + 1);
  const moved = order.map((one) => shape[one - 1]!);
  const part = (end: string, class_name: string, config: SavedLayer['config']): Part => ({
    name: `${layer.name}_${end}`,
    class_name,
    config: { ...config, trainable: true },
  });
  const [isLast, isVolume] = [axis === rank - 1, rank > 4];
  return [
    ...(isLast ? [] : [part('channels_last', 'Permute', { dims: order })]),
    ...(isVolume
      ? [part('flat', 'Reshape', { target_shape: [moved.slice(0, -2).reduce(product), ...moved.slice(-2)] })]
      : []),
    isLast ? layer : { ...layer, config: { ...layer.config, axis: -1 } },
    ...(isVolume ? [part('volume', 'Reshape', { target_shape: moved })] : []),
    ...(isLast ? [] : [part('channels_back', 'Permute', { dims: back })]),
  ];
}

function croppingOf(layer: Part, shape: readonly number[]): readonly Part[] {
  const padding = paddingOf(layer, shape);
  if (padding.length !== 2 || Math.min(...padding) >= 0) return [];
  const cropping = padding.map((size) => [0, Math.max(0, -size)]);
  const config = { cropping, data_format: 'channels_last', trainable: true };
  return [{ name: `${layer.name}_reached`, class_name: 'Cropping2D', config }];
}

const product = (one: number, other: number) => one * other;
