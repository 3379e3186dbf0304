import type { Tensor } from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { type Shape, formatShape, sizeOf } from '../base/tensor-shape.ts';
import { realNumber, wholeNumber } from '../base/numbers.ts';
import { isMisfit, type Misfit } from '../base/row.ts';
import { standardize } from '../engine/standardize.ts';
import type { Tf } from '../engine/tensorflow.ts';
import { constraintMisfit } from './weights/constraints.ts';
import { type LayerRow, defineLayer, trained } from './layer.ts';
import { keepsMask, presenceIn } from './padding-masks.ts';
import { noAxis, sampleAxis } from './merge.ts';
import {
  batchNormalization,
  groupNormalization as normalizeGroups,
  layerNormalization,
} from './onnx/onnx-normalization.ts';
import { weightOptions } from './options.ts';
import { type OwnLayer, buildOwnLayer } from './custom-layer.ts';
import { withPrivateFields } from './with-private-fields.ts';
import { single } from './without-gradient.ts';

const epsilon = realNumber({
  description: 'Added to the variance against division by zero.',
  default: 0.001,
  exclusiveMinimum: 0,
});
const scaling = (rank?: number) => ({
  epsilon,
  center: Type.Boolean({ description: 'Whether beta is added.', default: true }),
  scale: Type.Boolean({ description: 'Whether the result is multiplied by gamma.', default: true }),
  ...weightOptions('beta', 'beta', 'zeros', rank),
  ...weightOptions('gamma', 'gamma', 'ones', rank),
});

/** The axes that a normalization works along, in ascending order. */
function axesOf(layer: string, axis: number | number[], input: Shape): readonly number[] | Misfit {
  const axes: number[] = [];
  for (const one of [axis].flat()) {
    const place = sampleAxis(one, input);
    if (place === undefined) return noAxis(layer, one, input);
    if (axes.includes(place))
      return { problem: `${layer} names axis ${one} of ${formatShape(input)} twice`, hint: 'Name each axis once.' };
    axes.push(place);
  }
  return axes.sort((a, b) => a - b);
}

/**
 * Wu and He 2018: each group of channels of each sample is brought to mean 0 and variance 1. TensorFlow.js has no such
 * layer.
 */
export const groupNormalization: OwnLayer<{
  readonly groups: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
}> = {
  className: 'LayerlineGroupNormalization',
  outputShape: ([input], { groups }) =>
    input!.at(-1)! % groups === 0
      ? input!
      : {
          problem:
            `groupNormalization cannot divide the ${input!.at(-1)} channels ` +
            `of ${formatShape(input!)} into ${groups} groups`,
          hint: 'Use a number of groups that divides the channels.',
        },
  weights: ([input], { center, scale }) => ({
    ...(scale ? { gamma: [input!.at(-1)!] } : {}),
    ...(center ? { beta: [input!.at(-1)!] } : {}),
  }),
  mask: ({ masks: [mask] }) => mask!,
  compute: ({ tf, inputs, weights, options }) => {
    const input = inputs[0]!;
    const channels = input.shape.at(-1)!;
    const grouped = tf.reshape(input, [input.shape[0]!, -1, options.groups, channels / options.groups]);
    const normalized = tf.reshape(standardize(tf, grouped, [1, 3], options.epsilon), input.shape);
    const scaled = weights['gamma'] === undefined ? normalized : tf.mul(normalized, weights['gamma']);
    return weights['beta'] === undefined ? scaled : tf.add(scaled, weights['beta']);
  },
};

/** The standard values, what scale and shift make of them, and of each slice the inverse of its deviation. */
function normalizedValues(
  input: Shape,
  { scale, center, slices }: { readonly scale: boolean; readonly center: boolean; readonly slices: number },
): number {
  return (1 + Number(scale || center)) * sizeOf(input) + slices;
}

/** What a LayerNormalization holds once built. */
interface LayerNormalization {
  /** In ascending order, the batch counted. */
  readonly axis: number[];
  readonly epsilon: number;
  readonly gamma: { read(): Tensor } | null;
  readonly beta: { read(): Tensor } | null;
}

function normalizeLayer(tf: Tf, input: Tensor, { axis, epsilon: small, gamma, beta }: LayerNormalization): Tensor {
  const normalized = standardize(tf, input, axis, small);
  const weightShape = input.shape.map((size, index) => (axis.includes(index) ? size : 1));
  const scaled = gamma === null ? normalized : tf.mul(normalized, tf.reshape(gamma.read(), weightShape));
  return beta === null ? scaled : tf.add(scaled, tf.reshape(beta.read(), weightShape));
}

/** Normalization layers. */
export const normalizationLayers: Record<'batchNormalization' | 'layerNormalization' | 'groupNormalization', LayerRow> =
  {
    batchNormalization: defineLayer({
      doc:
        'Brings each channel to mean 0 and variance 1 over the batch, ' +
        'then scales and shifts it (Ioffe and Szegedy 2015). Outside training it uses moving averages.',
      example: 'batchNormalization: { momentum: 0.99 }',
      options: Type.Object({
        axis: wholeNumber({
          description:
            'The axis of the channels. Axes count from 1, the batch not among them, or from the last one as -1.',
          default: -1,
          not: { const: 0 },
        }),
        momentum: realNumber({
          description: 'Weight of the past in the moving averages.',
          default: 0.99,
          minimum: 0,
          maximum: 1,
        }),
        ...scaling(1),
        movingMeanInitializer: weightOptions('movingMean', 'moving mean', 'zeros').movingMeanInitializer,
        movingVarianceInitializer: weightOptions('movingVariance', 'moving variance', 'ones').movingVarianceInitializer,
      }),
      aliases: { batchnorm: {} },
      mixesSamples: () => true,
      outputShape: (input, { axis }) =>
        sampleAxis(axis, input) === undefined ? noAxis('batchNormalization', axis, input) : input,
      parameters: (input, { axis, center, scale }) => {
        const channels = input[sampleAxis(axis, input)!]!;
        return { trainable: channels * (Number(center) + Number(scale)), nonTrainable: 2 * channels };
      },
      flops: (_, output) => 4 * sizeOf(output),
      // Another axis than the last is brought there and back.
      activations: (input, output, { axis }) => sizeOf(output) * (sampleAxis(axis, input) === input.length - 1 ? 1 : 2),
      mask: keepsMask,
      build: (options, { tf, name, weights }) => {
        const layer = tf.layers.batchNormalization({
          ...options,
          ...weights(options, 'beta', 'gamma', 'movingMean', 'movingVariance'),
          name,
        });
        const call = layer.call.bind(layer);
        layer.call = (inputs, { mask, ...kwargs }) =>
          tf.tidy(() =>
            call(
              inputs,
              mask == null
                ? kwargs
                : { ...kwargs, there: tf.mul(presenceIn(tf, mask, single(inputs)), tf.ones(single(inputs).shape)) },
            ),
          );
        return layer;
      },
      onnx: ({ axis, ...options }, layer) => batchNormalization(sampleAxis(axis, layer.input.shape)!, options, layer),
    }),
    layerNormalization: defineLayer({
      doc: 'Brings each sample to mean 0 and variance 1 along the axes, then scales and shifts it (Ba et al. 2016).',
      example: 'layerNormalization: { axis: -1 }',
      options: Type.Object({
        axis: Type.Union(
          [wholeNumber({ not: { const: 0 } }), Type.Array(wholeNumber({ not: { const: 0 } }), { minItems: 1 })],
          {
            description:
              'The axis, or several. Axes count from 1, the batch not among them, or from the last one as -1.',
            default: -1,
          },
        ),
        ...scaling(),
      }),
      aliases: { layernorm: {} },
      outputShape: (input, { axis, betaConstraint, gammaConstraint }) => {
        const axes = axesOf('layerNormalization', axis, input);
        if (isMisfit(axes)) return axes;
        const rank = axes.length;
        return (
          constraintMisfit(betaConstraint, { name: 'beta', rank }) ??
          constraintMisfit(gammaConstraint, { name: 'gamma', rank }) ??
          input
        );
      },
      parameters: (input, { axis, center, scale }) =>
        trained(
          sizeOf((axesOf('layerNormalization', axis, input) as readonly number[]).map((place) => input[place]!)) *
            (Number(center) + Number(scale)),
        ),
      flops: (_, output) => 8 * sizeOf(output),
      activations: (input, _, { axis, scale, center }) =>
        normalizedValues(input, {
          scale,
          center,
          slices: sizeOf(
            input.filter(
              (__, place) => !(axesOf('layerNormalization', axis, input) as readonly number[]).includes(place),
            ),
          ),
        }),
      mask: keepsMask,
      build: (options, { tf, name, weights }) => {
        const given = weights(options, 'beta', 'gamma');
        const layer = withPrivateFields<LayerNormalization>(
          tf.layers.layerNormalization({ ...options, ...given, name }),
          'axis',
          'epsilon',
        );
        const build = layer.build.bind(layer);
        layer.build = (shape) => {
          const axes = axesOf('layerNormalization', options.axis, (shape as number[]).slice(1));
          if (isMisfit(axes)) throw new Error(axes.problem);
          Object.assign(layer, { axis: axes.map((place) => place + 1) });
          build(shape);
          // The stock layer forgets the constraints.
          const { beta, gamma } = layer;
          if (beta !== null) Object.assign(beta, { constraint: given.betaConstraint });
          if (gamma !== null) Object.assign(gamma, { constraint: given.gammaConstraint });
        };
        // The stock call spreads mean and variance over the whole input first, and takes four axes at most.
        layer.call = (inputs) => tf.tidy(() => normalizeLayer(tf, single(inputs), layer));
        return layer;
      },
      onnx: ({ axis, ...options }, layer) =>
        layerNormalization(axesOf('layerNormalization', axis, layer.input.shape) as readonly number[], options, layer),
    }),
    groupNormalization: defineLayer({
      doc:
        'Brings each group of channels of each sample to mean 0 and variance 1, ' +
        'then scales and shifts it (Wu and He 2018); for small batches.',
      example: 'groupNormalization: { groups: 8 }',
      options: Type.Object({
        groups: wholeNumber({ description: 'Number of groups; it divides the channels.', default: 32, minimum: 1 }),
        ...scaling(1),
      }),
      text: {
        usage: 'groupNormalization GROUPS',
        word: (word, position) => (position === 0 && /^\d+$/.test(word) ? { groups: Number(word) } : undefined),
      },
      outputShape: (input, options) => groupNormalization.outputShape([input], options),
      parameters: (input, { center, scale }) => trained(input.at(-1)! * (Number(center) + Number(scale))),
      flops: (_, output) => 8 * sizeOf(output),
      activations: (input, _, { groups, scale, center }) => normalizedValues(input, { scale, center, slices: groups }),
      mask: keepsMask,
      build: ({ groups, epsilon: small, center, scale, ...options }, context) => {
        const given = context.weights(options, 'beta', 'gamma');
        const beginning = (name: 'beta' | 'gamma') => ({
          initializer: given[`${name}Initializer`],
          regularizer: given[`${name}Regularizer`],
          constraint: given[`${name}Constraint`],
        });
        return buildOwnLayer(
          groupNormalization,
          context,
          { groups, epsilon: small, center, scale },
          { weights: { beta: beginning('beta'), gamma: beginning('gamma') } },
        );
      },
      onnx: normalizeGroups,
    }),
  };
