import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scale } from '../../src/datasets/scale.ts';
import type { ModelGraph } from '../../src/layers/build-model.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { graphOf } from '../../src/plan/plan-pipeline.ts';
import { pipelinesFolder, readyPipelines } from '../shown-pipelines.ts';
import { layersOf } from './layer-rig.ts';

/** A net to be exported. */
export interface OnnxCase {
  readonly title: string;
  readonly graph: ModelGraph;
  readonly targets: readonly { readonly name: string }[];
  readonly scales?: readonly (readonly Scale[] | null)[];
}

/** @param outputs names of layers; left out: the last one */
function net(
  title: string,
  shape: readonly number[],
  layers: string,
  { outputs, scales }: { outputs?: readonly string[]; scales?: OnnxCase['scales'] } = {},
): OnnxCase {
  const all = layersOf(layers);
  const places = outputs?.map((output) => all.findIndex(({ name }) => name === output)) ?? [all.length - 1];
  return {
    title,
    graph: { inputs: [{ name: 'input', shape }], layers: all, outputs: places },
    targets: outputs === undefined ? [{ name: 'label' }] : outputs.map((name) => ({ name })),
    ...(scales === undefined ? {} : { scales }),
  };
}

const block = (name: string, from: string, filters: number) => `
- { conv: { filters: ${filters}, kernelSize: 3, padding: same, useBias: false }, name: ${name}_a, from: ${from} }
- batchnorm
- relu
- conv 3x3x${filters} same nobias
- { batchNormalization: {}, name: ${name}_b }
- { add: {}, from: [${name}_b, ${from}] }
- { relu: {}, name: ${name} }`;

/** One net for each family of layers, and some as people build them. */
const built: readonly OnnxCase[] = [
  net('one layer', [4], '[dense 3]'),
  net('a perceptron', [12], '[dense 16 relu, dropout 0.5, dense 8 tanh, dense 3 softmax]'),
  net(
    'its activations',
    [6],
    '[dense 8 gelu, dense 8 mish, dense 8 swish, dense 8 selu, dense 8 softplus, dense 8 relu6]',
  ),
  net(
    'layers of activations',
    [5, 4],
    '[leakyReLU 0.2, prelu, elu, thresholdedReLU 0.1, softsign, hardSigmoid, softmax]',
  ),
  net(
    'a plain convolutional net',
    [12, 12, 1],
    '[conv 3x3x8 relu, maxpool 2x2, conv 3x3x8 same relu, avgpool 2x2, flatten, dense 10]',
  ),
  net('strides', [11, 9, 3], '[conv 3x3x4/2 same, conv 5x5x6/3 same relu, flatten, dense 2]'),
  net(
    'residual blocks',
    [8, 8, 4],
    `
- { conv: { filters: 6, kernelSize: 3, padding: same }, name: stem }${block('one', 'stem', 6)}${block('two', 'one', 6)}
- globalAveragePooling2d
- dense 5`,
  ),
  net(
    'zeros that are larger than what they are around',
    [6, 6, 2],
    '[{ zeroPadding2d: { padding: 1 } }, maxpool 3x3/2]',
  ),
  net(
    'branches of an inception',
    [10, 10, 3],
    `
- { conv: { filters: 4, kernelSize: 1 }, name: a, from: input }
- { conv: { filters: 5, kernelSize: 3, padding: same }, name: b, from: input }
- { maxPooling2d: { poolSize: 3, strides: 1, padding: same }, name: c, from: input }
- { concatenate: {}, from: [a, b, c] }
- globalMaxPooling2d
- dense 3`,
  ),
  net(
    'a net that goes down and up',
    [8, 8, 2],
    `
- { conv: { filters: 4, kernelSize: 3, padding: same, activation: relu }, name: top }
- maxpool 2x2
- conv 3x3x8 same relu
- { conv2dTranspose: { filters: 4, kernelSize: 2, strides: 2 }, name: up }
- { concatenate: {}, from: [top, up] }
- conv 3x3x2 same softmax`,
  ),
  net(
    'transposed convolutions',
    [4, 5, 3],
    '[conv2dTranspose 3x3x4/2 same relu, conv2dTranspose 2x2x2/3, upSampling2d 2x2 bilinear, conv 3x3x1]',
  ),
  net(
    'depthwise and separable',
    [9, 9, 3],
    `
- depthwiseConv2d 3x3/2 same relu6
- separableConv2d 3x3x8 same nobias relu
- batchnorm
- globalAveragePooling2d
- dense 4`,
  ),
  net(
    'sequences by convolution',
    [16, 4],
    '[conv1d 3x8 same relu, maxPooling1d 2, conv1d 5x6/2 same, averagePooling1d 2, globalMaxPooling1d, dense 2]',
  ),
  net(
    'volumes',
    [6, 5, 7, 2],
    `
- conv3d 3x3x3x4 same relu
- maxPooling3d 2x2x2 same
- conv3dTranspose 2x2x2x3/2
- averagePooling3d 2x2x2
- flatten
- dense 2`,
  ),
  net(
    'films',
    [4, 6, 5, 2],
    `
- convLstm2d 3x3x3 same sequences
- { convLstm2d: { filters: 2, kernelSize: 2, strides: 2, goBackwards: true } }
- flatten
- dense 2`,
  ),
  net('an lstm', [7, 5], '[lstm 6, dense 3]'),
  net(
    'stacked recurrent layers',
    [9, 4],
    '[lstm 5 sequences, gru 6 sequences backwards, simpleRNN 4 sequences, gru 3]',
  ),
  net(
    'stacked cells',
    [6, 3],
    `
- { rnn: { cells: [lstmCell(4), gruCell(5), simpleRNNCell(3)], goBackwards: true, returnSequences: true } }
- dense 2`,
  ),
  net(
    'activations that no recurrent operator knows',
    [5, 3],
    `
- { bidirectional: { layer: { gru: { units: 4, recurrentActivation: swish, returnSequences: true } } } }
- { rnn: { cells: [{ lstmCell: { units: 3, activation: gelu } }, gruCell(4)], goBackwards: true } }
- { dense: { units: 4 } }`,
  ),
  net(
    'both ways',
    [6, 3],
    `
- { bidirectional: { layer: { lstm: { units: 4, returnSequences: true } } } }
- { bidirectional: { layer: gru 5, mergeMode: sum } }
- dense 2`,
  ),
  net(
    'each step by itself',
    [4, 8, 8, 1],
    `
- { timeDistributed: { layer: conv 3x3x4 relu } }
- { timeDistributed: { layer: { maxPooling2d: {} } } }
- { timeDistributed: { layer: { flatten: {} } } }
- lstm 5`,
  ),
  net('words', [8], '[embedding 30x6, positionEmbedding, globalAveragePooling1d, dense 4]'),
  net(
    'a transformer',
    [8],
    `
- { embedding: { inputDim: 20, outputDim: 8 } }
- { positionEmbedding: {}, name: x }
- { multiHeadAttention: { numHeads: 2, keyDim: 4, causal: true }, name: mixed }
- { add: {}, from: [x, mixed] }
- { layerNormalization: {}, name: y }
- dense 16 gelu
- { dense: { units: 8 }, name: z }
- { add: {}, from: [y, z] }
- layerNormalization
- dense 20`,
  ),
  net(
    'attention between two',
    [6, 4],
    `
- { dense: { units: 5 }, name: query }
- { conv1d: { filters: 3, kernelSize: 2, strides: 2 }, name: value, from: input }
- { multiHeadAttention: { numHeads: 3, keyDim: 2, valueDim: 4, outputShape: 7, useBias: false }, from: [query, value] }
- globalMaxPooling1d`,
  ),
  net(
    'normalizations',
    [6, 6, 4],
    `
- batchNormalization
- { layerNormalization: { axis: [1, 2] } }
- { groupNormalization: { groups: 2 } }
- { batchNormalization: { axis: 1 } }
- { batchNormalization: { axis: 2 } }
- { layerNormalization: { axis: -1 } }`,
  ),
  net(
    'merges',
    [3, 4],
    `
- { dense: { units: 4 }, name: a }
- { dense: { units: 4, activation: relu }, name: b, from: input }
- { subtract: {}, name: d, from: [a, b] }
- { multiply: {}, name: e, from: [d, a, b] }
- { average: {}, name: f, from: [e, d] }
- { maximum: {}, name: g, from: [f, a] }
- { minimum: {}, name: h, from: [g, b] }
- { dot: { axes: 2, normalize: true }, from: [h, a] }`,
  ),
  net(
    'smaller inputs laid over larger ones',
    [4, 4, 3],
    `
- { globalAveragePooling2d: {}, name: mean }
- { dense: { units: 3, activation: sigmoid }, name: share }
- { reshape: { targetShape: [1, 1, 3] }, name: gate }
- { conv: { filters: 3, kernelSize: 3, padding: same }, name: maps, from: input }
- { multiply: {}, name: gated, from: [maps, gate] }
- { add: {}, from: [gated, share] }`,
  ),
  net(
    'shapes',
    [12],
    '[{ reshape: { targetShape: [3, -1] } }, { permute: { dims: [2, 1] } }, flatten, repeatVector 3, dense 2]',
  ),
  net(
    'images made to fit',
    [9, 8, 3],
    `
- { rescaling: { scale: 2, offset: -1 } }
- { resizing: { height: 12, width: 7 } }
- { centerCrop: { height: 7, width: 6 } }
- { zeroPadding2d: { padding: [[1, 2], [0, 3]] } }
- { cropping2D: { cropping: [[1, 0], [2, 1]] } }
- { resizing: { height: 5, width: 11, interpolation: nearest } }
- conv 3x3x2`,
  ),
  net('categories', [3], '[{ categoryEncoding: { numTokens: 6, outputMode: count } }, dense 2]'),
  net(
    'noise that is none at work',
    [4, 4, 2],
    '[gaussianNoise 0.5, spatialDropout2d 0.2, gaussianDropout 0.3, alphaDropout 0.1, flatten, dense 2]',
  ),
  net('numbers in their own unit', [4], '[dense 8 relu, dense 3]', {
    scales: [
      [
        { mean: 100, deviation: 3 },
        { mean: -7, deviation: 0.5 },
        { mean: 0, deviation: 20 },
      ],
    ],
  }),
  net(
    'two outputs, one of them a layer of the other',
    [6],
    `
- { dense: { units: 5, activation: relu }, name: price }
- { dense: { units: 3 }, name: input_kind }`,
    {
      outputs: ['price', 'input_kind'],
      scales: [[{ mean: 3, deviation: 2 }], null],
    },
  ),
  { ...net('an output called as the input', [4], '[dense 4]'), targets: [{ name: 'input' }] },
];

/** That of texts.yaml reads a mask, which ONNX has not: `plan` says so. */
const unexported = 'texts.yaml';

/** Every other net in pipelines/. */
function shown(): readonly OnnxCase[] {
  return readyPipelines
    .filter(({ file }) => file !== unexported)
    .map(({ file, settings }) => {
      const path = join(pipelinesFolder, file);
      const { checked, diagnostics } = checkSource({ name: path, text: readFileSync(path, 'utf8') }, settings);
      if (checked === undefined) throw new Error(JSON.stringify(diagnostics));
      const graph = graphOf(checked.plan);
      const scales = graph.standardized!.map((each, k) =>
        each ? scalesOf(checked.plan.dataset.targets[k]!.shape) : null,
      );
      return { title: file, graph, targets: checked.plan.dataset.targets, scales };
    });
}

const scalesOf = (shape: readonly number[]) =>
  Array.from({ length: shape.at(-1)! }, (_, k) => ({ mean: 10 * k - 3, deviation: 2 + k }));

/** Nets that have to be exported. */
export const onnxNets = (): readonly OnnxCase[] => [...built, ...shown()];
