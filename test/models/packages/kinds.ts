import { asksPrice, coloured, few, list, pictures, plain, story, tableRow, windowOf } from './kinds-data.ts';

/** A kind of data and task that a pipeline file can declare, with the least net that fits. */
export interface Kind {
  /** What `data.source` is. */
  readonly source: string;
  readonly layers: string;
  /** Beside optimizer, epochs and size of the batch. */
  readonly train: string;
  readonly split?: string;
  /** What is asked, as lines of JSON have it: the data in its own units. */
  readonly asked: readonly unknown[];
}

const classes = 'loss: softmaxCrossEntropy';
const numbers = 'loss: meanSquaredError';
const several = 'loss: sigmoidCrossEntropy';

const plainTable = (targets: string, format = 'csv') =>
  `{ ${format}: { file: plain.${format}, targets: { ${targets} }, features: { input: [price, side] }, \
categories: { side: fromData } } }`;

const texts = (layers: string): Kind => ({
  source:
    '{ csv: { file: phrases.csv, targets: { topic: fromData }, features: { input: [text] }, ' +
    'prepare: { text: { words: { length: 6, vocabulary: 12 } } } } }',
  layers: `[{ embedding: { inputDim: 12, outputDim: 4, maskZero: true } }, ${layers}, dense 3]`,
  train: classes,
  asked: [{ text: 'the tea, SUGAR' }, { text: 'café' }, { text: 'unheard of' }, { text: '!' }],
});
const answers = (target: string, vocabulary: number, length: number): Kind => ({
  source: `{ csv: { file: phrases.csv, targets: { ${target} }, features: { input: [text] }, \
prepare: { text: { words: { length: 6, vocabulary: 12 } } } } }`,
  layers: `[embedding 12x4, flatten, dense ${length * vocabulary}, reshape ${length}x${vocabulary}]`,
  train: classes,
  asked: [{ text: 'the tea, SUGAR' }, { text: 'café' }, { text: 'unheard of' }],
});

const series = (layers: string, inputs = ''): Kind => ({
  source: `{ series: { file: sold.csv, time: day, entity: shop, targets: { sold: number }, window: 6, horizon: 2, \
categories: { sky: fromData }, ${inputs}\
prepare: { rain: [missing: median, minmax], day: { dateParts: [weekday] } } } }`,
  layers,
  train: numbers,
  split: '{ validation: 8 }',
  asked: [windowOf(0), windowOf(20), windowOf(40)],
});

const arrays = (inputs: string, target: string, net: Pick<Kind, 'layers' | 'train' | 'asked'>, more = ''): Kind => ({
  source: `{ npz: { file: arrays.npz, inputs: [${inputs}], targets: ${target}${more} } }`,
  ...net,
});

const images = (source: string, layers: string, train: string, asked: readonly unknown[]): Kind => ({
  source: `{ images: ${source} }`,
  layers,
  train,
  asked,
});

/** Every source, every task, and nets of all kinds below masks. */
export const kinds: Readonly<Record<string, Kind>> = {
  'a table with gaps, categories, dates, buckets and a cross': {
    source:
      '{ csv: { file: whole.csv, targets: { kind: fromData, worth: number }, ' +
      'features: { input: [size, day, colour, year], more: [price, shop, home] }, cross: { home: [colour, side] }, ' +
      'prepare: { size: [missing: indicator, missing: median, robust], price: [log, standardize], ' +
      'day: [missing: mode, { dateParts: [month, weekday] }, { cyclic: 12 }], colour: [missing: mode, oneHot], ' +
      'shop: { hash: 4 }, year: { bucketize: [2003, 2006] }, home: [missing: mode, oneHot] } } }',
    layers:
      '[{ concatenate: {}, name: all, from: [input, more] }, { dense: { units: 3 }, name: kind, from: all }, ' +
      '{ dense: { units: 1 }, name: worth, from: all }]',
    train: 'outputs: { kind: { loss: softmaxCrossEntropy }, worth: { loss: huberLoss } }',
    asked: [...[3, 4, 5, 6, 17].map((k) => tableRow(k)), { ...tableRow(3), side: null }],
  },
  'a table with decimal commas': {
    source:
      "{ csv: { file: commas.csv, delimiter: ';', decimal: ',', targets: { worth: number }, " +
      'features: { input: [price, side] }, categories: { side: fromData } } }',
    layers: '[dense 1]',
    train: numbers,
    asked: asksPrice,
  },
  'numbers in lines of JSON': {
    source: plainTable('worth: number, half: number', 'jsonl'),
    layers: '[{ dense: { units: 1 }, name: worth, from: input }, { dense: { units: 1 }, name: half, from: input }]',
    train: `outputs: { worth: { ${numbers} }, half: { ${numbers} } }`,
    asked: asksPrice,
  },
  'classes of a Parquet file': {
    source: plainTable('kind: fromData', 'parquet'),
    layers: '[dense 3]',
    train: classes,
    asked: asksPrice,
  },
  'indices of a table': {
    source:
      '{ csv: { file: whole.csv, targets: { worth: number }, features: { input: [shop] }, ' +
      'prepare: { shop: [hash: 4, index] } } }',
    layers: '[categoryEncoding 4 oneHot, dense 1]',
    train: numbers,
    asked: [{ shop: 'shop 3' }, { shop: 'new' }],
  },
  'two classes of one unit': {
    source: plainTable('side: [left, right]')
      .replace('[price, side]', '[price]')
      .replace(/categories: .*?\} /, ''),
    layers: '[dense 1 sigmoid]',
    train: 'loss: binaryCrossentropy',
    asked: [{ price: 3 }, { price: 300 }],
  },
  'classes in order': {
    source: plainTable('stars: { ordinal: fromData }'),
    layers: '[dense 3]',
    train: several,
    asked: asksPrice,
  },
  'several labels of a cell': {
    source: plainTable("tags: { labels: fromData, separator: '|' }"),
    layers: '[dense 3]',
    train: several,
    asked: asksPrice,
  },
  'several labels in columns': {
    source: plainTable("tags: { columns: ['is red', 'is green', 'is blue'] }"),
    layers: '[dense 3]',
    train: several,
    asked: asksPrice,
  },
  'the input of a table': {
    source: "{ csv: { file: plain.csv, targets: input, whiten: zca, features: { input: [price, worth, 'is red'] } } }",
    layers: '[dense 2, dense 3]',
    train: numbers,
    asked: few.map((k) => ({ price: plain[k]!.price, worth: plain[k]!.worth, 'is red': 1 })),
  },
  'texts of words': { ...texts(''), layers: '[embedding 12x4, flatten, dense 3]' },
  'texts of characters': {
    ...texts(''),
    source: texts('').source.replace('words: { length: 6, vocabulary: 12 }', 'characters: { length: 9 }'),
    layers: '[embedding 256x4, flatten, dense 3]',
  },
  'a mean of words below a mask': texts('globalAveragePooling1d'),
  'a recurrent layer below a mask': texts('lstm 3'),
  'both directions below a mask': texts('{ bidirectional: { layer: gru 3 sequences } }, simpleRNN 3'),
  'attention below a mask': texts('{ multiHeadAttention: { numHeads: 2, keyDim: 2 } }, globalAveragePooling1d'),
  'a text that answers, in characters': answers('answer: { characters: { length: 6, vocabulary: 14 } }', 14, 6),
  'a text that answers, in words': answers('reply: { words: { length: 6, vocabulary: 12 } }', 12, 6),
  'the next character': {
    source: '{ text: { file: story.txt, steps: 5 } }',
    layers: `[embedding 40x4, lstm 4 sequences, dense ${new Set(story).size}]`,
    train: classes,
    split: '{ validation: 10 }',
    asked: ['tea m', 'ilk c', 'café '],
  },
  'the next word': {
    source: '{ text: { file: story.txt, steps: 4, words: { vocabulary: 12 } } }',
    layers: '[embedding 12x4, gru 4 sequences, dense 12]',
    train: classes,
    split: '{ validation: 10 }',
    asked: ['tea milk, SALT unheard', 'rice oil the café'],
  },
  'a series': series('[flatten, dense 2]'),
  'a series below a mask, of two inputs': series(
    '[{ masking: {}, name: m, from: past }, { lstm: { units: 3 }, name: l, from: m }, ' +
      '{ flatten: {}, name: f, from: dates }, { concatenate: {}, name: c, from: [l, f] }, ' +
      '{ dense: { units: 2 }, name: sold, from: c }]',
    'features: { past: [sold, rain, sky], dates: [day] }, ',
  ),
  'numbers of two axes in an archive': arrays('x', '{ grid: number }', {
    layers: '[dense 4, reshape 2x2]',
    train: numbers,
    asked: few.map(() => list(3)),
  }),
  'a number of two axes of one': arrays('x', '{ single: number }', {
    layers: '[dense 1, reshape 1x1]',
    train: numbers,
    asked: [list(3), Array.from({ length: 3 }, (_, k) => k)],
  }),
  'two arrays, classes by their names': arrays('x, steps', '{ y: { ordinal: fromData } }', {
    layers:
      '[{ flatten: {}, name: f, from: steps }, { concatenate: {}, name: c, from: [x, f] }, ' +
      '{ dense: { units: 3 }, name: y, from: c }]',
    train: several,
    asked: few.map(() => ({ x: list(3), steps: list(4, 2) })),
  }),
  'a class for each place of an array': arrays('volume', '{ places: [none, some, much] }', {
    layers: '[reshape 4x4x1, conv 2x2x3 same]',
    train: classes,
    asked: few.map(() => list(2, 2, 4, 1)),
  }),
  'volumes, which WebAssembly does not compute': arrays('volume', '{ y: fromData }', {
    layers: '[conv3d 2x2x2x2, flatten, dense 4]',
    train: classes,
    asked: few.map(() => list(2, 2, 4, 1)),
  }),
  'the input of an array': arrays('x', 'input', {
    layers: '[dense 3]',
    train: numbers,
    asked: few.map(() => list(3)),
  }),
  'numbers in files of arrays': {
    source: '{ npy: { files: { x: x.npy, y: y.npy }, inputs: [x], targets: { y: number } } }',
    layers: '[dense 1]',
    train: numbers,
    asked: few.map(() => list(3)),
  },
  'grey pictures in an archive': {
    source: '{ npy: { files: { p: p.npy, y: y.npy }, inputs: [p], images: true, targets: { y: number } } }',
    layers: '[conv 2x2x2 same, flatten, dense 1]',
    train: numbers,
    asked: pictures,
  },
  'grey pictures': images('{ folder: grey }', '[conv 2x2x2/3 same, flatten, dense 3]', classes, pictures),
  'pictures in colours, standardized': images(
    '{ folder: colours, standardize: perChannel }',
    '[batchNormalization, flatten, dense 3]',
    classes,
    coloured,
  ),
  'pictures that are resized': images(
    '{ folder: colours, resize: { width: 3, height: 2 } }',
    '[{ resizing: { height: 4, width: 4 } }, flatten, dense 3]',
    classes,
    ['small.png'],
  ),
  'numbers of a table of pictures': images(
    '{ table: grey.csv, targets: { width: number, tags: { labels: fromData, separator: ";" } } }',
    '[{ flatten: {}, name: f }, { dense: { units: 1 }, name: width, from: f }, ' +
      '{ dense: { units: 2 }, name: tags, from: f }]',
    `outputs: { width: { ${numbers} }, tags: { ${several} } }`,
    pictures,
  ),
  'pictures in order': images(
    '{ folder: grey, targets: { size: { ordinal: [ant, bee, cow] } } }',
    '[flatten, dense 2]',
    several,
    pictures,
  ),
  'the picture itself': images(
    '{ folder: colours, targets: input, standardize: perChannel }',
    '[flatten, dense 60 sigmoid, reshape 4x5x3]',
    'loss: binaryCrossentropy',
    coloured,
  ),
  'a class for each pixel': {
    source: '{ masks: { images: colours/ant, masks: masks, classes: { ground: 0, crack: 255 }, test: 0.4 } }',
    layers: '[conv 3x3x2 same]',
    train: classes,
    split: '{ validation: 2 }',
    asked: coloured,
  },
  'shapes that are drawn': {
    source: '{ shapes: { size: 8, train: 30, test: 20 } }',
    layers: '[conv 3x3x4 same]',
    train: classes,
    asked: ['shape.png'],
  },
  'two pictures, and what each of them is': {
    source:
      '{ pairs: { of: { idx: { trainImages: data/train-images, trainLabels: data/train-labels, ' +
      'testImages: data/t10k-images, testLabels: data/t10k-labels } }, train: 60, test: 30, classes: true } }',
    layers:
      '[{ flatten: {}, name: l, from: left }, { flatten: {}, name: r, from: right }, ' +
      '{ concatenate: {}, name: both, from: [l, r] }, { dense: { units: 2 }, name: same, from: both }, ' +
      '{ dense: { units: 10 }, name: leftClass, from: l }, { dense: { units: 10 }, name: rightClass, from: r }]',
    train: `outputs: { same: { ${classes} }, leftClass: { ${classes} }, rightClass: { ${classes} } }`,
    asked: [{ left: 'digit-1.png', right: 'digit-2.png' }],
  },
  'idx files': {
    source:
      '{ idx: { trainImages: data/train-images, trainLabels: data/train-labels, ' +
      'testImages: data/t10k-images, testLabels: data/t10k-labels } }',
    layers: '[conv 3x3x2/4 relu, flatten, dense 10]',
    train: classes,
    asked: ['digit-1.png', 'digit-2.png'],
  },
  mnist: { source: 'mnist', layers: '[maxpool 4x4, flatten, dense 10]', train: classes, asked: ['digit-1.png'] },
  'Fashion-MNIST': {
    source: '{ fashionMnist: { folder: data/fashion } }',
    layers: '[maxpool 4x4, flatten, dense 10]',
    train: classes,
    asked: ['digit-1.png'],
  },
  'CIFAR-10': {
    source: '{ cifar10: { folder: data/cifar-10-batches-bin, standardize: perChannel } }',
    layers: '[maxpool 4x4, flatten, dense 10]',
    train: classes,
    asked: ['photo.png'],
  },
  'CIFAR-100': {
    source: '{ cifar100: { folder: data/cifar-100-binary } }',
    layers: '[maxpool 4x4, flatten, dense 100]',
    train: classes,
    asked: ['photo.png'],
  },
  recordings: {
    source:
      '{ audio: { folder: sounds, sampleRate: 8000, seconds: 0.1, fftLength: 128, frameLength: 100, frameStep: 80, ' +
      'numMelBins: 8 } }',
    layers: '[batchNormalization, conv 3x3x2 relu, flatten, dense 2]',
    train: classes,
    asked: few.map((k) => `sounds/high/${k}.wav`),
  },
};

/** The pipeline of a kind. */
export const pipelineOf = ({ source, layers, train, split = '{ validation: 6 }' }: Kind, name = 'kind'): string =>
  `name: ${JSON.stringify(name)}
seed: 1
data: { source: ${source}, split: ${split} }
model: { layers: ${layers} }
train: { optimizer: adam, ${train}, batchSize: 16, epochs: 1 }
visualize: { figures: [] }
`;
