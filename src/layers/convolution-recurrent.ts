import type * as TensorFlow from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { isMisfit } from '../base/row.ts';
import { type Cell, dropoutOptions, forgetBiasOption, gateActivation } from './cells.ts';
import { type LayerRow, type Shape, defineLayer, sizeOf, trained, wrongRank } from './layer.ts';
import { type Sizes, activationOption, anyOf, paddingOption, paddingWord, requiredSizes, sizesOption, spread, useBiasOption, weightOptions } from './options.ts';
import { kernelWord } from './convolution.ts';
import { sequenceOptions, sequenceWord, settle } from './recurrent.ts';
import { slideWindow } from './window.ts';

const kernelSizes = (input: Shape, kernelSize: Sizes, filters: number) => {
  const window = sizeOf(spread(kernelSize, 2));
  return { input: 4 * filters * window * input[3]!, recurrent: 4 * filters * window * filters };
};

/** Recurrent layers whose cells convolve. */
export const convolutionRecurrentLayers: Record<'convLstm2d', LayerRow> = {
  convLstm2d: defineLayer({
    doc: 'Long short-term memory over films [steps, height, width, channels], with convolutions in place of products (Shi et al. 2015).',
    example: 'convLstm2d: { filters: 8, kernelSize: 3, padding: same }',
    options: Type.Object({
      filters: Type.Integer({ description: 'Channels of the state, and of the output.', minimum: 1 }),
      kernelSize: requiredSizes(2, 'Size of both kernels'),
      strides: sizesOption(2, 'Step of the kernel over the input; the recurrent one moves by 1', 1),
      padding: paddingOption,
      activation: activationOption('output', 'tanh'),
      recurrentActivation: gateActivation,
      useBias: useBiasOption,
      unitForgetBias: forgetBiasOption,
      ...weightOptions('kernel', 'kernel [height, width, channels, 4 * filters]', 'glorotNormal'),
      ...weightOptions('recurrent', 'recurrent kernel [height, width, filters, 4 * filters]', 'orthogonal'),
      ...weightOptions('bias', 'bias [4 * filters]', 'zeros'),
      ...dropoutOptions,
      ...sequenceOptions,
    }),
    text: { usage: 'convLstm2d HEIGHTxWIDTHxFILTERS[/STRIDE] [same] [sequences] [backwards]', word: anyOf(kernelWord(2), paddingWord, sequenceWord) },
    outputShape: (input, { kernelSize, strides, padding, filters, returnSequences }) => {
      if (input.length !== 4) return wrongRank('convLstm2d', '[steps, height, width, channels]', input);
      const places = slideWindow('convLstm2d', 2, input.slice(1), { size: kernelSize, strides, padding });
      if (isMisfit(places)) return places;
      return [...(returnSequences ? [input[0]!] : []), ...places, filters];
    },
    parameters: (input, { kernelSize, filters, useBias }) => {
      const kernels = kernelSizes(input, kernelSize, filters);
      return trained(kernels.input + kernels.recurrent + (useBias ? 4 * filters : 0));
    },
    flops: (input, output, { kernelSize, filters }) => {
      const kernels = kernelSizes(input, kernelSize, filters);
      return input[0]! * sizeOf(output.slice(-3, -1)) * (2 * (kernels.input + kernels.recurrent) + 16 * filters);
    },
    build: (options, context) => {
      const { kernelSize, strides, ...rest } = options;
      const args = { ...rest, ...context.weights(rest, 'kernel', 'recurrent', 'bias'), kernelSize: spread(kernelSize, 2), strides: spread(strides, 2), name: context.name };
      const layer = context.tf.layers.convLstm2d(args as never) as TensorFlow.layers.Layer & { readonly cell: Cell };
      return settle(layer, context, [layer.cell]);
    },
  }),
};
