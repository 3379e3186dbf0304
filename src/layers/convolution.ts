import { Type } from 'typebox';
import { isMisfit } from '../base/row.ts';
import { type LayerRow, defineLayer, sizeOf } from './layer.ts';
import {
  type WordReader, activationOption, activationWord, anyOf, biasWord, both, initializerOption, initializerWord, paddingOption, paddingWord, pairOption, requiredPair, useBiasOption,
} from './options.ts';
import { slideWindow } from './window.ts';

/** `3x3x32` or `3x3x32/2`: kernel height, width, filters and, after the slash, the stride. */
const kernelWord: WordReader = (word) => {
  const match = /^(\d+)x(\d+)x(\d+)(?:\/(\d+))?$/.exec(word);
  if (match === null) return undefined;
  const [, height, width, filters, stride] = match.map(Number);
  return { filters, kernelSize: height === width ? height : [height, width], ...(match[4] === undefined ? {} : { strides: stride }) };
};

/** Convolution layers. */
export const convolutionLayers: Record<'conv2d', LayerRow> = {
  conv2d: defineLayer({
    doc: 'Convolution over height and width of images [height, width, channels].',
    example: 'conv2d: { filters: 32, kernelSize: 3, padding: same, activation: relu }',
    options: Type.Object({
      filters: Type.Integer({ description: 'Number of output channels.', minimum: 1 }),
      kernelSize: requiredPair('Height and width of the kernel'),
      strides: pairOption('Step of the kernel', 1),
      padding: paddingOption,
      activation: activationOption,
      useBias: useBiasOption,
      kernelInitializer: initializerOption('kernel [height, width, channels, filters]', 'glorotNormal'),
      biasInitializer: initializerOption('bias [filters]', 'zeros'),
    }),
    aliases: { conv: {} },
    text: {
      usage: 'conv HEIGHTxWIDTHxFILTERS[/STRIDE] [same] [nobias] [ACTIVATION] [INITIALIZER] [bias=INITIALIZER]',
      word: anyOf(kernelWord, paddingWord, biasWord, activationWord, initializerWord),
    },
    outputShape: (input, { kernelSize, strides, padding, filters }) => {
      const area = slideWindow('conv2d', input, { size: kernelSize, strides, padding });
      return isMisfit(area) ? area : [...area, filters];
    },
    parameters: (input, { kernelSize, filters, useBias }) => ({ trainable: (sizeOf(both(kernelSize)) * input[2]! + (useBias ? 1 : 0)) * filters, nonTrainable: 0 }),
    flops: (input, output, { kernelSize, useBias }) => sizeOf(output) * (2 * sizeOf(both(kernelSize)) * input[2]! + (useBias ? 1 : 0)),
    build: ({ kernelInitializer, biasInitializer, ...options }, { tf, name, initializer }) =>
      tf.layers.conv2d({ ...options, name, kernelInitializer: initializer(kernelInitializer, 'kernel'), biasInitializer: initializer(biasInitializer, 'bias') }),
    probabilities: ({ activation }) => activation === 'softmax',
  }),
};
