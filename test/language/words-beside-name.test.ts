import fc from 'fast-check';
import { expect, test } from 'vitest';
import { namesOf, findRow } from '../../src/language/expand/find-row.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { layers as layerTable } from '../../src/layers/layers.ts';

const file = (layers: string) =>
  `name: x\ndata: { source: mnist }\nmodel:\n  layers:\n${layers}\n` +
  'train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }\n';
const read = (layer: string) => {
  const text = file(`    - { conv: 1x1x8, name: stem }\n    - ${layer}\n    - { dense: { units: 10 }, name: last }`);
  const { resolved, diagnostics } = readPipeline({ name: 'x', text });
  return {
    layers: (resolved as { readonly model: { readonly layers: readonly Record<string, unknown>[] } } | undefined)?.model
      .layers,
    told: diagnostics.map(({ code, message, hint, range }) => [
      code,
      message,
      hint,
      text.slice(range!.start, range!.end),
    ]),
  };
};

const words = fc
  .array(
    fc.constantFrom(
      '3',
      '8',
      '2',
      '0.5',
      '3x3',
      '1x1x8',
      '3x3x8/2',
      '2x2x2x4',
      '2/2',
      'same',
      'valid',
      'relu',
      'tanh',
      'nobias',
      'sequences',
      'smae',
      '28x28',
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((list) => list.join(' '));
const compact = namesOf(layerTable).filter((name) => findRow(layerTable, name)!.row.text !== undefined);

test.each(compact)('%s: its words mean the same as its value', (name) => {
  fc.assert(
    fc.property(words, (text) => {
      const alone = read(`${name} ${text}`);
      const asValue = read(`${name}: ${text}`);
      expect(asValue).toEqual(alone);
      const beside = read(`{ ${name}: ${text}, name: own, from: stem }`);
      expect(beside.told).toEqual(alone.told);
      if (alone.layers === undefined) return;
      const { name: _, ...bare } = alone.layers[1]!;
      expect(beside.layers![1]).toEqual({ ...bare, name: 'own', from: 'stem' });
    }),
    { numRuns: 5 },
  );
});

test('with name, from and share, in a block and by --set', () => {
  const text = `name: x
data: { source: mnist }
model:
  blocks:
    Unit: { parameters: { filters: 4, rate: 0.5 }, \
layers: [{ conv: 1x1x$filters relu, name: body }, { conv: 3x3x$filters same, from: input, name: other }, \
{ add: , from: [body, other] }, { dropout: $rate }] }
  layers:
    - { conv: 1x1x8 relu, name: b, from: input }
    - { conv: 3x3x8 same, name: c, from: b }
    - { conv: 3x3x8 same, share: c }
    - Unit
    - flatten
    - dense: 10
train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }
`;
  const { checked, diagnostics } = checkSource({ name: 'x.yaml', text }, ['model.layers[0].conv.kernelSize=3']);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  const {
    plan: { layers },
  } = checked!;
  expect(layers.map(({ name, type, inputs, outputShape }) => [name, type, inputs, outputShape.join('x')])).toEqual([
    ['b', 'conv2d', [-1], '26x26x8'],
    ['c', 'conv2d', [0], '26x26x8'],
    ['conv2d_1', 'conv2d', [1], '26x26x8'],
    ['Unit_1.body', 'conv2d', [2], '26x26x4'],
    ['Unit_1.other', 'conv2d', [2], '26x26x4'],
    ['Unit_1.add_1', 'add', [3, 4], '26x26x4'],
    ['Unit_1.dropout_1', 'dropout', [5], '26x26x4'],
    ['flatten_1', 'flatten', [6], '2704'],
    ['dense_1', 'dense', [7], '10'],
  ]);
  expect(layers[0]!.options).toMatchObject({ filters: 8, activation: 'relu' });
});
