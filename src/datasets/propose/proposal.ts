import { showCount } from '../../base/quantities.ts';
import { shorten } from '../../base/shorten.ts';
import type { TokenKind } from '../preparations/tokens.ts';
import type { Spread } from './spread.ts';

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

/** A forecast that needs no model, and what it is off by in the test. */
export interface NaiveForecast extends Spread {
  /** As the evaluation calls it: `last_value`, `season_before`. */
  readonly name: string;
}

/** What is to be learnt, and what one knows without learning: the score to beat. */
export type Task =
  | { readonly kind: 'class'; readonly target: string; readonly classes: readonly CountedClass[] }
  | (Spread & {
      readonly kind: 'number';
      readonly target: string;
      /** Numbers of a sample. */
      readonly units: number;
    })
  /** The next numbers of a series. */
  | {
      readonly kind: 'forecast';
      readonly target: string;
      /** How many, and the rows of a season, where there is one. */
      readonly horizon: number;
      readonly season?: number;
      /** The best first. */
      readonly naive: readonly [NaiveForecast, ...NaiveForecast[]];
    }
  /** Labels of which a sample may have several, or none; counts are the samples that have them. */
  | {
      readonly kind: 'labels';
      readonly target: string;
      readonly labels: readonly CountedClass[];
      readonly rows: number;
      /** The labels that are most often together, and how many samples have them and no others. */
      readonly set: { readonly names: readonly string[]; readonly count: number };
    }
  /** A class at each pixel; counts are pixels. */
  | { readonly kind: 'pixels'; readonly classes: readonly CountedClass[] }
  /** The next character of a text. */
  | { readonly kind: 'character'; readonly characters: readonly CountedClass[] }
  /** A text that answers another. */
  | {
      readonly kind: 'answer';
      readonly target: string;
      readonly tokens: TokenKind;
      /** Places, that of the end among them. */
      readonly length: number;
      readonly vocabulary: number;
      /** Tokens and ends of all rows, and those that are right where each place has what is most frequent there. */
      readonly all: number;
      readonly right: number;
    };

/** How far from 0 the numbers of an array lie. */
export interface Sizes {
  /** Of all numbers, the largest one. */
  readonly most: number;
  /** Each place of a sample has a largest one of its own, and this is the least of them that is not 0. */
  readonly least: number;
}

/** What a net is given. */
export type Given =
  | { readonly kind: 'columns'; readonly width: number }
  | {
      readonly kind: 'picture';
      readonly shape: readonly [height: number, width: number, channels: number];
      /** Where values are what an array holds; left out: they are 0 to 1. */
      readonly sizes?: Sizes;
    }
  /** Moments of a sound, one after the other: of each, decibels of some frequencies. */
  | { readonly kind: 'spectrogram'; readonly shape: readonly [frames: number, mels: number] }
  /** Numbers as they are: nothing standardizes them. */
  | { readonly kind: 'array'; readonly shape: readonly number[]; readonly sizes: Sizes }
  /** Rows of a series, one after the other. */
  | { readonly kind: 'window' }
  | { readonly kind: 'text'; readonly characters: number }
  | {
      readonly kind: 'words';
      readonly vocabulary: number;
      /** Whether other columns are learnt from beside them, as the input `otherColumns`. */
      readonly more: boolean;
    }
  /** A text that is answered; even: its tokens and those of the answer go together one by one. */
  | { readonly kind: 'question'; readonly length: number; readonly vocabulary: number; readonly isEven: boolean };

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
  /** The columns to predict, where they are named. */
  readonly targets: readonly string[];
  /** Gives a path as it is to stand in the file that is written. */
  readonly written: (path: string) => string;
}

/** Shares of the rows of a table that are drawn. */
export const sharesOfRows: Pick<Proposal, 'options' | 'split'> = {
  options: [{ key: 'test', value: 0.2, because: 'share of the rows that is taken out for the test' }],
  split: [
    {
      key: 'validation',
      value: 0.15,
      because: 'share of the others that is held back, to validate after each epoch',
    },
  ],
};

/** Most frequent first; of equally frequent ones, in the order of their names. */
export function byCount(counts: ReadonlyMap<string, number>): readonly CountedClass[] {
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

/** Some classes with their counts, on one line. */
export function showCounts(all: readonly CountedClass[]): string {
  const some = all
    .slice(0, 6)
    .map(({ name, count }) => `${shorten(name, 30)}${Number.isFinite(Number(name)) ? ':' : ''} ${showCount(count)}`);
  return `${some.join(', ')}${all.length > some.length ? ', ...' : ''}`;
}
