import type { Refusal } from './delivery.ts';
import { entryKinds } from './entry-kinds.ts';
import type { Entry, Items, Kind } from './journal.ts';
import type { Undelivered } from './tracker.ts';

/** What a delivery ended with. */
interface Remains {
  /** Of the server, without credentials. */
  readonly address: string;
  readonly refused: readonly Refusal[];
  readonly pending: readonly Entry[];
  /** The last one, whatever it was about. */
  readonly failure: Error | undefined;
}

/** What a server refused for good, and what still waits for it. */
export function tellOfUndelivered({ address, refused, pending, failure }: Remains): Undelivered {
  const refusals = [...new Set(refused.map(({ reason }) => reason))].map((reason) => ({
    code: 'not-taken',
    severity: 'warning' as const,
    message: `the server does not take ${count(refused.filter((refusal) => refusal.reason === reason))}: ${reason}`,
    hint: 'the local store has all of it',
  }));
  if (pending.length === 0) return refusals;
  const message = `not delivered yet: ${count(pending)}: ${failure?.message ?? `${address} did not take it in time`}`;
  return [...refusals, { code: 'not-delivered', severity: 'warning', message, hint: 'nothing is lost: `pipeline sync` delivers it, and so does the next `pipeline run`' }];
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
