import type { Tensor } from '@tensorflow/tfjs';
import { channelWays } from '../datasets/as-taken.ts';
import { type InputWays, decodeMatrix } from '../datasets/input-ways.ts';
import type { Tf } from '../engine/tensorflow.ts';

/** Raw values [batch, ...shape] of an input as the model takes them, as asTaken has it. It needs nothing of Node. */
export function takenInput(tf: Tf, input: InputWays, raw: Tensor): Tensor {
  const taken = standardized(tf, input, raw);
  if (input.whitened === undefined) return taken;
  const { mean, matrix } = input.whitened;
  const n = mean.length;
  const apart = tf.sub(tf.reshape(taken, [-1, n]), tf.tensor1d([...mean]));
  return tf.reshape(tf.matMul(apart, tf.tensor2d(decodeMatrix(matrix), [n, n])), raw.shape);
}

function standardized(tf: Tf, input: InputWays, raw: Tensor): Tensor {
  const ways = channelWays(input);
  if (ways === undefined) return input.scale === 1 ? raw : tf.mul(raw, input.scale);
  return tf.add(tf.mul(raw, tf.tensor1d(ways.factors)), tf.tensor1d(ways.offsets));
}
