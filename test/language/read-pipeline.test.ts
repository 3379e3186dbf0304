import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Range } from '../../src/base/diagnostics.ts';
import { printDiagnostics } from '../../src/base/print-diagnostics.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';

const reference = `name: mnist
seed: 42
data:
  source: mnist
  split: { validation: 5000 }
model:
  layers:
    - conv 3x3x32 same nobias normal(0.01)
    - relu
    - maxpool 2x2/2 same
    - conv2d: { filters: 64, kernelSize: 3, padding: same, useBias: false, \
kernelInitializer: { randomNormal: { stddev: 0.01 } } }
    - relu
    - maxpool 2x2/2 same
    - flatten
    - dense: { units: 10, kernelInitializer: xavier, biasInitializer: normal(1) }
      name: logits
train:
  optimizer: { adam: { learningRate: 0.001 } }
  loss: softmaxCrossEntropy
  batchSize: 100
  epochs: 15
`;

const read = (text: string) => readPipeline({ name: 'x.yaml', text });
const textOf = ({ source, start, end }: Range) => source.text.slice(start, end);
const layersOf = (...layers: string[]) =>
  read(
    reference.replace(
      /layers:[^]*train:/,
      `layers: [${layers.map((layer) => JSON.stringify(layer)).join(', ')}]\ntrain:`,
    ),
  );

test('reads the reference pipeline into typed values with every default', () => {
  const { pipeline, diagnostics } = read(reference);
  expect(diagnostics).toEqual([]);
  expect(pipeline).toMatchObject({
    name: 'mnist',
    seed: 42,
    data: { source: { type: 'mnist', options: {} }, split: { validation: 5000, stratified: true } },
    train: {
      optimizer: { type: 'adam', options: { learningRate: 0.001, beta1: 0.9, beta2: 0.999 } },
      outputs: [{ loss: { type: 'softmaxCrossEntropy', options: {} }, weight: 1 }],
      batchSize: 100,
      epochs: 15,
    },
    evaluate: {},
    visualize: {},
    tracking: {},
  });
});

test('compact text and full form are the same layer', () => {
  const [first, , , second] = read(reference).pipeline!.layers;
  expect(first!.options).toEqual({ ...second!.options, filters: 32 });
  expect(first!.options).toMatchObject({
    kernelSize: 3,
    padding: 'same',
    useBias: false,
    strides: 1,
    activation: 'linear',
    kernelInitializer: { randomNormal: { mean: 0, stddev: 0.01 } },
    biasInitializer: { zeros: {} },
  });
});

test('an alias brings its options', () => {
  expect(layersOf('tanh', 'flatten', 'dense 10 xavier bias=normal(1)').pipeline?.layers).toMatchObject([
    { type: 'activation', options: { activation: 'tanh' } },
    { type: 'flatten' },
    {
      type: 'dense',
      options: {
        units: 10,
        kernelInitializer: { glorotUniform: {} },
        biasInitializer: { randomNormal: { mean: 0, stddev: 1 } },
      },
    },
  ]);
});

test('layers are named by type and number, and a name that is taken is passed over', () => {
  const names = (text: string) => read(text).pipeline!.layers.map(({ name }) => name);
  expect(names(reference)).toEqual([
    'conv2d_1',
    'reLU_1',
    'maxPooling2d_1',
    'conv2d_2',
    'reLU_2',
    'maxPooling2d_2',
    'flatten_1',
    'logits',
  ]);
  expect(names(reference.replace('name: logits', 'name: conv2d_1'))).toEqual([
    'conv2d_2',
    'reLU_1',
    'maxPooling2d_1',
    'conv2d_3',
    'reLU_2',
    'maxPooling2d_2',
    'flatten_1',
    'conv2d_1',
  ]);
});

test('the resolved form reads back as the same pipeline', () => {
  const { pipeline, resolved } = read(reference);
  const again = read(stringify(resolved));
  expect(again.diagnostics).toEqual([]);
  expect(again.resolved).toEqual(resolved);
  const bare = (one: typeof pipeline) => ({
    ...one,
    layers: one!.layers.map((layer) => ({ ...layer, range: undefined })),
  });
  expect(bare(again.pipeline)).toEqual(bare(pipeline));
});

test('knows where every value is written, down to the word of a compact text', () => {
  const { rangeOf, pipeline } = read(reference);
  expect(textOf(rangeOf(['train', 'loss']))).toBe('softmaxCrossEntropy');
  expect(textOf(rangeOf(['data', 'split', 'validation']))).toBe('5000');
  expect(textOf(rangeOf(['model', 'layers', 0, 'conv2d', 'padding']))).toBe('same');
  expect(textOf(rangeOf(['model', 'layers', 0, 'conv2d', 'kernelInitializer', 'randomNormal', 'stddev']))).toBe('0.01');
  expect(textOf(rangeOf(['model', 'layers', 7, 'dense', 'biasInitializer', 'randomNormal', 'stddev']))).toBe('1');
  // A default is where it would be written: at the key around it.
  expect(textOf(rangeOf(['model', 'layers', 3, 'conv2d', 'strides']))).toBe('conv2d');
  expect(pipeline!.layers.map(({ range }) => textOf(range))).toEqual([
    'conv 3x3x32 same nobias normal(0.01)',
    'relu',
    'maxpool 2x2/2 same',
    'conv2d',
    'relu',
    'maxpool 2x2/2 same',
    'flatten',
    'dense',
  ]);
});

test('a section with nothing below it is an empty map', () => {
  expect(read(`${reference}evaluate:\nvisualize:\n`).pipeline).toMatchObject({ evaluate: {}, visualize: {} });
  expect(read(reference.replace('- flatten', '- flatten:')).diagnostics).toEqual([]);
});

test('words in quotes and over several lines keep their places', () => {
  for (const layer of ['"dense tne"', "'dense tne'", 'dense\n      tne']) {
    const { diagnostics } = read(reference.replace('- flatten', `- ${layer}`));
    expect(diagnostics.map(({ range }) => textOf(range!))).toEqual(['tne']);
  }
});

test('anchors and aliases work', () => {
  const { pipeline, diagnostics } = read(reference.replace('- relu', '- &act tanh').replace('- relu', '- *act'));
  expect(diagnostics).toEqual([]);
  expect(pipeline!.layers.filter(({ type }) => type === 'activation')).toHaveLength(2);
});

test.each(['__proto__', 'constructor', 'toString', 'valueOf'])('a layer called %s is none', (name) => {
  for (const layer of [name, `{ ${name}: {} }`]) {
    const { diagnostics } = checkSource({
      name: 'x',
      text:
        `name: x\ndata: { source: mnist }\nmodel: { layers: [flatten, ${layer}, dense 10] }\n` +
        'train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }\n',
    });
    expect(diagnostics.map(({ code, hint }) => [code, typeof hint])).toEqual([['unknown-layer', 'string']]);
    expect(printDiagnostics(diagnostics, { color: false, cwd: '/' })).toContain(name);
  }
});

test('keys like __proto__ do nothing', () => {
  const { diagnostics } = read(`${reference}__proto__: { polluted: true }\n`);
  expect(diagnostics).toMatchObject([{ code: 'unknown-key' }]);
  expect('polluted' in {}).toBe(false);
});

test('every mistake is in one report, in the order of the text', () => {
  const { diagnostics } = read(
    reference
      .replace('seed: 42', 'sed: 42')
      .replace('relu', 'rleu')
      .replace('same nobias', 'sme nobias')
      .replace('epochs: 15', 'epochs: 0'),
  );
  expect(diagnostics.map(({ code, hint }) => [code, hint?.split('?')[0]])).toEqual([
    ['unknown-key', 'Did you mean `seed`'],
    ['unknown-word', 'Did you mean `same`'],
    ['unknown-layer', 'Did you mean `relu`'],
    ['out-of-range', undefined],
  ]);
});
