import type * as TensorFlow from '@tensorflow/tfjs';
import type { Shape } from '../base/tensor-shape.ts';
import { type Misfit, isMisfit } from '../base/row.ts';
import type { Tf } from '../engine/tensorflow.ts';
import type { BuildContext } from './build-context.ts';
import { type Masks, listed } from './padding-masks.ts';
import type { Constraint } from './weights/constraints.ts';
import type { Initializer } from './weights/initializers.ts';
import type { Regularizer } from './weights/regularizers.ts';

/** Options as a saved model holds them. */
type Options = Readonly<Record<string, unknown>>;

/** What an own layer computes with. */
export interface Computation<O> {
  readonly tf: Tf;
  readonly inputs: readonly TensorFlow.Tensor[];
  readonly weights: Readonly<Record<string, TensorFlow.Tensor>>;
  readonly options: O;
  readonly masks: Masks;
  /** The layer's random numbers; left out where it is not trained. */
  readonly uniform?: BuildContext['uniform'];
}

/** A layer that TensorFlow.js does not have, or does wrongly. */
export interface OwnLayer<O extends Options> {
  /** What saved models call the class. */
  readonly className: string;
  outputShape(inputs: readonly Shape[], options: O): Shape | Misfit;
  /** Shapes of its weights; left out: none. */
  weights?(inputs: readonly Shape[], options: O): Readonly<Record<string, Shape>>;
  compute(given: Computation<O>): TensorFlow.Tensor;
  /** The mask of its output; left out: it knows none. */
  mask?(given: Pick<Computation<O>, 'tf' | 'inputs' | 'masks' | 'options'>): TensorFlow.Tensor | null;
}

/** How each weight starts, is penalized and bound. */
type Beginnings = Readonly<
  Record<
    string,
    { readonly initializer: Initializer; readonly regularizer?: Regularizer; readonly constraint?: Constraint }
  >
>;

/** What a layer of ours is made with beside its options; a model that is loaded from its files has none of it. */
export interface OwnParts {
  readonly weights?: Beginnings;
  readonly uniform?: BuildContext['uniform'];
}

interface Arguments<O> {
  readonly name?: string;
  readonly options: O;
  /**
   * How many of its last inputs are masks, of the first inputs in their order, as saved models have them: what
   * TensorFlow.js hands on besides is the mask of the first input alone, or that of another layer. Left out: none is,
   * and it takes what is handed on.
   */
  readonly masks?: number;
}

type Constructor<O> = TensorFlow.serialization.SerializableConstructor<TensorFlow.layers.Layer> &
  (new (args: Arguments<O>, parts?: OwnParts) => TensorFlow.layers.Layer);

/** By TensorFlow.js' own class of layers, as a program may have loaded more than one TensorFlow.js; then by layer. */
const classes = new WeakMap<object, Map<object, Constructor<never>>>();

/** Makes a layer of a class of ours; from then on TensorFlow.js knows the class in saved models too. */
export function buildOwnLayer<O extends Options>(
  layer: OwnLayer<O>,
  { tf, name }: Pick<BuildContext, 'tf' | 'name'>,
  options: O,
  parts: OwnParts = {},
): TensorFlow.layers.Layer {
  return new (registerOwnLayer(layer, tf))({ name, options }, parts);
}

/** Makes TensorFlow.js know the class, so that it loads models that hold it. */
export function registerOwnLayer<O extends Options>(layer: OwnLayer<O>, tf: Tf): Constructor<O> {
  const ofTf = classes.get(tf.layers.Layer) ?? new Map<object, Constructor<never>>();
  const known = ofTf.get(layer);
  if (known !== undefined) return known as Constructor<O>;
  const made = makeClass(layer, tf);
  tf.serialization.registerClass(made);
  classes.set(tf.layers.Layer, ofTf.set(layer, made));
  return made;
}

function makeClass<O extends Options>(layer: OwnLayer<O>, tf: Tf): Constructor<O> {
  return class extends tf.layers.Layer {
    static className = layer.className;
    readonly #options: O;
    readonly #parts: OwnParts;
    readonly #masks: number | undefined;
    #weights: Readonly<Record<string, TensorFlow.layers.Layer['weights'][number]>> = {};

    constructor({ options, masks, ...rest }: Arguments<O>, parts: OwnParts = {}) {
      super(rest);
      [this.#options, this.#parts, this.#masks] = [options, parts, masks];
      this.supportsMasking = layer.mask !== undefined;
    }

    override computeOutputShape(shapes: (number | null)[] | (number | null)[][]): (number | null)[] {
      const shape = layer.outputShape(this.#values(samples(shapes)), this.#options);
      if (isMisfit(shape)) throw new Error(shape.problem);
      return [eachOf(shapes)[0]![0]!, ...shape];
    }

    override build(shapes: (number | null)[] | (number | null)[][]): void {
      // TensorFlow.js asks for the shape only after the weights are made, of shapes that may not be there.
      this.computeOutputShape(shapes);
      const add = ([name, shape]: readonly [string, Shape]) => {
        const { initializer, regularizer, constraint } = this.#parts.weights?.[name] ?? {
          initializer: tf.initializers.zeros(),
        };
        return [name, this.addWeight(name, [...shape], 'float32', initializer, regularizer, true, constraint)] as const;
      };
      this.#weights = Object.fromEntries(
        Object.entries(layer.weights?.(this.#values(samples(shapes)), this.#options) ?? {}).map(add),
      );
      super.build(shapes);
    }

    override call(inputs: TensorFlow.Tensor | TensorFlow.Tensor[], kwargs: Record<string, unknown>): TensorFlow.Tensor {
      const weights = Object.fromEntries(Object.entries(this.#weights).map(([name, weight]) => [name, weight.read()]));
      const random =
        kwargs['training'] === true && this.#parts.uniform !== undefined ? { uniform: this.#parts.uniform } : {};
      const all = [inputs].flat();
      const values = this.#values(all);
      const masks =
        this.#masks === undefined
          ? listed(kwargs['mask'])
          : values.map((_, index) => all[values.length + index] ?? null);
      return tf.tidy(() => layer.compute({ tf, inputs: values, weights, options: this.#options, masks, ...random }));
    }

    override computeMask(
      inputs: TensorFlow.Tensor | TensorFlow.Tensor[],
      masks?: TensorFlow.Tensor | TensorFlow.Tensor[],
    ): TensorFlow.Tensor {
      const [values, given] = [this.#values([inputs].flat()), this.#values(listed(masks))];
      return (layer.mask?.({ tf, inputs: values, masks: given, options: this.#options }) ?? null) as TensorFlow.Tensor;
    }

    override getConfig(): TensorFlow.serialization.ConfigDict {
      return {
        ...super.getConfig(),
        options: this.#options as TensorFlow.serialization.ConfigDict,
        ...(this.#masks === undefined ? {} : { masks: this.#masks }),
      };
    }

    /** Of what comes in, that which is no mask. */
    #values<T>(all: readonly T[]): readonly T[] {
      return all.slice(0, all.length - (this.#masks ?? 0));
    }
  };
}

function eachOf(shapes: (number | null)[] | (number | null)[][]): (number | null)[][] {
  return (Array.isArray(shapes[0]) ? shapes : [shapes]) as (number | null)[][];
}

/** Shapes without the batch. */
function samples(shapes: (number | null)[] | (number | null)[][]): Shape[] {
  return eachOf(shapes).map((shape) => shape.slice(1) as number[]);
}
