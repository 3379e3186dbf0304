import type { Tensor } from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { realNumber } from '../base/numbers.ts';
import type { Tf } from '../engine/tensorflow.ts';
import type { Optimizer } from './optimizer.ts';

/** Options that keep gradients from becoming too large. */
export const clippingOptions = {
  clipNorm: Type.Optional(
    realNumber({
      description:
        'Longest gradient: where the norm over the gradients of all weights is larger, ' +
        'all are scaled down to it (Pascanu et al. 2013).',
      examples: [1],
      exclusiveMinimum: 0,
    }),
  ),
  clipValue: Type.Optional(
    realNumber({
      description: 'Largest gradient of a single weight: what is above it, or below its negative, becomes it.',
      examples: [0.5],
      exclusiveMinimum: 0,
    }),
  ),
};

/** At most one of the two. */
export interface Clipping {
  readonly clipNorm?: number;
  readonly clipValue?: number;
}

/** Scales gradients to a global norm of at most `clipNorm`, as tf.clip_by_global_norm, or limits each value. */
export function clipGradients(
  tf: Tf,
  gradients: readonly Tensor[],
  { clipNorm, clipValue }: Clipping,
): readonly Tensor[] {
  if (clipValue !== undefined) return gradients.map((gradient) => tf.clipByValue(gradient, -clipValue, clipValue));
  if (clipNorm === undefined) return gradients;
  const norm = tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
  const scale = tf.div(clipNorm, tf.maximum(norm, clipNorm));
  return gradients.map((gradient) => tf.mul(gradient, scale));
}

/** An optimizer that sees clipped gradients; the same one where nothing is clipped. */
export function withClipping(tf: Tf, optimizer: Optimizer, clipping: Clipping): Optimizer {
  if (clipping.clipNorm === undefined && clipping.clipValue === undefined) return optimizer;
  return {
    slots: optimizer.slots,
    apply: (gradients, learningRate) => optimizer.apply(clipGradients(tf, gradients, clipping), learningRate),
  };
}
