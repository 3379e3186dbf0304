import { sizeOf } from '../base/tensor-shape.ts';
import { asScaled } from '../datasets/as-taken.ts';
import type { TargetSpec, TrainedOn, Values } from '../datasets/dataset.ts';
import { isWholeText, textOf, tokensIn } from '../datasets/texts/whole-texts.ts';
import type { OutputEvaluation } from '../training/evaluator.ts';

/**
 * A class by its name, or a number in the unit of the data; of a target with places lists of them, as deep as its
 * shape; of several labels at once a list of those that the row has; of a target that is a text the text. Null stands
 * for a place that a mask leaves out.
 */
export type Said = string | number | null | readonly Said[];

/** What a model says of a row. */
export interface Prediction {
  /** By the name of the target. */
  readonly predicted: Readonly<Record<string, Said>>;
  /**
   * Of each target of classes, but for several labels at once: the probability of the one that is predicted; of a text
   * that of all its tokens and its end together.
   */
  readonly confidence: Readonly<Record<string, Said>>;
  /** Of each target of one class per row, or of several labels: the probability of each, by its name. */
  readonly probabilities: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Of a target that is the input: how far what is predicted is from it, as mean squared error. */
  readonly error?: Readonly<Record<string, number>>;
}

/** What is said of a target, as numbers. */
export interface SaidValues {
  readonly predicted: Int32Array | Float64Array;
  /** Under a mask: 1 for each place that is there, else 0. */
  readonly there?: Int32Array;
}

/**
 * What the outputs of a model say of one row of a batch: in words, and as numbers. It needs nothing of Node.
 *
 * @param outputs in the order of the targets; of classes with their confidence and probabilities
 * @param at the place of the row, and the rows of the batch
 */
export function predictionOf(
  targets: readonly TargetSpec[],
  outputs: readonly OutputEvaluation[],
  at: { readonly row: number; readonly count: number },
): { readonly prediction: Prediction; readonly values: readonly SaidValues[] } {
  const said = targets.map((target, k) => ({ target, ...saidOf(target, outputs[k]!, at) }));
  const of = <T>(value: (one: (typeof said)[number]) => T | undefined) =>
    Object.fromEntries(
      said.flatMap((one) => {
        const found = value(one);
        return found === undefined ? [] : [[one.target.name, found] as const];
      }),
    );
  return {
    prediction: {
      predicted: of(({ predicted }) => predicted),
      confidence: of(({ confidence }) => confidence),
      probabilities: of(({ probabilities }) => probabilities),
    },
    values: said.map(({ values }) => values),
  };
}

interface SaidOfTarget {
  readonly values: SaidValues;
  readonly predicted: Said;
  readonly confidence?: Said;
  readonly probabilities?: Readonly<Record<string, number>>;
}

/** What one output says of one row of a batch. */
function saidOf(
  target: TargetSpec,
  output: OutputEvaluation,
  { row, count }: { readonly row: number; readonly count: number },
): SaidOfTarget {
  const part = <V extends Int32Array | Float32Array | Float64Array>(values: V): V => {
    const each = values.length / count;
    return values.slice(row * each, (row + 1) * each) as V;
  };
  const there = output.there && part(output.there);
  const predicted = part(output.predicted);
  const values = { predicted, ...(there && { there }) };
  const whereThere = (said: (at: number) => Said) => (at: number) =>
    there === undefined || there[Math.floor((at * there.length) / predicted.length)] !== 0 ? said(at) : null;
  const { shape } = target;
  if (target.kind === 'number') {
    const at = whereThere((place) => predicted[place]!);
    return { values, predicted: sizeOf(shape) === 1 ? at(0) : nested(shape, at) };
  }
  const { classes, several } = target;
  if (several !== undefined) {
    if (there?.[0] === 0) return { values, predicted: null };
    const sure = part(output.probabilities!);
    return {
      values,
      predicted: several.labels.filter((_, k) => predicted[k] === 1),
      probabilities: Object.fromEntries(several.labels.map((name, k) => [name, sure[2 * k + 1]!])),
    };
  }
  const confidence = part(output.confidence!);
  if (isWholeText(target)) {
    const counted = Math.min(tokensIn(predicted, there) + 1, predicted.length);
    const sure = confidence.subarray(0, counted).reduce((all, one, k) => all * (there?.[k] === 0 ? 1 : one), 1);
    return { values, predicted: textOf(target, predicted, there), confidence: sure };
  }
  const said: SaidOfTarget = {
    values,
    predicted: nested(
      shape,
      whereThere((place) => classes[predicted[place]!]!),
    ),
    confidence: nested(
      shape,
      whereThere((place) => confidence[place]!),
    ),
  };
  if (shape.length > 0) return said;
  const probabilities = part(output.probabilities!);
  return { ...said, probabilities: Object.fromEntries(classes.map((name, k) => [name, probabilities[k]!])) };
}

/** Lists within lists of a shape; what stands in them by its place, the last dimension fastest. */
function nested(shape: readonly number[], at: (place: number) => Said, first = 0): Said {
  const [length, ...rest] = shape;
  if (length === undefined) return at(first);
  const each = sizeOf(rest);
  return Array.from({ length }, (_, k) => nested(rest, at, first + k * each));
}

/**
 * What is said of a row, with how far it is from its input where that is to be learnt. It needs nothing of Node.
 *
 * @param x its first input
 */
export function withErrors(
  { inputs, targets }: Pick<TrainedOn, 'inputs' | 'targets'>,
  x: Values,
  said: ReturnType<typeof predictionOf>,
): ReturnType<typeof predictionOf> {
  const k = targets.findIndex((target) => target.kind === 'number' && target.reconstructs !== undefined);
  if (k < 0) return said;
  const actual = asScaled(x, inputs[0]!.scale);
  const { predicted, there } = said.values[k]!;
  const isThere = (i: number) => there?.[Math.floor((i * there.length) / actual.length)] !== 0;
  const counted = Array.from(actual.keys()).filter(isThere);
  const error = counted.reduce((sum, i) => sum + (predicted[i]! - actual[i]!) ** 2, 0) / counted.length;
  return { ...said, prediction: { ...said.prediction, error: { [targets[k]!.name]: error } } };
}
