import { Type } from 'typebox';
import { sizeOf } from '../base/tensor-shape.ts';
import { wholeNumber } from '../base/numbers.ts';
import { isMisfit } from '../base/row.ts';
import { type LayerRow, defineLayer, trained } from './layer.ts';
import { convolution } from './onnx/onnx-windows.ts';
import {
  type Rank,
  type WordReader,
  activatedValues,
  activationOption,
  activationWord,
  anyOf,
  biasWord,
  joined,
  kernelWords,
  paddingOption,
  paddingWord,
  readSizes,
  requiredSizes,
  sizesOption,
  spread,
  useBiasOption,
  weightOptions,
  weightWord,
} from './options.ts';
import { ofActivation } from './values.ts';
import { beginAtFirst, reachedValues, slideWindow } from './window.ts';

/** `3x3x32` or `3x3x32/2`: the kernel's size, filters and, after the slash, the stride. */
export const kernelWord =
  (rank: Rank): WordReader =>
  (word) => {
    const read = readSizes(word, rank + 1);
    return (
      read && {
        filters: read.sizes.at(-1),
        kernelSize: joined(read.sizes.slice(0, rank)),
        ...(read.stride === undefined ? {} : { strides: read.stride }),
      }
    );
  };

/** Options that all convolutions with one kernel have. */
export const kernelOptions = (rank: Rank, kernel: string) => ({
  filters: wholeNumber({ description: 'Number of output channels.', minimum: 1 }),
  kernelSize: requiredSizes(rank, 'Size of the kernel'),
  strides: sizesOption(rank, 'Step of the kernel', 1),
  activation: activationOption('result', 'linear'),
  useBias: useBiasOption,
  ...weightOptions('kernel', `kernel ${kernel}`, 'glorotNormal', rank + 2),
  ...weightOptions('bias', 'bias [filters]', 'zeros', 1),
});

function defineConvolution(
  name: 'conv1d' | 'conv2d' | 'conv3d',
  rank: Rank,
  about: { doc: string; sizes: string; kernel: string; aliases?: Record<string, object> },
): LayerRow {
  return defineLayer({
    doc: about.doc,
    example: `${name}: { filters: 32, kernelSize: 3, padding: same, activation: relu }`,
    options: Type.Object({ ...kernelOptions(rank, about.kernel), padding: paddingOption }),
    ...(about.aliases === undefined ? {} : { aliases: about.aliases }),
    text: {
      usage: `${Object.keys(about.aliases ?? {})[0] ?? name} ${about.sizes}xFILTERS[/STRIDE] [same] ${kernelWords}`,
      word: anyOf(kernelWord(rank), paddingWord, biasWord, activationWord, weightWord),
    },
    outputShape: (input, { kernelSize, strides, padding, filters }) => {
      const places = slideWindow(name, rank, input, { size: kernelSize, strides, padding });
      return isMisfit(places) ? places : [...places, filters];
    },
    parameters: (input, { kernelSize, filters, useBias }) =>
      trained((sizeOf(spread(kernelSize, rank)) * input[rank]! + Number(useBias)) * filters),
    flops: (input, output, { kernelSize, useBias }) =>
      sizeOf(output) * (2 * sizeOf(spread(kernelSize, rank)) * input[rank]! + Number(useBias)),
    activations: (input, output, options) =>
      activatedValues(input, output, options) +
      (rank < 3 ? 0 : reachedValues(input, { size: options.kernelSize, ...options })),
    build: (options, { tf, name: layerName, weights }) => {
      const given = { ...options, ...weights(options, 'kernel', 'bias'), name: layerName };
      const layer = tf.layers[name](given);
      const { kernelSize, strides, padding } = options;
      return rank < 3 ? layer : beginAtFirst(tf, layer, { size: kernelSize, strides, padding });
    },
    values: ofActivation,
    onnx: convolution(rank),
  });
}

/** Convolution layers. */
export const convolutionLayers: Record<'conv1d' | 'conv2d' | 'conv3d', LayerRow> = {
  conv1d: defineConvolution('conv1d', 1, {
    doc: 'Convolution along the steps of sequences [steps, channels].',
    sizes: 'STEPS',
    kernel: '[steps, channels, filters]',
  }),
  conv2d: defineConvolution('conv2d', 2, {
    doc: 'Convolution over height and width of images [height, width, channels].',
    sizes: 'HEIGHTxWIDTH',
    kernel: '[height, width, channels, filters]',
    aliases: { conv: {} },
  }),
  conv3d: defineConvolution('conv3d', 3, {
    doc: 'Convolution over volumes or films [depth, height, width, channels].',
    sizes: 'DEPTHxHEIGHTxWIDTH',
    kernel: '[depth, height, width, channels, filters]',
  }),
};
