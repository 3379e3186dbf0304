import { Type } from 'typebox';
import { activationNames, type ActivationIdentifier } from '../training/activations.ts';
import { type LayerRow, type Shape, defineLayer, sizeOf, wrongRank } from './layer.ts';
import { type WordReader, anyOf, initializerOption, numberWord, useBiasOption } from './options.ts';

const activation = (what: string, fallback: string) =>
  Type.Unsafe<ActivationIdentifier>(Type.Enum([...activationNames], { description: `Activation function of the ${what}.`, default: fallback }));

/** `sequences`: every step is given on, not the last alone. */
const sequencesWord: WordReader = (word) => (word === 'sequences' ? { returnSequences: true } : undefined);

const options = Type.Object({
  units: Type.Integer({ description: 'Size of the state, and of the output.', minimum: 1 }),
  activation: activation('output', 'tanh'),
  recurrentActivation: activation('gates', 'hardSigmoid'),
  useBias: useBiasOption,
  unitForgetBias: Type.Boolean({ description: 'Start the forget gate\'s bias at 1 (Jozefowicz et al. 2015).', default: true }),
  kernelInitializer: initializerOption('kernel [features, 4 * units]', 'glorotNormal'),
  recurrentInitializer: initializerOption('recurrent kernel [units, 4 * units]', 'orthogonal'),
  biasInitializer: initializerOption('bias [4 * units]', 'zeros'),
  returnSequences: Type.Boolean({ description: 'Give on the output of every step instead of the last one.', default: false }),
  goBackwards: Type.Boolean({ description: 'Read the sequence from its end.', default: false }),
});

/** Weights of the four gates. */
const gateWeights = (input: Shape, units: number, useBias: boolean) => 4 * units * (input[1]! + units + (useBias ? 1 : 0));

/** Recurrent layers. */
export const recurrentLayers: Record<'lstm', LayerRow> = {
  lstm: defineLayer({
    doc: 'Long short-term memory over a sequence [steps, features] (Hochreiter and Schmidhuber 1997).',
    example: 'lstm: { units: 64 }',
    options,
    text: { usage: 'lstm UNITS [sequences]', word: anyOf(numberWord('units'), sequencesWord) },
    outputShape: (input, { units, returnSequences }) => (input.length === 2 ? (returnSequences ? [input[0]!, units] : [units]) : wrongRank('lstm', '[steps, features]', input)),
    parameters: (input, { units, useBias }) => ({ trainable: gateWeights(input, units, useBias), nonTrainable: 0 }),
    // Two operations per weight, and some ten per value of the state, at each step.
    flops: (input, _, { units, useBias }) => input[0]! * (2 * gateWeights(input, units, useBias) + 10 * sizeOf([units])),
    build: ({ kernelInitializer, recurrentInitializer, biasInitializer, ...rest }, { tf, name, initializer }) =>
      tf.layers.lstm({
        ...rest,
        name,
        kernelInitializer: initializer(kernelInitializer, 'kernel'),
        recurrentInitializer: initializer(recurrentInitializer, 'recurrentKernel'),
        biasInitializer: initializer(biasInitializer, 'bias'),
      }),
  }),
};
