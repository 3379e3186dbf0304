import { type Static, type TObject, Type } from 'typebox';
import { realNumber } from '../../base/numbers.ts';
import { type Chosen, type Row, isNamedIn } from '../../base/row.ts';
import type { Tf } from '../../engine/tensorflow.ts';
import { positional } from './initializers.ts';

/** What the Layers API adds to the loss for a weight; its class is not exported. */
export type Regularizer = ReturnType<Tf['regularizers']['l2']>;

/** A penalty on large weights. */
export interface RegularizerRow<O extends TObject = TObject> extends Row<O> {
  build(tf: Tf, options: Static<O>): Regularizer;
}

function defineRegularizer<O extends TObject>(row: RegularizerRow<O>): RegularizerRow {
  return row;
}

const factor = (what: string) => realNumber({ description: `Factor of ${what}.`, default: 0.01, minimum: 0 });

/** All regularizers. */
export const regularizers = {
  l1: defineRegularizer({
    doc: 'Adds l1 times the sum of the absolute weights to the loss; makes weights zero (Tibshirani 1996).',
    example: 'kernelRegularizer: { l1: { l1: 0.01 } }',
    options: Type.Object({ l1: factor('the sum of the absolute weights') }),
    text: positional('l1(FACTOR)', 'l1'),
    build: (tf, options) => tf.regularizers.l1(options),
  }),
  l2: defineRegularizer({
    doc: 'Adds l2 times the sum of the squared weights to the loss; keeps weights small (Hoerl and Kennard 1970).',
    example: 'kernelRegularizer: { l2: { l2: 0.001 } }',
    options: Type.Object({ l2: factor('the sum of the squared weights') }),
    text: positional('l2(FACTOR)', 'l2'),
    build: (tf, options) => tf.regularizers.l2(options),
  }),
  l1l2: defineRegularizer({
    doc: 'Adds both penalties, l1 and l2, to the loss (Zou and Hastie 2005).',
    example: 'kernelRegularizer: { l1l2: { l1: 0.001, l2: 0.01 } }',
    options: Type.Object({
      l1: factor('the sum of the absolute weights'),
      l2: factor('the sum of the squared weights'),
    }),
    text: positional('l1l2(L1, L2)', 'l1', 'l2'),
    build: (tf, options) => tf.regularizers.l1l2(options),
  }),
} as const satisfies Record<string, RegularizerRow>;

/** Whether a word of a layer's compact text is a regularizer: `l2(0.001)`. */
export const isRegularizer = (word: string): boolean => isNamedIn(regularizers, word);

/** Makes the regularizer that a file chose. */
export function buildRegularizer(tf: Tf, chosen: Chosen): Regularizer {
  const row: RegularizerRow = regularizers[chosen.type as keyof typeof regularizers];
  return row.build(tf, chosen.options as Static<TObject>);
}
