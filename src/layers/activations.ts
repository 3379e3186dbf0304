import type { Tf } from '../engine/tensorflow.ts';

/** What the Layers API types an activation's name as; its list lacks some names that it takes. */
export type ActivationIdentifier = NonNullable<Parameters<Tf['layers']['dense']>[0]['activation']>;

/** The activation functions of the TensorFlow.js Layers API, by the names it takes. */
export const activationNames: readonly string[] = [
  'elu',
  'gelu',
  'gelu_new',
  'hardSigmoid',
  'linear',
  'logSoftmax',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
];

const names: ReadonlySet<string> = new Set(activationNames);

/** Whether a word is the name of an activation function. */
export function isActivation(word: string): word is ActivationIdentifier {
  return names.has(word);
}

/** What the way back reads of each value: the function's argument, results of ops in between, and what comes out. */
interface Kept {
  readonly argument: 0 | 1;
  readonly between: number;
  readonly result: 0 | 1;
}

/** As TensorFlow.js composes them; test/contract/activations.test.ts counts after. */
const kept: Readonly<Record<string, Kept>> = {
  linear: { argument: 0, between: 0, result: 0 },
  ...each(['elu', 'logSoftmax', 'relu', 'sigmoid', 'softmax', 'tanh'], { argument: 0, between: 0, result: 1 }),
  ...each(['selu', 'softplus'], { argument: 1, between: 0, result: 0 }),
  ...each(['hardSigmoid', 'relu6'], { argument: 0, between: 1, result: 0 }),
  ...each(['mish', 'softsign', 'swish'], { argument: 1, between: 1, result: 0 }),
  ...each(['gelu', 'gelu_new'], { argument: 1, between: 2, result: 0 }),
};

function each(group: readonly string[], values: Kept): Record<string, Kept> {
  return Object.fromEntries(group.map((name) => [name, values]));
}

/**
 * Values that training keeps for each value of an activation's result, this among them where `result` is set: something
 * else reads it.
 */
export function keptByActivation(
  activation: string,
  { argument, result }: { readonly argument: boolean; readonly result: boolean },
): number {
  const own = kept[activation]!;
  return (argument ? own.argument : 0) + own.between + (result ? 1 : own.result);
}
