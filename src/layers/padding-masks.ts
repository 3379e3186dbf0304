import type { Tensor } from '@tensorflow/tfjs';
import type { Shape } from '../base/tensor-shape.ts';
import type { Tf } from '../engine/tensorflow.ts';

/** A mask for each input, [batch, steps]: false where a step is not there; null for an input without. */
export type Masks = readonly (Tensor | null)[];

/** The masks as calls of TensorFlow.js have them: a lone one without a list. */
export function listed(masks: unknown): Masks {
  return ([masks] as (Tensor | null | undefined)[]).flat().map((mask) => mask ?? null);
}

/** The mask of a lone input. */
export function keepsMask(_: unknown, [given]: readonly boolean[]): boolean {
  return given!;
}

/**
 * 1 and 0 in these sizes, the first axes of the values: what is there in part is there, and of what is not there no
 * part is.
 */
export function presence(tf: Tf, mask: Tensor, sizes: Shape): Tensor {
  const numbers = tf.cast(mask, 'float32');
  if (mask.rank === sizes.length) return numbers;
  if (mask.rank > sizes.length)
    return tf.max(
      numbers,
      Array.from({ length: mask.rank - sizes.length }, (_, index) => sizes.length + index),
    );
  return tf.mul(
    tf.reshape(
      numbers,
      sizes.map((_, axis) => mask.shape[axis] ?? 1),
    ),
    tf.ones([...sizes]),
  );
}

/** The same with a last axis of 1: it multiplies the values. */
export function presenceIn(tf: Tf, mask: Tensor, values: Tensor): Tensor {
  return tf.expandDims(presence(tf, mask, values.shape.slice(0, -1)), -1);
}

/**
 * The mask of values that are laid over each other, last axes together, as Keras 3 has it: what any of them has is
 * there, and all where one has no mask.
 */
export function eitherMask(tf: Tf, inputs: readonly Tensor[], masks: Masks): Tensor | null {
  const known = masks.filter((mask) => mask !== null);
  if (known.length === 0 || known.length < inputs.length) return null;
  const rank = Math.max(...inputs.map((input) => input.rank));
  const laid = (mask: Tensor, index: number) => {
    const axes = Array.from({ length: rank - inputs[index]!.rank }, () => 1);
    return axes.length === 0 ? mask : tf.reshape(mask, mask.shape.toSpliced(1, 0, ...axes));
  };
  return tf.tidy(() => known.map(laid).reduce((either, mask) => tf.logicalOr(either, mask)));
}

/** The mask of values side by side, as Keras 3 has it: a step is there where any of its values is. */
export function joinedMask(tf: Tf, inputs: readonly Tensor[], masks: Masks, axis: number): Tensor | null {
  if (masks.every((mask) => mask === null)) return null;
  return tf.tidy(() => {
    // As numbers: oneDNN has no way to put truth values side by side.
    const whole = inputs.map((input, index) => {
      const mask = masks[index];
      return mask == null ? tf.ones(input.shape) : tf.mul(presenceIn(tf, mask, input), tf.ones(input.shape));
    });
    return tf.greater(tf.max(tf.concat(whole, axis), -1), 0);
  });
}
