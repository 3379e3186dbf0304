import type { losses } from '../../src/training/losses.ts';
import type { optimizers } from '../../src/training/optimizers.ts';
import type { KerasObject } from './judge.ts';

type Options = Readonly<Record<string, unknown>>;

/** Class names of Keras, and its names of options that are not ours in snake case. */
const optimizerClasses: Readonly<
  Record<keyof typeof optimizers, readonly [name: string, options?: Readonly<Record<string, string>>]>
> = {
  sgd: ['SGD'],
  momentum: ['SGD', { useNesterov: 'nesterov' }],
  lion: ['Lion'],
  rmsprop: ['RMSprop', { decay: 'rho' }],
  adagrad: ['Adagrad'],
  adadelta: ['Adadelta'],
  adam: ['Adam'],
  adamW: ['AdamW'],
  adamax: ['Adamax'],
  nadam: ['Nadam'],
};

/** `beta1` -> `beta_1`, `labelSmoothing` -> `label_smoothing`. */
export const snakeCase = (name: string) => name.replaceAll(/[A-Z]|\d$/g, (mark) => `_${mark.toLowerCase()}`);

/** The optimizer of Keras that a row stands for. @param more its options beside those of the row, by its names */
export function kerasOptimizer(type: keyof typeof optimizers, options: Options, more: Options = {}): KerasObject {
  const [name, names = {}] = optimizerClasses[type];
  const own = Object.entries(options).map(([key, value]) => [names[key] ?? snakeCase(key), value] as const);
  return { kind: 'optimizer', class: name, options: { ...Object.fromEntries(own), ...more } };
}

const fromLogits = { from_logits: true };

/** Class names of Keras, and what its losses have to be told. */
const lossClasses: Readonly<Record<keyof typeof losses, readonly [name: string, options?: Options]>> = {
  softmaxCrossEntropy: ['CategoricalCrossentropy', fromLogits],
  categoricalCrossentropy: ['CategoricalCrossentropy'],
  focalLoss: ['CategoricalFocalCrossentropy', fromLogits],
  sigmoidCrossEntropy: ['BinaryCrossentropy', fromLogits],
  binaryCrossentropy: ['BinaryCrossentropy'],
  kullbackLeiblerDivergence: ['KLDivergence'],
  meanSquaredError: ['MeanSquaredError'],
  meanAbsoluteError: ['MeanAbsoluteError'],
  meanAbsolutePercentageError: ['MeanAbsolutePercentageError'],
  meanSquaredLogarithmicError: ['MeanSquaredLogarithmicError'],
  logcosh: ['LogCosh'],
  huberLoss: ['Huber'],
  poisson: ['Poisson'],
  cosineProximity: ['CosineSimilarity'],
  hinge: ['Hinge'],
  squaredHinge: ['SquaredHinge'],
  categoricalHinge: ['CategoricalHinge'],
};

/** The loss of Keras that a row stands for. */
export function kerasLoss(type: keyof typeof losses, options: Options): KerasObject {
  const [name, more = {}] = lossClasses[type];
  return {
    kind: 'loss',
    class: name,
    options: { ...Object.fromEntries(Object.entries(options).map(([key, value]) => [snakeCase(key), value])), ...more },
  };
}
