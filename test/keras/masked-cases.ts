import { type Chosen, isMisfit } from '../../src/base/row.ts';
import { layerRow, layers } from '../../src/layers/layers.ts';
import { exampleLayer } from '../contract/row-examples.ts';
import { layersOf } from '../layers/layer-rig.ts';
import { type LayerCase, casesOf } from './layer-cases.ts';

/** Inputs under masks that differ: of the steps that are 0, and of those that are 0.5. */
const masked: LayerCase['inputs'] = [
  [1, 0, 0],
  [-0.5, 0.25, 0],
  [2, 0, 1],
];

const chosen = (type: keyof typeof layers, changed = {}): Chosen => ({
  type,
  options: exampleLayer(layers[type], changed).options,
});

/** The moments of all values that are there, and the mean of the steps that are. */
const [moments, mean] = [chosen('batchNormalization'), chosen('globalAveragePooling1d')];

/**
 * The row's cases under masks of all inputs, of the first alone and of the last alone, and below it what shows the mask
 * that comes out.
 */
export function maskedCasesOf(type: string): readonly LayerCase[] {
  // What else the options may be changes no mask, and is judged without one. Of other places than its input has,
  // convLstm2d is below.
  const all = casesOf(type, [[4, 8], [6, 6, 8], [8], [1], [3, 5, 5, 2], [28, 28, 1]]).filter(({ title }) =>
    (type === 'convLstm2d' ? /^its example/ : /^(its example|\{)/).test(title),
  );
  return all.flatMap((given) => {
    const {
      shape,
      inputs,
      layers: [first],
    } = given as LayerCase & { readonly layers: readonly [Chosen] };
    // Of what is not there the norm is 0, which has no gradient to compare.
    const options = type === 'dot' ? { ...first.options, normalize: false } : first.options;
    const output = layerRow(type).outputShape(
      shape,
      options,
      inputs.map(() => shape),
    );
    if (isMisfit(output)) throw new Error(output.problem);
    const below = [chosen('activation', { activation: 'tanh' }), moments, ...(output.length === 2 ? [mean] : [])];
    const every = inputs.map((_, index) => index);
    const which = inputs.length === 1 ? [every] : [every, [0], [inputs.length - 1]];
    return which.map((there): LayerCase => ({
      ...given,
      title: `${given.title}, masks of ${there.map((index) => index + 1).join(' and ')}`,
      inputs: masked
        .slice(0, inputs.length)
        .map((input, index): (typeof masked)[number] => (there.includes(index) ? input : [input[0], input[1]])),
      layers: [{ type, options }, ...below],
    }));
  });
}

const stacks: readonly (readonly unknown[])[] = [
  ['bidirectional lstm(3)', 'dense 2'],
  [{ bidirectional: { layer: { gru: { units: 3, returnSequences: true } } } }],
  [{ bidirectional: { layer: { lstm: { units: 3, returnSequences: true, goBackwards: true } }, mergeMode: 'mul' } }],
  [{ bidirectional: { layer: { simpleRNN: { units: 3, returnSequences: true } }, mergeMode: 'sum' } }, 'lstm 2'],
  [{ rnn: { cells: ['lstmCell(3)', 'gruCell(2)'], returnSequences: true } }],
  ['lstm 3 sequences backwards'],
  ['multiHeadAttention 2x3 causal'],
  ['layernorm', 'multiHeadAttention 2x2', 'dense 3 relu', 'lstm 2'],
  [
    'positionEmbedding',
    'leakyReLU',
    'elu',
    'prelu',
    'groupNormalization 1',
    'rescaling 0.5',
    'spatialDropout1d 0',
    'gru 2',
  ],
  ['batchnorm', 'globalAveragePooling1d', 'dense 2'],
  [{ batchNormalization: { axis: 1 } }, 'lstm 2'],
  ['conv1d 2x3', 'lstm 2'],
  ['conv1d 3x3 same', 'maxPooling1d 2', 'flatten', 'dense 2'],
  ['flatten', 'dense 2'],
  ['permute 2x1', 'lstm 2'],
  ['reshape 2x4', 'gru 2'],
  ['globalMaxPooling1d'],
  [{ timeDistributed: { layer: 'dense 3' } }, 'lstm 2'],
  [
    { timeDistributed: { layer: 'reshape 1x2x1' } },
    { timeDistributed: { layer: 'zeroPadding2d 1' } },
    { timeDistributed: { layer: 'cropping2D 1' } },
    { timeDistributed: { layer: 'flatten' } },
    'lstm 2',
  ],
  [{ timeDistributed: { layer: 'reshape 1x2x1' } }, 'convLstm2d 1x1x2', 'flatten', 'dense 2'],
  [
    { timeDistributed: { layer: 'reshape 1x2x1' } },
    'convLstm2d 1x1x2 sequences',
    { timeDistributed: { layer: 'flatten' } },
    'lstm 2',
  ],
];

const stackOf = (shape: readonly number[], stack: readonly unknown[]): LayerCase => ({
  title: stack.map((layer) => (typeof layer === 'string' ? layer : JSON.stringify(layer))).join(', '),
  shape,
  inputs: masked.slice(0, 1),
  layers: layersOf(JSON.stringify(stack)),
});

const words = { embedding: { inputDim: 3, outputDim: 2, maskZero: true } };
const graph = (title: string, inputs: LayerCase['inputs'], layersGiven: LayerCase['layers']): LayerCase => ({
  title,
  shape: [4, 2],
  inputs,
  layers: layersGiven,
});
const from = (layer: Chosen, ...places: readonly number[]) => ({ ...layer, from: places });

/** Masks on their way through several layers. */
export const maskedStacks: readonly LayerCase[] = [
  ...stacks.map((stack) => stackOf([4, 2], stack)),
  stackOf([4, 3, 2], [{ timeDistributed: { layer: 'globalAveragePooling1d' } }, 'dense 2']),
  stackOf([4, 3, 2], [{ timeDistributed: { layer: 'lstm 2' } }, 'dense 2']),
  stackOf([3, 3, 2], ['batchnorm', 'relu', 'conv 2x2x3', 'maxpool 2x2', 'flatten', 'dense 2']),
  { ...stackOf([5], [words, 'multiHeadAttention 2x2', 'globalAveragePooling1d']), inputs: [[1, 0]] },
  {
    ...stackOf([5], [words, 'positionEmbedding', 'layernorm', 'lstm 3 sequences', 'leakyReLU', 'batchnorm']),
    inputs: [[1, 0]],
  },
  graph('the norm after attention', masked.slice(0, 1), [
    chosen('multiHeadAttention', { numHeads: 2, keyDim: 2 }),
    from(chosen('add'), -1, 0),
    chosen('layerNormalization'),
    mean,
  ]),
  graph('the norm before attention', masked.slice(0, 1), [
    chosen('layerNormalization'),
    chosen('multiHeadAttention', { numHeads: 2, keyDim: 2 }),
    from(chosen('add'), -1, 1),
    chosen('layerNormalization'),
    mean,
  ]),
  graph('a softmax of each step', masked.slice(0, 1), [chosen('softmax'), chosen('lstm', { units: 2 })]),
  graph('a query and a value of other masks', masked.slice(0, 2), [
    from(chosen('multiHeadAttention', { numHeads: 2, keyDim: 2 }), -1, -2),
    mean,
  ]),
  graph('steps one after the other', masked.slice(0, 2), [from(chosen('concatenate', { axis: 1 }), -1, -2), mean]),
  graph('the largest of three', masked, [from(chosen('maximum'), -1, -2, -3), mean]),
  graph(
    'the smallest beside one without a mask',
    [masked[0]!, [-0.5, 0.25], masked[2]!],
    [from(chosen('minimum'), -1, -2, -3), mean],
  ),
];

/** Where Keras has no mask, or no answer. */
export const maskedDifferences: readonly { readonly example: LayerCase; readonly reason: string }[] = [
  {
    example: {
      title: 'a film of which places are masked',
      shape: [3, 5, 5, 2],
      inputs: masked.slice(0, 1),
      layers: [chosen('convLstm2d', { filters: 2, kernelSize: 2, strides: 2 })],
    },
    reason:
      'Keras fails where the output has other places than the mask; here a frame is there where any of its places is.',
  },
  {
    example: graph('softmax', masked.slice(0, 1), [chosen('softmax')]),
    reason:
      'Softmax of Keras takes a mask for one of the last axis, along which steps do not lie, and fails. ' +
      'Its activation of that name is what the row is compared with.',
  },
  {
    example: {
      title: 'the mean of nothing',
      shape: [1],
      inputs: [[1, 0]],
      layers: [chosen('embedding', { inputDim: 2, outputDim: 2, maskZero: true }), mean],
    },
    reason: 'The mean of a sequence of which no step is there is no number in Keras, and 0 here.',
  },
];
