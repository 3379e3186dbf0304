import { expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';

const found = (layer: string, above = '') => {
  const text = `name: x
data: { source: mnist }
model:
  layers:
${above}    - ${layer}
    - flatten
    - maxpool 2x2
    - dense 10
train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }
`;
  return checkSource({ name: 'x', text }).diagnostics.map(({ code, range }) => [
    code,
    text.slice(range!.start, range!.end),
  ]);
};
const shape = ['shape-mismatch', 'maxpool 2x2'];

// `flatten` and `maxpool` do not fit whatever the layer above gives.
test.each([
  ['{ dense: { units: 3, activaton: relu } }', [['unknown-key', 'activaton'], shape]],
  [
    '{ conv2d: { filters: 3, kernelSize: 3, kernelInitialiser: zeros } }',
    [['unknown-key', 'kernelInitialiser'], shape],
  ],
  ['{ conv2d: { filters: 3, kernelSize: 3, activation: rleu } }', [['not-one-of', 'rleu'], shape]],
  ['{ conv2d: { filters: 3, kernelSize: 3, kernelInitializer: zeross } }', [['unknown-initializer', 'zeross'], shape]],
  ['{ dropout: { rate: 3 } }', [['out-of-range', '3'], shape]],
  ['{ dropout: { rat: 0.3 } }', [['unknown-key', 'rat'], shape]],
  ['dropout 3', [['out-of-range', '3'], shape]],
  ['conv 3x3x8 rleu', [['unknown-word', 'rleu'], shape]],
  ['{ conv: 3x3x8 rleu, name: a }', [['unknown-word', 'rleu'], shape]],
  ['{ timeDistributed: { layer: { dense: { units: 3 } }, nmae: 3 } }', [['unknown-key', 'nmae']]],
  // What may change the shape, or could be anything, hides what is below.
  ['{ conv2d: { filters: 3, kernelSize: 3, pading: same } }', [['unknown-key', 'pading']]],
  ['{ conv2d: { filters: 3, kernelSize: 3, stride: 2 } }', [['unknown-key', 'stride']]],
  ['{ dense: { unit: 3 } }', [['unknown-key', 'unit']]],
  ['{ dense: { units: 3, xyzzy: 3 } }', [['unknown-key', 'xyzzy']]],
  ['conv 3x3x8 smae', [['unknown-word', 'smae']]],
  ['conv 3x3x8 xyzzy', [['unknown-word', 'xyzzy']]],
  ['{ dense: {} }', [['missing-key', 'dense']]],
])('%s', (layer, expected) => {
  expect(found(layer)).toEqual(expected);
});

test('the shape of the layer itself is checked too, and those of all below', () => {
  expect(found('{ conv: { filters: 3, kernelSize: 3, activaton: relu } }', '    - flatten\n')).toEqual([
    ['shape-mismatch', 'conv'],
    ['unknown-key', 'activaton'],
  ]);
  expect(
    found('{ batchNormalization: { momentm: 0.9 } }', '    - { dense: { units: 4, biasInitialzer: zeros } }\n'),
  ).toEqual([['unknown-key', 'biasInitialzer'], ['unknown-key', 'momentm'], shape]);
});
