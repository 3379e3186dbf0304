import type * as TensorFlow from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { type Shape, formatShape, sizeOf } from '../base/tensor-shape.ts';
import { realNumber, wholeNumber } from '../base/numbers.ts';
import type { Misfit } from '../base/row.ts';
import { type LayerRow, defineLayer, trained, wrongRank } from './layer.ts';
import { attention } from './onnx/onnx-attention.ts';
import { keepsMask, presence } from './padding-masks.ts';
import { useBiasOption, weightOptions } from './options.ts';
import { type Computation, type OwnLayer, buildOwnLayer } from './custom-layer.ts';
import { keepMask } from './noise.ts';

interface Attention extends Readonly<Record<string, unknown>> {
  readonly numHeads: number;
  readonly keyDim: number;
  readonly valueDim: number | null;
  readonly outputShape: number | null;
  readonly useBias: boolean;
  readonly causal: boolean;
  readonly dropout: number;
}

const parts = ['query', 'key', 'value', 'output'] as const;

/** Query, value and key: those that are left out are the one before. */
function roles<T>([query, value = query, key = value]: readonly T[]): { query: T; value: T; key: T } {
  return { query: query!, value: value!, key: key! };
}

/**
 * Vaswani et al. 2017. TensorFlow.js has a class of this name in its source, but not in what it publishes for Node; it
 * makes its weights at the first call, all with one seed, and takes values beside its input, which no saved model
 * holds. Kernels are matrices with the heads side by side: [features, numHeads * keyDim].
 */
export const multiHeadAttention: OwnLayer<Attention> = {
  className: 'LayerlineMultiHeadAttention',
  outputShape: (inputs, { outputShape, causal }) =>
    misfit(inputs, causal) ?? [inputs[0]![0]!, outputShape ?? inputs[0]![1]!],
  weights: (inputs, { numHeads, keyDim, valueDim, outputShape, useBias }) => {
    const { query, value, key } = roles(inputs);
    const [keys, values, out] = [numHeads * keyDim, numHeads * (valueDim ?? keyDim), outputShape ?? query[1]!];
    const kernels = {
      query: [query[1]!, keys],
      key: [key[1]!, keys],
      value: [value[1]!, values],
      output: [values, out],
    } as const;
    return Object.fromEntries(
      parts.flatMap((part) => [
        [`${part}_kernel`, kernels[part]] as const,
        ...(useBias ? [[`${part}_bias`, [kernels[part][1]]] as const] : []),
      ]),
    );
  },
  mask: ({ masks: [mask] }) => mask!,
  compute: (given) => {
    const { tf, inputs, weights, options } = given;
    const project = (part: (typeof parts)[number], x: TensorFlow.Tensor) => {
      const [batch, steps, features] = x.shape;
      const kernel = weights[`${part}_kernel`]!;
      const flat = tf.matMul(tf.reshape(x, [batch! * steps!, features!]), kernel as TensorFlow.Tensor2D);
      const bias = weights[`${part}_bias`];
      return tf.reshape(bias === undefined ? flat : tf.add(flat, bias), [batch!, steps!, kernel.shape[1]!]);
    };
    const heads = (x: TensorFlow.Tensor) =>
      tf.transpose(tf.reshape(x, [x.shape[0]!, x.shape[1]!, options.numHeads, -1]), [0, 2, 1, 3]);
    const { query, value, key } = roles(inputs);
    const scores = tf.matMul(
      heads(tf.mul(project('query', query), 1 / Math.sqrt(options.keyDim))),
      heads(project('key', key)),
      false,
      true,
    );
    const mixed = tf.transpose(
      tf.matMul(dropShares(given, sharesOf(given, scores)), heads(project('value', value))),
      [0, 2, 1, 3],
    );
    return project('output', tf.reshape(mixed, [mixed.shape[0]!, mixed.shape[1]!, -1]));
  },
};

/**
 * How much each step takes of each other: nothing of one that is not there. One that sees none takes of all alike, or
 * nothing where shares are dropped, as in Keras 3.
 */
function sharesOf({ tf, masks, options }: Computation<Attention>, scores: TensorFlow.Tensor): TensorFlow.Tensor {
  const [batch, , steps, others] = scores.shape as [number, number, number, number];
  const causal = options.causal ? [earlier(tf, steps, others)] : [];
  const { query, value, key } = roles(masks);
  const absent = [
    ...(query === null ? [] : [tf.reshape(presence(tf, query, [batch, steps]), [batch, 1, steps, 1])]),
    ...[value, key].flatMap((mask) =>
      mask === null ? [] : [tf.reshape(presence(tf, mask, [batch, others]), [batch, 1, 1, others])],
    ),
  ];
  if (causal.length + absent.length === 0) return tf.softmax(scores);
  const seen = [...causal, ...absent].reduce((all, one) => tf.mul(all, one));
  const shares = tf.softmax(tf.add(tf.mul(scores, seen), tf.mul(tf.sub(1, seen), -1e9)));
  return absent.length === 0 || options.dropout === 0 ? shares : tf.mul(shares, seen);
}

/** 1 where a step would look at itself or an earlier one, else 0. */
function earlier(tf: Computation<Attention>['tf'], steps: number, others: number): TensorFlow.Tensor {
  const values = Float32Array.from({ length: steps * others }, (_, index) =>
    index % others > Math.floor(index / others) ? 0 : 1,
  );
  return tf.tensor(values, [1, 1, steps, others]);
}

function dropShares({ tf, options, uniform }: Computation<Attention>, shares: TensorFlow.Tensor): TensorFlow.Tensor {
  if (uniform === undefined || options.dropout === 0) return shares;
  return tf.mul(shares, tf.div(keepMask({ tf, uniform }, shares.shape, options.dropout, 'mask'), 1 - options.dropout));
}

function misfit(inputs: readonly Shape[], causal: boolean): Misfit | undefined {
  if (inputs.length > 3)
    return {
      problem: `multiHeadAttention takes a query, a value and a key, but gets ${inputs.length} inputs`,
      hint: 'Name them in this order: `from: [query, value, key]`.',
    };
  const wrong = inputs.find((shape) => shape.length !== 2);
  if (wrong !== undefined) return wrongRank('multiHeadAttention', '[steps, features]', wrong);
  const { query, value, key } = roles(inputs);
  if (value[0] !== key[0])
    return {
      problem:
        'multiHeadAttention needs a value and a key of as many steps, ' +
        `but gets ${formatShape(value)} and ${formatShape(key)}`,
      hint: 'Take both from the same layer.',
    };
  return causal && query[0] !== key[0]
    ? {
        problem: `multiHeadAttention cannot be causal between ${query[0]} and ${key[0]} steps`,
        hint: 'Set `causal: false`.',
      }
    : undefined;
}

/** Attention layers. */
export const attentionLayers: Record<'multiHeadAttention', LayerRow> = {
  multiHeadAttention: defineLayer({
    doc:
      'Each step of a sequence [steps, features] takes in the others, as much as they fit it, ' +
      'in several ways at once (Vaswani et al. 2017). One input attends to itself; ' +
      'of two, the first looks at the second; a third is the key.',
    example: 'multiHeadAttention: { numHeads: 4, keyDim: 16 }',
    options: Type.Object({
      numHeads: wholeNumber({ description: 'In how many ways steps are compared.', minimum: 1 }),
      keyDim: wholeNumber({ description: 'Features of query and key in each head.', minimum: 1 }),
      valueDim: Type.Union([wholeNumber({ minimum: 1 }), Type.Null()], {
        description: 'Features of the value in each head; null takes keyDim.',
        default: null,
      }),
      outputShape: Type.Union([wholeNumber({ minimum: 1 }), Type.Null()], {
        description: 'Features of the output; null takes those of the query.',
        default: null,
      }),
      dropout: realNumber({
        description: 'In training, share of the attention that is set to 0. Seeded.',
        default: 0,
        minimum: 0,
        exclusiveMaximum: 1,
      }),
      causal: Type.Boolean({ description: 'Whether a step looks at itself and earlier ones alone.', default: false }),
      useBias: useBiasOption,
      ...weightOptions('kernel', 'four kernels', 'glorotUniform', 2),
      ...weightOptions('bias', 'four biases', 'zeros', 1),
    }),
    text: {
      usage: 'multiHeadAttention HEADSxKEYDIM [causal] [nobias]',
      word: (word, position) => {
        const match = position === 0 ? /^(\d+)x(\d+)$/.exec(word) : null;
        if (match !== null) return { numHeads: Number(match[1]), keyDim: Number(match[2]) };
        if (word === 'causal') return { causal: true };
        return word === 'nobias' ? { useBias: false } : undefined;
      },
    },
    merges: 'optional',
    outputShape: (_, options, inputs) => multiHeadAttention.outputShape(inputs, options),
    parameters: (_, options, inputs) =>
      trained(
        Object.values(multiHeadAttention.weights!(inputs, options)).reduce((sum, shape) => sum + sizeOf(shape), 0),
      ),
    flops: ([steps], _, options, inputs) => {
      const { numHeads, keyDim, valueDim } = options;
      const others = roles(inputs).key[0]!;
      const kernels = multiHeadAttention.weights!(inputs, { ...options, useBias: false });
      const products = parts.reduce(
        (sum, part) =>
          sum + (part === 'key' || part === 'value' ? others : steps!) * sizeOf(kernels[`${part}_kernel`]!),
        0,
      );
      return 2 * products + 2 * steps! * others * numHeads * (keyDim + (valueDim ?? keyDim) + 2);
    },
    // Query and what is mixed, key and value, shares (with what is dropped of them, and what is left), the output.
    activations: ([steps], output, { numHeads, keyDim, valueDim, dropout }, inputs) => {
      const others = roles(inputs).key[0]!;
      const shares = steps! * others * (dropout === 0 ? 1 : 3);
      return numHeads * ((steps! + others) * (keyDim + (valueDim ?? keyDim)) + shares) + sizeOf(output);
    },
    mask: keepsMask,
    build: ({ numHeads, keyDim, valueDim, outputShape, dropout, causal, useBias, ...options }, context) => {
      const beginnings = parts.flatMap((part) => {
        const given = context.within(part).weights(options, 'kernel', 'bias');
        return [
          [
            `${part}_kernel`,
            {
              initializer: given.kernelInitializer,
              regularizer: given.kernelRegularizer,
              constraint: given.kernelConstraint,
            },
          ] as const,
          [
            `${part}_bias`,
            {
              initializer: given.biasInitializer,
              regularizer: given.biasRegularizer,
              constraint: given.biasConstraint,
            },
          ] as const,
        ];
      });
      return buildOwnLayer(
        multiHeadAttention,
        context,
        { numHeads, keyDim, valueDim, outputShape, dropout, causal, useBias },
        { weights: Object.fromEntries(beginnings), uniform: context.uniform },
      );
    },
    onnx: (options, layer) => attention(options, layer, roles(layer.inputs)),
  }),
};
