import type { Samples } from '../datasets/dataset.ts';

/** What training left behind: one entry per epoch, with Keras' metric names (loss, accuracy, val_loss, val_accuracy). */
export type History = readonly Readonly<Record<string, number>>[];

/** What the evaluate stage found on the test split. */
export interface Evaluation {
  /** test_loss, test_accuracy. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly classes: readonly string[];
  /** `confusion[actual][predicted]`: number of test samples. */
  readonly confusion: readonly (readonly number[])[];
  readonly perClass: readonly ClassScore[];
  /** Predicted class index per test sample. */
  readonly predicted: Uint8Array;
  /** Softmax probability of the predicted class, per test sample. */
  readonly confidence: Float32Array;
}

/** Precision, recall and F1 of one class, each 0..1 (0 where there is nothing to divide by). */
export interface ClassScore {
  readonly name: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Test samples of this class. */
  readonly support: number;
}

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
  readonly evaluation: Evaluation;
  readonly test: Samples;
  /** Shape of one sample: [height, width, channels] for images. */
  readonly inputShape: readonly number[];
  readonly reference?: Reference;
  /** Seed for charts that pick samples. */
  readonly seed: number;
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
export interface Chart {
  readonly doc: string;
  /** Whether the figure makes sense for this data, such as images only. */
  fits(input: ChartInput): boolean;
  draw(input: ChartInput): Promise<Figure>;
}
