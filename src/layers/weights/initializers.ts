import { type Static, type TObject, Type } from 'typebox';
import { realNumber } from '../../base/numbers.ts';
import { type Chosen, type CompactText, type Row, isNamedIn } from '../../base/row.ts';
import type { Tf } from '../../engine/tensorflow.ts';
import { orthogonalMatrix } from './orthogonal.ts';

/** What the Layers API draws first weights with; its class is not exported. */
export type Initializer = ReturnType<Tf['initializers']['zeros']>;

/** A way to draw a layer's first weights. */
export interface InitializerRow<O extends TObject = TObject> extends Row<O> {
  /** @param seed never 0: TensorFlow.js takes 0 as "no seed" in its normal distributions */
  build(tf: Tf, options: Static<O>, seed: number): Initializer;
}

function defineInitializer<O extends TObject>(row: InitializerRow<O>): InitializerRow {
  return row;
}

/** Compact text of numbers by position: `normal(0.01)` is stddev, `uniform(-1, 1)` is minval, maxval. */
export function positional(usage: string, ...names: readonly string[]): CompactText {
  return {
    usage,
    word: (word, position) => {
      const name = names[position];
      return name !== undefined && word !== '' && Number.isFinite(Number(word)) ? { [name]: Number(word) } : undefined;
    },
  };
}

const normalOptions = Type.Object({
  mean: realNumber({ description: 'Mean of the distribution.', default: 0 }),
  stddev: realNumber({ description: 'Standard deviation of the distribution.', default: 0.05, minimum: 0 }),
});
const none = Type.Object({});

/** All initializers. */
export const initializers = {
  zeros: defineInitializer({
    doc: 'All weights 0.',
    example: 'biasInitializer: zeros',
    options: none,
    build: (tf) => tf.initializers.zeros(),
  }),
  ones: defineInitializer({
    doc: 'All weights 1.',
    example: 'gammaInitializer: ones',
    options: none,
    build: (tf) => tf.initializers.ones(),
  }),
  constant: defineInitializer({
    doc: 'All weights the same value.',
    example: 'biasInitializer: { constant: { value: 0.1 } }',
    options: Type.Object({ value: realNumber({ description: 'The value of every weight.' }) }),
    text: positional('constant(VALUE)', 'value'),
    build: (tf, options) => tf.initializers.constant(options),
  }),
  randomNormal: defineInitializer({
    doc: 'Normal distribution.',
    example: 'kernelInitializer: { randomNormal: { stddev: 0.01 } }',
    options: normalOptions,
    aliases: { normal: {} },
    text: positional('normal(STDDEV)', 'stddev'),
    build: (tf, options, seed) => tf.initializers.randomNormal({ ...options, seed }),
  }),
  truncatedNormal: defineInitializer({
    doc: 'Normal distribution without the values further than two standard deviations from the mean.',
    example: 'kernelInitializer: { truncatedNormal: { stddev: 0.01 } }',
    options: normalOptions,
    text: positional('truncatedNormal(STDDEV)', 'stddev'),
    build: (tf, options, seed) => tf.initializers.truncatedNormal({ ...options, seed }),
  }),
  randomUniform: defineInitializer({
    doc: 'Uniform distribution between minval and maxval.',
    example: 'kernelInitializer: { randomUniform: { minval: -0.05, maxval: 0.05 } }',
    options: Type.Object({
      minval: realNumber({ description: 'Lower end.', default: -0.05 }),
      maxval: realNumber({ description: 'Upper end.', default: 0.05 }),
    }),
    aliases: { uniform: {} },
    text: positional('uniform(MINVAL, MAXVAL)', 'minval', 'maxval'),
    build: (tf, options, seed) => tf.initializers.randomUniform({ ...options, seed }),
  }),
  glorotNormal: defineInitializer({
    doc:
      'Truncated normal with variance 2 / (fanIn + fanOut) (Glorot and Bengio 2010). ' +
      'The Layers API takes it for kernels where nothing is said.',
    example: 'kernelInitializer: glorotNormal',
    options: none,
    build: (tf, _, seed) => tf.initializers.glorotNormal({ seed }),
  }),
  glorotUniform: defineInitializer({
    doc: 'Uniform with limit sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio 2010); also called Xavier.',
    example: 'kernelInitializer: glorotUniform',
    options: none,
    aliases: { xavier: {}, glorot: {} },
    build: (tf, _, seed) => tf.initializers.glorotUniform({ seed }),
  }),
  heNormal: defineInitializer({
    doc: 'Truncated normal with variance 2 / fanIn (He et al. 2015); made for relu.',
    example: 'kernelInitializer: heNormal',
    options: none,
    aliases: { he: {} },
    build: (tf, _, seed) => tf.initializers.heNormal({ seed }),
  }),
  heUniform: defineInitializer({
    doc: 'Uniform with limit sqrt(6 / fanIn) (He et al. 2015); made for relu.',
    example: 'kernelInitializer: heUniform',
    options: none,
    build: (tf, _, seed) => tf.initializers.heUniform({ seed }),
  }),
  leCunNormal: defineInitializer({
    doc: 'Truncated normal with variance 1 / fanIn (LeCun et al. 1998); made for selu.',
    example: 'kernelInitializer: leCunNormal',
    options: none,
    aliases: { lecun: {} },
    build: (tf, _, seed) => tf.initializers.leCunNormal({ seed }),
  }),
  leCunUniform: defineInitializer({
    doc: 'Uniform with limit sqrt(3 / fanIn) (LeCun et al. 1998).',
    example: 'kernelInitializer: leCunUniform',
    options: none,
    build: (tf, _, seed) => tf.initializers.leCunUniform({ seed }),
  }),
  orthogonal: defineInitializer({
    doc:
      'A random matrix whose rows or columns are at right angles (Saxe et al. 2014); made for recurrent layers. ' +
      'A kernel with more dimensions counts as a matrix with the last one as columns.',
    example: 'recurrentInitializer: orthogonal',
    options: Type.Object({ gain: realNumber({ description: 'Length of each row or column.', default: 1 }) }),
    text: positional('orthogonal(GAIN)', 'gain'),
    build: (tf, { gain }, seed) => {
      const initializer = tf.initializers.orthogonal({ gain, seed });
      // The stock one warns on the terminal and decomposes by small tensor operations: seconds for a few thousand
      // values.
      initializer.apply = (shape) =>
        tf.tensor(orthogonalMatrix([rowsOf(shape), shape.at(-1)!], gain, seed), shape as number[]);
      return initializer;
    },
  }),
  varianceScaling: defineInitializer({
    doc:
      'The family that Glorot, He and LeCun belong to: a distribution with variance scale / n, ' +
      'where n counts inputs, outputs or their mean.',
    example: 'kernelInitializer: { varianceScaling: { scale: 2, mode: fanIn } }',
    options: Type.Object({
      scale: realNumber({ description: 'Factor of the variance.', default: 1, exclusiveMinimum: 0 }),
      mode: Type.Enum(['fanIn', 'fanOut', 'fanAvg'], {
        description: 'What n is: inputs, outputs, or the mean of both.',
        default: 'fanIn',
      }),
      distribution: Type.Enum(['normal', 'uniform'], {
        description:
          'The distribution; `normal` is without the values further than two standard deviations from the mean.',
        default: 'normal',
      }),
    }),
    build: (tf, options, seed) => tf.initializers.varianceScaling({ ...options, seed }),
  }),
  identity: defineInitializer({
    doc:
      'Ones on the diagonal, zeros elsewhere (Le et al. 2015); made for recurrent layers. ' +
      'A kernel with more dimensions counts as a matrix with the last one as columns.',
    example: 'recurrentInitializer: identity',
    options: Type.Object({ gain: realNumber({ description: 'Value on the diagonal.', default: 1 }) }),
    text: positional('identity(GAIN)', 'gain'),
    build: (tf, { gain }) => {
      const initializer = tf.initializers.identity({ gain });
      // The stock one takes square matrices alone.
      initializer.apply = (shape) =>
        tf.tidy(() => tf.reshape(tf.mul(tf.eye(rowsOf(shape), shape.at(-1)!), gain), shape as number[]));
      return initializer;
    },
  }),
} as const satisfies Record<string, InitializerRow>;

/** Rows of a kernel that counts as a matrix. */
function rowsOf(shape: readonly (number | null)[]): number {
  return shape.slice(0, -1).reduce<number>((product, size) => product * size!, 1);
}

/** Whether a word of a layer's compact text is an initializer: `xavier`, `normal(0.01)`. */
export const isInitializer = (word: string): boolean => isNamedIn(initializers, word);

/** Makes the initializer that a file chose. @param seed undefined: it draws nothing, but gives zeros */
export function buildInitializer(tf: Tf, chosen: Chosen, seed: number | undefined): Initializer {
  const row: InitializerRow = initializers[chosen.type as keyof typeof initializers];
  const initializer = row.build(tf, chosen.options as Static<TObject>, seed ?? 1);
  if (seed !== undefined) return initializer;
  const zeros = tf.initializers.zeros();
  return Object.assign(initializer, { apply: zeros.apply.bind(zeros) });
}
