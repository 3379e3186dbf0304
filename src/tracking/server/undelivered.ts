import { warning } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import { entryKinds } from './entry-kinds.ts';
import type { Entry, Items, Kind, Refusal } from './journal.ts';
import { noSuchThing, RequestError, tooLarge } from './mlflow-connection.ts';
import { addressWord } from './server-address.ts';
import type { Undelivered } from '../tracker.ts';

/** What a delivery ended with. */
interface Remains {
  /** Of the server, without credentials. */
  readonly address: string;
  /** Whether nothing but a journal names it: then no command for the user to copy does. */
  readonly isOfJournal?: boolean;
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
export function tellOfUndelivered({
  address,
  isOfJournal = false,
  runId,
  refused,
  pending,
  isKnown,
  failure,
}: Remains): Undelivered {
  const to = isOfJournal ? undefined : address;
  const refusals = tellOfRefusals(
    refused,
    `nothing is lost: the local store has all of it; \`${again(runId, to)}\` sends the run anew`,
    isOfJournal ? address : undefined,
  );
  if (pending.length === 0) return refusals;
  const why = failure?.message ?? `${address} did not take it in time`;
  const isGone = isKnown && failure instanceof RequestError && failure.code === noSuchThing;
  const way = isGone
    ? `\`${again(runId, to)}\` sends it anew`
    : `\`pipeline sync --to ${wordFor(to)}\` delivers it, and so does the next \`pipeline run\` that is recorded there`;
  const first = failure instanceof RequestError && failure.wayOut !== undefined ? `${failure.wayOut}; ` : '';
  const ofMany = { cause: why, message: `not delivered yet: ${why}` };
  return [
    ...refusals,
    {
      ...warning('not-delivered', `not delivered yet: ${count(pending)}: ${why}`, `${first}nothing is lost: ${way}`),
      ofMany,
    },
  ];
}

/**
 * One warning for each cause; where there are many, as a journal from elsewhere may say, the last is for the rest of
 * them.
 *
 * @param address of the server, where the command does not name it
 */
export function tellOfRefusals(refused: readonly Refusal[], hint: string, address?: string): Undelivered {
  const server = address === undefined ? 'the server' : `the server at ${shorten(address, 200)}`;
  const causes = [...new Set(refused.map(({ cause }) => cause))].slice(0, mostCauses);
  const groups = [
    ...causes.map((one) => refused.filter(({ cause }) => cause === one)),
    refused.filter(({ cause }) => !causes.includes(cause)),
  ];
  return groups
    .filter(({ length }) => length > 0)
    .map((alike) => {
      const { cause, reason: whole } = alike[0]!;
      const reason = shorten(whole, 600);
      const first = cause.startsWith('413 ') ? `${tooLarge}; ` : '';
      return {
        ...warning('not-taken', `${server} does not take ${count(alike)}: ${reason}`, `${first}${hint}`),
        ofMany: { cause: `${server} ${cause}`, message: `${server} does not take all of each: ${reason}` },
      };
    });
}

/** The command that sends a run to a server once more. @param address undefined: only a journal names it */
export function again(runId: string, address: string | undefined): string {
  return `pipeline sync --again ${runId} --to ${wordFor(address)}`;
}

// A journal may come from elsewhere, and who copies a command that names a server trusts it.
function wordFor(address: string | undefined): string {
  return address === undefined ? 'ADDRESS' : addressWord(address);
}

const mostCauses = 3;

/** `tags (4), artifacts (a, b, c and 2 more), status`. */
function count(things: readonly { readonly kind: Kind; readonly items: readonly Items[Kind][] }[]): string {
  return [...new Set(things.map(({ kind }) => kind))]
    .map((kind) => {
      const items = things.filter((thing) => thing.kind === kind).flatMap((thing) => thing.items);
      const names = items.filter((item) => typeof item === 'string');
      const { what } = entryKinds[kind];
      if (kind === 'status') return what;
      return names.length === 0
        ? `${what} (${items.length})`
        : `${what} (${names
            .slice(0, 3)
            .map((name) => shorten(name, 100))
            .join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''})`;
    })
    .join(', ');
}
