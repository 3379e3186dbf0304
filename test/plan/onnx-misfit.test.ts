import { afterAll, expect, test } from 'vitest';
import { Rig } from '../rig.ts';
import { onnxMisfit, onnxNames } from '../../src/layers/onnx/onnx-model.ts';
import { layersOf } from '../layers/layer-rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const pipeline = (layers: string) => `name: t
data: { source: { text: { file: t.txt, steps: 4 } } }
model:
  layers:
    - embedding 4x6
    - lstm 6 sequences
    - ${layers}
    - dense 4
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 8, epochs: 1 }
`;

test.each([
  ['dense 3 relu', 'export      onnx\n', { possible: true }],
  [
    'masking',
    'export      onnx no (masking_1, layer 3, t.yaml:7:7): it makes a mask, and ONNX knows none\n',
    { possible: false, layer: 'masking_1', type: 'masking', file: 't.yaml', line: 7, column: 7 },
  ],
  [
    '{ masking: {}, name: words }',
    'export      onnx no (masking `words`, layer 3, t.yaml:7:9): it makes a mask, and ONNX knows none\n',
    {
      possible: false,
      layer: 'words',
      type: 'masking',
      line: 7,
      reason: 'it makes a mask, and ONNX knows none',
    },
  ],
])('plan says whether the net can be exported: %s', async (layer, line, told) => {
  rig.write('t.txt', 'ab ba\nba ab\n'.repeat(20));
  rig.write('t.yaml', pipeline(layer));
  const [text, json] = await Promise.all([rig.run(['plan', 't.yaml']), rig.run(['plan', 't.yaml', '--json'])]);
  expect([text.code, json.code]).toEqual([0, 0]);
  expect(text.stdout).toContain(line);
  expect((JSON.parse(json.stdout) as { export: { onnx: object } }).export.onnx).toMatchObject(told);
});

test('and to TensorFlow.js, where a mask keeps it from that', async () => {
  rig.write('t.txt', 'ab ba\nba ab\n'.repeat(20));
  rig.write('t.yaml', pipeline('masking\n    - { batchNormalization: { axis: 1 } }'));
  const [text, json] = await Promise.all([rig.run(['plan', 't.yaml']), rig.run(['plan', 't.yaml', '--json'])]);
  expect(text.stdout).toContain(
    'knows none; tfjs no (batchNormalization_1, layer 4, t.yaml:8:9): ' +
      'below a mask TensorFlow.js normalizes along the last axis alone, written as -1\n',
  );
  const { export: told } = JSON.parse(json.stdout) as { readonly export: object };
  expect(told).toMatchObject({
    onnx: { possible: false, layer: 'masking_1' },
    tfjs: { possible: false, layer: 'batchNormalization_1', type: 'batchNormalization', line: 8, column: 9 },
  });
});

test.each([
  ['dense 3', undefined],
  ['{ timeDistributed: { layer: { masking: {} } } }', /mask/],
  ['{ embedding: { inputDim: 4, outputDim: 2, maskZero: true } }', /maskZero makes a mask/],
  ['convLstm2d 3x3x4', undefined],
])('%s', (layer, reason) => {
  const misfit = onnxMisfit(layersOf(`[dense 4, ${layer}]`));
  if (reason === undefined) expect(misfit).toBeUndefined();
  else {
    expect(misfit?.layer).toBe(1);
    expect(misfit?.reason).toMatch(reason);
  }
});

test('a file holds 2 GB', () => {
  const layers = layersOf('[dense 20000, dense 20000, dense 2]');
  const counted = (weights: number) =>
    layers.map((layer) => ({ ...layer, parameters: { trainable: weights, nonTrainable: 0 } }));
  expect(onnxMisfit(counted(100e6))).toBeUndefined();
  expect(onnxMisfit(counted(300e6))).toMatchObject({ layer: 1, reason: expect.stringContaining('2 GB') as string });
});

test('inputs and outputs are called as the data calls them, and never alike', () => {
  const named = (...names: string[]) => names.map((name) => ({ name }));
  expect(onnxNames(named('a', 'b'), named('c', 'd'))).toEqual({ inputs: ['a', 'b'], outputs: ['c', 'd'] });
  expect(onnxNames(named('a', 'a_'), named('a', 'a__', 'c'))).toEqual({
    inputs: ['a', 'a_'],
    outputs: ['a___', 'a__', 'c'],
  });
});
