import { describe, expect, test } from 'vitest';
import type { Range } from '../../src/base/diagnostics.ts';
import { printDiagnostics } from '../../src/base/print-diagnostics.ts';
import { checkSource } from '../../src/pipeline/check-pipeline.ts';

const text = `name: digits
data: { source: mnist }
model:
  layers:
    - conv 3x3x8 same
    - relu
    - flatten
    - dense 10
train:
  optimizer: adam
  loss: softmaxCrossEntropy
  epochs: 15
`;
const set = (...settings: string[]) => checkSource({ name: 'x.yaml', text }, settings);
const textOf = ({ source, start, end }: Range) => `${source.name}: ${source.text.slice(start, end)}`;

describe('a setting', () => {
  test.each<[string, object]>([
    ['train.epochs=3', { train: { epochs: 3 } }],
    ['seed=7', { seed: 7 }],
    ['data.split.validation=0.2', { data: { split: { validation: 0.2 } } }],
    ['train.optimizer=sgd', { train: { optimizer: { type: 'sgd' } } }],
    ['train.optimizer={ sgd: { learningRate: 0.5 } }', { train: { optimizer: { type: 'sgd', options: { learningRate: 0.5 } } } }],
    // The file says `adam`: its options are there all the same.
    ['train.optimizer.adam.learningRate=0.25', { train: { optimizer: { type: 'adam', options: { learningRate: 0.25, beta1: 0.9 } } } }],
    ['train.optimizer.sgd.learningRate=0.25', { train: { optimizer: { type: 'sgd', options: { learningRate: 0.25 } } } }],
    ['tracking.experiment=a=b', { tracking: { experiment: 'a=b' } }],
  ])('%s', (setting, expected) => {
    const { checked, diagnostics } = set(setting);
    expect(diagnostics).toEqual([]);
    expect(checked!.pipeline).toMatchObject(expected);
  });

  test.each<[string, number, object]>([
    ['model.layers[0]=conv 5x5x32 same', 4, { type: 'conv2d', options: { filters: 32, kernelSize: 5, padding: 'same' } }],
    ['model.layers[0].conv2d.filters=16', 4, { type: 'conv2d', options: { filters: 16, kernelSize: 3, padding: 'same' } }],
    ['model.layers[0].conv.filters=16', 4, { type: 'conv2d', options: { filters: 16, padding: 'same' } }],
    ['model.layers[0].dense.units=5', 4, { type: 'dense', options: { units: 5 } }],
    ['model.layers[0].name=first', 4, { type: 'conv2d', name: 'first' }],
  ])('%s', (setting, count, first) => {
    const { checked, diagnostics } = set(setting);
    expect(diagnostics).toEqual([]);
    expect(checked!.pipeline.layers).toHaveLength(count);
    expect(checked!.pipeline.layers[0]).toMatchObject(first);
  });

  test('adds an item after the last', () => {
    expect(set('model.layers[4]=softmax', 'train.loss=categoricalCrossentropy').checked!.pipeline.layers).toHaveLength(5);
  });

  test('comes after the one before it', () => {
    expect(set('train.epochs=3', 'train.epochs=4').checked!.pipeline.train.epochs).toBe(4);
  });

  test('is in the resolved file, which needs it no longer', () => {
    const { resolved } = set('train.epochs=3').checked!;
    expect(resolved).toMatchObject({ train: { epochs: 3 } });
  });
});

test.each<[string, string, string, string?]>([
  ['train.epochs=three', 'wrong-type', 'three'],
  ['train.epochs=0', 'out-of-range', '0'],
  ['train.epoch=3', 'unknown-key', 'epoch', 'Did you mean `epochs`?'],
  ['trian.epochs=3', 'unknown-key', 'trian', 'Did you mean `train`?'],
  ['model.layers[0]=covn 3x3x8', 'unknown-layer', 'covn', 'Did you mean `conv`?'],
  ['model.layers[3]=dense 7', 'shape', ''],
  ['model.layers[9]=relu', 'bad-setting', '9', '`[4]` adds one.'],
  ['model.layers.0=relu', 'bad-setting', '0', 'Name a place in it: `model.layers[0]`.'],
  ['model.layers.3.dense.units=4', 'bad-setting', '3', 'Name a place in it: `model.layers[3]`.'],
  ['model.layers.dense=4', 'bad-setting', 'dense', 'Name a place in it: `model.layers[0].dense`.'],
  ['Train.epochs=3', 'unknown-key', 'Train', 'Did you mean `train`?'],
  ['train.optimizer.Adam.learningRate=1', 'unknown-key', 'Adam', 'Did you mean `adam`? Nothing may stand beside `adam`.'],
  ['seed[0]=1', 'bad-setting', '0'],
  ['train.epochs', 'bad-setting', 'train.epochs'],
  ['train.epochs=', 'bad-setting', 'train.epochs='],
  ['train.optimizer={ sgd: ', 'yaml-syntax', '{'],
  ['train.optimizer.sgd.learningRat=1', 'unknown-key', 'learningRat', 'Did you mean `learningRate`?'],
  ['extends=./other.yaml', 'bad-setting', 'extends'],
  ['train.loss=!!js/function softmaxCrossEntropy', 'yaml-tag', '!!js/function'],
])('%s is %s at `%s`', (setting, code, at, hint) => {
  const { diagnostics } = set(setting);
  if (code === 'shape') {
    expect(diagnostics.map((d) => d.code)).toEqual(['loss-misfit']);
    expect(textOf(diagnostics[0]!.related![0]!.range)).toBe('--set: dense 7');
    return;
  }
  expect(diagnostics.map((d) => [d.code, textOf(d.range!)])).toEqual([[code, `--set: ${at}`]]);
  if (hint !== undefined) expect(diagnostics[0]!.hint).toBe(hint);
});

test('the argument is shown with the place marked, after the mistakes of the file', () => {
  const { diagnostics } = checkSource({ name: 'x.yaml', text: text.replace('adam', 'adma') }, ['train.epochs=3.5']);
  expect(printDiagnostics(diagnostics, { color: false, cwd: '/' })).toBe(`x.yaml:10:14 error unknown-optimizer: There is no optimizer \`adma\`.
  10 |   optimizer: adma
     |              ^~~~
  help: Did you mean \`adam\`?

--set:1:14 error wrong-type: \`epochs\` must be a whole number from 1 to 1000000, not 3.5.
   1 | train.epochs=3.5
     |              ^~~
`);
});
