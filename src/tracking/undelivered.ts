import type { Diagnostic } from '../base/diagnostics.ts';
import { shellWord } from '../base/shell-word.ts';
import { entryKinds } from './entry-kinds.ts';
import type { Entry, Items, Kind, Refusal } from './journal.ts';
import { noSuchThing, RequestError } from './mlflow-connection.ts';
import type { Undelivered } from './tracker.ts';

/** What a delivery ended with. */
interface Remains {
  /** Of the server, without credentials. */
  readonly address: string;
  /** Of the run in the local store. */
  readonly runId: string;
  readonly refused: readonly Refusal[];
  readonly pending: readonly Entry[];
  /** Whether the server is known to have had the run. */
  readonly isKnown: boolean;
  /** The last one, whatever it was about. */
  readonly failure: Error | undefined;
}

/** What a server refused for good, and what still waits for it: one warning for each cause. */
export function tellOfUndelivered({ address, runId, refused, pending, isKnown, failure }: Remains): Undelivered {
  const refusals = tellOfRefusals(refused, `nothing is lost: the local store has all of it; \`${again(runId, address)}\` sends the run anew`);
  if (pending.length === 0) return refusals;
  const message = `not delivered yet: ${count(pending)}: ${failure?.message ?? `${address} did not take it in time`}`;
  const isGone = isKnown && failure instanceof RequestError && failure.code === noSuchThing;
  const way = isGone
    ? `\`${again(runId, address)}\` sends it anew`
    : `\`pipeline sync --to ${shellWord(address)}\` delivers it, and so does the next \`pipeline run\` that is recorded there`;
  const hint = (failure instanceof RequestError && failure.wayOut) || `nothing is lost: ${way}`;
  return [...refusals, { code: 'not-delivered', severity: 'warning', message, hint }];
}

/** One warning for each cause. */
export function tellOfRefusals(refused: readonly Refusal[], hint: string): readonly Diagnostic[] {
  return [...new Set(refused.map(({ cause }) => cause))].map((cause) => {
    const alike = refused.filter((refusal) => refusal.cause === cause);
    return { code: 'not-taken', severity: 'warning', message: `the server does not take ${count(alike)}: ${alike[0]!.reason}`, hint };
  });
}

/** The command that sends a run to a server once more. */
export function again(runId: string, address: string): string {
  return `pipeline sync --again ${runId} --to ${shellWord(address)}`;
}

/** `tags (4), artifacts (a, b, c and 2 more), status`. */
function count(things: readonly { readonly kind: Kind; readonly items: readonly Items[Kind][] }[]): string {
  return [...new Set(things.map(({ kind }) => kind))].map((kind) => {
    const items = things.filter((thing) => thing.kind === kind).flatMap((thing) => thing.items);
    const names = items.filter((item) => typeof item === 'string');
    const { what } = entryKinds[kind];
    if (kind === 'status') return what;
    return names.length === 0 ? `${what} (${items.length})` : `${what} (${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''})`;
  }).join(', ');
}
