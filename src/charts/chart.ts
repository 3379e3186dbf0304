import type { ClassResult, Evaluation, History, OutputResult } from '../base/results.ts';

/** What has a class each: samples, or the pixels of masks and the characters or words of texts. */
export function placeNoun({ shape, several, tokens }: ClassResult): 'samples' | 'pixels' | 'characters' | 'words' {
  if (shape.length === 0 || several !== undefined) return 'samples';
  return shape.length === 1 ? (tokens ?? 'characters') : 'pixels';
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
  /**
   * The epoch whose weights the model has, counted from 1, where that is the best one; left out: it has those of the
   * last.
   */
  readonly best?: number;
  readonly evaluation: Evaluation;
  /** The test samples, where each can be shown as one picture. */
  readonly pictures?: Pictures;
  /** Training samples that are such, where they were augmented. */
  readonly augmented?: AugmentedPictures;
  /** Some of the training samples. */
  readonly shown?: ShownSamples;
  readonly reference?: Reference;
  /** Seed for charts that pick samples. */
  readonly seed: number;
}

/** Pictures, each of which is read when it is drawn. */
export interface Pictures {
  /** What each of them is: a recording is shown as its spectrogram, a sample has several images side by side. */
  readonly noun: 'image' | 'recording' | 'sample';
  /** [height, width, channels]; one channel is grey, three are RGB. */
  readonly shape: readonly number[];
  /** The bytes of one of them, row by row. */
  read(sample: number): Promise<Uint8Array>;
  /** Whether greys are drawings on an empty ground: all of them, or none. */
  areDrawings(): Promise<boolean>;
}

/** Some training samples as pictures, as they are and as epochs saw them. */
export interface AugmentedPictures {
  /** Of each sample, one after the other: as it is, then as each of the epochs saw it. */
  readonly pictures: Pictures;
  readonly samples: number;
  /** Counted from 1. */
  readonly epochs: readonly number[];
}

/** Some training samples as they are shown: pictures, or the rows of a table. */
export interface ShownSamples {
  /** One for each class that is shown; where samples have none, one without a name. */
  readonly groups: readonly {
    readonly name?: string;
    /** Training samples that there are of it. */
    readonly count: number;
    /** Those that are shown, by their places. */
    readonly rows: readonly number[];
  }[];
  /** How many classes there are; 0 where samples have none. */
  readonly classes: number;
  readonly pictures?: Pictures;
  /** The cells of the rows, group by group, and how many columns more there are. */
  readonly table?: {
    readonly columns: readonly string[];
    readonly more: number;
    readonly cells: readonly (readonly string[])[];
  };
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
