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
} from '../base/json-form.ts';

/** What training left behind: one entry per epoch, with Keras' metric names (loss, accuracy, val_loss, val_accuracy). */
export type History = readonly Readonly<Record<string, number>>[];

/** Numbers under names, as metrics are. */
export const metricsForm: Form<Readonly<Record<string, number>>> = record(anyNumber);

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
}

/** What came of one output on the test split. */
export type OutputResult = ClassResult | NumberResult;

/** What an output says of classes. */
export interface ClassResult {
  readonly kind: 'class';
  readonly name: string;
  /** The places of a sample that have a class each: [] for one class per sample, [height, width] for masks. */
  readonly shape: readonly number[];
  readonly classes: readonly string[];
  /** `confusion[actual][predicted]`: number of test samples, or of places in them. */
  readonly confusion: readonly (readonly number[])[];
  readonly perClass: readonly ClassScore[];
  /** Index of the class that is right, place by place. */
  readonly actual: Uint8Array;
  /** Index of the predicted class. */
  readonly predicted: Uint8Array;
  /** Softmax probability of the predicted class. */
  readonly confidence: Float32Array;
  /** Under a mask: 1 for each of these that counts, 0 for those that are left out. */
  readonly there?: Uint8Array;
}

/** What has a class each: samples, or the pixels of masks and the characters of texts. */
export function placeNoun({ shape }: ClassResult): 'samples' | 'pixels' | 'characters' {
  return shape.length === 0 ? 'samples' : shape.length === 1 ? 'characters' : 'pixels';
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

/** The values of what counts, as many of each. @param there as a result has it */
export function whereThere<V extends Uint8Array | Float32Array | Float64Array>(
  values: V,
  there: Uint8Array | undefined,
): V {
  if (there === undefined) return values;
  const each = values.length / there.length;
  return values.filter((_, i) => there[Math.floor(i / each)] !== 0) as V;
}

/** Precision, recall and F1 of one class, each 0..1 (0 where there is nothing to divide by). */
export interface ClassScore {
  readonly name: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Test samples, or places, of this class. */
  readonly support: number;
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
    confusion: list(list(count)),
    perClass: list(scoresOfClass),
    actual: array(Uint8Array),
    predicted: array(Uint8Array),
    confidence: array(Float32Array),
    there: optional(array(Uint8Array)),
  }),
  ({ classes: { length }, confusion, perClass, actual, predicted, confidence, there = actual }) =>
    [confusion, ...confusion, perClass].every((rows) => rows.length === length) &&
    [predicted, confidence, there].every((values) => values.length === actual.length) &&
    [actual, predicted].every((values) => values.every((label) => label < length)),
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

/** What an evaluation has to say, whatever data it is of. */
export const evaluationForm: Form<Evaluation> = object({
  metrics: metricsForm,
  outputs: list(either(classResult, numberResult)),
});

/** Figures published elsewhere for the same work, drawn beside ours: metric name -> epoch -> value. */
export interface Reference {
  readonly label: string;
  readonly epochs: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Single values, such as test_accuracy. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** All that a chart may draw from. */
export interface ChartInput {
  readonly history: History;
  /** The epoch whose weights the model has, counted from 1, where that is the best one; left out: it has those of the last. */
  readonly best?: number;
  readonly evaluation: Evaluation;
  /** The test samples, where each is one picture. */
  readonly pictures?: Pictures;
  readonly reference?: Reference;
  /** Seed for charts that pick samples. */
  readonly seed: number;
}

/** Pictures as bytes, one after the other. */
export interface Pictures {
  /** [height, width, channels]; one channel is grey, three are RGB. */
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/** A figure: the SVG goes into the report, the PNG (rasterised from it) to the tracker. */
export interface Figure {
  readonly title: string;
  /** One sentence that says what to look at. */
  readonly caption: string;
  /** Natural width in CSS pixels, at which its text reads best. */
  readonly width: number;
  /** A whole `<svg>` element without background; every text from outside is escaped in it. */
  readonly svg: string;
}

/** One kind of figure. Its key in the table of charts is the name users write and the file's name. */
export type Chart = RunChart | OutputChart;

interface ChartBase {
  readonly doc: string;
  /** What it cannot be drawn without, to follow "needs". */
  readonly needs: string;
}

/** A figure about the whole run. */
export interface RunChart extends ChartBase {
  readonly of: 'run';
  fits(input: ChartInput): boolean;
  draw(input: ChartInput): Promise<Figure>;
}

/** A figure about one output: of several outputs, each has its own. */
export interface OutputChart extends ChartBase {
  readonly of: 'output';
  fits(input: ChartInput, result: OutputResult): boolean;
  draw(input: ChartInput, result: OutputResult): Promise<Figure>;
}

/** A figure about an output that predicts classes. */
export function defineClassChart({
  fits,
  draw,
  ...rest
}: ChartBase & {
  fits(input: ChartInput, result: ClassResult): boolean;
  draw(input: ChartInput, result: ClassResult): Promise<Figure>;
}): OutputChart {
  return {
    ...rest,
    of: 'output',
    fits: (input, result) => result.kind === 'class' && fits(input, result),
    draw: (input, result) => draw(input, result as ClassResult),
  };
}
