import type * as TensorFlow from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { type Shape, formatShape, sizeOf } from '../base/tensor-shape.ts';
import { wholeNumber } from '../base/numbers.ts';
import { type Misfit, isMisfit } from '../base/row.ts';
import { type LayerRow, defineLayer } from './layer.ts';
import { eitherMask, joinedMask, listed } from './padding-masks.ts';
import { type Elementwise, broadcast, extremeOf, product, stretch } from './masked-merge.ts';
import { concatenate, dot, elementwise } from './onnx/onnx-merge.ts';
import { type OwnLayer, buildOwnLayer } from './custom-layer.ts';
import {
  type Shapes,
  type Values,
  added,
  averaged,
  averagedPlaces,
  beside,
  extreme,
  multiplied,
  subtracted,
  summedProducts,
} from './values.ts';

function exactlyTwo(name: string, inputs: readonly Shape[]): Misfit | undefined {
  return inputs.length === 2
    ? undefined
    : { problem: `${name} takes two inputs, but gets ${inputs.length}`, hint: 'Merge two at a time.' };
}

const laidOver =
  'Smaller inputs are laid over larger ones from the last axis on: an axis of 1, or none, fits every size.';

/** The gradients of these two forget that a smaller input is there several times. */
const stretches = (name: Elementwise) => name === 'maximum' || name === 'minimum';

/** Where all inputs have a mask, so has what is made of their values. */
const masksAll = (_: unknown, given: readonly boolean[]) => given.every(Boolean);

/**
 * Sums need none of their terms on the way back; else what the first inputs come to is kept before the next is taken,
 * and where an input is stretched, that.
 */
function elementwiseValues(name: Elementwise, output: Shape, inputs: readonly Shape[]): number {
  if (name === 'add' || name === 'average') return sizeOf(output);
  if (stretches(name))
    return sizeOf(output) * (inputs.length - 1 + inputs.filter((shape) => String(shape) !== String(output)).length);
  return inputs
    .slice(1)
    .reduce((sum, _, index) => sum + sizeOf(broadcast(name, inputs.slice(0, index + 2)) as Shape), 0);
}

const merged: Readonly<Record<Elementwise, (inputs: readonly Values[], shapes: readonly Shape[]) => Values>> = {
  add: added,
  average: averaged,
  multiply: multiplied,
  maximum: (inputs) => extreme('max', inputs),
  minimum: (inputs) => extreme('min', inputs),
};

const onnxOps = { add: 'Sum', average: 'Mean', multiply: 'Mul', maximum: 'Max', minimum: 'Min' } as const;

function defineElementwise(name: Elementwise, doc: string): LayerRow {
  return defineLayer({
    doc: `${doc} ${laidOver}`,
    example: `{ ${name}: {}, from: [a, b] }`,
    options: Type.Object({}),
    merges: true,
    outputShape: (_, __, inputs) => broadcast(name, inputs),
    flops: (_, output) => sizeOf(output),
    activations: (_, output, __, inputs) => elementwiseValues(name, output, inputs),
    mask: masksAll,
    values: (inputs, _, { inputs: shapes }) => merged[name](inputs, shapes),
    onnx: elementwise(onnxOps[name]),
    build: (_, { tf, name: layerName }) => {
      const layer = tf.layers[name]({ name: layerName });
      // The stock mask has an axis too many for what reads it.
      layer.computeMask = (inputs, masks) =>
        eitherMask(tf, inputs as TensorFlow.Tensor[], listed(masks)) as TensorFlow.Tensor;
      if (name === 'add' || name === 'average') return layer;
      const call = layer.call.bind(layer);
      layer.call = (inputs, { mask }) =>
        tf.tidy(() => {
          if (mask == null) return call(stretches(name) ? stretch(tf, inputs as TensorFlow.Tensor[]) : inputs, {});
          const whole = stretch(tf, inputs as TensorFlow.Tensor[]);
          return name === 'multiply' ? product(tf, whole, listed(mask)) : extremeOf(tf, tf[name], whole, listed(mask));
        });
      return layer;
    },
  });
}

/** TensorFlow.js has no such layer. */
export const subtraction: OwnLayer<Record<string, never>> = {
  className: 'LayerlineSubtract',
  outputShape: (inputs) => exactlyTwo('subtract', inputs) ?? broadcast('subtract', inputs),
  mask: ({ tf, inputs, masks }) => eitherMask(tf, inputs, masks),
  compute: ({ tf, inputs }) => {
    const [first, second] = stretch(tf, inputs);
    return tf.sub(first!, second!);
  },
};

/**
 * Which axis of a sample a number means: axes count from 1, or from the last one as -1. Undefined where there is none.
 */
export function sampleAxis(axis: number, input: Shape): number | undefined {
  const index = axis < 0 ? input.length + axis : axis - 1;
  return index >= 0 && index < input.length ? index : undefined;
}

/** The misfit of an axis that a sample does not have. */
export function noAxis(layer: string, axis: number, input: Shape): Misfit {
  return {
    problem: `${layer} works along axis ${axis}, which an input of ${formatShape(input)} does not have`,
    hint:
      input.length === 1
        ? 'Its only axis is 1, or -1.'
        : `Axes count from 1 to ${input.length}, or from the last one as -1 to -${input.length}.`,
  };
}

const axisForms = 'Axes count from 1, the batch not among them, or from the last one as -1.';

function dotAxes(axes: number | number[], inputs: readonly Shape[]): number[] | Misfit {
  const named = typeof axes === 'number' ? [axes, axes] : axes;
  const places: number[] = [];
  for (const [index, input] of inputs.entries()) {
    if (input.length > 2)
      return {
        problem: `dot takes inputs of [features] or [steps, features], but gets ${formatShape(input)}`,
        hint: 'Put a `reshape` or `flatten` above it.',
      };
    const place = sampleAxis(named[index]!, input);
    if (place === undefined) return noAxis('dot', named[index]!, input);
    places.push(place);
  }
  const [a, b] = inputs.map((input, index) => input[places[index]!]);
  return a === b
    ? places
    : {
        problem:
          'dot needs axes of one size, ' +
          `but gets ${a} of ${formatShape(inputs[0]!)} and ${b} of ${formatShape(inputs[1]!)}`,
        hint: 'Choose other `axes`.',
      };
}

/** Sums of products; where one input's factors add up to 1, means of the other's values. */
function dotValues(
  inputs: readonly Values[],
  { axes, normalize }: { readonly axes: number | number[]; readonly normalize: boolean },
  { inputs: shapes }: Shapes,
): Values {
  const places = dotAxes(axes, shapes) as number[];
  const isLast = (index: number) => places[index] === shapes[index]!.length - 1;
  // Of a sequence with itself, each step is multiplied with all others.
  const factors = shapes[0]!.length === 1 ? inputs : inputs.map((one) => ({ ...one }));
  const sum = summedProducts(factors, shapes[0]![places[0]!]!);
  if (normalize) return { low: sum.low >= 0 ? 0 : -1, high: 1 };
  const means = [0, 1]
    .filter((index) => inputs[index]!.distribution === true && isLast(index))
    .map((weights): Values => {
      const other = 1 - weights;
      const keepsLast = !isLast(other) && (other === 1 || shapes[1]!.length === 1);
      return keepsLast ? averagedPlaces([inputs[other]!]) : { low: inputs[other]!.low, high: inputs[other]!.high };
    });
  return (
    means.find(({ distribution }) => distribution === true) ?? {
      low: Math.max(...[sum, ...means].map(({ low }) => low)),
      high: Math.min(...[sum, ...means].map(({ high }) => high)),
    }
  );
}

/**
 * The product along one axis of each of two inputs, for each sample. TensorFlow.js' own layer gives other sizes than it
 * says for some axes.
 */
export const dotProduct: OwnLayer<{ readonly axes: number | number[]; readonly normalize: boolean }> = {
  className: 'LayerlineDot',
  outputShape: (inputs, { axes }) => {
    const misfit = exactlyTwo('dot', inputs);
    if (misfit !== undefined) return misfit;
    const places = dotAxes(axes, inputs);
    if (isMisfit(places)) return places;
    const left = inputs.flatMap((input, index) => input.filter((_, axis) => axis !== places[index]));
    return left.length === 0 ? [1] : left;
  },
  mask: () => null,
  compute: ({ tf, inputs, options }) => {
    const shapes = inputs.map(({ shape }) => shape.slice(1));
    const places = dotAxes(options.axes, shapes) as number[];
    const [a, b] = inputs.map((input, index) => {
      const axis = places[index]! + 1;
      const scaled = options.normalize
        ? tf.div(input, tf.sqrt(tf.maximum(tf.sum(tf.square(input), axis, true), 1e-12)))
        : input;
      let matrix = scaled;
      if (scaled.rank === 2) matrix = tf.expandDims(scaled, 1);
      else if (axis === 1) matrix = tf.transpose(scaled, [0, 2, 1]);
      return matrix as TensorFlow.Tensor3D;
    });
    return tf.reshape(tf.matMul(a!, b!, false, true), [
      inputs[0]!.shape[0]!,
      ...(dotProduct.outputShape(shapes, options) as Shape),
    ]);
  },
};

/** Layers that make one of several inputs. */
export const mergeLayers: Record<
  'add' | 'subtract' | 'multiply' | 'average' | 'maximum' | 'minimum' | 'concatenate' | 'dot',
  LayerRow
> = {
  add: defineElementwise('add', 'The sum of its inputs.'),
  subtract: defineLayer({
    doc: `The first of its two inputs without the second. ${laidOver}`,
    example: '{ subtract: {}, from: [a, b] }',
    options: Type.Object({}),
    merges: true,
    values: subtracted,
    outputShape: (_, __, inputs) => subtraction.outputShape(inputs, {}),
    mask: masksAll,
    build: (_, context) => buildOwnLayer(subtraction, context, {}),
    onnx: elementwise('Sub'),
  }),
  multiply: defineElementwise('multiply', 'The product of its inputs.'),
  average: defineElementwise('average', 'The mean of its inputs.'),
  maximum: defineElementwise('maximum', 'The largest of its inputs, value by value.'),
  minimum: defineElementwise('minimum', 'The smallest of its inputs, value by value.'),
  concatenate: defineLayer({
    doc: 'Its inputs side by side along one axis.',
    example: '{ concatenate: {}, from: [a, b] }',
    options: Type.Object({
      axis: wholeNumber({ description: `The axis. ${axisForms}`, default: -1, not: { const: 0 } }),
    }),
    merges: true,
    outputShape: (input, { axis }, inputs) => {
      const place = sampleAxis(axis, input);
      if (place === undefined) return noAxis('concatenate', axis, input);
      const differs = (shape: Shape) =>
        shape.length !== input.length || shape.some((size, axis) => axis !== place && size !== input[axis]);
      if (inputs.some(differs))
        return {
          problem:
            `concatenate needs inputs that differ in axis ${axis} alone, ` +
            `but gets ${inputs.map(formatShape).join(' and ')}`,
        };
      return input.with(
        place,
        inputs.reduce((sum, shape) => sum + shape[place]!, 0),
      );
    },
    flops: () => 0,
    mask: (_, given) => given.some(Boolean),
    values: (inputs, { axis }, { output }) => beside(inputs, sampleAxis(axis, output) === output.length - 1),
    build: ({ axis }, { tf, name }) => {
      const layer = tf.layers.concatenate({ name, axis });
      const build = layer.build.bind(layer);
      // TensorFlow.js takes every negative axis for the last one when it computes.
      layer.build = (shapes) => {
        const input = (shapes as number[][])[0]!.slice(1);
        const place = sampleAxis(axis, input);
        if (place === undefined) throw new Error(noAxis('concatenate', axis, input).problem);
        Object.assign(layer, { axis: place + 1 });
        build(shapes);
        layer.computeMask = (inputs, masks) =>
          joinedMask(tf, inputs as TensorFlow.Tensor[], listed(masks), place + 1) as TensorFlow.Tensor;
      };
      return layer;
    },
    onnx: ({ axis }, layer) => concatenate(sampleAxis(axis, layer.output)!, layer),
  }),
  dot: defineLayer({
    doc: 'The sum of products along one axis of each of its two inputs.',
    example: '{ dot: { axes: -1, normalize: true }, from: [a, b] }',
    options: Type.Object({
      axes: Type.Union([wholeNumber(), Type.Array(wholeNumber(), { minItems: 2, maxItems: 2 })], {
        description: `One axis for both, or one of each. ${axisForms}`,
      }),
      normalize: Type.Boolean({
        description:
          'Whether inputs are scaled to norm 1 along the axis first, which makes the result the cosine of their angle.',
        default: false,
      }),
    }),
    merges: true,
    outputShape: (_, options, inputs) => dotProduct.outputShape(inputs, options),
    values: dotValues,
    flops: (input, output, { axes }) => 2 * sizeOf(output) * (input[sampleAxis([axes].flat()[0]!, input) ?? 0] ?? 1),
    // Of each input: scaled, with the norm and two steps to it; else with its axis last, where it is not.
    activations: (_, output, { axes, normalize }, inputs) => {
      const places = dotAxes(axes, inputs) as number[];
      const kept = inputs.map((shape, index) => {
        if (normalize) return sizeOf(shape) * (1 + 3 / shape[places[index]!]!);
        return places[index] === shape.length - 1 ? 0 : sizeOf(shape);
      });
      return kept.reduce((sum, values) => sum + values, sizeOf(output));
    },
    mask: () => false,
    build: (options, context) => buildOwnLayer(dotProduct, context, options),
    onnx: ({ axes, normalize }, layer) =>
      dot(
        dotAxes(
          axes,
          layer.inputs.map(({ shape }) => shape),
        ) as number[],
        normalize,
        layer,
      ),
  }),
};
