import type { Golden } from '../golden.ts';

/** What another program is given: the folder of a model, and its golden rows. */
export interface GoldenRun {
  readonly folder: string;
  readonly golden: Golden;
  readonly signal: AbortSignal;
}

/** What it makes of them. */
export interface Computed {
  /** Of the program. */
  readonly version: string;
  /** In the order of the model's outputs. */
  readonly outputs: readonly ArrayLike<number>[];
}

/** A program that computes models. */
export interface Runtime {
  /** What people call it. */
  readonly name: string;
  /** The file of a model's folder that it reads. */
  readonly reads: string;
  /** @throws NotThere; any other error where it cannot compute the model */
  readonly compute: (given: GoldenRun) => Promise<Computed>;
}

/** That a program cannot be had here, or has not what the model takes. The message says what is missing. */
export class NotThere extends Error {}
