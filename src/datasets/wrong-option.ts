import { UserError } from '../base/diagnostics.ts';
import type { InParts } from '../base/turns.ts';
import { notFetched } from './files/read-bytes.ts';

/**
 * Leads from the section `data` to an option of a data set: `source`, its name, the option, and the key or item in it.
 */
export type OptionPath = readonly (string | number)[];

/** A mistake that stands in an option, or in what the option names. */
export class WrongOption extends UserError {
  readonly path: OptionPath;

  constructor(path: OptionPath, { diagnostics, exitCode }: UserError) {
    super(diagnostics, exitCode);
    this.path = path;
  }
}

/** Does work on what an option names: mistakes that are found in it are the option's, where nothing nearer is known. */
export function* inOption<T>(path: OptionPath, work: () => InParts<T>): InParts<T> {
  try {
    return yield* work();
  } catch (error) {
    throw placedAt(path, error);
  }
}

/** As `inOption`, for work without a pause. */
export function atOption<T>(path: OptionPath, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw placedAt(path, error);
  }
}

function placedAt(path: OptionPath, error: unknown): unknown {
  // What is not fetched is no mistake.
  return error instanceof UserError && !(error instanceof WrongOption) && error.diagnostics[0]?.code !== notFetched
    ? new WrongOption(path, error)
    : error;
}
