import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Range } from '../../src/base/diagnostics.ts';
import { diagnosticToJson } from '../../src/base/print-diagnostics.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';

const pipeline = (model: string, loss = 'softmaxCrossEntropy') => `name: x
data: { source: mnist }
model:
${model.replaceAll(/^/gm, '  ')}
train: { optimizer: adam, loss: ${loss}, epochs: 1 }
`;
const check = (model: string) => checkSource({ name: 'x.yaml', text: pipeline(model) });
const layersOf = (model: string) => {
  const { checked, diagnostics } = check(model);
  expect(diagnostics).toEqual([]);
  return checked!.plan.layers;
};
const textOf = ({ source, start, end }: Range) => source.text.slice(start, end);
const found = (model: string) => check(model).diagnostics.map((d) => [d.code, textOf(d.range!)]);

const residual = `blocks:
  Residual:
    parameters: { filters: 8, stride: 1 }
    layers:
      - conv 3x3x$filters/$stride same
      - relu
      - { conv: { filters: $filters, kernelSize: 3, padding: same }, name: body }
      - { conv: { filters: $filters, kernelSize: 1, strides: $stride }, from: input, name: shortcut }
      - { add: {}, from: [body, shortcut] }
`;
const tail = '\n  - flatten\n  - dense 10';

test('a block is written out at each use, with its values, names and joins', () => {
  const layers = layersOf(
    `${residual}layers:\n  - conv 3x3x4 same\n  - Residual\n  - Residual: { filters: 16, stride: 2 }${tail}`,
  );
  expect(layers.map(({ name, inputs, outputShape }) => [name, inputs, outputShape])).toEqual([
    ['conv2d_1', [-1], [28, 28, 4]],
    ['Residual_1.conv2d_1', [0], [28, 28, 8]],
    ['Residual_1.reLU_1', [1], [28, 28, 8]],
    ['Residual_1.body', [2], [28, 28, 8]],
    ['Residual_1.shortcut', [0], [28, 28, 8]],
    ['Residual_1.add_1', [3, 4], [28, 28, 8]],
    ['Residual_2.conv2d_1', [5], [14, 14, 16]],
    ['Residual_2.reLU_1', [6], [14, 14, 16]],
    ['Residual_2.body', [7], [14, 14, 16]],
    ['Residual_2.shortcut', [5], [14, 14, 16]],
    ['Residual_2.add_1', [8, 9], [14, 14, 16]],
    ['flatten_1', [10], [3136]],
    ['dense_1', [11], [10]],
  ]);
});

test('a use has a name and an input, and its name stands for its last layer', () => {
  const layers = layersOf(`${residual}layers:
  - { conv: { filters: 8, kernelSize: 3, padding: same }, name: stem }
  - { Residual: {}, name: left }
  - { Residual, from: stem, name: right }
  - { add: {}, from: [left, right.body, right] }${tail}`);
  const at = (name: string) => layers.findIndex((layer) => layer.name === name);
  expect(layers[at('right.conv2d_1')]!.inputs).toEqual([at('stem')]);
  expect(layers[at('right.shortcut')]!.inputs).toEqual([at('stem')]);
  expect(layers[at('add_1')]!.inputs).toEqual([at('left.add_1'), at('right.body'), at('right.add_1')]);
});

test('a repetition names its turns, hands on from turn to turn, and sees the names around it', () => {
  const layers = layersOf(`layers:
  - { conv: { filters: 4, kernelSize: 3, padding: same }, name: stem }
  - repeat:
      times: 2
      layers:
        - { conv: { filters: 4, kernelSize: 3, padding: same }, name: body }
        - { add: {}, from: [body, input, stem] }
  - { repeat: { times: 2, layers: [relu] }, from: stem, name: tail }
  - { add: {}, from: [repeat_1, tail] }${tail}`);
  expect(layers.map(({ name, inputs }) => [name, inputs])).toEqual([
    ['stem', [-1]],
    ['repeat_1.1.body', [0]],
    ['repeat_1.1.add_1', [1, 0, 0]],
    ['repeat_1.2.body', [2]],
    ['repeat_1.2.add_1', [3, 2, 0]],
    ['tail.1.reLU_1', [0]],
    ['tail.2.reLU_1', [5]],
    ['add_1', [4, 6]],
    ['flatten_1', [7]],
    ['dense_1', [8]],
  ]);
});

test('an output names a use, or is named like one, and means its last layer', () => {
  const file = (layer: string, first: string) => `name: x
data: { source: { pairs: { of: mnist, train: 100, test: 100, classes: true } } }
model:
  blocks:
    Head: { parameters: { units: 10 }, layers: [dense 8 relu, dense $units] }
  layers:
    - { flatten: {}, name: seen, from: left }
    - { flatten: {}, name: other, from: right }
    - { concatenate: {}, from: [seen, other], name: both }
    - { Head: {}, from: both, name: ${first} }
    - { Head: {}, from: both, name: rightClass }
    - { Head: { units: 2 }, from: both, name: same }
train: { optimizer: adam, outputs: { leftClass: { ${layer}loss: softmaxCrossEntropy }, \
rightClass: { loss: softmaxCrossEntropy }, same: { loss: softmaxCrossEntropy } }, epochs: 1 }
`;
  for (const text of [file('layer: first, ', 'first'), file('', 'leftClass')]) {
    const { checked, diagnostics } = checkSource({ name: 'x.yaml', text });
    expect(diagnostics).toEqual([]);
    const {
      plan,
      pipeline: { train },
      resolved,
    } = checked!;
    expect(plan.outputs.map((index) => plan.layers[index]!.outputShape)).toEqual([[2], [10], [10]]);
    expect(train.outputs.map(({ target, layer }) => [target, layer])).toEqual([
      ['leftClass', expect.stringMatching(/^(first|leftClass)\.dense_2$/)],
      ['rightClass', 'rightClass.dense_2'],
      ['same', 'same.dense_2'],
    ]);
    expect(checkSource({ name: 'x.yaml', text: stringify(resolved) }).checked!.plan.outputs).toEqual(plan.outputs);
  }
  const wrong = checkSource({ name: 'x.yaml', text: file('layer: frist, ', 'first') }).diagnostics.map(
    ({ code, range }) => [code, textOf(range!)],
  );
  expect(wrong).toContainEqual(['unknown-layer-name', 'frist']);
  const misfit = checkSource({
    name: 'x.yaml',
    text: file('layer: first, ', 'first').replace('units: 2', 'units: 3'),
  }).diagnostics;
  expect(misfit.map(({ code, range }) => [code, textOf(range!)])).toEqual([['loss-misfit', 'softmaxCrossEntropy']]);
});

test('blocks use blocks, and hand parameters on', () => {
  const layers = layersOf(`blocks:
  Unit: { parameters: { filters: }, layers: [conv 3x3x$filters same, relu] }
  Stage: { parameters: { filters: 4, depth: 2 }, \
layers: [{ repeat: { times: $depth, layers: [{ Unit: { filters: $filters } }] } }, maxpool 2x2] }
layers:
  - Stage
  - { Stage: { filters: 8, depth: 1 }, from: input, name: other }
  - { concatenate: {}, from: [Stage_1, other] }${tail}`);
  expect(layers.map(({ name }) => name)).toEqual([
    'Stage_1.repeat_1.1.Unit_1.conv2d_1',
    'Stage_1.repeat_1.1.Unit_1.reLU_1',
    'Stage_1.repeat_1.2.Unit_1.conv2d_1',
    'Stage_1.repeat_1.2.Unit_1.reLU_1',
    'Stage_1.maxPooling2d_1',
    'other.repeat_1.1.Unit_1.conv2d_1',
    'other.repeat_1.1.Unit_1.reLU_1',
    'other.maxPooling2d_1',
    'concatenate_1',
    'flatten_1',
    'dense_1',
  ]);
  // The first layer of a use within a use takes what the outer one takes.
  expect(layers[5]!.inputs).toEqual([-1]);
});

test('an edit of one use leaves the names of the layers of others alone', () => {
  const names = (count: number) =>
    layersOf(`${residual}layers:\n  - repeat: { times: ${count}, layers: [Residual] }\n  - Residual${tail}`).map(
      ({ name }) => name,
    );
  expect(names(3).filter((name) => !name.startsWith('repeat_'))).toEqual(
    names(1).filter((name) => !name.startsWith('repeat_')),
  );
});

test('the resolved form has no blocks, and is the same net', () => {
  const { checked } = check(
    `${residual}layers:\n  - Residual\n  - repeat: { times: 2, layers: [Residual: { filters: 4 }] }${tail}`,
  );
  const text = stringify(checked!.resolved);
  expect(text).not.toMatch(/blocks|repeat:|\$/);
  const again = checkSource({ name: 'y.yaml', text }).checked!;
  expect(again.plan).toEqual(checked!.plan);
  expect(again.resolved).toEqual(checked!.resolved);
});

test('each mistake of a block is told once, where it stands', () => {
  const uses = 'layers: [Residual, Residual, flatten, dense 10]';
  expect(found(residual.replace('- relu', '- rleu') + uses)).toEqual([['unknown-layer', 'rleu']]);
  expect(found(residual.replace('[body, shortcut]', '[body, shortcat]') + uses)).toEqual([
    ['unknown-layer-name', 'shortcat'],
  ]);
  expect(found(residual.replace('- relu', '- maxpool 2x2') + uses)).toEqual([['shape-mismatch', 'add']]);
  expect(found(residual.replace('/$stride', '/$strid') + uses)).toEqual([['unknown-parameter', '$strid']]);
  expect(found(residual.replace('$filters/$stride same', '$filters/$stride smae') + uses)).toEqual([
    ['unknown-word', 'smae'],
  ]);
});

test('a misspelt use of a block is one mistake, also in small letters', () => {
  for (const use of ['two', 'Tow'])
    expect(found(`blocks: { Two: { layers: [dense 4] } }\nlayers: [flatten, ${use}, dense 10]`)).toEqual([
      ['unknown-block', use],
    ]);
});

test('what is wrong in a repetition is told once', () => {
  expect(found('layers: [flatten, { repeat: { times: 3, layers: [9, dense 4] } }, dense 10]')).toEqual([
    ['wrong-type', '9'],
  ]);
});

test.each([
  ['repeat 2 dense 4', 'It is the key of a map: `- repeat: { times: 3, layers: [...] }`.'],
  ['share a', 'It is the key of a map: `- share: NAME`.'],
])('%s as a compact text is told to be a map', (written, hint) => {
  const text =
    `name: x\nseed: 1\ndata: { source: mnist }\nmodel: { layers: [flatten, ${written}, dense 10] }\n` +
    'train: { optimizer: sgd, loss: softmaxCrossEntropy, epochs: 1 }\n';
  expect(checkSource({ name: 'x.yaml', text }).diagnostics).toEqual([
    expect.objectContaining({ code: 'unknown-layer', hint }),
  ]);
});

test.each(['flatten', 'relu, dense 10'])('a wrong use of a block of %s with a name is one mistake', (layers) => {
  const model =
    `blocks: { Two: { parameters: { n: 8 }, layers: [dense $n, ${layers}] } }\n` +
    'layers: [flatten, { Two: 8, name: wide }, { dense: { units: 10 }, from: wide }]';
  expect(found(model)).toEqual([['wrong-type', '8']]);
  expect(found(model.replace('Two: 8', 'Two: { m: 8 }'))).toEqual([['unknown-parameter', 'm']]);
  expect(
    found(model.replace('flatten,', '{ flatten: {}, name: wide },').replace('from: wide', 'from: wide')),
  ).toContainEqual(['duplicate-name', 'wide']);
});

test('what is no list of layers is one mistake beside blocks', () => {
  expect(found('blocks: { Two: { parameters: { n: 8 }, layers: [dense $n] } }\nlayers: { a: dense 10 }')).toEqual([
    ['wrong-type', '{ a: dense 10 }'],
  ]);
});

test('a shape that does not fit in a block says where the block is used', () => {
  const { diagnostics } = check(
    `${residual}layers:\n  - repeat: { times: 2, layers: [Residual: { filters: 5 }, ` +
      `{ maxPooling2d: { poolSize: 20 } }] }${tail}`,
  );
  const [mistake] = diagnostics;
  expect(mistake!.code).toBe('shape-mismatch');
  const uses = mistake!.related!.filter(({ message }) => message.startsWith('used here'));
  expect(uses.map(({ message, range }) => [message, range.source.text.slice(range.start, range.end)])).toEqual([
    ['used here, as repeat_1', 'repeat'],
  ]);
  const inBlock = check(residual.replace('- relu', '- maxpool 2x2') + `layers: [Residual]`).diagnostics[0]!;
  expect(inBlock.related!.at(-1)).toMatchObject({ message: 'used here, as Residual_1' });
  expect(diagnosticToJson(inBlock).related.at(-1)).toMatchObject({
    message: 'used here, as Residual_1',
    line: inBlock.range!.source.text.split('layers: [Residual]')[0]!.split('\n').length,
  });
});

test('a wrong value is shown where it was given, in a text where it stands', () => {
  const use = (values: string) => found(`${residual}layers:\n  - Residual: ${values}${tail}`);
  expect(use('{ filters: three }')).toEqual([
    ['unknown-word', '3x3x$filters/$stride'],
    ['wrong-type', 'three'],
  ]);
  expect(use('{ filters: [1, 2] }')).toEqual([['parameter-in-text', '[1, 2]']]);
  expect(use('{ filtres: 4 }')).toEqual([['unknown-parameter', 'filtres']]);
  expect(use('4')).toEqual([['wrong-type', '4']]);
});

test.each<[string, string, (readonly [string, string])[]]>([
  ['an unused block', `${residual}layers: [flatten, dense 10]`, [['unused-block', 'Residual']]],
  [
    'an unused parameter',
    'blocks: { A: { parameters: { n: 1 }, layers: [relu] } }\nlayers: [A, flatten, dense 10]',
    [['unused-parameter', 'n']],
  ],
  [
    'a name that is like none',
    'blocks: { A: { parameters: { width: 1 }, layers: ["dense ${wide}"] } }\nlayers: [A, flatten, dense 10]',
    [['unknown-parameter', 'wide']],
  ],
  [
    'a name that may mean either',
    'blocks: { A: { parameters: { width: 1, depth: 2 }, layers: [dense $wide] } }\nlayers: [A, flatten, dense 10]',
    [['unknown-parameter', '$wide']],
  ],
  [
    'a name that is like one, beside an unused one',
    'blocks: { A: { parameters: { width: 1, depth: 2 }, layers: [dense $widht] } }\nlayers: [A, flatten, dense 10]',
    [
      ['unused-parameter', 'depth'],
      ['unknown-parameter', '$widht'],
    ],
  ],
  [
    'a block that uses itself',
    'blocks: { A: { layers: [relu, A] } }\nlayers: [A, flatten, dense 10]',
    [['block-cycle', 'A']],
  ],
  [
    'blocks that use each other',
    'blocks: { A: { layers: [B] }, B: { layers: [A] } }\nlayers: [A, flatten, dense 10]',
    [['block-cycle', 'A']],
  ],
  [
    'a missing value',
    'blocks: { A: { parameters: { n: }, layers: [dense $n] } }\nlayers: [flatten, A, dense 10]',
    [['missing-parameter', 'A']],
  ],
  [
    'a small letter',
    'blocks: { residual: { layers: [relu] } }\nlayers: [residual, flatten, dense 10]',
    [['bad-block-name', 'residual']],
  ],
  ['no layers', 'blocks: { A: { parameters: { n: 1 } } }\nlayers: [A, flatten, dense 10]', [['missing-key', 'A']]],
  ['a misspelt block', `${residual}layers: [Residaul, Residual, flatten, dense 10]`, [['unknown-block', 'Residaul']]],
  ['a layer with a capital letter', `${residual}layers: [Residual, Flatten, dense 10]`, [['unknown-layer', 'Flatten']]],
  ['times', 'layers: [{ repeat: { times: 0, layers: [relu] } }, flatten, dense 10]', [['out-of-range', '0']]],
  ['no times', 'layers: [{ repeat: { layers: [relu] } }, flatten, dense 10]', [['missing-key', 'repeat']]],
  ['a misspelt key', 'layers: [{ repeat: { time: 2, layers: [relu] } }, flatten, dense 10]', [['unknown-key', 'time']]],
  [
    'a key beside',
    'layers: [{ repeat: { times: 2, layers: [relu] }, nmae: a }, flatten, dense 10]',
    [['unknown-key', 'nmae']],
  ],
  [
    'a million layers',
    'layers: [{ repeat: { times: 1000, layers: [{ repeat: { times: 1000, layers: [relu] } }] } }, flatten, dense 10]',
    [['too-many-layers', 'relu']],
  ],
  [
    'a name from outside',
    'blocks: { A: { layers: [{ relu: {}, from: stem }] } }\nlayers: [{ relu: {}, name: stem }, A, flatten, dense 10]',
    [['layer-outside-block', 'stem']],
  ],
  [
    'two uses of one name',
    `${residual}layers: [{ Residual: {}, name: a }, { Residual: {}, name: a }, flatten, dense 10]`,
    [['duplicate-name', 'a']],
  ],
])('%s', (_, model, expected) => {
  expect(found(model)).toEqual(expected);
});

test('blocks that double at each level are stopped at once', () => {
  const blocks = Array.from(
    { length: 30 },
    (_, i) => `  B${i}: { layers: [${i === 29 ? 'relu, relu' : `B${i + 1}, B${i + 1}`}] }`,
  ).join('\n');
  const start = performance.now();
  expect(found(`blocks:\n${blocks}\nlayers: [B0, flatten, dense 10]`)).toEqual([['too-many-layers', 'relu']]);
  expect(performance.now() - start).toBeLessThan(5_000);
});

test('what `share` has written out is told where it stands', () => {
  const told = (layers: string) =>
    check(`layers: [flatten, ${layers}]`).diagnostics.map(({ code, range, hint }) => [
      code,
      textOf(range!),
      range!.start > 90,
      hint,
    ]);
  expect(told('{ dense: 32, name: a }, { share: a }, dense 10')).toEqual([
    ['shape-mismatch', 'a', true, 'Shared layers need inputs of one shape.'],
  ]);
  expect(told('{ share: a }, { dense: 10, name: a }')).toEqual([
    ['unknown-layer-name', 'a', false, 'Put `a` above it.'],
  ]);
});
