import type { Tensor, layers } from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { type Shape, formatShape, sizeOf } from '../base/tensor-shape.ts';
import { realNumber, wholeNumber } from '../base/numbers.ts';
import type { BuildContext } from './build-context.ts';
import { type LayerRow, defineLayer, wrongRank } from './layer.ts';
import { unchangedInput } from './onnx/onnx-layer.ts';
import { keepsMask } from './padding-masks.ts';
import { numberWord } from './options.ts';
import { disturbed } from './values.ts';
import { single } from './without-gradient.ts';
import { inputForms } from './window.ts';

const rate = realNumber({ description: 'Share of the values that are dropped.', minimum: 0, exclusiveMaximum: 1 });
const seeded = 'Seeded: the noise of a run is the same each time, and another one at each step.';

const noiseShape = Type.Unsafe<(number | null)[] | null>(
  Type.Union([Type.Array(Type.Union([wholeNumber({ minimum: 1 }), Type.Null()]), { minItems: 2 }), Type.Null()], {
    description:
      'Shape of the mask, the batch first: 1 shares the mask along an axis, null takes the size of the input. ' +
      'null instead of a list masks each value by itself.',
    default: null,
  }),
);

/**
 * In training, another call; else the input as it is. TensorFlow.js draws in JavaScript, with one seed for every step
 * (the same noise again and again) or with none.
 */
function inTraining(layer: layers.Layer, { tf }: BuildContext, disturb: (input: Tensor) => Tensor): layers.Layer {
  layer.call = (inputs, { training }) => (training ? tf.tidy(() => disturb(single(inputs))) : single(inputs));
  return layer;
}

/** A mask of 0 and 1, with the share `dropped` of zeros. @param shared one for all samples */
export function keepMask(
  { tf, uniform }: Pick<BuildContext, 'tf' | 'uniform'>,
  shape: readonly number[],
  dropped: number,
  purpose: string,
  shared = false,
): Tensor {
  return tf.cast(tf.greaterEqual(uniform(shape, purpose, shared), dropped), 'float32');
}

function dropout(context: BuildContext, dropped: number, mask: readonly (number | null)[] | null): layers.Layer {
  const { tf, name } = context;
  const layer = tf.layers.dropout({ name, rate: dropped, ...(mask === null ? {} : { noiseShape: mask as number[] }) });
  if (dropped === 0 && mask === null) return layer;
  return inTraining(layer, context, (input) =>
    tf.mul(
      input,
      tf.div(keepMask(context, maskShape(input.shape, mask), dropped, 'mask', mask?.[0] === 1), 1 - dropped),
    ),
  );
}

function maskShape(input: readonly number[], mask: readonly (number | null)[] | null): number[] {
  if (mask === null) return [...input];
  const misfit = maskMisfit('this layer', input.slice(1), mask);
  if (misfit !== undefined) throw new Error(misfit.problem);
  return mask.map((size, axis) => size ?? input[axis]!);
}

function maskMisfit(layer: string, input: Shape, mask: readonly (number | null)[] | null) {
  if (
    mask === null ||
    (mask.length === input.length + 1 &&
      mask.every((size, axis) => size === null || size === 1 || (axis > 0 && size === input[axis - 1])))
  )
    return undefined;
  return {
    problem: `${layer} cannot lay a mask of [${mask.map(String).join(', ')}] over an input of ${formatShape(input)}`,
    hint: 'Write the batch first, then each axis: 1, null or its size.',
  };
}

/** The output and the mask; neither where nothing is dropped. One mask for the whole batch is none for a sample. */
function maskedValues(
  input: Shape,
  {
    rate: dropped,
    noiseShape: mask,
  }: { readonly rate: number; readonly noiseShape: readonly (number | null)[] | null },
): number {
  if (mask === null) return dropped === 0 ? 0 : 2 * sizeOf(input);
  return sizeOf(input) + (mask[0] === 1 ? 0 : sizeOf(mask.slice(1).map((size, axis) => size ?? input[axis]!)));
}

/** Layers that disturb values in training, against overfitting. */
export const noiseLayers: Record<
  'dropout' | 'spatialDropout1d' | 'spatialDropout2d' | 'gaussianNoise' | 'gaussianDropout' | 'alphaDropout',
  LayerRow
> = {
  dropout: defineLayer({
    doc:
      'In training, sets a random share of the values to 0 and scales the others up by as much ' +
      `(Srivastava et al. 2014). ${seeded}`,
    example: 'dropout: { rate: 0.5 }',
    options: Type.Object({ rate, noiseShape }),
    text: { usage: 'dropout RATE', word: numberWord('rate') },
    outputShape: (input, { noiseShape: mask }) => maskMisfit('dropout', input, mask) ?? input,
    activations: (input, _, options) => maskedValues(input, options),
    mask: keepsMask,
    values: disturbed,
    onnx: unchangedInput,
    build: (options, context) => dropout(context, options.rate, options.noiseShape),
  }),
  spatialDropout1d: defineLayer({
    doc:
      'In training, sets a random share of the channels of a sequence ' +
      `to 0 over all steps (Tompson et al. 2015). ${seeded}`,
    example: 'spatialDropout1d: { rate: 0.2 }',
    options: Type.Object({ rate }),
    text: { usage: 'spatialDropout1d RATE', word: numberWord('rate') },
    outputShape: (input) => (input.length === 2 ? input : wrongRank('spatialDropout1d', inputForms[1], input)),
    activations: (input, _, options) =>
      options.rate === 0 ? 0 : maskedValues(input, { ...options, noiseShape: [null, 1, null] }),
    mask: keepsMask,
    values: disturbed,
    onnx: unchangedInput,
    build: (options, context) => {
      const layer = context.tf.layers.spatialDropout1d({ name: context.name, rate: options.rate });
      if (options.rate === 0) return layer;
      return inTraining(layer, context, (input) =>
        context.tf.mul(
          input,
          context.tf.div(
            keepMask(context, maskShape(input.shape, [null, 1, null]), options.rate, 'mask'),
            1 - options.rate,
          ),
        ),
      );
    },
  }),
  spatialDropout2d: defineLayer({
    doc:
      'In training, sets a random share of the channels of an image ' +
      `to 0 over all places (Tompson et al. 2015). ${seeded}`,
    example: 'spatialDropout2d: { rate: 0.2 }',
    options: Type.Object({ rate }),
    aliases: { spatialDropout2D: {} },
    text: { usage: 'spatialDropout2d RATE', word: numberWord('rate') },
    outputShape: (input) => (input.length === 3 ? input : wrongRank('spatialDropout2d', inputForms[2], input)),
    activations: (input, _, options) => maskedValues(input, { ...options, noiseShape: [null, 1, 1, null] }),
    mask: keepsMask,
    values: disturbed,
    onnx: unchangedInput,
    build: (options, context) => {
      const layer = dropout(context, options.rate, [null, 1, 1, null]);
      Object.assign(layer, { inputSpec: [{ ndim: 4 }] });
      return layer;
    },
  }),
  gaussianNoise: defineLayer({
    doc: `In training, adds normal noise with mean 0. ${seeded}`,
    example: 'gaussianNoise: { stddev: 0.1 }',
    options: Type.Object({ stddev: realNumber({ description: 'Standard deviation of the noise.', minimum: 0 }) }),
    text: { usage: 'gaussianNoise STDDEV', word: numberWord('stddev') },
    outputShape: (input) => input,
    flops: (_, output) => 10 * sizeOf(output),
    mask: keepsMask,
    values: disturbed,
    onnx: unchangedInput,
    build: ({ stddev }, context) => {
      const { tf, name, normal } = context;
      return inTraining(tf.layers.gaussianNoise({ name, stddev }), context, (input) =>
        tf.add(input, tf.mul(normal(input.shape, 'noise'), stddev)),
      );
    },
  }),
  gaussianDropout: defineLayer({
    doc:
      'In training, multiplies by normal noise with mean 1 ' +
      `and variance rate / (1 - rate) (Srivastava et al. 2014). ${seeded}`,
    example: 'gaussianDropout: { rate: 0.5 }',
    options: Type.Object({
      rate: realNumber({
        description: 'The noise is as strong as that of dropout with this rate.',
        minimum: 0,
        exclusiveMaximum: 1,
      }),
    }),
    text: { usage: 'gaussianDropout RATE', word: numberWord('rate') },
    outputShape: (input) => input,
    flops: (_, output) => 10 * sizeOf(output),
    activations: (_, output) => 2 * sizeOf(output),
    mask: keepsMask,
    values: disturbed,
    onnx: unchangedInput,
    build: (options, context) => {
      const { tf, name, normal } = context;
      const stddev = Math.sqrt(options.rate / (1 - options.rate));
      return inTraining(tf.layers.gaussianDropout({ name, rate: options.rate }), context, (input) =>
        tf.mul(input, tf.add(1, tf.mul(normal(input.shape, 'noise'), stddev))),
      );
    },
  }),
  alphaDropout: defineLayer({
    doc:
      'In training, sets a random share of the values to what selu tends to, ' +
      `and keeps mean and variance (Klambauer et al. 2017); for nets of selu. ${seeded}`,
    example: 'alphaDropout: { rate: 0.1 }',
    options: Type.Object({ rate, noiseShape }),
    text: { usage: 'alphaDropout RATE', word: numberWord('rate') },
    outputShape: (input, { noiseShape: mask }) => maskMisfit('alphaDropout', input, mask) ?? input,
    flops: (_, output) => 4 * sizeOf(output),
    activations: (input, _, options) => maskedValues(input, options),
    mask: keepsMask,
    values: disturbed,
    onnx: unchangedInput,
    build: (options, context) => {
      const { tf, name } = context;
      const layer = tf.layers.alphaDropout({ name, rate: options.rate });
      if (options.rate === 0 && options.noiseShape === null) return layer;
      // selu's lower limit: -alpha * scale.
      const limit = -1.6732632423543772 * 1.0507009873554805;
      const a = ((1 - options.rate) * (1 + options.rate * limit ** 2)) ** -0.5;
      return inTraining(layer, context, (input) => {
        const kept = keepMask(
          context,
          maskShape(input.shape, options.noiseShape),
          options.rate,
          'mask',
          options.noiseShape?.[0] === 1,
        );
        const dropped = tf.add(tf.mul(input, kept), tf.mul(tf.sub(1, kept), limit));
        return tf.add(tf.mul(dropped, a), -a * limit * options.rate);
      });
    },
  }),
};
