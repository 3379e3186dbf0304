/** A commented file to begin with. */
interface Starter {
  /** For `--help`. */
  readonly about: string;
  /** The sections `model` and `train`. */
  readonly text: string;
}

/** The files that `pipeline init` writes; all learn from data that comes with the program, so that they run at once. */
export const starters = {
  classifier: {
    about: 'two dense layers',
    text: `model:
  layers: # each follows the one above; \`pipeline list layer\` shows all, \`pipeline plan FILE\` the shapes
    - flatten # 28 x 28 x 1 becomes 784
    - dense 128 relu
    - dropout 0.2
    - dense 10 # one output per class

train:
  optimizer: { adam: { learningRate: 0.001 } } # \`adam\` alone would be the same
  loss: softmaxCrossEntropy # on the outputs as they are: no softmax layer at the end
  batchSize: 100
  epochs: 3
`,
  },
  images: {
    about: 'convolutions over images, with a block',
    text: `model:
  blocks: # layers to use several times, with parameters
    Unit:
      parameters: { filters: 16 }
      layers:
        - conv 3x3x$filters same nobias # kernel of 3 x 3, and how many filters
        - batchnorm
        - relu
        - maxpool 2x2
  layers: # each follows the one above; \`pipeline list layer\` shows all, \`pipeline plan FILE\` the shapes
    - Unit
    - Unit: { filters: 32 }
    - flatten
    - dropout 0.3
    - dense 10 # one output per class

train:
  optimizer: adam
  loss: softmaxCrossEntropy # on the outputs as they are: no softmax layer at the end
  batchSize: 100
  epochs: 3
`,
  },
  sequence: {
    about: 'a recurrent layer over the rows of each image, as if they were steps in time',
    text: `model:
  layers: # each follows the one above; \`pipeline list layer\` shows all, \`pipeline plan FILE\` the shapes
    - reshape: { targetShape: [28, 28] } # 28 steps of 28 values each
    - lstm 64 # reads the steps, and gives the last output
    - dense 10 # one output per class

train:
  optimizer: { adam: { learningRate: 0.003 } }
  loss: softmaxCrossEntropy # on the outputs as they are: no softmax layer at the end
  batchSize: 100
  epochs: 3
`,
  },
} as const satisfies Record<string, Starter>;

/** The name of a starter. */
export type StarterName = keyof typeof starters;

/** The whole file. @param schema where the JSON Schema of pipeline files is, from the file's folder @param name of the pipeline */
export function starterText(starter: StarterName, { schema, name }: { readonly schema: string; readonly name: string }): string {
  return `# yaml-language-server: $schema=${schema}
# A pipeline of Layerline: \`pipeline validate FILE\` checks it, \`pipeline run FILE --smoke\` tries every stage in seconds,
# \`pipeline run FILE\` trains it. What is left out has a default: \`pipeline plan FILE --resolved\` shows all.
name: ${name}
seed: 42 # the only source of randomness: weights, split, order of the samples, dropout

data:
  source: mnist # \`pipeline list dataset\` shows what else there is
  split: { validation: 5000 } # held back from training, to validate after each epoch; or a share such as 0.1

${starters[starter].text}
evaluate:
  metrics: [accuracy, f1]

visualize: {} # all figures that fit the data, and a report
`;
}
