import type * as TensorFlow from '@tensorflow/tfjs';
import type { Static, TObject } from 'typebox';
import type { Misfit, Row } from '../base/row.ts';
import { type Shape, formatShape } from '../base/tensor-shape.ts';
import type { BuildContext } from './build-context.ts';
import type { OnnxLayer, OnnxValue } from './onnx/onnx-layer.ts';
import type { Shapes, Values } from './values.ts';

/** Number of weights that training changes, and of those it does not (moving averages). */
export interface ParameterCount {
  readonly trainable: number;
  readonly nonTrainable: number;
}

/** A layer type: everything the program knows of it. */
export interface LayerRow<O extends TObject = TObject> extends Row<O> {
  /**
   * @param input shape of one sample, of the first input where there are several
   * @param inputs shapes of all inputs, for rows that merge
   */
  outputShape(input: Shape, options: Static<O>, inputs: readonly Shape[]): Shape | Misfit;
  /** Takes two inputs or more; `optional`: or one. Left out: exactly one. */
  merges?: true | 'optional';
  /**
   * Whether its output has a mask, of inputs of which these have one; as in Keras 3. Undefined, or left out: the layer
   * knows no masks, and one that comes in is lost.
   */
  mask?(options: Static<O>, given: readonly boolean[]): boolean | undefined;
  /**
   * Reads whole numbers (indices, classes), and those below what it gives: no gradient passes through it to the layers
   * above.
   */
  readsIndices?(options: Static<O>): number | undefined;
  /** In training, what comes out for one sample depends on the others of its batch. */
  mixesSamples?(options: Static<O>): boolean;
  /** Left out: a layer without weights. */
  parameters?(input: Shape, options: Static<O>, inputs: readonly Shape[]): ParameterCount;
  /**
   * Floating point operations of the forward pass for one sample; a multiply-add counts as 2.
   * Left out: one per output value.
   */
  flops?(input: Shape, output: Shape, options: Static<O>, inputs: readonly Shape[]): number;
  /**
   * Values that the forward pass computes for one sample and training keeps, as the way back reads them; the output's
   * are among them, as layers below read it, but where it is the input in another shape. Values for each slice of a
   * sample (means, norms) may be left out. Left out: the output's.
   */
  activations?(input: Shape, output: Shape, options: Static<O>, inputs: readonly Shape[]): number;
  build(options: Static<O>, context: BuildContext): TensorFlow.layers.Layer;
  /** Writes the nodes of an ONNX graph that compute it, at work without training. Left out: there are none. */
  onnx?(options: Static<O>, layer: OnnxLayer): OnnxValue;
  /** Why it has no such nodes, as the end of `cannot be exported, as`; undefined, or left out: it has some. */
  noOnnx?(options: Static<O>): string | undefined;
  /**
   * What the values that it gives are, from those of its inputs: one object for an input that comes twice. Left out:
   * nothing is known of them.
   */
  values?(inputs: readonly Values[], options: Static<O>, shapes: Shapes): Values;
  /** An increasing function of each value alone: max pooling may come first, on fewer values, with the same result. */
  increasing?(options: Static<O>): boolean;
  /** Each output is the maximum of some inputs. */
  takesMaximum?: true;
  /** It brings values to a unit that the user chose: numbers that it predicts are in theirs already. */
  setsUnit?: true;
}

/** Types a row; checks its options against its functions, and forgets them for the table. */
export function defineLayer<O extends TObject>(row: LayerRow<O>): LayerRow {
  return row;
}

/** The count of a layer that trains all its weights. */
export function trained(count: number): ParameterCount {
  return { trainable: count, nonTrainable: 0 };
}

/** The misfit of a layer that needs another number of dimensions. */
export function wrongRank(layer: string, wanted: string, input: Shape): Misfit {
  return {
    problem: `${layer} needs an input of ${wanted}, but the layer above gives ${formatShape(input)}`,
    ...(input.length === 1 ? { hint: 'Put this layer above `flatten`, or remove it.' } : {}),
  };
}
