import { type Static, type TObject, Type } from 'typebox';
import { realNumber, wholeNumber } from '../../base/numbers.ts';
import { type Chosen, type Misfit, type Row, chosenFrom } from '../../base/row.ts';
import type { Tf } from '../../engine/tensorflow.ts';
import { positional } from './initializers.ts';

/** What the Layers API changes a weight by after each update; its class is not exported. */
export type Constraint = ReturnType<Tf['constraints']['nonNeg']>;

/** A bound that a weight is brought back into after each update. */
export interface ConstraintRow<O extends TObject = TObject> extends Row<O> {
  build(tf: Tf, options: Static<O>): Constraint;
  /** Says why the options do not fit a weight with so many axes, or each other. */
  misfit?(options: Static<O>, weight: { readonly name: string; readonly rank: number }): ConstraintMisfit | undefined;
}

/** A misfit of one option. */
export interface ConstraintMisfit extends Misfit {
  readonly option: string;
}

function defineConstraint<O extends TObject>(row: ConstraintRow<O>): ConstraintRow {
  return row;
}

const axis = wholeNumber({
  description:
    'Axis of the weight along which norms are taken: 0 gives each unit of a dense layer one norm. ' +
    'It must be an axis that the weight has.',
  default: 0,
  minimum: 0,
  maximum: 4,
});

function axisMisfit(
  { axis: along }: { readonly axis: number },
  { name, rank }: { readonly name: string; readonly rank: number },
): ConstraintMisfit | undefined {
  if (along < rank) return undefined;
  return {
    option: 'axis',
    problem: `the constraint is along axis ${along}, but the ${name} has ${rank === 1 ? 'one axis' : `${rank} axes`}`,
    hint: rank === 1 ? 'Use axis 0.' : `Use an axis from 0 to ${rank - 1}.`,
  };
}

/** All constraints. */
export const constraints = {
  maxNorm: defineConstraint({
    doc: 'Scales weights down whose norm is larger than maxValue (Srivastava et al. 2014).',
    example: 'kernelConstraint: { maxNorm: { maxValue: 2 } }',
    options: Type.Object({ maxValue: realNumber({ description: 'Largest norm.', default: 2, minimum: 0 }), axis }),
    text: positional('maxNorm(MAXVALUE)', 'maxValue'),
    misfit: axisMisfit,
    build: (tf, options) => tf.constraints.maxNorm(options),
  }),
  minMaxNorm: defineConstraint({
    doc: 'Scales weights so that their norm comes to lie between minValue and maxValue.',
    example: 'kernelConstraint: { minMaxNorm: { minValue: 0.5, maxValue: 1.5 } }',
    options: Type.Object({
      minValue: realNumber({ description: 'Smallest norm.', default: 0, minimum: 0 }),
      maxValue: realNumber({ description: 'Largest norm.', default: 1, minimum: 0 }),
      axis,
      rate: realNumber({
        description: 'How far weights are moved at each update; 1 is all the way.',
        default: 1,
        minimum: 0,
        maximum: 1,
      }),
    }),
    text: positional('minMaxNorm(MINVALUE, MAXVALUE)', 'minValue', 'maxValue'),
    misfit: (options, weight) =>
      options.minValue <= options.maxValue
        ? axisMisfit(options, weight)
        : {
            option: 'minValue',
            problem: `minMaxNorm has a minValue of ${options.minValue}, above its maxValue of ${options.maxValue}`,
            hint: 'Swap the two.',
          },
    build: (tf, options) => tf.constraints.minMaxNorm(options),
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
    misfit: axisMisfit,
    build: (tf, options) => tf.constraints.unitNorm(options),
  }),
} as const satisfies Record<string, ConstraintRow>;

/** Makes the constraint that a file chose. */
export function buildConstraint(tf: Tf, chosen: Chosen): Constraint {
  const row: ConstraintRow = constraints[chosen.type as keyof typeof constraints];
  return row.build(tf, chosen.options as Static<TObject>);
}

/** Why the constraint that a file chose does not fit its weight. @param chosen in full form; null for none */
export function constraintMisfit(
  chosen: Readonly<Record<string, unknown>> | null,
  weight: { readonly name: string; readonly rank: number },
): (ConstraintMisfit & { readonly type: string }) | undefined {
  if (chosen === null) return undefined;
  const { type, options } = chosenFrom(constraints, chosen);
  const row: ConstraintRow = constraints[type as keyof typeof constraints];
  const misfit = row.misfit?.(options as Static<TObject>, weight);
  return misfit && { ...misfit, type };
}
