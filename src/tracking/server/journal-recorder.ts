import { basename, dirname } from 'node:path';
import type { Diagnostic } from '../../base/diagnostics.ts';
import type { RunStatus } from '../../base/events.ts';
import { shorten } from '../../base/shorten.ts';
import type { Delivery } from './delivery.ts';
import type { Items, Journal, Kind } from './journal.ts';
import type { Recorder } from '../store/local-run.ts';
import { addTo, closeJournal, openJournal } from './open-journal.ts';
import type { Undelivered } from '../tracker.ts';
import { tellOfUndelivered } from './undelivered.ts';

// How long `finish` goes on without a sign of progress; a server that never answered is not waited for.
const answering = { FINISHED: 30_000, FAILED: 30_000, KILLED: 5000 } as const satisfies Record<RunStatus, number>;
const silent = 3000;

/** Writes what a run records into its journal, from where it is delivered. */
export class JournalRecorder implements Recorder {
  readonly #journal: Journal;
  readonly #directory: () => string;
  readonly #delivery: Delivery | undefined;

  /** @param directory the run's folder @param delivery left out: by `pipeline sync` */
  constructor(journal: Journal, directory: () => string, delivery?: Delivery) {
    this.#journal = journal;
    this.#directory = directory;
    this.#delivery = delivery;
  }

  get runId(): string | undefined {
    return this.#journal.server?.runId;
  }

  record<K extends Kind>(kind: K, items: readonly Items[K][]): void {
    addTo(this.#journal, kind, items);
    this.#delivery?.wake();
  }

  async finish(status: RunStatus, signal?: AbortSignal): Promise<Undelivered> {
    const undelivered = await (this.#delivery?.finish({ answering: answering[status], silent }, signal) ??
      this.#keep());
    closeJournal(this.#journal, this.#directory());
    return undelivered;
  }

  async #keep(): Promise<Undelivered> {
    await this.#journal.flush();
    const address = this.#journal.destination!.address;
    const { refused, pending } = this.#journal;
    return tellOfUndelivered({
      address,
      isOfJournal: true,
      runId: basename(this.#directory()),
      refused,
      pending,
      isKnown: false,
      failure: new Error(`the run was begun with the server at ${shorten(address, 200)}, which this run was not given`),
    });
  }
}

/** A run that goes on without its server: what it records is kept for `pipeline sync`. */
export function keepForServer(
  directory: string,
  warn: (warning: Diagnostic) => void,
): { readonly experimentId: string; readonly recorder: Recorder } | undefined {
  const journal = openJournal(directory, warn);
  return journal === undefined
    ? undefined
    : {
        experimentId: journal.server?.experimentId ?? basename(dirname(directory)),
        recorder: new JournalRecorder(journal, () => directory),
      };
}
