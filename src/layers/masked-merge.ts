import type * as TensorFlow from '@tensorflow/tfjs';
import { type Shape, formatShape } from '../base/tensor-shape.ts';
import type { Misfit } from '../base/row.ts';
import type { Tf } from '../engine/tensorflow.ts';
import type { OwnLayer } from './custom-layer.ts';
import { type Masks, eitherMask, joinedMask, presenceIn } from './padding-masks.ts';

/** Layers that make one of several inputs, value by value. */
export type Elementwise = 'add' | 'multiply' | 'average' | 'maximum' | 'minimum';

/**
 * What inputs give when each is laid over the others, as Merge of TensorFlow.js and of Keras have it: last axes
 * together, and a size of 1 as often as the others need it.
 */
export function broadcast(name: string, inputs: readonly Shape[]): Shape | Misfit {
  const rank = Math.max(...inputs.map((shape) => shape.length));
  const sizes = Array.from(
    { length: rank },
    (_, axis) => new Set(inputs.map((shape) => shape.at(axis - rank) ?? 1).filter((size) => size !== 1)),
  );
  if (sizes.every(({ size }) => size <= 1)) return sizes.map(([size = 1]) => size);
  return {
    problem: `${name} needs inputs of one shape, but gets ${inputs.map(formatShape).join(' and ')}`,
    hint: 'A 1x1 convolution or a dense layer brings a branch to the shape of the other; an axis of 1 fits every size.',
  };
}

/** The inputs with as many axes, each of the size that comes out, where they are not so already. */
export function stretch(tf: Tf, inputs: readonly TensorFlow.Tensor[]): TensorFlow.Tensor[] {
  const shape = [
    inputs[0]!.shape[0]!,
    ...(broadcast(
      'this layer',
      inputs.map((input) => input.shape.slice(1)),
    ) as Shape),
  ];
  return inputs.map((input) => {
    if (String(input.shape) === String(shape)) return input;
    const axes = Array.from({ length: shape.length - input.rank }, () => 1);
    return tf.add(tf.reshape(input, input.shape.toSpliced(1, 0, ...axes)), tf.zeros(shape));
  });
}

/** Masked, as Keras 3 has it: a value that is not there leaves the others as they are; 0 where none is. */
export function product(tf: Tf, inputs: readonly TensorFlow.Tensor[], masks: Masks): TensorFlow.Tensor {
  const there = inputs.map((input, index) => masks[index] && presenceIn(tf, masks[index], input));
  const factors = inputs.map((input, index) =>
    there[index] ? tf.add(tf.mul(input, there[index]), tf.sub(1, there[index])) : input,
  );
  const result = factors.reduce((all, factor) => tf.mul(all, factor));
  return there.every((one) => one != null)
    ? tf.mul(
        result,
        there.reduce((all, one) => tf.maximum(all, one)),
      )
    : result;
}

/** Masked, as Keras 3 has it: a value that is not there is not the largest, or smallest. */
export function extremeOf(
  tf: Tf,
  choose: Tf['maximum'],
  inputs: readonly TensorFlow.Tensor[],
  masks: Masks,
): TensorFlow.Tensor {
  const either = (first: TensorFlow.Tensor, second: TensorFlow.Tensor, there: TensorFlow.Tensor) =>
    tf.add(tf.mul(first, there), tf.mul(second, tf.sub(1, there)));
  let output = inputs[0]!;
  let known = masks[0] && presenceIn(tf, masks[0], output);
  for (const [index, input] of inputs.entries()) {
    if (index === 0) continue;
    const mask = masks[index] && presenceIn(tf, masks[index], input);
    const given = mask ? either(input, output, mask) : input;
    const before = known ? either(output, given, known) : output;
    known = known && mask ? tf.maximum(known, mask) : null;
    output = choose(before, given);
  }
  return output;
}

/**
 * What saved models hold of layers that merge where one of the inputs has a mask: those of TensorFlow.js compute
 * without masks, and give some that do not fit.
 */
export const maskedMerge: OwnLayer<{
  readonly merge: Elementwise | 'concatenate';
  /** Of `concatenate`, the batch counted. */
  readonly axis?: number;
}> = {
  className: 'LayerlineMaskedMerge',
  outputShape: (inputs, { merge, axis }) =>
    merge === 'concatenate'
      ? inputs[0]!.with(
          axis! - 1,
          inputs.reduce((sum, shape) => sum + shape[axis! - 1]!, 0),
        )
      : broadcast(merge, inputs),
  mask: ({ tf, inputs, masks, options: { merge, axis } }) =>
    merge === 'concatenate' ? joinedMask(tf, inputs, masks, axis!) : eitherMask(tf, inputs, masks),
  compute: ({ tf, inputs, masks, options: { merge, axis } }) => {
    if (merge === 'concatenate') return tf.concat([...inputs], axis!);
    const whole = stretch(tf, inputs);
    if (merge === 'multiply') return product(tf, whole, masks);
    if (merge === 'maximum' || merge === 'minimum') return extremeOf(tf, tf[merge], whole, masks);
    const sum = whole.reduce((all, one) => tf.add(all, one));
    return merge === 'add' ? sum : tf.div(sum, whole.length);
  },
};
