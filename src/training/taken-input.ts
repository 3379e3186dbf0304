import type { Tensor } from '@tensorflow/tfjs';
import { channelWays } from '../datasets/as-taken.ts';
import type { InputSpec } from '../datasets/dataset.ts';
import type { Tf } from '../engine/tensorflow.ts';

/** Raw values [batch, ...shape] of an input as the model takes them, as asTaken has it. It needs nothing of Node. */
export function takenInput(tf: Tf, input: Pick<InputSpec, 'scale' | 'standardized'>, raw: Tensor): Tensor {
  const ways = channelWays(input);
  if (ways === undefined) return input.scale === 1 ? raw : tf.mul(raw, input.scale);
  return tf.add(tf.mul(raw, tf.tensor1d(ways.factors)), tf.tensor1d(ways.offsets));
}
