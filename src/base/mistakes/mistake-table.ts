/** What is to be said of one code, for people who look it up. */
export interface MistakeDoc {
  /** What is wrong, and what causes it. */
  readonly means: string;
  /** The way out. */
  readonly fix: string;
  /** `error` where it is left out; `either` where the work may go on in spite of it. */
  readonly severity?: 'warning' | 'either';
}

/** The mistakes of one part of the program, by their codes. */
export type MistakeTable = Readonly<Record<string, MistakeDoc>>;
