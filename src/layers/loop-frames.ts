import type { Tensor, Tensor1D, Tensor4D, Tensor5D } from '@tensorflow/tfjs';
import type { Tf } from '../engine/tensorflow.ts';
import { type Loop, type Product, recordLoop } from '../engine/graph/loop.ts';
import { isCompiled } from '../engine/graph/trace.ts';
import { holdBack, mostStepsWrittenOut } from './run-cells.ts';

/** The fields of convLstm2d's cell that its own call uses; its class keeps them protected. */
export interface ConvolvingCell {
  readonly filters: number;
  readonly strides: readonly number[];
  readonly padding: string;
  readonly kernel: { read(): Tensor };
  readonly recurrentKernel: { read(): Tensor };
  readonly bias?: { read(): Tensor } | null;
  readonly activation: { apply(value: Tensor): Tensor };
  readonly recurrentActivation: { apply(value: Tensor): Tensor };
  readonly dropout: number;
  readonly recurrentDropout: number;
}

/** How a film is run through the cell. */
export interface Showing {
  readonly goBackwards: boolean;
  readonly returnSequences: boolean;
  /** [batch, steps, 1 or height, 1 or width, 1]: 0 where a frame leaves state and output as they are. */
  readonly present: Tensor | undefined;
  /** In training: what values of this shape are multiplied by to drop this share of them. */
  readonly draw: ((shape: readonly number[], rate: number) => Tensor) | undefined;
}

/** Side by side in the kernels: the input and the forget gate, the candidate, the output gate. */
const PARTS = 4;

/** Whether the film has more frames than TensorFlow.js is to write out in a compiled graph. */
export function isLoopOfFrames(film: Tensor): boolean {
  return film.shape[1]! > mostStepsWrittenOut && isCompiled();
}

/**
 * Runs the cell over a film, as ConvLSTM2D of TensorFlow.js does it but for rounding: as a loop of the graph, with the
 * convolutions of the input, and the gradients of both kernels, computed for all frames at once. To be called where
 * `isLoopOfFrames` says so.
 *
 * @param film [batch, steps, height, width, channels]
 * @returns [batch, steps, height, width, filters] or, of the last step alone, [batch, height, width, filters]
 */
export function loopFrames(tf: Tf, cell: ConvolvingCell, film: Tensor, showing: Showing): Tensor {
  const { goBackwards, returnSequences, present, draw } = showing;
  const inOrder = (value: Tensor) => {
    const stepsFirst = tf.transpose(value, [1, 0, 2, 3, 4]);
    return goBackwards ? tf.reverse(stepsFirst, 0) : stepsFirst;
  };
  const masksOf = (shape: readonly number[], rate: number) =>
    draw === undefined || rate === 0 ? [] : Array.from({ length: PARTS }, () => draw(shape, rate));
  const input = inOrder(film) as Tensor5D;
  const [steps] = input.shape;
  const addends = convolveAll(tf, cell, input, masksOf(input.shape.slice(1), cell.dropout));
  const state = tf.zeros(addends.shape.slice(1, -1).concat(cell.filters));
  const masks = masksOf(state.shape, cell.recurrentDropout);
  // Where values are dropped, each of the four convolutions has its own input.
  const split = (tensor: Tensor): Tensor[] => (masks.length === 0 ? [tensor] : tf.split(tensor, PARTS, -1));
  const kernels = split(cell.recurrentKernel.read()) as Tensor4D[];
  const products = split(addends).map((own, part) => convolution(tf, own, kernels[part]!));
  const kept = present && inOrder(present);
  const slices = kept === undefined ? [] : [kept, tf.sub(1, kept)];
  const step: Loop['step'] = (before, terms, [here, held]) => {
    const [output, carried] = before as [Tensor, Tensor];
    const sums = terms.map((term, part) => term(masks[part] === undefined ? output : tf.mul(masks[part], output)));
    const [enter, forget, candidate, leave] = sums.length === 1 ? tf.split(sums[0]!, PARTS, -1) : sums;
    const gate = (sum: Tensor) => cell.recurrentActivation.apply(sum);
    const carry = tf.add(tf.mul(gate(forget!), carried), tf.mul(gate(enter!), cell.activation.apply(candidate!)));
    return holdBack(tf, [tf.mul(gate(leave!), cell.activation.apply(carry)), carry], before, here, held);
  };
  const states = [state, tf.zerosLike(state)];
  const outputs = recordLoop(tf, { steps, state: states, products, slices, all: returnSequences, step });
  return returnSequences ? tf.transpose(outputs, [1, 0, 2, 3, 4]) : outputs;
}

/**
 * The input's convolutions and the bias, [steps, batch, height, width, 4 * filters].
 *
 * @param masks one for each part, or none
 */
function convolveAll(tf: Tf, cell: ConvolvingCell, input: Tensor5D, masks: readonly Tensor[]): Tensor {
  const { kernel, bias, strides, padding } = cell;
  const [steps, batch, ...frame] = input.shape;
  const kernels = masks.length === 0 ? [kernel.read()] : tf.split(kernel.read(), PARTS, -1);
  const parts = kernels.map((filter, part) => {
    const seen = tf.reshape(masks[part] === undefined ? input : tf.mul(masks[part], input), [steps * batch, ...frame]);
    return tf.conv2d(seen as Tensor4D, filter as Tensor4D, strides as [number, number], padding as 'valid');
  });
  const sums = tf.concat(parts, -1);
  const added = bias == null ? sums : tf.add(sums, bias.read() as Tensor1D);
  return tf.reshape(added, [steps, batch, ...added.shape.slice(1)]);
}

/** A convolution of the state, in steps of 1, to as many places as it has. */
function convolution(tf: Tf, addends: Tensor, kernel: Tensor4D): Product {
  return {
    addends,
    weight: kernel,
    times: (left) => tf.conv2d(left as Tensor4D, kernel, 1, 'same'),
    inWeight: (x, dy) => {
      const attributes = { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', filterShape: kernel.shape };
      return tf.engine().runKernel('Conv2DBackpropFilter', { x, dy }, attributes);
    },
  };
}
