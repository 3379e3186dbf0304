/** A value of a file that takes one line: a word, a number, a list or a map of them. */
export type Flow = string | number | boolean | readonly Flow[] | { readonly [key: string]: Flow };

/** A key of a file with its value, or with what stands below it, and the evidence of the guess. */
export type Entry = { readonly key: string; readonly because?: string } & (
  | { readonly value: Flow }
  | { readonly entries: readonly Entry[] }
  | { readonly items: readonly Item[] }
);

/** An item of a list that has a line of its own. */
export interface Item {
  readonly item: string;
  readonly because?: string;
}

/** A class and how many samples have it. */
export interface CountedClass {
  readonly name: string;
  readonly count: number;
}

/** What is to be learnt, and what one knows without learning: the score to beat. */
export type Task =
  | { readonly kind: 'class'; readonly target: string; readonly classes: readonly CountedClass[] }
  | {
      readonly kind: 'number';
      readonly target: string;
      /** Standard deviation, and mean distance from the mean: the errors of who always says the mean. */
      readonly deviation: number;
      readonly distance: number;
    }
  /** A class at each pixel; counts are pixels. */
  | { readonly kind: 'pixels'; readonly classes: readonly CountedClass[] }
  /** The next character of a text. */
  | { readonly kind: 'character'; readonly characters: readonly CountedClass[] };

/** What a net is given. */
export type Given =
  | { readonly kind: 'columns'; readonly width: number }
  | { readonly kind: 'picture'; readonly shape: readonly [height: number, width: number, channels: number] }
  | { readonly kind: 'text'; readonly characters: number }
  | { readonly kind: 'words'; readonly vocabulary: number };

/** What was seen in data, as the section `data` of a file, and what a net for it has to be like. */
export interface Proposal {
  /** The name of the data set. */
  readonly source: string;
  /** What was looked at, in words. */
  readonly read: string;
  readonly options: readonly Entry[];
  readonly split: readonly Entry[];
  readonly task: Task;
  readonly given: Given;
  /** Samples, those of validation and test among them. */
  readonly samples: number;
  /** What else is to be known of it, such as columns that are left out. */
  readonly notes: readonly string[];
}

/** Where data lies, and what is wanted of it. */
export interface Wanted {
  /** Path of a file, of a folder, or of files by a pattern; it counts from where one is. */
  readonly data: string;
  /** The column to predict. */
  readonly target: string | undefined;
  /** Gives a path as it is to stand in the file that is written. */
  readonly written: (path: string) => string;
}

/** Most frequent first; of equally frequent ones, in the order of their names. */
export function byCount(counts: ReadonlyMap<string, number>): readonly CountedClass[] {
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
