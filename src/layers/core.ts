import { Type } from 'typebox';
import { formatShape, sizeOf } from '../base/tensor-shape.ts';
import { realNumber, wholeNumber } from '../base/numbers.ts';
import { type LayerRow, defineLayer, trained, wrongRank } from './layer.ts';
import { dense } from './onnx/onnx-dense.ts';
import { keepsMask } from './padding-masks.ts';
import {
  activatedValues,
  activationOption,
  activationWord,
  anyOf,
  biasWord,
  kernelWords,
  numberWord,
  useBiasOption,
  weightOptions,
  weightWord,
} from './options.ts';
import { chosen, ofActivation, reshaped, unchanged, withZero } from './values.ts';
import { single, withoutGradient } from './without-gradient.ts';

/** Core layers. */
export const coreLayers: Record<'dense' | 'flatten' | 'reshape' | 'permute' | 'repeatVector' | 'masking', LayerRow> = {
  dense: defineLayer({
    doc: 'Fully connected layer: every output sees every value of the last axis.',
    example: 'dense: { units: 10, kernelInitializer: glorotUniform }',
    options: Type.Object({
      units: wholeNumber({ description: 'Number of outputs.', minimum: 1 }),
      activation: activationOption('result', 'linear'),
      useBias: useBiasOption,
      ...weightOptions('kernel', 'kernel [inputs, units]', 'glorotNormal', 2),
      ...weightOptions('bias', 'bias [units]', 'zeros', 1),
    }),
    text: {
      usage: `dense UNITS ${kernelWords}`,
      word: anyOf(numberWord('units'), biasWord, activationWord, weightWord),
    },
    outputShape: (input, { units }) => [...input.slice(0, -1), units],
    parameters: (input, { units, useBias }) => trained((input.at(-1)! + Number(useBias)) * units),
    flops: (input, output, { useBias }) => sizeOf(output) * (2 * input.at(-1)! + Number(useBias)),
    activations: activatedValues,
    mask: keepsMask,
    build: (options, { tf, name, weights }) =>
      tf.layers.dense({ ...options, ...weights(options, 'kernel', 'bias'), name }),
    values: ofActivation,
    onnx: dense,
  }),
  flatten: defineLayer({
    doc: 'Turns each sample into one row of values.',
    example: 'flatten: {}',
    options: Type.Object({}),
    outputShape: (input) =>
      input.length > 1
        ? [sizeOf(input)]
        : {
            problem:
              'flatten has nothing to do: ' + `the layer above gives ${formatShape(input)}, one row of values, already`,
            hint: 'Remove it.',
          },
    flops: () => 0,
    activations: () => 0,
    values: reshaped,
    build: (_, { tf, name }) => tf.layers.flatten({ name }),
    onnx: (_, layer) => layer.gives(layer.node('Flatten', [layer.last()], { axis: { int: 1 } })),
  }),
  reshape: defineLayer({
    doc: 'Gives each sample another shape; the values stay in their order.',
    example: 'reshape: { targetShape: [28, 28] }',
    options: Type.Object({
      targetShape: Type.Array(Type.Union([wholeNumber({ minimum: 1 }), Type.Literal(-1)]), {
        description: 'The new shape without the batch; one size may be -1, which takes what is left.',
        minItems: 1,
        maxItems: 5,
      }),
    }),
    text: {
      usage: 'reshape SIZExSIZE...',
      word: (word, position) =>
        position === 0 && /^\d+(x\d+)*$/.test(word) ? { targetShape: word.split('x').map(Number) } : undefined,
    },
    outputShape: (input, { targetShape }) => {
      const known = targetShape.filter((size) => size !== -1);
      const left = sizeOf(input) / sizeOf(known);
      const free = targetShape.length - known.length;
      if (free > 1)
        return {
          problem: 'reshape can leave one size open with -1, not several',
          hint: 'Write the other sizes as numbers.',
        };
      if (free === 0 ? left !== 1 : !Number.isInteger(left)) {
        return {
          problem:
            `reshape cannot make ${formatShape(targetShape)} of the ${sizeOf(input)} values ` +
            `of ${formatShape(input)}`,
          hint: 'Both shapes must hold as many values.',
        };
      }
      return targetShape.map((size) => (size === -1 ? left : size));
    },
    flops: () => 0,
    activations: () => 0,
    values: reshaped,
    build: ({ targetShape }, { tf, name }) => {
      const layer = tf.layers.reshape({ name, targetShape: [...targetShape] });
      const build = layer.build.bind(layer);
      // Where the batch is open, TensorFlow.js leaves a size of -1 open too, and layers below cannot be built.
      layer.build = (shape) => {
        const known = targetShape.filter((size) => size !== -1);
        const left = sizeOf((shape as number[]).slice(1)) / sizeOf(known);
        if (known.length === targetShape.length - 1)
          Object.assign(layer, { targetShape: targetShape.map((size) => (size === -1 ? left : size)) });
        build(shape);
      };
      return layer;
    },
    onnx: (_, layer) => layer.gives(layer.reshaped(layer.last(), layer.output)),
  }),
  permute: defineLayer({
    doc: 'Puts the axes of each sample into another order.',
    example: 'permute: { dims: [2, 1] }',
    options: Type.Object({
      dims: Type.Array(wholeNumber({ minimum: 1 }), {
        description: 'Which axis comes first, second, ...; axes count from 1, the batch not among them.',
        minItems: 1,
        maxItems: 5,
      }),
    }),
    text: {
      usage: 'permute AXISxAXIS...',
      word: (word, position) =>
        position === 0 && /^\d+(x\d+)*$/.test(word) ? { dims: word.split('x').map(Number) } : undefined,
    },
    outputShape: (input, { dims }) => {
      const wanted = input.map((_, axis) => axis + 1);
      if (String([...dims].sort((a, b) => a - b)) === String(wanted)) return dims.map((axis) => input[axis - 1]!);
      return {
        problem: `permute needs each axis of ${formatShape(input)} once, but gets [${dims.join(', ')}]`,
        hint: `Use each of ${wanted.join(', ')} once, in any order.`,
      };
    },
    flops: () => 0,
    values: (inputs, { dims }) => (dims.at(-1) === dims.length ? unchanged : chosen)(inputs),
    build: ({ dims }, { tf, name }) => tf.layers.permute({ name, dims }),
    onnx: ({ dims }, layer) => layer.gives(layer.node('Transpose', [layer.last()], { perm: { ints: [0, ...dims] } })),
  }),
  repeatVector: defineLayer({
    doc: 'Makes a sequence of one row of values, repeated: [features] becomes [n, features].',
    example: 'repeatVector: { n: 10 }',
    options: Type.Object({ n: wholeNumber({ description: 'Steps of the sequence.', minimum: 1 }) }),
    text: { usage: 'repeatVector N', word: numberWord('n') },
    outputShape: (input, { n }) =>
      input.length === 1 ? [n, input[0]!] : wrongRank('repeatVector', '[features]', input),
    flops: () => 0,
    values: unchanged,
    build: ({ n }, { tf, name }) => tf.layers.repeatVector({ name, n }),
    onnx: ({ n }, layer) => {
      const step = layer.node('Unsqueeze', [layer.last(), layer.ints([1])]);
      return layer.gives(layer.node('Tile', [step, layer.ints([1, n, 1])]));
    },
  }),
  masking: defineLayer({
    doc:
      'Marks the steps whose values are all maskValue: layers below that know masks leave them out, ' +
      'and so do loss and metrics of an output that the mask reaches, as in Keras 3.',
    example: 'masking: { maskValue: 0 }',
    options: Type.Object({ maskValue: realNumber({ description: 'Value of steps that are not there.', default: 0 }) }),
    text: { usage: 'masking [MASKVALUE]', word: numberWord('maskValue') },
    outputShape: (input) => input,
    flops: (input) => 2 * sizeOf(input),
    values: withZero,
    // With one value for each step.
    activations: (input) => sizeOf(input) + sizeOf(input.slice(0, -1)),
    mask: () => true,
    noOnnx: () => 'it makes a mask, and ONNX knows none',
    build: ({ maskValue }, { tf, name }) => {
      const layer = tf.layers.masking({ name, maskValue });
      // The stock one compares on the way of gradients, which fails below a layer with weights.
      const present = (inputs: Parameters<typeof single>[0], keepDims: boolean) =>
        tf.any(tf.notEqual(single(inputs), maskValue), -1, keepDims);
      layer.call = (inputs) =>
        tf.tidy(() =>
          tf.mul(
            single(inputs),
            withoutGradient(tf, () => tf.cast(present(inputs, true), 'float32')),
          ),
        );
      layer.computeMask = (inputs) => withoutGradient(tf, () => present(inputs, false));
      return layer;
    },
  }),
};
