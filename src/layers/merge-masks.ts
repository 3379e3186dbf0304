import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../engine/engine.ts';

/** One for each input, [batch, steps]: false where a step is not there; null for an input without. */
type Masks = readonly (Tensor | null)[] | null | undefined;

/** The mask of values that are laid over each other, as Keras 3 has it: what any of them has is there, and all where one has no mask. */
export function eitherMask(tf: Tf, masks: Masks): Tensor | null {
  const known = masks?.filter((mask) => mask !== null) ?? [];
  if (known.length === 0 || known.length < masks!.length) return null;
  return tf.tidy(() => known.reduce((either, mask) => tf.logicalOr(either, mask)));
}

/** The mask of values side by side, as Keras 3 has it: a step is there where any of its values is. */
export function joinedMask(tf: Tf, inputs: readonly Tensor[], masks: Masks, axis: number): Tensor | null {
  if (masks == null || masks.every((mask) => mask === null)) return null;
  return tf.tidy(() => {
    // As numbers: oneDNN has no way to put truth values side by side.
    const whole = inputs.map(({ shape, rank }, index) => {
      const mask = masks[index];
      if (mask == null) return tf.ones(shape);
      const numbers = tf.cast(mask, 'float32');
      return mask.rank < rank ? tf.mul(tf.expandDims(numbers, -1), tf.ones(shape)) : numbers;
    });
    return tf.greater(tf.max(tf.concat(whole, axis), -1), 0);
  });
}
