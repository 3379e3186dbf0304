import { sizeOf } from '../../base/tensor-shape.ts';
import type { OnnxLayer, OnnxValue } from './onnx-layer.ts';

interface Scaling {
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
}

/** Names of gamma and beta with these sizes, or of ones and zeros where there are none. */
function gammaBeta(layer: OnnxLayer, { scale, center }: Scaling, sizes: readonly number[]): readonly [string, string] {
  const size = sizeOf(sizes);
  return [
    scale ? layer.weight('gamma') : layer.floats(new Float32Array(size).fill(1), sizes),
    center ? layer.weight('beta') : layer.floats(new Float32Array(size), sizes),
  ];
}

/** Multiplies by gamma and adds beta, as far as there are some. @param sizes they get, to be laid over x */
function scaled(layer: OnnxLayer, { scale, center }: Scaling, x: string, sizes: readonly number[]): string {
  const laid = (name: string) => layer.weight(name, ({ values }) => ({ shape: sizes, values }), String(sizes));
  const multiplied = scale ? layer.node('Mul', [x, laid('gamma')]) : x;
  return center ? layer.node('Add', [multiplied, laid('beta')]) : multiplied;
}

/**
 * ONNX Runtime takes the variance as the mean of squares less the square of the mean, of which nothing is left in
 * float32 where the mean is hundreds of deviations: so the mean is taken away before.
 */
function withoutMean(layer: OnnxLayer, x: string, axes: string): string {
  return layer.node('Sub', [x, layer.node('ReduceMean', [x, axes])]);
}

/** By moving averages. @param place the axis of a sample that the channels are along */
export function batchNormalization(place: number, options: Scaling, layer: OnnxLayer): OnnxValue {
  const { shape } = layer.input;
  const isLast = place === shape.length - 1;
  const epsilon = { epsilon: { float: options.epsilon } };
  if (isLast || place === 0) {
    const inputs = [
      isLast ? layer.first() : layer.last(),
      ...gammaBeta(layer, options, [shape[place]!]),
      layer.weight('moving_mean'),
      layer.weight('moving_variance'),
    ];
    const normalized = layer.node('BatchNormalization', inputs, epsilon);
    return isLast ? layer.givesFirst(normalized) : layer.gives(normalized);
  }
  const sizes = shape.map((size, axis) => (axis === place ? size : 1));
  const laid = (name: string) => layer.weight(name, ({ values }) => ({ shape: sizes, values }));
  const centred = layer.node('Sub', [layer.last(), laid('moving_mean')]);
  const deviation = layer.node('Sqrt', [layer.node('Add', [laid('moving_variance'), layer.floats(options.epsilon)])]);
  return layer.gives(scaled(layer, options, layer.node('Div', [centred, deviation]), sizes));
}

/** Each sample by its own mean and variance. @param places the axes of a sample that they are taken along, ascending */
export function layerNormalization(places: readonly number[], options: Scaling, layer: OnnxLayer): OnnxValue {
  const { shape } = layer.input;
  const axes = layer.ints(places.map((place) => place + 1));
  const centred = withoutMean(layer, layer.last(), axes);
  if (places.every((place, index) => place === shape.length - places.length + index)) {
    const sizes = places.map((place) => shape[place]!);
    return layer.gives(
      layer.node('LayerNormalization', [centred, ...gammaBeta(layer, options, sizes)], {
        axis: { int: places[0]! + 1 },
        epsilon: { float: options.epsilon },
      }),
    );
  }
  const variance = layer.node('ReduceMean', [layer.node('Mul', [centred, centred]), axes]);
  const deviation = layer.node('Sqrt', [layer.node('Add', [variance, layer.floats(options.epsilon)])]);
  const sizes = shape.map((size, place) => (places.includes(place) ? size : 1));
  return layer.gives(scaled(layer, options, layer.node('Div', [centred, deviation]), sizes));
}

/** Each group of channels of each sample: with channels first, an instance of so many places. */
export function groupNormalization({ groups, ...options }: Scaling & { readonly groups: number }, layer: OnnxLayer) {
  const { shape } = layer.input;
  const [channels, places] = [shape.at(-1)!, shape.slice(0, -1)];
  const grouped = layer.reshaped(layer.first(), [groups, sizeOf(shape) / groups]);
  const normalized = layer.node(
    'InstanceNormalization',
    [
      withoutMean(layer, grouped, layer.ints([2])),
      layer.floats(new Float32Array(groups).fill(1), [groups]),
      layer.floats(new Float32Array(groups), [groups]),
    ],
    { epsilon: { float: options.epsilon } },
  );
  const back = layer.reshaped(normalized, [channels, ...places]);
  return layer.givesFirst(scaled(layer, options, back, [channels, ...places.map(() => 1)]));
}
