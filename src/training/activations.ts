import type { Tf } from '../engine/engine.ts';

/** What the Layers API types an activation's name as; its list lacks some names that it takes. */
export type ActivationIdentifier = NonNullable<Parameters<Tf['layers']['dense']>[0]['activation']>;

/** The activation functions of the TensorFlow.js Layers API, by the names it takes. */
export const activationNames: readonly ActivationIdentifier[] = [
  'elu', 'gelu', 'gelu_new', 'hardSigmoid', 'linear', 'logSoftmax', 'mish', 'relu', 'relu6', 'selu', 'sigmoid', 'softmax', 'softplus', 'softsign', 'swish', 'tanh',
] as readonly string[] as readonly ActivationIdentifier[];

const names: ReadonlySet<string> = new Set(activationNames);

/** Whether a word of a compact text is an activation function. */
export function isActivation(word: string): boolean {
  return names.has(word);
}
