import type { layers, serialization } from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { sizeOf } from '../base/tensor-shape.ts';
import { wholeNumber } from '../base/numbers.ts';
import { isMisfit } from '../base/row.ts';
import { kernelWord } from './convolution.ts';
import { type LayerRow, defineLayer, trained } from './layer.ts';
import type { Constraint } from './weights/constraints.ts';
import { depthwiseConvolution, separableConvolution } from './onnx/onnx-windows.ts';
import {
  type WordReader,
  activatedValues,
  activationOption,
  activationWord,
  anyOf,
  biasWord,
  joined,
  paddingOption,
  paddingWord,
  readSizes,
  requiredSizes,
  spread,
  useBiasOption,
  weightOptions,
} from './options.ts';
import { ofActivation } from './values.ts';
import { slideWindow } from './window.ts';

const options = {
  kernelSize: requiredSizes(2, 'Size of the kernel'),
  strides: wholeNumber({
    description: 'Step of the kernel, along height and width alike: TensorFlow computes no other here.',
    default: 1,
    minimum: 1,
  }),
  padding: paddingOption,
  depthMultiplier: wholeNumber({ description: 'Channels that each input channel becomes.', default: 1, minimum: 1 }),
  activation: activationOption('result', 'linear'),
  useBias: useBiasOption,
};

const depthwiseWord: WordReader = (word) => {
  const read = readSizes(word, 2);
  return read && { kernelSize: joined(read.sizes), ...(read.stride === undefined ? {} : { strides: read.stride }) };
};

/** Convolutions that take each channel by itself. */
export const separableLayers: Record<'depthwiseConv2d' | 'separableConv2d', LayerRow> = {
  depthwiseConv2d: defineLayer({
    doc: 'Convolution of images with a kernel of its own for each channel; channels do not mix.',
    example: 'depthwiseConv2d: { kernelSize: 3, padding: same }',
    options: Type.Object({
      ...options,
      ...weightOptions('depthwise', 'kernel [height, width, channels, depthMultiplier]', 'glorotNormal', 4),
      ...weightOptions('bias', 'bias [channels * depthMultiplier]', 'zeros', 1),
    }),
    text: {
      usage: 'depthwiseConv2d HEIGHTxWIDTH[/STRIDE] [same] [nobias] [ACTIVATION]',
      word: anyOf(depthwiseWord, paddingWord, biasWord, activationWord),
    },
    outputShape: (input, { kernelSize, strides, padding, depthMultiplier }) => {
      const places = slideWindow('depthwiseConv2d', 2, input, { size: kernelSize, strides, padding });
      return isMisfit(places) ? places : [...places, input[2]! * depthMultiplier];
    },
    parameters: (input, { kernelSize, depthMultiplier, useBias }) =>
      trained((sizeOf(spread(kernelSize, 2)) + Number(useBias)) * input[2]! * depthMultiplier),
    flops: (_, output, { kernelSize, useBias }) =>
      sizeOf(output) * (2 * sizeOf(spread(kernelSize, 2)) + Number(useBias)),
    activations: activatedValues,
    build: ({ kernelSize, ...rest }, { tf, name, weights }) => {
      const given = weights(rest, 'depthwise', 'bias');
      const layer = tf.layers.depthwiseConv2d({
        ...rest,
        ...given,
        kernelSize: spread(kernelSize, 2) as [number, number],
        name,
      });
      // TensorFlow.js writes the regularizer here, which it takes for a constraint when it loads the layer.
      return writing(layer, { depthwiseConstraint: serialized(given.depthwiseConstraint) });
    },
    values: ofActivation,
    onnx: depthwiseConvolution,
  }),
  separableConv2d: defineLayer({
    doc: 'Depthwise convolution of images, followed by a 1x1 convolution that mixes the channels (Chollet 2017).',
    example: 'separableConv2d: { filters: 32, kernelSize: 3, padding: same }',
    options: Type.Object({
      filters: wholeNumber({ description: 'Number of output channels.', minimum: 1 }),
      ...options,
      ...weightOptions('depthwise', 'depthwise kernel [height, width, channels, depthMultiplier]', 'glorotUniform', 4),
      ...weightOptions('pointwise', 'pointwise kernel [1, 1, channels * depthMultiplier, filters]', 'glorotUniform', 4),
      ...weightOptions('bias', 'bias [filters]', 'zeros', 1),
    }),
    text: {
      usage: 'separableConv2d HEIGHTxWIDTHxFILTERS[/STRIDE] [same] [nobias] [ACTIVATION]',
      word: anyOf(kernelWord(2), paddingWord, biasWord, activationWord),
    },
    outputShape: (input, { kernelSize, strides, padding, filters }) => {
      const places = slideWindow('separableConv2d', 2, input, { size: kernelSize, strides, padding });
      return isMisfit(places) ? places : [...places, filters];
    },
    parameters: (input, { kernelSize, depthMultiplier, filters, useBias }) =>
      trained(input[2]! * depthMultiplier * (sizeOf(spread(kernelSize, 2)) + filters) + (useBias ? filters : 0)),
    flops: (input, output, { kernelSize, depthMultiplier, filters, useBias }) =>
      (sizeOf(output) / filters) * 2 * input[2]! * depthMultiplier * (sizeOf(spread(kernelSize, 2)) + filters) +
      (useBias ? sizeOf(output) : 0),
    // What stands between the two convolutions, too.
    activations: (input, output, options) =>
      sizeOf(output.slice(0, 2)) * input[2]! * options.depthMultiplier + activatedValues(input, output, options),
    build: ({ kernelSize, ...rest }, { tf, name, weights }) => {
      const given = weights(rest, 'depthwise', 'pointwise', 'bias');
      const layer = tf.layers.separableConv2d({
        ...rest,
        ...given,
        kernelSize: spread(kernelSize, 2) as [number, number],
        name,
      });
      // TensorFlow.js takes the depthwise initializer for both kernels.
      Object.assign(layer, { pointwiseInitializer: given.pointwiseInitializer });
      // Which it forgets to write.
      return writing(layer, { depthMultiplier: rest.depthMultiplier });
    },
    values: ofActivation,
    onnx: separableConvolution,
  }),
};

/** A layer whose configuration says this too. */
function writing(layer: layers.Layer, more: serialization.ConfigDict): layers.Layer {
  const config = layer.getConfig.bind(layer);
  layer.getConfig = () => ({ ...config(), ...more });
  return layer;
}

/** As TensorFlow.js writes a part of a layer. */
function serialized(part: Constraint | null): serialization.ConfigDict | null {
  return part && { className: part.getClassName(), config: part.getConfig() };
}
