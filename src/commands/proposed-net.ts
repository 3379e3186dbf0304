import type { Given, Proposal, Sizes, Task } from '../datasets/propose/proposal.ts';

/** The sections `model` and `train` for what was seen in data: nets that learn in seconds to minutes. */
export function proposedNet({ given, task, samples }: Proposal): string {
  const units = outputs(task);
  const { layers, batchSize, epochs, rate } = nets[given.kind](given, { units, samples, task });
  return `model:
  layers: # each follows the one above; \`pipeline list layer\` shows all, \`pipeline plan FILE\` the shapes
${layers.map((line) => `    ${line}`).join('\n')}

train:
  optimizer: { adam: { learningRate: ${rate} } }
  loss: ${losses[task.kind]}
  batchSize: ${batchSize}
  epochs: ${epochs} # at most
  earlyStopping: { monitor: val_loss, patience: ${Math.max(3, Math.round(epochs / 5))} } \
# ends with the weights of the best epoch
`;
}

const losses: Readonly<Record<Task['kind'], string>> = {
  class: 'softmaxCrossEntropy # on the outputs as they are: no softmax layer at the end',
  labels: 'binaryCrossentropy # of the probability of each label',
  number: 'meanSquaredError # of the standardized target; or meanAbsoluteError, huberLoss',
  forecast: 'meanSquaredError # of the standardized values',
  pixels: 'softmaxCrossEntropy # at each pixel, on the outputs as they are: no softmax layer at the end',
  answer: 'softmaxCrossEntropy # at each place, on the outputs as they are: no softmax layer at the end',
  character: 'softmaxCrossEntropy # at each step, on the outputs as they are: no softmax layer at the end',
};

function outputs(task: Task): number {
  if (task.kind === 'number') return task.units;
  if (task.kind === 'labels') return task.labels.length;
  if (task.kind === 'forecast') return task.horizon;
  if (task.kind === 'answer') return task.vocabulary;
  return task.kind === 'character' ? task.characters.length : task.classes.length;
}

interface Wish {
  readonly units: number;
  readonly samples: number;
  readonly task: Task;
}

interface Net {
  readonly layers: readonly string[];
  readonly batchSize: number;
  readonly epochs: number;
  readonly rate: number;
}

/** By what they are given. */
const nets: Readonly<Record<Given['kind'], (given: Given, wish: Wish) => Net>> = {
  columns: (_, wish) => denseNet(wish),
  array: (given, wish) => {
    const { shape, sizes } = given.kind === 'array' ? given : { shape: [], sizes: undefined };
    const net = denseNet(wish);
    return {
      ...net,
      layers: [...(shape.length > 1 ? ['- flatten'] : []), ...standardizing(sizes, 5), ...net.layers],
    };
  },
  picture: (given, wish) => {
    const { shape, sizes } = given.kind === 'picture' ? given : { shape: [1, 1, 1] as const, sizes: undefined };
    const net = wish.task.kind === 'pixels' ? maskNet(wish) : pictureNet(shape, wish);
    // What is learnt of a picture is the same everywhere in it.
    const layers = standardizing(sizes && { ...sizes, least: sizes.most }, 1.5);
    return { ...net, layers: [...layers, ...net.layers] };
  },
  spectrogram: (given, wish) => soundNet(given.kind === 'spectrogram' ? given.shape : [1, 1], wish),
  window: (_, wish) => forecastNet(wish),
  text: (_, wish) => textNet(wish),
  words: (given, wish) => wordsNet(given.kind === 'words' ? given : { vocabulary: 1, more: false }, wish),
  question: (given, wish) =>
    answerNet(given.kind === 'question' ? given : { length: 1, vocabulary: 1, isEven: false }, wish),
};

/** Sizes between which squares of numbers, and their means over batches, are far from all bounds of 32 bits. */
const [smallest, largest] = [0.1, 1e6];

/** The least epsilon of batchNormalization, a power of ten: the square of what deviations have to be above. */
const leastEpsilon = -15;

/**
 * For numbers that nothing has standardized: nets learn slowly from large ones and from small ones.
 *
 * @param most the size up to which they may stay as they are
 */
function standardizing(sizes: Sizes | undefined, most: number): readonly string[] {
  if (sizes === undefined || sizes.most === 0 || (sizes.most <= most && sizes.least >= smallest)) return [];
  const power = powerFor(sizes);
  const least = sizes.least * 10 ** power;
  const epsilon =
    least < smallest ? `, epsilon: 1.0e${Math.max(Math.floor(2 * Math.log10(least)) - 3, leastEpsilon)}` : '';
  return [
    ...(power === 0 ? [] : [`- rescaling 1.0e${power} # the largest number is ${sizes.most.toPrecision(2)}`]),
    `- batchNormalization: { momentum: 0.9${epsilon} } # less the mean, by the deviation: nothing else does it`,
  ];
}

/** The power of ten that numbers are multiplied with first. */
const powerFor = ({ most }: Sizes) => (most > largest || most < smallest ? -Math.floor(Math.log10(most)) : 0);

/**
 * What is to be known of numbers that lie so far apart that one net hardly learns from all of them.
 *
 * @returns undefined where they do not
 */
export function farApart(given: Given): string | undefined {
  if (given.kind !== 'array' || given.sizes.most === 0) return undefined;
  if (given.sizes.least * 10 ** powerFor(given.sizes) >= Math.sqrt(10 ** leastEpsilon)) return undefined;
  const [most, least] = [given.sizes.most, given.sizes.least].map((size) => Number(size.toPrecision(2)));
  return (
    `numbers at one place of a sample go up to ${most}, at another up to ${least}: the smaller ones hardly count, ` +
    'unless you divide each place by what is usual there'
  );
}

/** Epochs of about as many steps as that, within bounds. */
const epochsOf = (steps: number, { samples }: Wish, batchSize: number, [least, most]: readonly [number, number]) =>
  Math.min(most, Math.max(least, Math.ceil((steps * batchSize) / samples)));

/** The size that the first bound above the samples has. */
const bySamples = (samples: number, sizes: readonly (readonly [below: number, size: number])[]) =>
  sizes.find(([below]) => samples < below)![1];

function lastLayer({ units, task }: Wish): string {
  if (task.kind === 'labels') return `- dense ${units} sigmoid # for each label a probability of its own`;
  return `- dense ${units} # ${task.kind === 'number' ? numbersOf(units) : 'one output per class'}`;
}

const numbersOf = (units: number) => (units === 1 ? 'one number' : `${units} numbers`);

function denseNet(wish: Wish): Net {
  const { samples } = wish;
  const wide = bySamples(samples, [
    [1000, 32],
    [10_000, 64],
    [Infinity, 128],
  ]);
  const batchSize = bySamples(samples, [
    [1000, 16],
    [5000, 32],
    [50_000, 128],
    [Infinity, 256],
  ]);
  return {
    layers: [`- dense ${wide} relu`, '- dropout 0.1', `- dense ${wide / 2} relu`, lastLayer(wish)],
    batchSize,
    epochs: epochsOf(4000, wish, batchSize, [10, 80]),
    rate: samples < 5000 ? 0.005 : 0.002,
  };
}

function pictureNet([height, width]: readonly [number, number, number], wish: Wish): Net {
  const { samples } = wish;
  const halvings = [2, 4, 8].filter((factor) => Math.min(height, width) / factor >= 4).length;
  const batchSize = bySamples(samples, [
    [1000, 16],
    [10_000, 32],
    [Infinity, 100],
  ]);
  return {
    layers: [
      ...[16, 32, 64].slice(0, halvings).flatMap((filters) => [`- conv 3x3x${filters} same relu`, '- maxpool 2x2']),
      '- flatten',
      ...(halvings === 0 ? ['- dense 64 relu'] : []),
      '- dropout 0.3',
      lastLayer(wish),
    ],
    batchSize,
    epochs: epochsOf(1500, wish, batchSize, [3, 60]),
    rate: 0.001,
  };
}

/** Looks for patterns, at their frequency, whenever they are. */
function soundNet([frames, mels]: readonly [number, number], wish: Wish): Net {
  const batchSize = wish.samples < 2000 ? 16 : 64;
  return {
    layers: [
      '- batchNormalization: { momentum: 0.9 } # decibels, -100 to 50, become numbers around 0',
      ...[16, 32].flatMap((filters) => [`- conv 3x3x${filters} same relu`, '- maxpool 2x2']),
      `- conv ${Math.max(1, Math.min(3, frames >> 2))}x${mels >> 2}x64 relu # over all frequencies`,
      '- globalMaxPooling2d # what was heard, whenever',
      '- dropout 0.3',
      lastLayer(wish),
    ],
    batchSize,
    epochs: epochsOf(1500, wish, batchSize, [3, 60]),
    rate: 0.002,
  };
}

/** A small U-Net (Ronneberger et al. 2015). */
function maskNet(wish: Wish): Net {
  const batchSize = wish.samples < 500 ? 8 : 16;
  return {
    layers: [
      '- { conv: { filters: 8, kernelSize: 3, padding: same, activation: relu }, name: wide }',
      '- maxpool 2x2',
      '- { conv: { filters: 16, kernelSize: 3, padding: same, activation: relu }, name: middle }',
      '- maxpool 2x2',
      '- conv 3x3x32 same relu',
      '- { upSampling2d: {}, name: up }',
      '- { concatenate: {}, from: [up, middle] } # what was there on the way down',
      '- conv 3x3x16 same relu',
      '- { upSampling2d: {}, name: top }',
      '- { concatenate: {}, from: [top, wide] }',
      '- conv 3x3x8 same relu',
      `- conv 1x1x${wish.units} # the classes of each pixel`,
    ],
    batchSize,
    epochs: epochsOf(1000, wish, batchSize, [5, 40]),
    rate: 0.003,
  };
}

/** The mean of the words' vectors (Joulin et al. 2017). */
function wordsNet({ vocabulary, more }: { readonly vocabulary: number; readonly more: boolean }, wish: Wish): Net {
  const batchSize = wish.samples < 5000 ? 32 : 128;
  const options = `{ inputDim: ${vocabulary}, outputDim: 32, maskZero: true }`;
  const what = '# a vector for each word';
  return {
    layers: [
      more ? `- { embedding: ${options}, from: freeText } ${what}` : `- embedding: ${options} ${what}`,
      more
        ? '- { globalAveragePooling1d: {}, name: pooledWords } # of those there are'
        : '- globalAveragePooling1d # of the words that are there',
      ...(more ? ['- { concatenate: {}, from: [pooledWords, otherColumns] }'] : []),
      '- dropout 0.3',
      ...(more ? ['- dense 32 relu'] : []),
      lastLayer(wish),
    ],
    batchSize,
    epochs: epochsOf(800, wish, batchSize, [5, 40]),
    rate: 0.01,
  };
}

/** Values of an answer up to which one layer gives all of them. */
const fewValues = 2000;

/** Says all places of an answer at once. */
function answerNet(
  { length, vocabulary, isEven }: { readonly length: number; readonly vocabulary: number; readonly isEven: boolean },
  wish: Wish,
): Net {
  const places = wish.task.kind === 'answer' ? wish.task.length : 1;
  const values = places * wish.units;
  const batchSize = wish.samples < 5000 ? 32 : 128;
  const last = `- dense ${wish.units} # at each place, one output per token`;
  const middle = () => {
    if (isEven)
      return ['- bidirectional: { layer: lstm 64 sequences } # what stands before and behind each place', last];
    if (length <= 40 && values <= fewValues)
      return [
        '- flatten',
        '- dense 256 relu',
        `- dense ${values}`,
        `- reshape ${places}x${wish.units} # outputs of each place`,
      ];
    return [
      '- lstm 128 # reads the question',
      `- repeatVector ${places} # once for each place of the answer`,
      '- lstm 128 sequences',
      last,
    ];
  };
  return {
    layers: [`- embedding ${vocabulary}x32 # a vector for each token of the question`, ...middle()],
    batchSize,
    epochs: epochsOf(2000, wish, batchSize, [5, 80]),
    rate: 0.005,
  };
}

/** A weight for each row and step: hard to beat by nets with layers between (Zeng et al. 2023). */
function forecastNet(wish: Wish): Net {
  const batchSize = wish.samples < 5000 ? 16 : 128;
  return {
    layers: [
      '- flatten # the rows of a window, one after the other',
      `- dense ${wish.units} # ${wish.units === 1 ? 'the next value' : `the next ${wish.units} values`}`,
    ],
    batchSize,
    epochs: epochsOf(4000, wish, batchSize, [5, 150]),
    rate: 0.003,
  };
}

function textNet(wish: Wish): Net {
  const { units } = wish;
  const batchSize = wish.samples < 2000 ? 16 : 64;
  return {
    layers: [
      `- embedding ${units}x24 # a vector of 24 values for each of the ${units} characters of the text`,
      '- lstm 96 sequences # reads the steps, and gives its output after each',
      `- dense ${units} # at each step, one output per character`,
    ],
    batchSize,
    epochs: epochsOf(1500, wish, batchSize, [2, 20]),
    rate: 0.01,
  };
}
