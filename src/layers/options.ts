import { type TNull, type TObject, type TUnion, type TUnsafe, Type } from 'typebox';
import { type Shape, sizeOf } from '../base/tensor-shape.ts';
import { wholeNumber } from '../base/numbers.ts';
import { RANK, choice } from '../base/row.ts';
import { type ActivationIdentifier, activationNames, isActivation, keptByActivation } from './activations.ts';
import { constraints } from './weights/constraints.ts';
import { initializers, isInitializer } from './weights/initializers.ts';
import { isRegularizer, regularizers } from './weights/regularizers.ts';

/** Number of axes that a window moves along. */
export type Rank = 1 | 2 | 3;

/** One whole number for all axes, or one for each. */
export type Sizes = number | number[];

/** How a window meets the border. */
export type Padding = 'valid' | 'same';

const axisNames = {
  1: '',
  2: ': one number for both, or [height, width]',
  3: ': one number for all, or [depth, height, width]',
} as const;

/** One number for each axis. */
export function spread(sizes: Sizes, rank: Rank): number[] {
  return typeof sizes === 'number' ? Array.from({ length: rank }, () => sizes) : sizes;
}

function sizeForms(rank: Rank, minimum: number) {
  const size = wholeNumber({ minimum });
  return rank === 1 ? [size] : [size, Type.Array(size, { minItems: rank, maxItems: rank })];
}

function sizesSchema(rank: Rank, description: string, fallback: { default?: Sizes }, minimum = 1): TUnsafe<Sizes> {
  const about = { description: `${description}${axisNames[rank]}.`, ...fallback };
  return Type.Unsafe<Sizes>(
    rank === 1 ? wholeNumber({ ...about, minimum }) : Type.Union(sizeForms(rank, minimum), about),
  );
}

/** Sizes along the axes, without default. */
export const requiredSizes = (rank: Rank, description: string) => sizesSchema(rank, description, {});

/** Sizes along the axes, with default. */
export const sizesOption = (rank: Rank, description: string, fallback: Sizes) =>
  sizesSchema(rank, description, { default: fallback });

/** Sizes along the axes; null, the default, takes another option's. */
export const sizesLike = (rank: Rank, description: string, other: string) =>
  Type.Unsafe<Sizes | null>(
    Type.Union([...sizeForms(rank, 1), Type.Null()], {
      description: `${description}${axisNames[rank]}; null takes ${other}.`,
      default: null,
    }),
  );

/** Name of an activation function. */
export const activationOption = (what: string, fallback: string) =>
  Type.Unsafe<ActivationIdentifier>(
    Type.Enum([...activationNames], {
      description: `Activation function of the ${what}; \`linear\` leaves it as it is.`,
      default: fallback,
    }),
  );

/**
 * Values that training keeps of a layer that ends with an activation: its output, and what the activation's way back
 * reads.
 */
export function activatedValues(_: Shape, output: Shape, { activation }: { readonly activation: string }): number {
  return sizeOf(output) * keptByActivation(activation, { argument: true, result: true });
}

/** `padding` of convolutions and pooling. */
export const paddingOption = Type.Enum(['valid', 'same'], {
  description: '`same` pads with zeros so that stride 1 keeps the size; `valid` does not pad.',
  default: 'valid',
});

/** `useBias`. */
export const useBiasOption = Type.Boolean({ description: 'Whether a bias is added.', default: true });

type Optional = TUnion<[TObject, TNull]>;

/** What a layer's options say of its weights. */
export type WeightOptions<Name extends string> = { [N in Name as `${N}Initializer`]: TObject } & {
  [N in Name as `${N}Regularizer`]: Optional;
} & { [N in Name as `${N}Constraint`]: Optional };

const optional = (
  chosen: (about: { description: string }) => TObject,
  description: string,
  more: Readonly<Record<string, unknown>> = {},
): Optional =>
  Type.Union([chosen({ description }), Type.Null()], {
    description: `${description} null for none.`,
    default: null,
    ...more,
  });

/**
 * Initializer, regularizer and constraint of one weight.
 *
 * @param rank how many axes it has; left out where that depends on the input
 */
export function weightOptions<Name extends string>(
  name: Name,
  what: string,
  fallback: keyof typeof initializers,
  rank?: number,
): WeightOptions<Name> {
  return {
    [`${name}Initializer`]: choice('initializer', initializers, {
      description: `First values of the ${what}.`,
      default: fallback,
    }),
    [`${name}Regularizer`]: optional(
      (about) => choice('regularizer', regularizers, about),
      `Penalty on the ${what}, added to the loss.`,
    ),
    [`${name}Constraint`]: optional(
      (about) => choice('constraint', constraints, about),
      `What the ${what} is brought back into after each update.`,
      rank === undefined ? {} : { [RANK]: rank },
    ),
  } as WeightOptions<Name>;
}

/** What one word of a layer's compact text says; undefined where it says nothing. */
export type WordReader = (word: string, position: number) => Readonly<Record<string, unknown>> | undefined;

/** Tries readers in turn. */
export const anyOf =
  (...readers: readonly WordReader[]): WordReader =>
  (word, position) => {
    for (const read of readers) {
      const options = read(word, position);
      if (options !== undefined) return options;
    }
    return undefined;
  };

/** `same`, `valid`. */
export const paddingWord: WordReader = (word) => (word === 'same' || word === 'valid' ? { padding: word } : undefined);

/** `nobias`. */
export const biasWord: WordReader = (word) => (word === 'nobias' ? { useBias: false } : undefined);

/** `relu`, `tanh`, ... */
export const activationWord: WordReader = (word) => (isActivation(word) ? { activation: word } : undefined);

/** `xavier`, `normal(0.01)`, `l2(0.001)` for the kernel; `bias=normal(1)` for the bias. */
export const weightWord: WordReader = (word) => {
  if (word.startsWith('bias=')) return { biasInitializer: word.slice('bias='.length) };
  if (isRegularizer(word)) return { kernelRegularizer: word };
  return isInitializer(word) ? { kernelInitializer: word } : undefined;
};

/** What the readers of a layer with kernel and bias understand, beside the sizes. */
export const kernelWords = '[nobias] [ACTIVATION] [INITIALIZER] [REGULARIZER] [bias=INITIALIZER]';

/**
 * Sizes joined by `x`, and after a slash the stride: `3x3x32/2`.
 *
 * @returns undefined for another word, or another number of sizes
 */
export function readSizes(
  word: string,
  count: number,
): { readonly sizes: readonly number[]; readonly stride?: number } | undefined {
  const match = /^(\d+(?:x\d+)*)(?:\/(\d+))?$/.exec(word);
  const sizes = match?.[1]!.split('x').map(Number) ?? [];
  if (sizes.length !== count) return undefined;
  return match![2] === undefined ? { sizes } : { sizes, stride: Number(match![2]) };
}

/** One number where all are the same. */
export function joined(sizes: readonly number[]): Sizes {
  return sizes.every((size) => size === sizes[0]) ? sizes[0]! : [...sizes];
}

/** A plain number as the first word. */
export const numberWord =
  (option: string): WordReader =>
  (word, position) =>
    position === 0 && word !== '' && Number.isFinite(Number(word)) ? { [option]: Number(word) } : undefined;
