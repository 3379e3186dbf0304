import { type Static, type TObject, Type } from 'typebox';
import { failure } from '../base/diagnostics.ts';
import type { Chosen, Row } from '../base/row.ts';
import type { Tf } from '../engine/engine.ts';
import { positional } from './initializers.ts';

/** What the Layers API changes a weight by after each update; its class is not exported. */
export type Constraint = ReturnType<Tf['constraints']['nonNeg']>;

/** A bound that a weight is brought back into after each update. */
export interface ConstraintRow<O extends TObject = TObject> extends Row<O> {
  build(tf: Tf, options: Static<O>): Constraint;
}

function defineConstraint<O extends TObject>(row: ConstraintRow<O>): ConstraintRow {
  return row;
}

const axis = Type.Integer({
  description: 'Axis of the weight along which norms are taken: 0 gives each unit of a dense layer one norm. It must be an axis that the weight has.',
  default: 0,
  minimum: 0,
  maximum: 4,
});

/** All constraints. */
export const constraints = {
  maxNorm: defineConstraint({
    doc: 'Scales weights down whose norm is larger than maxValue (Srivastava et al. 2014).',
    example: 'kernelConstraint: { maxNorm: { maxValue: 2 } }',
    options: Type.Object({ maxValue: Type.Number({ description: 'Largest norm.', default: 2, minimum: 0 }), axis }),
    text: positional('maxNorm(MAXVALUE)', 'maxValue'),
    build: (tf, options) => tf.constraints.maxNorm(options),
  }),
  minMaxNorm: defineConstraint({
    doc: 'Scales weights so that their norm comes to lie between minValue and maxValue.',
    example: 'kernelConstraint: { minMaxNorm: { minValue: 0.5, maxValue: 1.5 } }',
    options: Type.Object({
      minValue: Type.Number({ description: 'Smallest norm.', default: 0, minimum: 0 }),
      maxValue: Type.Number({ description: 'Largest norm.', default: 1, minimum: 0 }),
      axis,
      rate: Type.Number({ description: 'How far weights are moved at each update; 1 is all the way.', default: 1, minimum: 0, maximum: 1 }),
    }),
    text: positional('minMaxNorm(MINVALUE, MAXVALUE)', 'minValue', 'maxValue'),
    build: (tf, options) => {
      if (options.minValue <= options.maxValue) return tf.constraints.minMaxNorm(options);
      throw failure('constraint-range', `minMaxNorm has a minValue of ${options.minValue}, above its maxValue of ${options.maxValue}`, 'Swap the two.');
    },
  }),
  nonNeg: defineConstraint({
    doc: 'Sets negative weights to 0.',
    example: 'kernelConstraint: nonNeg',
    options: Type.Object({}),
    build: (tf) => tf.constraints.nonNeg(),
  }),
  unitNorm: defineConstraint({
    doc: 'Scales weights so that their norm is 1.',
    example: 'kernelConstraint: unitNorm',
    options: Type.Object({ axis }),
    build: (tf, options) => tf.constraints.unitNorm(options),
  }),
} as const satisfies Record<string, ConstraintRow>;

/** Makes the constraint that a file chose. */
export function buildConstraint(tf: Tf, chosen: Chosen): Constraint {
  const row: ConstraintRow = constraints[chosen.type as keyof typeof constraints];
  return row.build(tf, chosen.options as Static<TObject>);
}
