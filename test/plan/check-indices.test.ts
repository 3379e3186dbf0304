import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const rows = (cell: (row: number) => string) =>
  Array.from({ length: 30 }, (_, row) => `${cell(row)},${row % 4},${(row * 7) % 11}`);

/** What is wrong with these layers, each on a line, over two columns of indices of 0 to 6. */
function wrongWith(
  layers: string,
  { cell = (row: number) => String(row % 7), source = 'standardize: false' } = {},
): string[] {
  rig.write('d.csv', `v,w,y\n${rows(cell).join('\n')}\n`);
  const text = `
name: t
data: { source: { csv: { file: d.csv, targets: { y: number }, ${source} } } }
model:
  layers:
${layers
  .split('\n')
  .map((layer) => `    - ${layer.trim()}`)
  .join('\n')}
train: { optimizer: adam, loss: meanSquaredError, batchSize: 4, epochs: 1 }
`;
  return checkSource({ name: join(rig.folder, 'p.yaml'), text })
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, message, hint }) => `${code}: ${message} ${hint}`);
}

const below = (layers: string, table = 7) =>
  `${layers}\n{ embedding: { inputDim: ${table}, outputDim: 2 }, name: e }\nflatten\ndense 1`;

test.each([
  ['nothing', 'reshape 2'],
  ['a reshape and its way back', 'reshape 1x1x2\npermute 3x2x1\nflatten'],
  ['a crop', 'reshape 1x2x1\ncropping2D: { cropping: [[0, 0], [0, 1]] }\nflatten'],
  ['zeros around', 'reshape 1x2x1\nzeroPadding2d 1\nflatten'],
  ['the same several times', 'repeatVector 3'],
  ['steps that are not there', 'reshape 2x1\nmasking'],
  ['ids side by side', '{ concatenate: {}, from: [input, input] }'],
  ['the larger id', '{ maximum: {}, from: [input, input] }'],
  ['the largest id', 'reshape 2x1\nglobalMaxPooling1d'],
  ['rows repeated', 'reshape 1x2x1\nupSampling2d 2x2\nflatten'],
  ['functions that change none', 'linear\nrelu\nreLU 6\nrescaling 1'],
])('an embedding reads what %s makes of ids', (_, layers) => {
  expect(wrongWith(below(layers))).toEqual([]);
});

test.each([
  ['rescaling 0.5', 'rescaling_1'],
  ['rescaling: { scale: 1, offset: 0.5 }', 'rescaling_1'],
  ['dropout 0.1', 'dropout_1'],
  ['reshape 2x1\nspatialDropout1d 0.1', 'spatialDropout1d_1'],
  ['gaussianNoise 0.1', 'gaussianNoise_1'],
  ['gaussianDropout 0.1', 'gaussianDropout_1'],
  ['alphaDropout 0.1', 'alphaDropout_1'],
  ['tanh', 'activation_1'],
  ['sigmoid', 'activation_1'],
  ['softplus', 'activation_1'],
  ['softmax', 'softmax_1'],
  ['prelu', 'prelu_1'],
  ['batchNormalization', 'batchNormalization_1'],
  ['layerNormalization', 'layerNormalization_1'],
  ['dense 2', 'dense_1'],
  ['dense 2 relu\nrelu\nreshape 1x2', 'dense_1'],
  ['dense 2\nrescaling 0.5\nreshape 1x2', 'rescaling_1'],
  ['reshape 2x1\naveragePooling1d 2', 'averagePooling1d_1'],
  ['reshape 2x1\nlstm 3', 'lstm_1'],
  ['reshape 1x2x1\nresizing 4x4', 'resizing_1'],
  ['reshape 1x2x1\nupSampling2d 2x2 bilinear', 'upSampling2d_1'],
  ['{ average: {}, from: [input, input] }', 'average_1'],
  ['{ dense: { units: 2 }, name: a }\n{ add: {}, from: [a, input] }', 'a'],
  ['{ dropout: { rate: 0.1 }, name: a }\n{ concatenate: {}, from: [input, a] }', 'a'],
  ['timeDistributed: { layer: dense 2 }', undefined],
  ['embedding 7x2', 'embedding_1'],
])('an embedding below %s is told what makes other numbers of ids', (layers, maker) => {
  if (maker !== undefined)
    expect(wrongWith(below(layers))).toEqual([
      `calculated-indices: \`e\` reads whole numbers from 0 on, but \`${maker}\` makes others. ` +
        `Put \`e\` above \`${maker}\`, or remove one of the two.`,
    ]);
  else
    expect(wrongWith(below(`reshape 2x1\n${layers}`))).toEqual([
      expect.stringMatching(
        /^calculated-indices: `e` reads whole numbers from 0 on, but `timeDistributed_1` makes others\./,
      ),
    ]);
});

test('categoryEncoding, and an embedding for each step, read as embeddings do', () => {
  expect(wrongWith('categoryEncoding 7\ndense 1')).toEqual([]);
  expect(wrongWith('rescaling 0.5\ncategoryEncoding 7\ndense 1')).toEqual([
    expect.stringMatching(/^calculated-indices: `categoryEncoding_1` .*`rescaling_1` makes others/),
  ]);
  expect(
    wrongWith('gaussianNoise 0.5\nreshape 2x1\ntimeDistributed: { layer: embedding 7x2 }\nflatten\ndense 1'),
  ).toEqual([expect.stringMatching(/^calculated-indices: `timeDistributed_1` .*`gaussianNoise_1` makes others/)]);
  // It gives 0, 1 and, by count, up to any number.
  expect(wrongWith(`categoryEncoding 7\n${below('reshape 7', 2)}`)).toEqual([]);
  expect(wrongWith(`categoryEncoding 7 count\n${below('reshape 7', 2)}`)).toEqual([
    expect.stringMatching(
      /^index-out-of-range: `e` reads numbers below 2, but `reshape_1` gives values of 0 or more\./,
    ),
  ]);
});

test('whole numbers that become others stay in range', () => {
  expect(wrongWith(below('rescaling 2', 13))).toEqual([]);
  expect(wrongWith(below('rescaling 2', 12))).toEqual([
    'index-out-of-range: `e` reads numbers below 12, but `rescaling_1` gives values of 0 to 12. Make it 13.',
  ]);
  expect(wrongWith(below('{ add: {}, from: [input, input] }', 12))).toEqual([
    expect.stringMatching(/but `add_1` gives values of 0 to 12\. Make it 13\.$/),
  ]);
  expect(wrongWith(below('{ multiply: {}, from: [input, input] }', 37))).toEqual([]);
  expect(wrongWith(below('{ subtract: {}, from: [input, input] }'))).toEqual([]);
  expect(wrongWith(below('rescaling: { scale: 1, offset: -1 }'))).toEqual([
    expect.stringMatching(
      /^not-indices: `e` reads whole numbers from 0 on, but `rescaling_1` gives values of -1 to 5\./,
    ),
  ]);
  expect(wrongWith(below('rescaling: { scale: 1, offset: -1 }\nrelu'))).toEqual([]);
});

test('ids from another number on, where zeros, which fill up a batch, are ids too', () => {
  const source = 'standardize: false, features: { input: [v] }';
  const fromOne = { cell: (row: number) => String(1 + (row % 7)), source };
  const fromBelow = { cell: (row: number) => String((row % 7) - 3), source };
  expect(wrongWith(below('reshape 1', 8), fromOne)).toEqual([]);
  expect(wrongWith(below('rescaling: { scale: 1, offset: -1 }'), fromOne)).toEqual([
    'not-indices: `e` reads whole numbers from 0 on, but `rescaling_1` gives values of -1 to 6. ' +
      'Number them from 0 on in the data: zeros that fill up a batch pass through here too.',
  ]);
  expect(wrongWith(below('rescaling: { scale: 1, offset: -1 }\nrelu'), fromOne)).toEqual([]);
  expect(wrongWith(below('rescaling: { scale: 1, offset: -1 }\nrelu', 6), fromOne)).toEqual([
    expect.stringMatching(/values of 0 to 6\. Make it 7\.$/),
  ]);
  expect(wrongWith(below('rescaling: { scale: 1, offset: 3 }'), fromBelow)).toEqual([]);
  expect(wrongWith(below('reshape 1'), fromBelow)).toEqual([
    expect.stringMatching(/^not-indices: .*d\.csv, line 2: v is -3\. Indices are whole numbers from 0 on/),
  ]);
});

test('what passes runs, in batches that are filled up too', async () => {
  rig.write('d.csv', `v,w,y\n${rows((row) => String(1 + (row % 7))).join('\n')}\n`);
  const text = (layers: string) =>
    'name: t\ndata: { source: { csv: { file: d.csv, targets: { y: number }, standardize: false } }, ' +
    `split: { validation: 3 } }\nmodel: { layers: [${layers}, flatten, dense 1] }\n` +
    'train: { optimizer: adam, loss: meanSquaredError, batchSize: 7, epochs: 2 }\nvisualize: { figures: [] }\n';
  for (const layers of [
    '{ rescaling: { scale: 1, offset: -1 } }, relu, embedding 7x2',
    '{ rescaling: { scale: 2, offset: 1 } }, embedding 16x2',
    '{ add: {}, from: [input, input] }, embedding 15x2',
  ]) {
    rig.write('p.yaml', text(layers));
    expect(await rig.run(['run', 'p.yaml', '--fresh'])).toMatchObject({ code: 0 });
  }
}, 120_000);

test('where the data holds no ids either, both are told in one', () => {
  expect(wrongWith(below('rescaling 0.5'), { source: '' })).toEqual([
    'calculated-indices: `e` reads whole numbers from 0 on, but `rescaling_1` makes others. ' +
      'Put `e` above `rescaling_1`, or remove one of the two. ' +
      'Set `standardize: false`, or list in it the columns that are to be standardized.',
  ]);
});

test('where an option on the way has a mistake, that alone is told', () => {
  expect(wrongWith(below('rescaling: { scale: 0.5, ofset: 1 }'))).toEqual([expect.stringMatching(/^unknown-key/)]);
});
