import type * as TensorFlow from '@tensorflow/tfjs';
import { chosenFrom } from '../base/row.ts';
import type { Ops, Tf } from '../engine/tensorflow.ts';
import { type Constraint, buildConstraint, constraints } from './weights/constraints.ts';
import { type Initializer, buildInitializer, initializers } from './weights/initializers.ts';
import { type Regularizer, buildRegularizer, regularizers } from './weights/regularizers.ts';

/** What the Layers API takes for each weight of a layer: kernelInitializer, kernelRegularizer, kernelConstraint, ... */
export type WeightArguments<Name extends string> = { [N in Name as `${N}Initializer`]: Initializer } & {
  [N in Name as `${N}Regularizer`]: Regularizer;
} & { [N in Name as `${N}Constraint`]: Constraint };

/** What a row needs from around it to make its layer. */
export interface BuildContext {
  readonly tf: Tf;
  /** The layer's name: unique in the model. */
  readonly name: string;
  /**
   * Initializer, seeded for this layer and weight, regularizer and constraint of each of these weights as the options
   * choose them; null where they choose none.
   */
  weights<Name extends string>(
    options: Readonly<Record<string, unknown>>,
    ...names: readonly Name[]
  ): WeightArguments<Name>;
  /**
   * Uniform random numbers in [0, 1) that depend on the layer's seed, the purpose, the training step under way and, of
   * a shared layer, which use of it is computed.
   *
   * @param shared the same numbers for every sample: the first axis is not that of the batch
   */
  uniform(shape: readonly number[], purpose: string, shared?: boolean): TensorFlow.Tensor;
  /** Normal random numbers with mean 0 and variance 1, as `uniform` gives them. */
  normal(shape: readonly number[], purpose: string): TensorFlow.Tensor;
  /** The context of a layer inside this one, with random numbers of its own. */
  within(part: string): BuildContext;
}

/** A training step, as layers see it. */
export interface TrainingStep {
  /** int32 scalar: its number, on which random numbers depend. */
  readonly step: TensorFlow.Scalar;
  /** The rows of the batch that pass through; left out: all. */
  readonly rows?: Rows;
}

/** Some rows of a batch. */
export interface Rows {
  readonly first: number;
  readonly count: number;
  /** Of the whole batch. */
  readonly total: number;
}

/** A training step at one of the places of a layer. */
export interface LayerStep extends TrainingStep {
  /** 0 for the first use of the layer's weights, 1 for the second that shares them. */
  readonly use: number;
}

/** What a layer's random numbers come from. */
interface Surroundings {
  readonly tf: Tf;
  readonly ops: Ops;
  readonly name: string;
  /** A seed of this layer's own for one purpose; undefined where it draws nothing: its weights are put there. */
  readonly seed: ((purpose: string) => number) | undefined;
  /** The training step under way. */
  step(): LayerStep;
}

/** Makes the context of one layer. */
export function createBuildContext({ tf, ops, name, seed, step }: Surroundings): BuildContext {
  const uniform = (shape: readonly number[], purpose: string, shared = false) => {
    if (seed === undefined) throw new Error('a model without a seed draws no random numbers');
    const { step: number, rows, use } = step();
    const own = use === 0 ? purpose : `${purpose} of use ${use + 1}`;
    const seeds = tf.stack([tf.scalar(seed(own), 'int32'), number]) as TensorFlow.Tensor1D;
    // The rows take their part of the whole batch's numbers. There may be several rows for each sample, as
    // timeDistributed has it.
    const perSample = shape[0]! / (rows?.count ?? 1);
    if (rows === undefined || shared) return ops.statelessUniform([...shape], seeds);
    const whole = ops.statelessUniform([rows.total * perSample, ...shape.slice(1)], seeds);
    return tf.slice(whole, [rows.first * perSample], [shape[0]!]);
  };
  const weightArguments = (options: Readonly<Record<string, unknown>>, weight: string) => {
    const chosen = (what: string) =>
      options[`${weight}${what}`] as Readonly<Record<string, unknown>> | null | undefined;
    const [initializer, regularizer, constraint] = [chosen('Initializer'), chosen('Regularizer'), chosen('Constraint')];
    return [
      [
        `${weight}Initializer`,
        initializer && buildInitializer(tf, chosenFrom(initializers, initializer), seed?.(weight)),
      ],
      [`${weight}Regularizer`, regularizer && buildRegularizer(tf, chosenFrom(regularizers, regularizer))],
      [`${weight}Constraint`, constraint && buildConstraint(tf, chosenFrom(constraints, constraint))],
    ] as const;
  };
  return {
    tf,
    name,
    uniform,
    weights: <Name extends string>(options: Readonly<Record<string, unknown>>, ...names: readonly Name[]) =>
      Object.fromEntries(names.flatMap((weight) => weightArguments(options, weight))) as WeightArguments<Name>,
    // Box and Muller 1958; 1 - u, as u may be 0 but not 1.
    normal: (shape, purpose) =>
      tf.tidy(() => {
        const radius = tf.sqrt(tf.mul(-2, tf.log(tf.sub(1, uniform(shape, `${purpose} radius`)))));
        return tf.mul(radius, tf.cos(tf.mul(2 * Math.PI, uniform(shape, `${purpose} angle`))));
      }),
    within: (part) =>
      createBuildContext({
        tf,
        ops,
        name: `${name}_${part}`,
        seed: seed && ((purpose) => seed(`${part} ${purpose}`)),
        step,
      }),
  };
}
