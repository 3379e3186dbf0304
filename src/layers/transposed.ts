import type * as TensorFlow from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { sizeOf } from '../base/tensor-shape.ts';
import type { Tf } from '../engine/tensorflow.ts';
import { kernelOptions, kernelWord } from './convolution.ts';
import { type LayerRow, defineLayer, trained, wrongRank } from './layer.ts';
import { transposedConvolution } from './onnx/onnx-windows.ts';
import {
  type Rank,
  activatedValues,
  activationWord,
  anyOf,
  biasWord,
  kernelWords,
  paddingOption,
  paddingWord,
  spread,
  weightWord,
} from './options.ts';
import { ofActivation } from './values.ts';
import { inputForms, reached } from './window.ts';

type TransposedName = 'conv2dTranspose' | 'conv3dTranspose';

function defineTransposed(
  name: TransposedName,
  rank: Rank,
  about: { doc: string; sizes: string; kernel: string },
): LayerRow {
  return defineLayer({
    doc: about.doc,
    example: `${name}: { filters: 16, kernelSize: 3, strides: 2, padding: same }`,
    options: Type.Object({ ...kernelOptions(rank, about.kernel), padding: paddingOption }),
    text: {
      usage: `${name} ${about.sizes}xFILTERS[/STRIDE] [same] ${kernelWords}`,
      word: anyOf(kernelWord(rank), paddingWord, biasWord, activationWord, weightWord),
    },
    // TensorFlow.js' deconvLength: n * stride with `same`; max(size - stride, 0) more with `valid`.
    outputShape: (input, { kernelSize, strides, padding, filters }) => {
      if (input.length !== rank + 1) return wrongRank(name, inputForms[rank], input);
      const steps = spread(strides, rank);
      return [
        ...spread(kernelSize, rank).map(
          (size, axis) => input[axis]! * steps[axis]! + (padding === 'valid' ? Math.max(size - steps[axis]!, 0) : 0),
        ),
        filters,
      ];
    },
    parameters: (input, { kernelSize, filters, useBias }) =>
      trained((sizeOf(spread(kernelSize, rank)) * input[rank]! + Number(useBias)) * filters),
    flops: (input, output, { kernelSize, filters, useBias }) =>
      2 * sizeOf(input) * sizeOf(spread(kernelSize, rank)) * filters + (useBias ? sizeOf(output) : 0),
    activations: activatedValues,
    build: (options, { tf, name: layerName, weights }) => {
      const layer = (tf.layers[name] as (args: unknown) => TensorFlow.layers.Layer)({
        ...options,
        ...weights(options, 'kernel', 'bias'),
        name: layerName,
      });
      if (rank === 3) makeTrainable(tf, layer as TransposedVolumes);
      return layer;
    },
    values: ofActivation,
    onnx: transposedConvolution(rank),
  });
}

/** What a Conv3DTranspose holds, protected by its class. */
interface TransposedVolumes extends TensorFlow.layers.Layer {
  readonly kernel: { read(): TensorFlow.Tensor5D };
  readonly bias: { read(): TensorFlow.Tensor1D } | null;
  readonly strides: [number, number, number];
  readonly padding: 'same' | 'valid';
  readonly activation: { apply(x: TensorFlow.Tensor): TensorFlow.Tensor };
}

/**
 * TensorFlow.js knows no gradient of a transposed convolution of volumes. It is the gradient of a convolution by its
 * input; of that in turn, the gradient by what came back is the convolution itself, and by the kernel the one of the
 * convolution with the two changing places.
 */
function makeTrainable(tf: Tf, layer: TransposedVolumes): void {
  layer.call = (inputs) =>
    tf.tidy(() => {
      const input = (Array.isArray(inputs) ? inputs[0]! : inputs) as TensorFlow.Tensor5D;
      const { strides, padding } = layer;
      const outputShape = [input.shape[0], ...(layer.computeOutputShape([...input.shape]) as number[]).slice(1)] as [
        number,
        number,
        number,
        number,
        number,
      ];
      const transposed = tf.customGrad((x, kernel, save) => {
        (save as (tensors: TensorFlow.Tensor[]) => void)([x as TensorFlow.Tensor, kernel as TensorFlow.Tensor]);
        return {
          value: tf.conv3dTranspose(
            x as TensorFlow.Tensor5D,
            kernel as TensorFlow.Tensor5D,
            outputShape,
            strides,
            padding,
          ),
          gradFunc: (dy: TensorFlow.Tensor, saved: TensorFlow.Tensor[]) => {
            const [savedX, savedKernel] = saved as TensorFlow.Tensor5D[];
            const filterShape = savedKernel!.shape;
            const window = { size: filterShape.slice(0, 3), strides, padding };
            const came = reached(tf, dy, window) as TensorFlow.Tensor5D;
            const byKernel = tf
              .engine()
              .runKernel('Conv3DBackpropFilterV2', { x: came, dy: savedX! }, { strides, pad: padding, filterShape });
            return [tf.conv3d(came, savedKernel!, strides, padding), byKernel as TensorFlow.Tensor];
          },
        };
      });
      const output = transposed(input, layer.kernel.read());
      const biased = layer.bias === null ? output : tf.add(output, layer.bias.read());
      return layer.activation.apply(biased);
    });
}

/** Transposed convolutions. */
export const transposedLayers: Record<TransposedName, LayerRow> = {
  conv2dTranspose: defineTransposed('conv2dTranspose', 2, {
    doc:
      'Transposed convolution of images: each value spreads over a window of the output, ' +
      'which strides make larger than the input.',
    sizes: 'HEIGHTxWIDTH',
    kernel: '[height, width, filters, channels]',
  }),
  conv3dTranspose: defineTransposed('conv3dTranspose', 3, {
    doc:
      'Transposed convolution of volumes: each value spreads over a window of the output, ' +
      'which strides make larger than the input.',
    sizes: 'DEPTHxHEIGHTxWIDTH',
    kernel: '[depth, height, width, filters, channels]',
  }),
};
