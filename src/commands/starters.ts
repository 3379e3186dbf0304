/** A commented file to begin with. */
interface Starter {
  /** For `--help`. */
  readonly about: string;
  /** The sections `model` and `train`. */
  readonly text: string;
  /**
   * The section `data`; left out: MNIST.
   *
   * @param pathTo where a file of the program's is, from the folder of the written one
   */
  data?(pathTo: (file: string) => string): string;
  /** Left out: those of classes. */
  readonly metrics?: string;
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
    data: () => `data:
  source: mnist # your own pictures: \`{ images: { folder: PATH } }\`, in a sub-folder for each class
  split: { validation: 5000 } # held back from training, to validate after each epoch; or a share such as 0.1
`,
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
    about: 'a recurrent layer over the characters of a text, which guesses the next one',
    data: (pathTo) => `data:
  source:
    text:
      file: ${JSON.stringify(pathTo('LICENSE'))} # any text in UTF-8; this one is short
      steps: 32 # characters of a sequence
  split: { validation: 0.1 } # held back from training, to validate after each epoch
`,
    text: `model:
  layers: # each follows the one above; \`pipeline list layer\` shows all, \`pipeline plan FILE\` the shapes
    - embedding 76x24 # a vector of 24 values for each of the 76 characters of the text
    - lstm 96 sequences # reads the steps, and gives its output after each
    - dense 76 # at each step, one output per character

train:
  optimizer: { adam: { learningRate: 0.01 } }
  loss: softmaxCrossEntropy # on the outputs as they are: no softmax layer at the end
  batchSize: 16
  epochs: 15
`,
    metrics: '[accuracy, perplexity]',
  },
  regressor: {
    about: 'a number out of the columns of a CSV file',
    data: (pathTo) => `data:
  source:
    csv:
      file: ${JSON.stringify(pathTo('pipelines/data/penguins.csv'))} \
# Palmer penguins (CC0); its first line names the columns
      targets: { body_mass_g: number } # what to predict; a list of classes instead of \`number\` makes a classifier
      categories: # columns of texts, each with its values; all others are numbers
        species: [Adelie, Chinstrap, Gentoo]
        island: [Biscoe, Dream, Torgersen]
        sex: [female, male]
      test: 0.2 # share of the rows that is taken out for the test
  split: { validation: 0.15 } # held back from training, to validate after each epoch
`,
    text: `model:
  layers: # each follows the one above; \`pipeline list layer\` shows all, \`pipeline plan FILE\` the shapes
    - dense 32 relu
    - dense 16 relu
    - dense 1 # one number

train:
  optimizer: { adam: { learningRate: 0.01 } }
  loss: meanSquaredError # or meanAbsoluteError, huberLoss: \`pipeline list loss\`
  batchSize: 16
  epochs: 60
`,
    metrics: '[meanAbsoluteError, r2Score]',
  },
} as const satisfies Record<string, Starter>;

/** The name of a starter. */
export type StarterName = keyof typeof starters;

const mnistData = `data:
  source: mnist # \`pipeline list dataset\` shows what else there is
  split: { validation: 5000 } # held back from training, to validate after each epoch; or a share such as 0.1
`;

/**
 * The whole file.
 *
 * @param name of the pipeline
 * @param schema where an editor finds the schema
 * @param pathTo where a file of the program's is, from the folder of the written one
 */
export function starterText(
  starter: StarterName,
  name: string,
  schema: string,
  pathTo: (file: string) => string,
): string {
  const { data, text, metrics = '[accuracy, f1]' }: Starter = starters[starter];
  return `# yaml-language-server: $schema=${schema}
# A pipeline of Layerline: \`pipeline validate FILE\` checks it, \`pipeline run FILE --smoke\` \
tries every stage in seconds,
# \`pipeline run FILE\` trains it. What is left out has a default: \`pipeline plan FILE --resolved\` shows all.
name: ${name}
seed: 42 # the only source of randomness: weights, split, order of the samples, dropout

${data?.(pathTo) ?? mnistData}
${text}
evaluate:
  metrics: ${metrics}

visualize: {} # all figures that fit the data, and a report
`;
}
