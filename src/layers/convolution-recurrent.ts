import type * as TensorFlow from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { type Shape, sizeOf } from '../base/tensor-shape.ts';
import { wholeNumber } from '../base/numbers.ts';
import { isMisfit } from '../base/row.ts';
import { keptByActivation } from './activations.ts';
import type { BuildContext } from './build-context.ts';
import { type Cell, cells, dropoutOptions, forgetBiasOption, gateActivation } from './cells.ts';
import { type LayerRow, defineLayer, trained, wrongRank } from './layer.ts';
import {
  type Sizes,
  activationOption,
  anyOf,
  paddingOption,
  paddingWord,
  requiredSizes,
  sizesOption,
  spread,
  useBiasOption,
  weightOptions,
} from './options.ts';
import { kernelWord } from './convolution.ts';
import { type ConvolvingCell, type Showing, isLoopOfFrames, loopFrames } from './loop-frames.ts';
import { convolveFrames } from './onnx/onnx-frames.ts';
import { listed, presence } from './padding-masks.ts';
import { keepMask } from './noise.ts';
import { keepsSteps, sequenceOptions, sequenceWord } from './recurrent.ts';
import { slideWindow } from './window.ts';
import { single } from './without-gradient.ts';
import { withPrivateFields } from './with-private-fields.ts';

const kernelSizes = (input: Shape, kernelSize: Sizes, filters: number) => {
  const window = sizeOf(spread(kernelSize, 2));
  return { input: 4 * filters * window * input[3]!, recurrent: 4 * filters * window * filters };
};

/** A layer that runs a cell over films. */
type ConvolvingLayer = TensorFlow.layers.Layer & { readonly cell: MaskedCell };

type MaskedCell = Omit<Cell, 'dropoutFunc' | 'dropoutMask' | 'recurrentDropoutMask'> &
  ConvolvingCell & {
    dropoutFunc?: (ones: TensorFlow.Tensor, rate: number) => TensorFlow.Tensor;
    dropoutMask: TensorFlow.Tensor | TensorFlow.Tensor[] | null;
    recurrentDropoutMask: TensorFlow.Tensor | TensorFlow.Tensor[] | null;
  };

/**
 * Makes the layer's dropout draw from its seed and the training step, and its penalties count: TensorFlow.js draws
 * without seed, keeps the last masks, and forgets the regularizers of cells.
 */
function settle(
  layer: ConvolvingLayer,
  context: BuildContext,
  order: Pick<Showing, 'goBackwards' | 'returnSequences'>,
): ConvolvingLayer {
  const { cell } = layer;
  const { tf } = context;
  // Places are masked by themselves where the output has as many, as in Keras.
  const fit = (mask: TensorFlow.Tensor, film: TensorFlow.Tensor) => {
    const places = (layer.computeOutputShape(film.shape) as number[]).slice(0, -1).slice(-2);
    return presence(tf, mask, film.shape.slice(0, String(mask.shape.slice(2)) === String(places) ? 4 : 2));
  };
  let drawn = 0;
  const draw = (shape: readonly number[], rate: number) =>
    tf.div(keepMask(context, shape, rate, `mask ${drawn++}`), 1 - rate);
  cell.dropoutFunc = (ones, rate) => draw(ones.shape, rate);
  const forget = () => {
    drawn = 0;
    for (const mask of [cell.dropoutMask, cell.recurrentDropoutMask]) if (mask != null) tf.dispose(mask);
    [cell.dropoutMask, cell.recurrentDropoutMask] = [null, null];
  };
  const [call, dispose] = [layer.call.bind(layer), layer.dispose.bind(layer)];
  layer.call = (inputs, { mask, ...kwargs }) =>
    tf.tidy(() => {
      forget();
      const film = single(inputs);
      // The stock one wants a mask with as many axes as the film has.
      const withAxes = (fitting: TensorFlow.Tensor) => tf.reshape(fitting, [...fitting.shape, 1, 1, 1].slice(0, 5));
      const present = mask == null ? undefined : withAxes(fit(mask, film));
      if (!isLoopOfFrames(film)) return call(film, present === undefined ? kwargs : { ...kwargs, mask: present });
      const dropped = kwargs['training'] === true ? draw : undefined;
      return loopFrames(tf, cell, film, { ...order, present, draw: dropped });
    });
  layer.computeMask = (inputs, masks) => {
    const [mask] = listed(masks);
    return (
      order.returnSequences && mask != null ? tf.tidy(() => tf.greater(fit(mask, single(inputs)), 0)) : null
    ) as TensorFlow.Tensor;
  };
  layer.dispose = () => {
    forget();
    return dispose();
  };
  layer.calculateLosses = () => cell.calculateLosses();
  return layer;
}

/** Recurrent layers whose cells convolve. */
export const convolutionRecurrentLayers: Record<'convLstm2d', LayerRow> = {
  convLstm2d: defineLayer({
    doc:
      'Long short-term memory over films [steps, height, width, channels], ' +
      'with convolutions in place of products (Shi et al. 2015).',
    example: 'convLstm2d: { filters: 8, kernelSize: 3, padding: same }',
    options: Type.Object({
      filters: wholeNumber({ description: 'Channels of the state, and of the output.', minimum: 1 }),
      kernelSize: requiredSizes(2, 'Size of both kernels'),
      strides: sizesOption(2, 'Step of the kernel over the input; the recurrent one moves by 1', 1),
      padding: paddingOption,
      activation: activationOption('output', 'tanh'),
      recurrentActivation: gateActivation,
      useBias: useBiasOption,
      unitForgetBias: forgetBiasOption,
      ...weightOptions('kernel', 'kernel [height, width, channels, 4 * filters]', 'glorotNormal', 4),
      ...weightOptions('recurrent', 'recurrent kernel [height, width, filters, 4 * filters]', 'orthogonal', 4),
      ...weightOptions('bias', 'bias [4 * filters]', 'zeros', 1),
      ...dropoutOptions,
      ...sequenceOptions,
    }),
    text: {
      usage: 'convLstm2d HEIGHTxWIDTHxFILTERS[/STRIDE] [same] [sequences] [backwards]',
      word: anyOf(kernelWord(2), paddingWord, sequenceWord),
    },
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
    activations: (
      [steps, ...frame],
      output,
      { activation, recurrentActivation, dropout, recurrentDropout, returnSequences },
    ) => {
      const [read, made] = [sizeOf(frame), sizeOf(output.slice(-3))];
      const gates =
        3 * keptByActivation(recurrentActivation, { argument: true, result: true }) +
        keptByActivation(activation, { argument: true, result: true });
      const state = 1 + (activation === 'linear' ? 0 : keptByActivation(activation, { argument: false, result: true }));
      // Where values are dropped, each of the four convolutions has its own input, and its mask for all steps.
      const inputs =
        (dropout > 0 ? 4 * (steps! + 1) : steps!) * read + (recurrentDropout > 0 ? 4 * (steps! + 1) : steps!) * made;
      const last = recurrentDropout > 0 ? made : 0;
      return steps! * (gates + state) * made + inputs + (returnSequences ? steps! * made : last);
    },
    mask: keepsSteps,
    onnx: convolveFrames,
    values: (_, { filters, ...options }) => cells.lstmCell.gives({ ...options, units: filters }),
    build: (options, context) => {
      const { kernelSize, strides, ...rest } = options;
      const args = {
        ...rest,
        ...context.weights(rest, 'kernel', 'recurrent', 'bias'),
        kernelSize: spread(kernelSize, 2),
        strides: spread(strides, 2),
        name: context.name,
      };
      const layer = withPrivateFields<Pick<ConvolvingLayer, 'cell'>>(context.tf.layers.convLstm2d(args), 'cell');
      return settle(layer, context, options);
    },
  }),
};
