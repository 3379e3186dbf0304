import type { Tensor } from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { type LayerRow, defineLayer, formatShape, sizeOf } from './layer.ts';
import { activationOption, activationWord, anyOf, biasWord, initializerOption, initializerWord, numberWord, useBiasOption } from './options.ts';

/** Core layers. */
export const coreLayers: Record<'dense' | 'flatten' | 'reshape' | 'dropout', LayerRow> = {
  dense: defineLayer({
    doc: 'Fully connected layer: every output sees every value of the last axis.',
    example: 'dense: { units: 10, kernelInitializer: glorotUniform }',
    options: Type.Object({
      units: Type.Integer({ description: 'Number of outputs.', minimum: 1 }),
      activation: activationOption,
      useBias: useBiasOption,
      kernelInitializer: initializerOption('kernel [inputs, units]', 'glorotNormal'),
      biasInitializer: initializerOption('bias [units]', 'zeros'),
    }),
    text: {
      usage: 'dense UNITS [nobias] [ACTIVATION] [INITIALIZER] [bias=INITIALIZER]',
      word: anyOf(numberWord('units'), biasWord, activationWord, initializerWord),
    },
    outputShape: (input, { units }) => [...input.slice(0, -1), units],
    parameters: (input, { units, useBias }) => ({ trainable: (input.at(-1)! + (useBias ? 1 : 0)) * units, nonTrainable: 0 }),
    flops: (input, output, { useBias }) => sizeOf(output) * (2 * input.at(-1)! + (useBias ? 1 : 0)),
    build: ({ kernelInitializer, biasInitializer, ...options }, { tf, name, initializer }) =>
      tf.layers.dense({ ...options, name, kernelInitializer: initializer(kernelInitializer, 'kernel'), biasInitializer: initializer(biasInitializer, 'bias') }),
    probabilities: ({ activation }) => activation === 'softmax',
  }),
  flatten: defineLayer({
    doc: 'Turns each sample into one row of values.',
    example: 'flatten: {}',
    options: Type.Object({}),
    outputShape: (input) =>
      input.length > 1 ? [sizeOf(input)] : { problem: `flatten has nothing to do: the layer above gives ${formatShape(input)}, one row of values, already`, hint: 'Remove it.' },
    flops: () => 0,
    build: (_, { tf, name }) => tf.layers.flatten({ name }),
  }),
  reshape: defineLayer({
    doc: 'Gives each sample another shape; the values stay in their order.',
    example: 'reshape: { targetShape: [28, 28] }',
    options: Type.Object({
      targetShape: Type.Array(Type.Union([Type.Integer({ minimum: 1 }), Type.Literal(-1)]), { description: 'The new shape without the batch; one size may be -1, which takes what is left.', minItems: 1, maxItems: 5 }),
    }),
    text: { usage: 'reshape SIZExSIZE...', word: (word, position) => (position === 0 && /^\d+(x\d+)*$/.test(word) ? { targetShape: word.split('x').map(Number) } : undefined) },
    outputShape: (input, { targetShape }) => {
      const known = targetShape.filter((size) => size !== -1);
      const left = sizeOf(input) / sizeOf(known);
      const free = targetShape.length - known.length;
      if (free > 1) return { problem: 'reshape can leave one size open with -1, not several', hint: 'Write the other sizes as numbers.' };
      if (free === 0 ? left !== 1 : !Number.isInteger(left)) {
        return { problem: `reshape cannot make ${formatShape(targetShape)} of the ${sizeOf(input)} values of ${formatShape(input)}`, hint: 'Both shapes must hold as many values.' };
      }
      return targetShape.map((size) => (size === -1 ? left : size));
    },
    flops: () => 0,
    build: ({ targetShape }, { tf, name }) => tf.layers.reshape({ name, targetShape: targetShape.map((size) => (size === -1 ? null : size)) }),
  }),
  dropout: defineLayer({
    doc: 'In training, sets a random share of the values to 0 and scales the others up by as much (Srivastava et al. 2014). Seeded: the masks of a run are the same each time.',
    example: 'dropout: { rate: 0.5 }',
    options: Type.Object({ rate: Type.Number({ description: 'Share of the values set to 0.', minimum: 0, exclusiveMaximum: 1 }) }),
    text: { usage: 'dropout RATE', word: numberWord('rate') },
    outputShape: (input) => input,
    build: ({ rate }, { tf, ops, name, seed, step }) => {
      const layer = tf.layers.dropout({ name, rate });
      const own = seed('mask');
      // The stock layer draws in JavaScript, with one seed for every step (the same mask again and again) or with none.
      layer.call = (inputs, { training }) => {
        const input = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor;
        if (!training || rate === 0) return input;
        return tf.tidy(() => {
          const kept = tf.greaterEqual(ops.statelessUniform(input.shape, tf.stack([tf.scalar(own, 'int32'), step()]) as never), rate);
          return tf.mul(input, tf.div(tf.cast(kept, 'float32'), 1 - rate));
        });
      };
      return layer;
    },
  }),
};
