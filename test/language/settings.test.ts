import { describe, expect, test } from 'vitest';
import type { Range } from '../../src/base/diagnostics.ts';
import { printDiagnostics } from '../../src/base/print-diagnostics.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';

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
    [
      'train.optimizer={ sgd: { learningRate: 0.5 } }',
      { train: { optimizer: { type: 'sgd', options: { learningRate: 0.5 } } } },
    ],
    // The file says `adam`: its options are there all the same.
    [
      'train.optimizer.adam.learningRate=0.25',
      { train: { optimizer: { type: 'adam', options: { learningRate: 0.25, beta1: 0.9 } } } },
    ],
    [
      'train.optimizer.sgd.learningRate=0.25',
      { train: { optimizer: { type: 'sgd', options: { learningRate: 0.25 } } } },
    ],
    ['tracking.experiment=a=b', { tracking: { experiment: 'a=b' } }],
  ])('%s', (setting, expected) => {
    const { checked, diagnostics } = set(setting);
    expect(diagnostics).toEqual([]);
    expect(checked!.pipeline).toMatchObject(expected);
  });

  test.each<[string, number, object]>([
    [
      'model.layers[0]=conv 5x5x32 same',
      4,
      { type: 'conv2d', options: { filters: 32, kernelSize: 5, padding: 'same' } },
    ],
    [
      'model.layers[0].conv2d.filters=16',
      4,
      { type: 'conv2d', options: { filters: 16, kernelSize: 3, padding: 'same' } },
    ],
    ['model.layers[0].conv.filters=16', 4, { type: 'conv2d', options: { filters: 16, padding: 'same' } }],
    ['model.layers[0].dense.units=5', 4, { type: 'dense', options: { units: 5 } }],
    ['model.layers[0].name=first', 4, { type: 'conv2d', name: 'first' }],
  ])('%s', (setting, count, first) => {
    const { checked, diagnostics } = set(setting);
    expect(diagnostics).toEqual([]);
    expect(checked!.pipeline.layers).toHaveLength(count);
    expect(checked!.pipeline.layers[0]).toMatchObject(first);
  });

  test.each<[string, number, object]>([
    ['model.layers[0].filters=16', 0, { type: 'conv2d', options: { filters: 16, kernelSize: 3, padding: 'same' } }],
    [
      'model.layers[0].kernelInitializer=zeros',
      0,
      { type: 'conv2d', options: { filters: 8, kernelInitializer: { zeros: {} } } },
    ],
    [
      'model.layers[0].kernelInitializer.randomNormal.stddev=2',
      0,
      { options: { filters: 8, kernelInitializer: { randomNormal: { stddev: 2 } } } },
    ],
    ['model.layers[3].units=16', 3, { type: 'dense', options: { units: 16 } }],
    ['model.layers[3].activation=relu', 3, { type: 'dense', options: { units: 10, activation: 'relu' } }],
    ['model.layers[1].activation=tanh', 1, { type: 'activation', options: { activation: 'tanh' } }],
    ['model.layers[1].maxValue=6', 1, { type: 'reLU', options: { maxValue: 6 } }],
  ])('%s reaches into a compact text', (setting, at, layer) => {
    const { parts, diagnostics } = readPipeline({ name: 'x.yaml', text: text.replace('dense 10', '{ dense: 10 }') }, [
      setting,
    ]);
    expect([parts, diagnostics]).toEqual([undefined, []]);
    expect(readPipeline({ name: 'x.yaml', text }, [setting]).pipeline!.layers[at]).toMatchObject(layer);
    expect(
      readPipeline({ name: 'x.yaml', text: text.replace('dense 10', '{ dense: 10 }') }, [setting]).pipeline!.layers[at],
    ).toMatchObject(layer);
  });

  test.each(['momentum 0.25', '{ momentum: { learningRate: 0.25 } }'])(
    'an option called like %s sets the option',
    (optimizer) => {
      const { pipeline } = readPipeline({ name: 'x.yaml', text: text.replace('adam', optimizer) }, [
        'train.optimizer.momentum=0.5',
      ]);
      expect(pipeline!.train.optimizer.options).toMatchObject({ learningRate: 0.25, momentum: 0.5 });
      const inside = readPipeline({ name: 'x.yaml', text: text.replace('adam', optimizer) }, [
        'train.optimizer.momentum.learningRate=0.5',
      ]);
      expect(inside.pipeline!.train.optimizer.options).toMatchObject({ learningRate: 0.5, momentum: 0.9 });
    },
  );

  test.each([
    ['train.optimizer.learningRate=0.5', 'adam'],
    ['train.optimizer.learningRate=0.5', '{ adam: { learningRate: 0.25 } }'],
    ['train.optimizer.learningRate=0.5', 'adam 0.25'],
    ['train.optimizer.learningRate=0.5', '{ adam: 0.25 }'],
  ])('%s over %s', (setting, optimizer) => {
    const { checked, diagnostics } = checkSource({ name: 'x.yaml', text: text.replace('adam', optimizer) }, [setting]);
    expect(diagnostics).toEqual([]);
    expect(checked!.pipeline.train.optimizer).toMatchObject({
      type: 'adam',
      options: { learningRate: 0.5, beta1: 0.9 },
    });
  });

  test('begins a list that is not there', () => {
    expect(
      set('evaluate.metrics[0]=accuracy', 'evaluate.metrics[1]=f1').checked!.pipeline.evaluate.metrics,
    ).toMatchObject([{ type: 'accuracy' }, { type: 'f1' }]);
  });

  test('adds an item after the last', () => {
    expect(set('model.layers[4]=softmax', 'train.loss=categoricalCrossentropy').checked!.pipeline.layers).toHaveLength(
      5,
    );
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
  ['model.layers[9]=relu', 'setting-beyond-list', '9', '`[4]` adds one.'],
  ['model.layers.0=relu', 'setting-into-list', '0', 'Name a place in it: `model.layers[0]`.'],
  ['model.layers.3.dense.units=4', 'setting-into-list', '3', 'Name a place in it: `model.layers[3]`.'],
  ['model.layers.dense=4', 'setting-into-list', 'dense', 'Name a place in it: `model.layers[0].dense`.'],
  ['Train.epochs=3', 'unknown-key', 'Train', 'Did you mean `train`?'],
  [
    'train.optimizer.Adam.learningRate=1',
    'unknown-key',
    'Adam',
    'Did you mean `adam`? Nothing may stand beside `adam`.',
  ],
  ['seed[0]=1', 'setting-of-no-list', '0'],
  ['train.epochs', 'bad-setting', 'train.epochs'],
  ['train.epochs=', 'setting-without-value', 'train.epochs='],
  ['train.optimizer={ sgd: ', 'yaml-syntax', '{'],
  ['train.optimizer.sgd.learningRat=1', 'unknown-key', 'learningRat', 'Did you mean `learningRate`?'],
  ['extends=./other.yaml', 'setting-of-extends', 'extends'],
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

const blocks = text
  .replace(
    '  layers:\n',
    '  blocks:\n    Two: { parameters: { n: 8 }, layers: [dense $n relu, { dense: { units: $n } }] }\n' +
      '    One: { layers: [dense 8 tanh] }\n  layers:\n',
  )
  .replace(
    '    - dense 10\n',
    '    - Two: { n: 4 }\n    - One\n    - repeat: { times: 2, layers: [dense 8 relu, ' +
      '{ repeat: { times: 1, layers: [dense 3 relu] } }] }\n    - dense 10\n',
  );

test.each<[string, object]>([
  ['model.layers[3].n=5', { 'Two_1.dense_1': 5, 'Two_1.dense_2': 5 }],
  ['model.layers[3].Two.n=5', { 'Two_1.dense_1': 5 }],
  ['model.layers[3].name=hi', { 'hi.dense_1': 4 }],
  ['model.layers[3].dense.units=7', { dense_1: 7 }],
  ['model.layers[3].One={}', { 'One_1.dense_1': 8, 'One_2.dense_1': 8 }],
  ['model.layers[4].name=hi', { 'hi.dense_1': 8 }],
  ['model.layers[4].Two.n=5', { 'Two_2.dense_1': 5 }],
  ['model.layers[5].times=1', { 'repeat_1.1.dense_1': 8, 'repeat_1.2.dense_1': undefined }],
  ['model.layers[5].repeat.times=1', { 'repeat_1.2.dense_1': undefined }],
  ['model.layers[5].layers[0].units=5', { 'repeat_1.1.dense_1': 5 }],
  ['model.layers[5].repeat.layers[0].dense.units=5', { 'repeat_1.2.dense_1': 5 }],
  ['model.layers[5].layers[1].layers[0].units=5', { 'repeat_1.2.repeat_1.1.dense_1': 5 }],
  ['model.blocks.One.layers[0].units=5', { 'One_1.dense_1': 5 }],
  ['model.blocks.Two.layers[1].units=5', { 'Two_1.dense_1': 4, 'Two_1.dense_2': 5 }],
  ['model.blocks.Two.layers[0].name=first', { 'Two_1.first': 4 }],
  ['model.blocks.Two.layers[0]=dense 2 relu', { 'Two_1.dense_1': 2 }],
  ['model.blocks.Two.parameters.n=3', { 'Two_1.dense_1': 4 }],
  ['model.blocks.Two.layers[0].conv1d={ filters: $n, kernelSize: 1 }', { 'Two_1.dense_1': 4 }],
])('%s reaches into blocks and repetitions', (setting, units) => {
  const { pipeline, diagnostics } = readPipeline({ name: 'x.yaml', text: blocks }, [setting]);
  expect(diagnostics).toEqual([]);
  const found = Object.fromEntries(pipeline!.layers.map(({ name, options }) => [name, options['units']]));
  expect({ ...Object.fromEntries(Object.keys(units).map((name) => [name, undefined])), ...found }).toMatchObject(units);
  // What the words of the text said beside it stays.
  for (const { name, options } of pipeline!.layers)
    if (/(repeat|Two).*dense_1$/.test(name) && !/conv1d|first/.test(setting))
      expect(options['activation']).toBe('relu');
});

test.each([
  [
    'model.blocks.Two.layers[0].units=5',
    '`dense $n relu` has parameters of its block in it, so its options cannot be set one by one. ' +
      "Set the whole of it: `--set 'model.blocks.Two.layers[0]=...'`, or a parameter of the block.",
  ],
  ['model.layers[3].units=5', '`Two` has no parameter `units`. It has `n`.'],
  ['model.layers[4].n=5', '`One` has no parameter `n`. It has none.'],
  ['model.layers[6].unit=5', 'There is no `unit` in `dense`. Did you mean `units`?'],
  ['model.layers[6].from.x=5', '`from` must be the name of a layer, or a list of names, not a map with `x`. undefined'],
  ['train.loss.gamma=2', expect.stringMatching(/^There is no `gamma` in `softmaxCrossEntropy`\./)],
  [
    'model.blocks.Tow.layers[0].units=3',
    'No layer uses the block `Tow`. Use it in `layers`, as `- Tow`, or remove it.',
  ],
  ['model.blocks.One.layers[5]=relu', 'There is no `[5]`: the list has one item, `[0]`. `[1]` adds one.'],
  ['evaluate.metrics[2]=f1', 'There is no `[2]`: the list is empty. `[0]` adds one.'],
])('%s is told in one', (setting, told) => {
  expect(
    readPipeline({ name: 'x.yaml', text: blocks }, [setting]).diagnostics.map(
      ({ message, hint }) => `${message} ${hint}`,
    ),
  ).toEqual([told]);
});

test('the argument is shown with the place marked, after the mistakes of the file', () => {
  const { diagnostics } = checkSource({ name: 'x.yaml', text: text.replace('adam', 'adma') }, ['train.epochs=3.5']);
  expect(printDiagnostics(diagnostics, { color: false, cwd: '/' }))
    .toBe(`x.yaml:10:14 error unknown-optimizer: There is no optimizer \`adma\`.
  10 |   optimizer: adma
     |              ^~~~
  help: Did you mean \`adam\`?

--set:1:14 error wrong-type: \`epochs\` must be a whole number from 1 to 1000000, not 3.5.
   1 | train.epochs=3.5
     |              ^~~
`);
});
