import { setTimeout as sleep } from 'node:timers/promises';
import { entryKinds, mostBytes, type OpenRun } from './entry-kinds.ts';
import type { Entry, Items, Journal, Kind } from './journal.ts';
import { MetricHistory } from './metric-history.ts';
import type { MlflowClient, Upload } from './mlflow-client.ts';
import { RequestError } from './mlflow-connection.ts';
import { artifactWay } from './server-artifacts.ts';
import type { Undelivered } from './tracker.ts';
import { tellOfUndelivered } from './undelivered.ts';

/** What went wrong with things that were to be delivered. */
export interface Refusal {
  readonly kind: Kind;
  readonly items: readonly Items[Kind][];
  readonly reason: string;
}

/** `waits`: not now, but a later try may go through. */
type Outcome = 'sent' | 'refused' | 'waits';

const flushDelayMs = 1000;
// Above this, refused batches are no longer searched for the values at fault.
const mostRefusals = 20;

/** Delivers a journal in the background: in order, one request at a time, in batches, again when it failed. Never throws. */
export class Delivery {
  /** What came of the first try to reach the server: undefined where it has the run. */
  readonly firstTry: Promise<Error | undefined>;
  readonly #client: MlflowClient;
  readonly #journal: Journal;
  readonly #artifactDirectory: () => string;
  readonly #isOurs: () => boolean;
  /** What another process may have sent. */
  readonly #doubtful: ReadonlySet<Entry>;
  /** What the server would not take for the time being. */
  readonly #waiting = new Set<Entry>();
  readonly #refused: Refusal[] = [];
  readonly #finishing = new AbortController();
  readonly #givingUp = new AbortController();
  #deadline: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #run: OpenRun | undefined;
  #lastFailure: Error | undefined;
  #tellFirstTry!: (failure: Error | undefined) => void;

  /**
   * @param artifactDirectory asked for when the first artifact is sent: a new run's folder is known later than the run
   * @param isOurs asked before each request: another process may have taken the run over while this one was suspended
   */
  constructor(client: MlflowClient, journal: Journal, artifactDirectory: () => string, isOurs: () => boolean) {
    this.#client = client;
    this.#journal = journal;
    this.#artifactDirectory = artifactDirectory;
    this.#isOurs = isOurs;
    this.#doubtful = new Set(journal.pending);
    this.firstTry = new Promise((tell) => (this.#tellFirstTry = tell));
    this.#start();
  }

  /** To be called after something was added to the journal. */
  wake(): void {
    if (this.#sending === undefined) this.#timer ??= setTimeout(() => this.#start(), flushDelayMs).unref();
  }

  /**
   * Waits until all is delivered, or until nothing was for so long; where nobody listens, one more try.
   *
   * @param patience milliseconds; `silent` for a server that never answered
   * @returns what is not delivered, and why
   */
  async finish(patience: { readonly answering: number; readonly silent: number }): Promise<Undelivered> {
    this.#deadline = setTimeout(() => this.#givingUp.abort(), this.#run === undefined ? patience.silent : patience.answering);
    this.#finishing.abort();
    clearTimeout(this.#timer);
    await this.#sending;
    await this.#sendAll();
    clearTimeout(this.#deadline);
    await this.#journal.flush();
    this.#client.close();
    return tellOfUndelivered({ address: this.#client.address, refused: this.#refused, pending: this.#journal.pending, failure: this.#lastFailure });
  }

  /** Ends it; what is not delivered stays in the journal. */
  giveUp(): void {
    this.#givingUp.abort();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
  }

  async #sendAll(): Promise<void> {
    if (this.#run === undefined && (await this.#attempt((isDoubtful) => this.#open(isDoubtful || this.#journal.isReopened))) !== 'sent') {
      // Without a run nothing can be delivered.
      this.#givingUp.abort();
    }
    for (let batch = this.#nextBatch(); batch.length > 0 && !this.#givingUp.signal.aborted; batch = this.#nextBatch()) {
      await this.#journal.flush();
      const outcome = await this.#deliver(batch[0]!.kind, batch.flatMap(({ items }) => items), batch.some((entry) => this.#doubtful.has(entry)));
      if (outcome === 'waits') batch.forEach((entry) => this.#waiting.add(entry));
      else this.#journal.noteDone(batch);
    }
  }

  /** Entries of one kind that one request may carry; at least one, where there are any. */
  #nextBatch(): readonly Entry[] {
    const open = this.#journal.pending.filter((entry) => !this.#waiting.has(entry));
    const kind = open[0]?.kind;
    if (kind === undefined) return [];
    let [items, bytes] = [0, 0];
    const end = open.findIndex((entry) => {
      items += entry.items.length;
      bytes += Buffer.byteLength(JSON.stringify(entry.items));
      return entry.kind !== kind || items > entryKinds[kind].most || bytes > mostBytes;
    });
    return end === -1 ? open : open.slice(0, Math.max(1, end));
  }

  async #deliver(kind: Kind, items: readonly Items[Kind][], isDoubtful: boolean): Promise<Outcome> {
    const { send } = entryKinds[kind];
    const upload: Upload = { signal: this.#givingUp.signal, onProgress: () => this.#deadline?.refresh() };
    const outcome = await this.#attempt(async (isRepeated) => send(items as never, this.#run!, upload, isDoubtful || isRepeated));
    if (outcome !== 'refused') return outcome;
    // A server stores all of a batch or nothing, so the ones that it refuses are looked for by halves.
    const error = this.#lastFailure!;
    if (items.length > 1 && error instanceof RequestError && error.code === 'INVALID_PARAMETER_VALUE' && this.#refused.length < mostRefusals) return this.#deliverHalves(kind, items, isDoubtful);
    this.#refused.push({ kind, items, reason: error.message });
    return 'refused';
  }

  async #deliverHalves(kind: Kind, items: readonly Items[Kind][], isDoubtful: boolean): Promise<Outcome> {
    const half = Math.ceil(items.length / 2);
    const outcomes = [await this.#deliver(kind, items.slice(0, half), isDoubtful), await this.#deliver(kind, items.slice(half), isDoubtful)];
    return outcomes.includes('waits') ? 'waits' : 'sent';
  }

  async #open(isDoubtful: boolean): Promise<void> {
    const { signal } = this.#givingUp;
    let { server } = this.#journal;
    const destination = { ...this.#journal.destination!, address: this.#client.address };
    // The same server under another address, or another one?
    if (server !== undefined && destination.address !== this.#journal.destination!.address && !(await this.#client.hasRun(server.runId, signal))) server = undefined;
    if (server === undefined) {
      if (destination.address !== this.#journal.destination!.address) this.#journal.redirect(destination);
      server = await this.#client.findOrCreateRun(destination, isDoubtful, signal);
      this.#journal.noteServer(server);
    }
    const storeArtifact = artifactWay(this.#client, server.artifactUri);
    const [client, { runId }] = [this.#client, server];
    this.#run = { client, runId, storeArtifact, artifactDirectory: this.#artifactDirectory, history: new MetricHistory(client, runId) };
  }

  async #attempt(work: (isRepeated: boolean) => Promise<unknown>): Promise<Outcome> {
    const { signal } = this.#givingUp;
    let serverErrors = 0;
    for (let failures = 0; !signal.aborted; ) {
      if (!this.#isOurs()) {
        this.#givingUp.abort();
        break;
      }
      try {
        await work(failures > 0);
        this.#deadline?.refresh();
        this.#tellFirstTry(undefined);
        return 'sent';
      } catch (error) {
        // After giving up, the error only says that it was given up.
        if (signal.aborted) break;
        this.#lastFailure = error as Error;
        this.#tellFirstTry(this.#lastFailure);
        this.#run?.history.forget();
        if (!(error instanceof RequestError)) return 'refused';
        if (this.#run === undefined && this.#finishing.signal.aborted && nobodyListens(error)) this.#givingUp.abort();
        // Whoever may not speak to the server now may later, with other credentials.
        else if (error.status === 401 || error.status === 403) this.#givingUp.abort();
        else if (!error.mayPass) return 'refused';
        // Some compatible servers answer 500 to what they will never take; other answers mean a server that comes back.
        else if (error.status === 500 && ++serverErrors > this.#client.retry.retries) break;
        else await this.#pause(error, ++failures);
      }
    }
    return 'waits';
  }

  async #pause(error: RequestError, failures: number): Promise<void> {
    const isLast = this.#finishing.signal.aborted;
    const wait = this.#client.retry.delay(error, failures, isLast ? 2000 : 30_000);
    await sleep(wait, undefined, { signal: isLast ? this.#givingUp.signal : this.#finishing.signal }).catch(() => undefined);
  }
}

function nobodyListens({ status, code }: RequestError): boolean {
  return status === 0 && ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code);
}
