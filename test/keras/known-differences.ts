import { type Sizes, spread } from '../../src/layers/options.ts';
import type { KerasLayer } from './judge.ts';

type Options = Readonly<Record<string, unknown>>;

/** Where a row computes something else than what Keras has under its name. */
export interface KnownDifference {
  /** The layer that shows it, and the shape of a sample. */
  readonly example: { readonly type: string; readonly options: Options; readonly shape: readonly number[] };
  readonly reason: string;
}

/** All of them. Each is shown to be one still: Keras gives another output for its example. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    example: { type: 'activation', options: { activation: 'hardSigmoid' }, shape: [8] },
    reason:
      'TensorFlow.js has the line 0.2 x + 0.5 within 0..1, as Keras 1 and 2; Keras 3 has relu6(x + 3) / 6. ' +
      'So with `recurrentActivation`.',
  },
  {
    example: { type: 'resizing', options: { height: 3, width: 5, interpolation: 'bilinear' }, shape: [6, 6, 2] },
    reason:
      "TensorFlow.js' gradient of bilinear resizing knows pixels as points alone, " +
      'the first of which is the corner; Keras takes them for squares.',
  },
  {
    example: { type: 'resizing', options: { height: 4, width: 4, interpolation: 'nearest' }, shape: [6, 6, 2] },
    reason: 'As for bilinear: of several pixels, the first one is the nearest, not the middle one.',
  },
  {
    example: { type: 'upSampling2d', options: { size: 2, interpolation: 'bilinear' }, shape: [4, 4, 2] },
    reason: "As for `resizing`: TensorFlow.js' layer takes pixels for points.",
  },
];

/**
 * Optimizers that move weights otherwise than those of Keras: with what options, and with the judge's own way or none.
 */
export const knownOptimizerDifferences = [
  {
    type: 'adam',
    options: { epsilon: 1e-3 },
    fallingRate: false,
    reason:
      "epsilon is added to the corrected root of the second moment, as the paper's algorithm and TensorFlow.js " +
      'have it; Keras adds it before the correction, and so counts it more in the first steps. So with adamW.',
  },
  {
    type: 'momentum',
    options: {},
    fallingRate: true,
    reason:
      'The moment is an average of gradients, as in TensorFlow; in Keras the learning rate is in it, ' +
      'so the effect of a schedule comes later.',
  },
] as const;

/** Whether the judge corrects epsilon as the rows do. */
export const correctsEpsilon = (type: string): boolean => type === 'adam' || type === 'adamW';

/** An activation function for Keras; for those it has not, or has otherwise, the judge's own. */
export function kerasActivation(name: string): string {
  const others: Readonly<Record<string, string>> = {
    hardSigmoid: 'old_hard_sigmoid',
    gelu_new: 'gelu_tanh',
    logSoftmax: 'log_softmax',
  };
  return others[name] ?? name;
}

/** What the judge computes in place of Keras' own layer: TensorFlow's resizing as TensorFlow 1 had it. */
export function oldResizing(
  size: { readonly height: number; readonly width: number } | { readonly factors: readonly number[] },
  interpolation: unknown,
): KerasLayer {
  return { kind: 'layer', class: 'OldResizing', options: { ...size, interpolation } };
}

/**
 * Defaults that are not those of Keras: ours are TensorFlow.js', but for that of `momentum`, which is named after it.
 * By row, or for all others that have such an option.
 */
export const knownDefaults: Readonly<Record<string, readonly [ours: unknown, keras: unknown]>> = {
  kernelInitializer: ['glorotNormal', 'GlorotUniform'],
  depthwiseInitializer: ['glorotNormal', 'GlorotUniform'],
  recurrentActivation: ['hardSigmoid', 'sigmoid'],
  unitForgetBias: [false, true],
  'momentum.momentum': [0.9, 0],
};

/** Random options for which the two cannot be held against each other, though they compute the same. */
export const notCompared: Readonly<
  Record<string, { when(options: Options, shape: readonly number[]): boolean; readonly reason: string }>
> = {
  'conv3d, maxPooling3d, averagePooling3d': {
    when: ({ padding, kernelSize, poolSize, strides }) => {
      const [size, steps] = [kernelSize ?? poolSize, strides ?? poolSize].map((sizes) => spread(sizes as Sizes, 3));
      return padding === 'same' && size!.some((one, axis) => one < steps![axis]!);
    },
    reason:
      "TensorFlow's own kernels disagree where a window of a volume is smaller than its step: " +
      "Eigen's take the middle of what is between, oneDNN's the first.",
  },
  multiHeadAttention: {
    when: ({ valueDim, keyDim, ...options }) =>
      (valueDim ?? keyDim) === 1 ||
      ['kernel', 'bias'].some(
        (weight) => !['null', '{"nonNeg":{}}'].includes(JSON.stringify(options[`${weight}Constraint`])),
      ),
    reason:
      'With valueDim 1 and as many heads as steps, Keras 3.15 gives something else than its formula. ' +
      'Its kernels have an axis for the heads, so norms of constraints run over other values.',
  },
  layerNormalization: {
    when: ({ axis, ...options }) =>
      Array.isArray(axis) && ['beta', 'gamma'].some((weight) => options[`${weight}Constraint`] !== null),
    reason:
      'Keras orders the axes of its weights as they are written, ' +
      'so a constraint along one of them may be along another.',
  },
  'batchNormalization, layerNormalization, groupNormalization': {
    when: ({ epsilon }) => (epsilon as number) < 1e-30,
    reason: 'Such an epsilon is 0 in float32: where all values are alike, it gives 0 / 0.',
  },
  dot: {
    when: ({ normalize }, shape) => normalize === true && shape.includes(1),
    reason: 'Normalizing one value leaves its sign, and rounding for a gradient.',
  },
};
