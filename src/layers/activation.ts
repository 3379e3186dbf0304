import { Type } from 'typebox';
import { type ActivationIdentifier, activationNames } from '../training/activations.ts';
import { type LayerRow, defineLayer } from './layer.ts';
import { numberWord } from './options.ts';

const layersOfTheirOwn: ReadonlySet<string> = new Set(['relu', 'softmax', 'elu']);

/** Activation functions as layers of their own. */
export const activationLayers: Record<'activation' | 'reLU' | 'leakyReLU' | 'elu' | 'softmax', LayerRow> = {
  activation: defineLayer({
    doc: 'Applies an activation function. Its name alone does as well: `- tanh`.',
    example: 'activation: { activation: tanh }',
    options: Type.Object({ activation: Type.Unsafe<ActivationIdentifier>(Type.Enum([...activationNames], { description: 'The function.' })) }),
    aliases: Object.fromEntries(activationNames.filter((name) => !layersOfTheirOwn.has(name)).map((activation) => [activation, { activation }])),
    text: { usage: 'activation NAME', word: (word, position) => (position === 0 ? { activation: word } : undefined) },
    outputShape: (input) => input,
    build: ({ activation }, { tf, name }) => tf.layers.activation({ name, activation }),
    probabilities: ({ activation }) => activation === 'softmax',
    increasing: ({ activation }) => activation === 'relu',
  }),
  reLU: defineLayer({
    doc: 'max(x, 0), up to maxValue where one is given.',
    example: 'reLU: {}',
    options: Type.Object({ maxValue: Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Null()], { description: 'Upper limit; null for none.', default: null }) }),
    aliases: { relu: {} },
    text: { usage: 'relu [MAXVALUE]', word: numberWord('maxValue') },
    outputShape: (input) => input,
    build: ({ maxValue }, { tf, name }) => tf.layers.reLU(maxValue === null ? { name } : { name, maxValue }),
    increasing: ({ maxValue }) => maxValue === null,
  }),
  leakyReLU: defineLayer({
    doc: 'x where x > 0, else alpha * x (Maas et al. 2013).',
    example: 'leakyReLU: { alpha: 0.3 }',
    options: Type.Object({ alpha: Type.Number({ description: 'Slope below 0.', default: 0.3, minimum: 0 }) }),
    text: { usage: 'leakyReLU [ALPHA]', word: numberWord('alpha') },
    outputShape: (input) => input,
    build: ({ alpha }, { tf, name }) => tf.layers.leakyReLU({ name, alpha }),
  }),
  elu: defineLayer({
    doc: 'x where x > 0, else exp(x) - 1 (Clevert et al. 2015). TensorFlow.js knows no other alpha than 1.',
    example: 'elu: {}',
    options: Type.Object({}),
    outputShape: (input) => input,
    build: (_, { tf, name }) => tf.layers.elu({ name }),
  }),
  softmax: defineLayer({
    doc: 'Turns the values of the last axis into probabilities that add up to 1.',
    example: 'softmax: {}',
    options: Type.Object({}),
    outputShape: (input) => input,
    flops: (_, output) => output.reduce((product, size) => product * size, 3),
    build: (_, { tf, name }) => tf.layers.softmax({ name, axis: -1 }),
    probabilities: () => true,
  }),
};
