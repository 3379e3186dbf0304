import { type ClassIndices, fewClasses } from './class-indices.ts';
import { type Confusion, type Scores, occurs } from './class-scores.ts';
import {
  anyNumber,
  array,
  either,
  type Form,
  list,
  object,
  oneOf,
  optional,
  record,
  such,
  text,
  whole,
} from './json-form.ts';

/** Values of an epoch's metrics by Keras' names (loss, accuracy, val_loss, val_accuracy); NaN where there is none. */
export type EpochMetrics = Readonly<Record<string, number>>;

/** What training left behind: one entry per epoch. */
export type History = readonly EpochMetrics[];

const metricsForm: Form<Readonly<Record<string, number>>> = record(anyNumber);

/** What a history has to say. */
export const historyForm: Form<History> = such(list(metricsForm), (history) =>
  history.every((epoch) => Object.hasOwn(epoch, 'loss')),
);

/** What the evaluate stage found on the test split. */
export interface Evaluation {
  /** test_loss, test_accuracy; with several outputs also test_digit_loss, test_digit_accuracy. */
  readonly metrics: Readonly<Record<string, number>>;
  /** In the order of the data's targets. */
  readonly outputs: readonly OutputResult[];
  /** Milliseconds of wall time that one sample took, among the others of its batch. */
  readonly msPerSample?: number;
}

/** What came of one output on the test split. */
export type OutputResult = ClassResult | NumberResult | ReconstructionResult;

/** What an output says of classes. */
export interface ClassResult {
  readonly kind: 'class';
  readonly name: string;
  /** The places of a sample that have a class each: [] for one class per sample, [height, width] for masks. */
  readonly shape: readonly number[];
  readonly classes: readonly string[];
  /** The names of labels of which a sample may have several at once: each is a place that is `no` or `yes`. */
  readonly several?: readonly string[];
  /** They are the numbers of tokens of a text, as of a `ClassTarget`. */
  readonly tokens?: 'words' | 'characters';
  /** `confusion[actual][predicted]`: number of test samples, or places in them. Left out of more than 256 classes. */
  readonly confusion?: Confusion;
  /** Of each class; of several labels at once, of each label. */
  readonly perClass: readonly ClassScore[];
  /** Index of the class that is right, place by place. */
  readonly actual: ClassIndices;
  /** Index of the predicted class. */
  readonly predicted: ClassIndices;
  /** Softmax probability of the predicted class. */
  readonly confidence: Float32Array;
  /** Under a mask: 1 for each of these that counts, 0 for those that are left out. */
  readonly there?: Uint8Array;
}

/** What an output says of numbers. */
export interface NumberResult {
  readonly kind: 'number';
  readonly name: string;
  readonly shape: readonly number[];
  /** In their own unit, as what is predicted. */
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
  /** As in ClassResult. */
  readonly there?: Uint8Array;
}

/**
 * What an output says of the input itself: how far it is from it. All its numbers would be more than the data that it
 * is of.
 */
export interface ReconstructionResult {
  readonly kind: 'reconstruction';
  readonly name: string;
  readonly shape: readonly number[];
  /** Mean squared error of each sample. */
  readonly errors: Float64Array;
  /** Some samples by their places, and what is said of them, [samples, ...shape]. */
  readonly rows: readonly number[];
  readonly predicted: Float32Array;
}

/** The values of what counts, as many of each. @param there as a result has it */
export function whereThere<V extends ClassIndices | Float32Array | Float64Array>(
  values: V,
  there: Uint8Array | undefined,
): V {
  if (there === undefined) return values;
  const each = values.length / there.length;
  return values.filter((_, i) => there[Math.floor(i / each)] !== 0) as V;
}

/** Whether the class or label of a score is there at all, in the truth or in the predictions. */
export function isThere({ several, confusion, perClass }: ClassResult, k: number): boolean {
  return several === undefined && confusion !== undefined ? occurs(confusion, k) : perClass[k]!.support > 0;
}

/** The scores of one class of an output. */
export interface ClassScore extends Scores {
  readonly name: string;
}

const count = such(whole, (value) => value >= 0);
const scoresOfClass: Form<ClassScore> = object({
  name: text(),
  precision: anyNumber,
  recall: anyNumber,
  f1: anyNumber,
  support: count,
});

const classResult: Form<ClassResult> = such(
  object({
    kind: oneOf('class'),
    name: text(),
    shape: list(count),
    classes: list(text()),
    several: optional(list(text())),
    tokens: optional(oneOf('words', 'characters')),
    confusion: optional(list(list(count))),
    perClass: list(scoresOfClass),
    actual: either(array(Uint8Array), array(Int32Array)),
    predicted: either(array(Uint8Array), array(Int32Array)),
    confidence: array(Float32Array),
    there: optional(array(Uint8Array)),
  }),
  ({ classes, several = classes, confusion, perClass, actual, predicted, confidence, there = actual }) =>
    (confusion === undefined
      ? classes.length > fewClasses
      : [confusion, ...confusion].every((rows) => rows.length === classes.length)) &&
    perClass.length === several.length &&
    [predicted, confidence, there].every((values) => values.length === actual.length) &&
    [actual, predicted].every((values) => values.every((label: number) => label >= 0 && label < classes.length)),
);

const numberResult: Form<NumberResult> = such(
  object({
    kind: oneOf('number'),
    name: text(),
    shape: list(count),
    actual: array(Float64Array),
    predicted: array(Float64Array),
    there: optional(array(Uint8Array)),
  }),
  ({ actual, predicted, there = actual }) => [predicted, there].every((values) => values.length === actual.length),
);

const reconstructionResult: Form<ReconstructionResult> = such(
  object({
    kind: oneOf('reconstruction'),
    name: text(),
    shape: list(count),
    errors: array(Float64Array),
    rows: list(count),
    predicted: array(Float32Array),
  }),
  ({ errors, rows, shape, predicted }) =>
    rows.every((row) => row < errors.length) &&
    predicted.length === shape.reduce((product, size) => product * size, rows.length),
);

/** What an evaluation has to say, whatever data it is of. */
export const evaluationForm: Form<Evaluation> = object({
  metrics: metricsForm,
  outputs: list(either(classResult, either(numberResult, reconstructionResult))),
  msPerSample: optional(anyNumber),
});
