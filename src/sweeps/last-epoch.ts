import { either, hasForm, nothing, number, object, oneOf, record, whole } from '../base/json-form.ts';
import { isWithin } from '../base/json-limits.ts';

/** An epoch that a trial has ended. */
export interface EndedEpoch {
  readonly epoch: number;
  /** The goal's metric at its end; NaN: it is none. */
  readonly score: number;
}

const finished = 'epoch-finished';

const form = object({ type: oneOf(finished), epoch: whole, metrics: record(either(number, nothing)) });

const limits = { depth: 5, holders: 100, values: 10_000 };

/**
 * The last epoch that a job tells of in what it prints, one JSON event per line and whatever else comes between.
 *
 * @returns undefined where it tells of none, as far as that reaches
 */
export function lastEpoch(printed: string, metric: string): EndedEpoch | undefined {
  // What is behind the last line's end is still being written.
  let end = printed.lastIndexOf('\n');
  for (;;) {
    const at = end < 0 ? -1 : printed.lastIndexOf(`"${finished}"`, end);
    if (at < 0) return undefined;
    const start = printed.lastIndexOf('\n', at) + 1;
    const told = read(printed.slice(start, printed.indexOf('\n', at)));
    if (told !== undefined) return { epoch: told.epoch, score: told.metrics[metric] ?? Number.NaN };
    end = start - 1;
  }
}

function read(line: string) {
  try {
    const event: unknown = isWithin(line, limits) ? JSON.parse(line) : undefined;
    return hasForm(form, event) ? event : undefined;
  } catch {
    return undefined;
  }
}
