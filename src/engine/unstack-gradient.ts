import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from './tensorflow.ts';

/**
 * TensorFlow.js' gradient of `unstack` fails where there is one slice: it takes the lone gradient for a list. Sequences
 * of one step need it.
 */
export function repairUnstackGradient(tf: Tf): void {
  tf.unregisterGradient('Unpack');
  tf.registerGradient({
    kernelName: 'Unpack',
    gradFunc: (dy, _, attributes) => ({
      value: () => tf.stack([dy as Tensor | Tensor[]].flat(), attributes['axis'] as number),
    }),
  });
}
