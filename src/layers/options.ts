import { type TObject, Type } from 'typebox';
import { choice } from '../base/row.ts';
import { type ActivationIdentifier, activationNames, isActivation } from '../training/activations.ts';
import { initializers, isInitializer } from '../training/initializers.ts';

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

/** One whole number for height and width, or both. */
export type Pair = number | number[];

/** [height, width] of a pair option. */
export function both(pair: Pair): [number, number] {
  return typeof pair === 'number' ? [pair, pair] : [pair[0]!, pair[1]!];
}

const whole = { minimum: 1 } as const;
const pairForms = [Type.Integer(whole), Type.Array(Type.Integer(whole), { minItems: 2, maxItems: 2 })] as const;

/** A pair without default. */
export const requiredPair = (description: string) => Type.Union([...pairForms], { description: `${description}: one number for both, or [height, width].` });

/** A pair with default. */
export const pairOption = (description: string, fallback: Pair) => Type.Union([...pairForms], { description: `${description}: one number for both, or [height, width].`, default: fallback });

/** Name of an activation function. */
export const activationOption = Type.Unsafe<ActivationIdentifier>(Type.Enum([...activationNames], { description: 'Activation function applied to the result; `linear` leaves it as it is.', default: 'linear' }));

/** `padding` of convolutions and pooling. */
export const paddingOption = Type.Enum(['valid', 'same'], { description: '`same` pads with zeros so that stride 1 keeps height and width; `valid` does not pad.', default: 'valid' });

/** `useBias`. */
export const useBiasOption = Type.Boolean({ description: 'Whether a bias is added.', default: true });

/** An initializer for one of a layer's weights. */
export const initializerOption = (what: string, fallback: keyof typeof initializers): TObject =>
  choice('initializer', initializers, { description: `First values of the ${what}.`, default: fallback });

/** `same`, `valid`. */
export const paddingWord: WordReader = (word) => (word === 'same' || word === 'valid' ? { padding: word } : undefined);

/** `nobias`. */
export const biasWord: WordReader = (word) => (word === 'nobias' ? { useBias: false } : undefined);

/** `relu`, `tanh`, ... */
export const activationWord: WordReader = (word) => (isActivation(word) ? { activation: word } : undefined);

/** `xavier`, `normal(0.01)` for the kernel; `bias=normal(1)` for the bias. */
export const initializerWord: WordReader = (word) => {
  if (word.startsWith('bias=')) return { biasInitializer: word.slice('bias='.length) };
  return isInitializer(word) ? { kernelInitializer: word } : undefined;
};

/** A plain number as the first word. */
export const numberWord =
  (option: string): WordReader =>
  (word, position) =>
    position === 0 && word !== '' && Number.isFinite(Number(word)) ? { [option]: Number(word) } : undefined;
