import { Type } from 'typebox';
import { type LayerRow, defineLayer, trained } from './layer.ts';
import { type WordReader, readSizes, weightOptions } from './options.ts';

const tableWord: WordReader = (word) => {
  const read = readSizes(word, 2);
  return read?.stride === undefined && read !== undefined ? { inputDim: read.sizes[0], outputDim: read.sizes[1] } : undefined;
};

/** Layers that learn a vector for each index. */
export const embeddingLayers: Record<'embedding', LayerRow> = {
  embedding: defineLayer({
    doc: 'Replaces each whole number of the input by a row of a table that training fills.',
    example: 'embedding: { inputDim: 10000, outputDim: 64 }',
    options: Type.Object({
      inputDim: Type.Integer({ description: 'Rows of the table: the largest number of the input, plus 1.', minimum: 1 }),
      outputDim: Type.Integer({ description: 'Length of a row.', minimum: 1 }),
      ...weightOptions('embeddings', 'table [inputDim, outputDim]', 'randomUniform', 2),
      maskZero: Type.Boolean({ description: 'Whether 0 stands for a step that is not there, which the recurrent layers below skip.', default: false }),
    }),
    text: { usage: 'embedding INPUTDIMxOUTPUTDIM', word: tableWord },
    readsIndices: () => true,
    outputShape: (input, { outputDim }) => [...input, outputDim],
    parameters: (_, { inputDim, outputDim }) => trained(inputDim * outputDim),
    flops: () => 0,
    build: (options, { tf, name, weights }) => tf.layers.embedding({ ...options, ...weights(options, 'embeddings'), name }),
  }),
};
