import { Type } from 'typebox';
import { type Shape, formatShape, sizeOf } from '../base/tensor-shape.ts';
import { realNumber, wholeNumber } from '../base/numbers.ts';
import type { Misfit } from '../base/row.ts';
import { type ActivationIdentifier, activationNames, isActivation, keptByActivation } from './activations.ts';
import { constraintMisfit } from './weights/constraints.ts';
import { type LayerRow, defineLayer, trained } from './layer.ts';
import { activate } from './onnx/onnx-activations.ts';
import { permuted } from './onnx/onnx-layer.ts';
import { keepsMask } from './padding-masks.ts';
import { numberWord, weightOptions } from './options.ts';
import { activated, mapped } from './values.ts';
import { single, withoutGradient } from './without-gradient.ts';

const layersOfTheirOwn: ReadonlySet<string> = new Set(['relu', 'softmax', 'elu']);

/** The sizes of prelu's slopes: 1 along shared axes. */
const slopes = (input: Shape, sharedAxes: readonly number[] | null) =>
  input.map((size, axis) => (sharedAxes?.includes(axis + 1) ? 1 : size));

/** The misfit of shared axes that the input does not have. */
function outside(input: Shape, sharedAxes: readonly number[] | null): Misfit | undefined {
  const axis = sharedAxes?.find((one) => one > input.length);
  return axis === undefined
    ? undefined
    : {
        problem: `prelu shares axis ${axis}, which an input of ${formatShape(input)} does not have`,
        hint: `Axes count from 1 to ${input.length}.`,
      };
}

/** Activation functions as layers of their own. */
export const activationLayers: Record<
  'activation' | 'reLU' | 'leakyReLU' | 'prelu' | 'elu' | 'thresholdedReLU' | 'softmax',
  LayerRow
> = {
  activation: defineLayer({
    doc: 'Applies an activation function. Its name alone does as well: `- tanh`.',
    example: 'activation: { activation: tanh }',
    options: Type.Object({
      activation: Type.Unsafe<ActivationIdentifier>(Type.Enum([...activationNames], { description: 'The function.' })),
    }),
    aliases: Object.fromEntries(
      activationNames
        .filter(isActivation)
        .filter((name) => !layersOfTheirOwn.has(name))
        .map((activation) => [activation, { activation }]),
    ),
    text: { usage: 'activation NAME', word: (word, position) => (position === 0 ? { activation: word } : undefined) },
    outputShape: (input) => input,
    activations: (_, output, { activation }) =>
      activation === 'linear' ? 0 : sizeOf(output) * keptByActivation(activation, { argument: false, result: true }),
    mask: keepsMask,
    build: ({ activation }, { tf, name }) => tf.layers.activation({ name, activation }),
    values: ([input], { activation }, { output }) => activated(activation, input!, output),
    increasing: ({ activation }) => activation === 'relu',
    onnx: ({ activation }, layer) => activate(layer, activation, layer.input),
  }),
  reLU: defineLayer({
    doc: 'max(x, 0), up to maxValue where one is given.',
    example: 'reLU: {}',
    options: Type.Object({
      maxValue: Type.Union([realNumber({ exclusiveMinimum: 0 }), Type.Null()], {
        description: 'Upper limit; null for none.',
        default: null,
      }),
    }),
    aliases: { relu: {} },
    text: { usage: 'relu [MAXVALUE]', word: numberWord('maxValue') },
    outputShape: (input) => input,
    activations: (_, output, { maxValue }) => sizeOf(output) * (maxValue === null ? 1 : 2),
    mask: keepsMask,
    build: ({ maxValue }, { tf, name }) => tf.layers.reLU(maxValue === null ? { name } : { name, maxValue }),
    increasing: ({ maxValue }) => maxValue === null,
    onnx: ({ maxValue }, layer) =>
      layer.each([layer.input], ([x]) =>
        maxValue === null
          ? layer.node('Relu', [x!])
          : layer.node('Clip', [x!, layer.floats(0), layer.floats(maxValue)]),
      ),
    values: ([input], { maxValue }) => mapped(input!, (x) => Math.min(maxValue ?? Infinity, Math.max(0, x)), 'reLU'),
  }),
  leakyReLU: defineLayer({
    doc: 'x where x > 0, else alpha * x (Maas et al. 2013).',
    example: 'leakyReLU: { alpha: 0.3 }',
    options: Type.Object({ alpha: realNumber({ description: 'Slope below 0.', default: 0.3, minimum: 0 }) }),
    text: { usage: 'leakyReLU [ALPHA]', word: numberWord('alpha') },
    outputShape: (input) => input,
    mask: keepsMask,
    build: ({ alpha }, { tf, name }) => tf.layers.leakyReLU({ name, alpha }),
    onnx: ({ alpha }, layer) =>
      layer.each([layer.input], ([x]) => layer.node('LeakyRelu', [x!], { alpha: { float: alpha } })),
    values: ([input], { alpha }) =>
      mapped(input!, (x) => (x > 0 || alpha === 0 ? Math.max(0, x) : alpha * x), 'leakyReLU'),
  }),
  prelu: defineLayer({
    doc: 'x where x > 0, else alpha * x with a slope alpha for each value that training finds (He et al. 2015).',
    example: 'prelu: { sharedAxes: [1, 2] }',
    options: Type.Object({
      ...weightOptions('alpha', 'slopes below 0', 'zeros'),
      sharedAxes: Type.Union([Type.Array(wholeNumber({ minimum: 1 }), { minItems: 1 }), Type.Null()], {
        description:
          'Axes along which values share a slope: [1, 2] gives each channel of an image one. ' +
          'Axes count from 1, the batch not among them; null shares none.',
        default: null,
      }),
    }),
    outputShape: (input, { sharedAxes, alphaConstraint }) =>
      outside(input, sharedAxes) ?? constraintMisfit(alphaConstraint, { name: 'alpha', rank: input.length }) ?? input,
    parameters: (input, { sharedAxes }) => trained(sizeOf(slopes(input, sharedAxes))),
    flops: (_, output) => 2 * sizeOf(output),
    mask: keepsMask,
    build: ({ sharedAxes, ...options }, { tf, name, weights }) => {
      const layer = tf.layers.prelu({
        ...weights(options, 'alpha'),
        name,
        ...(sharedAxes === null ? {} : { sharedAxes }),
      });
      const build = layer.build.bind(layer);
      layer.build = (shape) => {
        const misfit = outside((shape as number[]).slice(1), sharedAxes);
        if (misfit !== undefined) throw new Error(misfit.problem);
        build(shape);
      };
      return layer;
    },
    onnx: (_, layer) =>
      layer.each([layer.input], ([x], __, order) =>
        layer.node('PRelu', [x!, layer.weight('alpha', (saved) => permuted(saved, order), String(order))]),
      ),
  }),
  elu: defineLayer({
    doc: 'x where x > 0, else exp(x) - 1 (Clevert et al. 2015). TensorFlow.js knows no other alpha than 1.',
    example: 'elu: {}',
    options: Type.Object({}),
    outputShape: (input) => input,
    mask: keepsMask,
    build: (_, { tf, name }) => tf.layers.elu({ name }),
    onnx: (_, layer) => activate(layer, 'elu', layer.input),
    values: ([input], _, { output }) => activated('elu', input!, output),
  }),
  thresholdedReLU: defineLayer({
    doc: 'x where x > theta, else 0 (Konda et al. 2015).',
    example: 'thresholdedReLU: { theta: 1 }',
    options: Type.Object({ theta: realNumber({ description: 'The threshold.', default: 1, minimum: 0 }) }),
    text: { usage: 'thresholdedReLU [THETA]', word: numberWord('theta') },
    outputShape: (input) => input,
    values: ([input], { theta }) => mapped(input!, (x) => (x > theta ? x : 0), 'thresholdedReLU'),
    // With where it is above.
    activations: (_, output) => 2 * sizeOf(output),
    mask: keepsMask,
    build: ({ theta }, { tf, name }) => {
      const layer = tf.layers.thresholdedReLU({ name, theta });
      // The stock one compares on the way of gradients, where TensorFlow.js fails.
      layer.call = (inputs) =>
        tf.tidy(() =>
          tf.mul(
            single(inputs),
            withoutGradient(tf, () => tf.cast(tf.greater(single(inputs), theta), 'float32')),
          ),
        );
      return layer;
    },
    onnx: ({ theta }, layer) =>
      layer.each([layer.input], ([x]) => layer.node('ThresholdedRelu', [x!], { alpha: { float: theta } })),
  }),
  softmax: defineLayer({
    doc: 'Turns the values of the last axis into probabilities that add up to 1.',
    example: 'softmax: {}',
    options: Type.Object({}),
    outputShape: (input) => input,
    flops: (_, output) => output.reduce((product, size) => product * size, 3),
    mask: keepsMask,
    build: (_, { tf, name }) => {
      const layer = tf.layers.softmax({ name, axis: -1 });
      const call = layer.call.bind(layer);
      // The stock one takes a mask for one of the last axis, along which steps do not lie; so does Keras, which then
      // fails.
      layer.call = (inputs) => call(inputs, {});
      return layer;
    },
    values: ([input], _, { output }) => activated('softmax', input!, output),
    onnx: (_, layer) => activate(layer, 'softmax', layer.input),
  }),
};
