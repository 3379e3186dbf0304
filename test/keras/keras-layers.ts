import { chosenFrom } from '../../src/base/row.ts';
import { cells } from '../../src/layers/cells.ts';
import { type LayerType, layers } from '../../src/layers/layers.ts';
import { type Sizes, spread } from '../../src/layers/options.ts';
import { constraints } from '../../src/layers/weights/constraints.ts';
import { regularizers } from '../../src/layers/weights/regularizers.ts';
import type { KerasLayer, KerasObject } from './judge.ts';
import { kerasActivation, oldResizing } from './known-differences.ts';

type Options = Readonly<Record<string, unknown>>;

type Translate = (options: Options) => KerasLayer;

const snakeCase = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `maxNorm` -> `MaxNorm`, `l2` -> `L2`. */
const capitalized = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** A regularizer or constraint by the names of Keras. */
function chosenObject(kind: 'regularizer' | 'constraint', value: Options | null): KerasObject | null {
  if (value === null) return null;
  const { type, options } = chosenFrom(kind === 'regularizer' ? regularizers : constraints, value);
  const names: Readonly<Record<string, string>> = { nonNeg: 'NonNeg', l1l2: 'L1L2' };
  return { kind, class: names[type] ?? capitalized(type), options: namedOptions(options) };
}

/** Options by the names of Keras. Weights are set later: the values that they begin with cost time and say nothing. */
function namedOptions(options: Options): Options {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      if (name.endsWith('Initializer')) return [snakeCase(name), name.startsWith('movingVariance') ? 'ones' : 'zeros'];
      if (name.endsWith('Regularizer')) return [snakeCase(name), chosenObject('regularizer', value as Options | null)];
      if (name.endsWith('Constraint')) return [snakeCase(name), chosenObject('constraint', value as Options | null)];
      return [snakeCase(name), /activation$/i.test(name) ? kerasActivation(value as string) : value];
    }),
  );
}

/** A layer whose options are those of Keras but for their spelling, and for what `changes` makes of them. */
const named =
  (name: string, changes: (options: Options) => Options = (options) => options): Translate =>
  (options) => ({ kind: 'layer', class: name, options: namedOptions(changes(options)) });

const without = ({ ...options }: Record<string, unknown>, ...names: readonly string[]): Options => {
  for (const name of names) delete options[name];
  return options;
};

/**
 * Recurrent layers name the initializer, ... of the recurrent kernel alike; the bias is given, so its beginning does
 * not matter.
 */
const recurrent = (name: string, more: Options = {}): Translate =>
  named(name, (options) => ({ ...without(options, 'unitForgetBias'), ...more }));
const cellLayers: Readonly<Record<keyof typeof cells, Translate>> = {
  simpleRNNCell: recurrent('SimpleRNNCell'),
  gruCell: recurrent('GRUCell', { resetAfter: false }),
  lstmCell: recurrent('LSTMCell'),
};

/**
 * Keras takes the halves for forwards and backwards where they are not given: what reads backwards first needs both.
 */
const bothWays: Translate = ({ layer, mergeMode }) => {
  const { type, options } = chosenFrom(layers, layer as Options);
  const half = (goBackwards: boolean) => kerasLayer({ type, options: { ...options, goBackwards } });
  const backwards = options['goBackwards'] === true;
  return {
    kind: 'layer',
    class: 'Bidirectional',
    options: { layer: half(backwards), backward_layer: half(!backwards), merge_mode: mergeMode },
  };
};

const translations: Readonly<Record<LayerType, Translate>> = {
  dense: named('Dense'),
  flatten: named('Flatten'),
  reshape: named('Reshape'),
  permute: named('Permute'),
  repeatVector: named('RepeatVector'),
  masking: named('Masking'),
  embedding: named('Embedding'),
  positionEmbedding: named('PositionEmbedding'),
  conv1d: named('Conv1D'),
  conv2d: named('Conv2D'),
  conv3d: named('Conv3D'),
  conv2dTranspose: named('Conv2DTranspose'),
  conv3dTranspose: named('Conv3DTranspose'),
  depthwiseConv2d: named('DepthwiseConv2D'),
  separableConv2d: named('SeparableConv2D'),
  maxPooling1d: named('MaxPooling1D'),
  maxPooling2d: named('MaxPooling2D'),
  maxPooling3d: named('MaxPooling3D'),
  averagePooling1d: named('AveragePooling1D'),
  averagePooling2d: named('AveragePooling2D'),
  averagePooling3d: named('AveragePooling3D'),
  globalMaxPooling1d: named('GlobalMaxPooling1D'),
  globalMaxPooling2d: named('GlobalMaxPooling2D'),
  globalAveragePooling1d: named('GlobalAveragePooling1D'),
  globalAveragePooling2d: named('GlobalAveragePooling2D'),
  zeroPadding2d: named('ZeroPadding2D'),
  cropping2D: named('Cropping2D'),
  upSampling2d: (options) =>
    options['interpolation'] === 'bilinear'
      ? oldResizing({ factors: spread(options['size'] as Sizes, 2) }, 'bilinear')
      : named('UpSampling2D')(options),
  batchNormalization: named('BatchNormalization'),
  layerNormalization: named('LayerNormalization'),
  groupNormalization: named('GroupNormalization'),
  activation: named('Activation'),
  reLU: named('ReLU'),
  leakyReLU: named('LeakyReLU', ({ alpha }) => ({ negativeSlope: alpha })),
  prelu: named('PReLU'),
  elu: named('ELU'),
  softmax: named('Softmax'),
  thresholdedReLU: named('ReLU', ({ theta }) => ({ threshold: theta })),
  dropout: named('Dropout'),
  spatialDropout1d: named('SpatialDropout1D'),
  spatialDropout2d: named('SpatialDropout2D'),
  // Keras refuses stronger noise than 1, which it is compared without.
  gaussianNoise: named('GaussianNoise', (options) => ({
    ...options,
    stddev: Math.min(1, options['stddev'] as number),
  })),
  gaussianDropout: named('GaussianDropout'),
  alphaDropout: named('AlphaDropout'),
  simpleRNN: recurrent('SimpleRNN'),
  gru: recurrent('GRU', { resetAfter: false }),
  lstm: recurrent('LSTM'),
  convLstm2d: recurrent('ConvLSTM2D'),
  rnn: ({ cells: chosen, ...options }) => {
    const stack = (chosen as Options[]).map((value) => {
      const { type, options: given } = chosenFrom(cells, value);
      return cellLayers[type as keyof typeof cells](given);
    });
    return { kind: 'layer', class: 'RNN', options: { ...namedOptions(options), cell: stack } };
  },
  bidirectional: bothWays,
  timeDistributed: ({ layer }) => ({
    kind: 'layer',
    class: 'TimeDistributed',
    options: { layer: kerasLayer(chosenFrom(layers, layer as Options)) },
  }),
  rescaling: named('Rescaling'),
  resizing: ({ interpolation, ...size }) => oldResizing(size as { height: number; width: number }, interpolation),
  centerCrop: named('CenterCrop'),
  categoryEncoding: named('CategoryEncoding', ({ outputMode, ...options }) => ({
    ...options,
    outputMode: snakeCase(outputMode as string),
  })),
  multiHeadAttention: ({ causal, ...options }) => ({
    ...named('MultiHeadAttention')(options),
    spread: true,
    call: { use_causal_mask: causal },
  }),
  add: named('Add'),
  subtract: named('Subtract'),
  multiply: named('Multiply'),
  average: named('Average'),
  maximum: named('Maximum'),
  minimum: named('Minimum'),
  concatenate: named('Concatenate'),
  dot: named('Dot'),
};

/** The layer that Keras has under the name of a row whose translation is another one. */
export function sameName(type: string, options: Options): KerasLayer {
  const classes: Readonly<Record<string, string>> = {
    resizing: 'Resizing',
    upSampling2d: 'UpSampling2D',
    activation: 'Activation',
  };
  return {
    kind: 'layer',
    class: classes[type]!,
    options: Object.fromEntries(
      Object.entries(options).map(([name, value]) => [
        name,
        name === 'activation' ? snakeCase(value as string) : value,
      ]),
    ),
  };
}

/** The layer of Keras that a row stands for; where the two are known to differ, what the row computes. */
export function kerasLayer({ type, options }: { readonly type: string; readonly options: Options }): KerasLayer {
  return translations[type as LayerType](options);
}
