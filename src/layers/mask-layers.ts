import type { OwnLayer } from './custom-layer.ts';
import { presence } from './padding-masks.ts';

/** The mask of its input as numbers, 1 where something is there; it has none itself. Saved models hold it. */
export const maskOfInput: OwnLayer<{ readonly isThere: boolean }> = {
  className: 'LayerlineMask',
  outputShape: ([input]) => input!.slice(0, -1),
  compute: ({ tf, inputs: [input], masks: [mask], options: { isThere } }) => {
    const sizes = input!.shape.slice(0, -1);
    // Of an input without a mask, what is handed on is another layer's.
    return isThere && mask != null ? presence(tf, mask, sizes) : tf.ones(sizes);
  },
};

/** Its input, with a mask by which all steps are there. */
export const allPresent: OwnLayer<Record<string, never>> = {
  className: 'LayerlineAllPresent',
  outputShape: ([input]) => input!,
  mask: ({ tf, inputs: [input] }) => tf.ones(input!.shape.slice(0, 2), 'bool'),
  compute: ({ inputs: [input] }) => input!,
};

/**
 * Its first input, 0 where its second, a mask as numbers, is; with that mask. What ran backwards has its steps the
 * other way round, and Keras' mask of it has not.
 */
export const zeroAbsent: OwnLayer<{ readonly isBackwards: boolean }> = {
  className: 'LayerlineZeroAbsent',
  outputShape: ([input]) => input!,
  mask: ({ tf, inputs: [, there] }) => tf.greater(there!, 0),
  compute: ({ tf, inputs: [input, there], options: { isBackwards } }) =>
    tf.mul(input!, tf.expandDims(isBackwards ? tf.reverse(there!, 1) : there!, -1)),
};

/** A layer that cannot be written such that TensorFlow.js computes the same: it is loaded by none. */
export const onlyHere: OwnLayer<{
  readonly reason: string;
  /** What it was. */
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}> = {
  className: 'LayerlineOnlyHere',
  outputShape: (_, { config: { name }, reason }) => ({
    problem: `it cannot compute the layer ${String(name)}: ${reason}`,
  }),
  compute: ({ options: { reason } }) => {
    throw new Error(reason);
  },
};
