import type { Diagnostic } from '../base/diagnostics.ts';
import { shorten } from '../base/shorten.ts';
import type { Shortfall } from '../tracking/tracker.ts';

/** A warning, and the run that it is about where it does not name it. */
export interface OfRun {
  readonly warning: Shortfall;
  readonly runId?: string;
}

const anyRunId = /[0-9a-f]{32}/;

/** Warnings about runs, those of one cause as one: of how many runs it is so, and three of them. */
export function tellAlike(found: readonly OfRun[]): readonly Diagnostic[] {
  const groups = new Map<string, Map<string, Shortfall>>();
  for (const { warning, runId = anyRunId.exec(warning.message)?.[0] } of found) {
    const cause = causeOf(warning);
    const group = groups.get(cause) ?? groups.set(cause, new Map()).get(cause)!;
    const key = runId ?? warning.message;
    if (!group.has(key)) group.set(key, warning);
  }
  return [...groups.values()].map(tellGroup);
}

/** @param group run, or the message where none is named -> its warning */
function tellGroup(group: ReadonlyMap<string, Shortfall>): Diagnostic {
  const [[run, { ofMany, ...first }], ...others] = [...group] as [[string, Shortfall], ...[string, Shortfall][]];
  const named = others.map(([key]) => key).filter((key) => anyRunId.test(key));
  const isNamed = first.message.includes(run);
  if (others.length === 0) return isNamed ? first : { ...first, message: `run ${run}: ${first.message}` };
  const message =
    ofMany === undefined
      ? `${first.message}; the same of ${others.length} more${named.length === 0 ? '' : ` (${firstOf(named)})`}`
      : `${group.size} runs (${firstOf([run, ...named])}): ${ofMany.message}`;
  // The way out is that of each: the first one's with the name left open.
  return { ...first, message, ...(first.hint === undefined ? {} : { hint: first.hint.replaceAll(run, 'RUN') }) };
}

/** Three of them. */
export function firstOf(names: readonly string[]): string {
  return `${names
    .slice(0, 3)
    .map((name) => shorten(name, 200))
    .join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

// Of one cause are messages that differ in the run's id, and in numbers, alone.
function causeOf({ code, message, ofMany }: Shortfall): string {
  return JSON.stringify([code, ofMany?.cause ?? message.replaceAll(/[0-9a-f]{32}/g, '').replaceAll(/\d+/g, '')]);
}
