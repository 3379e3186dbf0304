import { Type } from 'typebox';
import { sizeOf } from '../base/tensor-shape.ts';
import { wholeNumber } from '../base/numbers.ts';
import { type LayerRow, defineLayer, trained, wrongRank } from './layer.ts';
import { indices } from './onnx/onnx-layer.ts';
import { keepsMask } from './padding-masks.ts';
import { type WordReader, readSizes, weightOptions } from './options.ts';
import { type OwnLayer, buildOwnLayer } from './custom-layer.ts';

const tableWord: WordReader = (word) => {
  const read = readSizes(word, 2);
  return read?.stride === undefined && read !== undefined
    ? { inputDim: read.sizes[0], outputDim: read.sizes[1] }
    : undefined;
};

/** Learned positions, as in BERT (Devlin et al. 2019). TensorFlow.js has no such layer. */
export const positionEmbedding: OwnLayer<Readonly<Record<string, unknown>>> = {
  className: 'LayerlinePositionEmbedding',
  outputShape: ([input]) =>
    input!.length === 2 ? input! : wrongRank('positionEmbedding', '[steps, features]', input!),
  weights: ([input]) => ({ embeddings: input! }),
  mask: ({ masks: [mask] }) => mask!,
  compute: ({ tf, inputs, weights }) => tf.add(inputs[0]!, weights['embeddings']!),
};

/** Layers that learn a vector for each index. */
export const embeddingLayers: Record<'embedding' | 'positionEmbedding', LayerRow> = {
  embedding: defineLayer({
    doc: 'Replaces each whole number of the input by a row of a table that training fills.',
    example: 'embedding: { inputDim: 10000, outputDim: 64 }',
    options: Type.Object({
      inputDim: wholeNumber({ description: 'Rows of the table: the largest number of the input, plus 1.', minimum: 1 }),
      outputDim: wholeNumber({ description: 'Length of a row.', minimum: 1 }),
      ...weightOptions('embeddings', 'table [inputDim, outputDim]', 'randomUniform', 2),
      maskZero: Type.Boolean({
        description:
          'Whether 0 stands for a step that is not there: layers below that know masks leave it out, ' +
          'and so do loss and metrics of an output that the mask reaches, as in Keras 3.',
        default: false,
      }),
    }),
    text: { usage: 'embedding INPUTDIMxOUTPUTDIM', word: tableWord },
    readsIndices: ({ inputDim }) => inputDim,
    outputShape: (input, { outputDim }) => [...input, outputDim],
    parameters: (_, { inputDim, outputDim }) => trained(inputDim * outputDim),
    flops: () => 0,
    // With the indices as whole numbers.
    activations: (input, output) => sizeOf(output) + sizeOf(input),
    mask: ({ maskZero }) => maskZero || undefined,
    build: (options, { tf, name, weights }) =>
      tf.layers.embedding({ ...options, ...weights(options, 'embeddings'), name }),
    onnx: (_, layer) => layer.gives(layer.node('Gather', [layer.weight('embeddings'), indices(layer)])),
    noOnnx: ({ maskZero }) => (maskZero ? 'maskZero makes a mask, and ONNX knows none' : undefined),
  }),
  positionEmbedding: defineLayer({
    doc:
      'Adds a vector to each step of a sequence [steps, features] that training fits to the place of the step: ' +
      'attention alone does not know the order (Devlin et al. 2019). The class of KerasHub gives the vectors alone.',
    example: 'positionEmbedding: { embeddingsInitializer: { randomNormal: { stddev: 0.02 } } }',
    options: Type.Object(weightOptions('embeddings', 'table [steps, features]', 'randomUniform', 2)),
    outputShape: (input) => positionEmbedding.outputShape([input], {}),
    parameters: (input) => trained(sizeOf(input)),
    mask: keepsMask,
    build: (options, context) => {
      const {
        embeddingsInitializer: initializer,
        embeddingsRegularizer: regularizer,
        embeddingsConstraint: constraint,
      } = context.weights(options, 'embeddings');
      return buildOwnLayer(
        positionEmbedding,
        context,
        {},
        { weights: { embeddings: { initializer, regularizer, constraint } } },
      );
    },
    onnx: (_, layer) => layer.gives(layer.node('Add', [layer.last(), layer.weight('embeddings')])),
  }),
};
