import { setMaxListeners } from 'node:events';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { confirmTaken, findLost, notKept } from './confirm-taken.ts';
import { entryKinds, mostBytes, type OpenRun, saysFinished } from './entry-kinds.ts';
import type { Entry, Items, Journal, Kind, Refusal, ServerRun } from './journal.ts';
import { MetricHistory } from './metric-history.ts';
import type { MlflowClient, Upload } from './mlflow-client.ts';
import { noSuchThing, RequestError } from './mlflow-connection.ts';
import { namedOnServer } from './named-runs.ts';
import { causeOf, isMistake, wrongShape } from './request-failures.ts';
import { oneSpelling } from './server-address.ts';
import { artifactWay } from './server-artifacts.ts';
import type { Undelivered } from '../tracker.ts';
import { tellOfUndelivered } from './undelivered.ts';

/** `refused`: for what it is. `waits`: not now, but a later try may go through. */
type Outcome = 'sent' | 'refused' | 'waits';

/**
 * How often something failed so far, how often of that while the server was well, and whether the last try began when
 * the end was near.
 */
interface Tries {
  failures: number;
  well: number;
  isLast: boolean;
}

const flushDelayMs = 1000;
// Above this, refused batches are no longer searched for the values at fault.
const mostRefusals = 20;

/**
 * Delivers a journal in the background: in order, one request at a time, in batches, again when it failed. Never
 * throws.
 */
export class Delivery {
  /** What came of the first try to reach the server: undefined where it has the run. */
  readonly firstTry: Promise<Error | undefined>;
  readonly #client: MlflowClient;
  readonly #journal: Journal;
  readonly #directory: () => string;
  readonly #isOurs: () => boolean;
  /** What may have been sent already, without an answer. */
  readonly #doubtful: Set<Entry>;
  /** What the server would not take for the time being, though it is well. */
  readonly #waiting = new Set<Entry>();
  readonly #finishing = new AbortController();
  readonly #givingUp = new AbortController();
  #deadline: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #run: OpenRun | undefined;
  #lastFailure: Error | undefined;
  #taken = 0;
  #refusals = 0;
  #hasAnswered = false;
  #tellFirstTry!: (failure: Error | undefined) => void;

  /**
   * @param directory the run's folder; asked for when the first artifact is sent: a new run's is known later than the
   * run
   * @param isOurs asked before each request: another process may have taken the run over while this one was suspended
   */
  constructor(client: MlflowClient, journal: Journal, directory: () => string, isOurs: () => boolean) {
    this.#client = client;
    this.#journal = journal;
    this.#directory = directory;
    this.#isOurs = isOurs;
    this.#doubtful = new Set(journal.pending);
    // Requests in quick succession let go of it a little late.
    setMaxListeners(0, this.#givingUp.signal);
    this.firstTry = new Promise((tell) => (this.#tellFirstTry = tell));
    this.#start();
  }

  /** How many things the server has taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether the server has answered as one that is well. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** To be called after something was added to the journal. */
  wake(): void {
    if (this.#sending === undefined) this.#timer ??= setTimeout(() => this.#start(), flushDelayMs).unref();
  }

  /**
   * Waits until all is delivered, or until nothing was for so long; where nobody listens, one more try.
   *
   * @param patience milliseconds; `silent` for a server that never answered
   * @param signal aborted to wait no longer
   * @returns what is not delivered, and why
   */
  async finish(
    patience: { readonly answering: number; readonly silent: number },
    signal?: AbortSignal,
  ): Promise<Undelivered> {
    const stop = (): void => this.#givingUp.abort();
    signal?.addEventListener('abort', stop);
    if (signal?.aborted === true) stop();
    this.#deadline = setTimeout(
      () => this.#givingUp.abort(),
      this.#run === undefined ? patience.silent : patience.answering,
    );
    this.#finishing.abort();
    clearTimeout(this.#timer);
    this.#waiting.clear();
    await this.#sending;
    await this.#sendAll();
    clearTimeout(this.#deadline);
    signal?.removeEventListener('abort', stop);
    await this.#journal.flush();
    this.#client.close();
    const { refused, pending, server } = this.#journal;
    const [runId, isKnown] = [basename(this.#directory()), server !== undefined];
    return tellOfUndelivered({
      address: this.#client.address,
      runId,
      refused,
      pending,
      isKnown,
      failure: this.#lastFailure,
    });
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
  }

  async #sendAll(): Promise<void> {
    if (
      this.#run === undefined &&
      (await this.#attempt((isDoubtful) => this.#open(isDoubtful || this.#journal.isReopened))) !== 'sent'
    ) {
      // Without a run nothing can be delivered.
      this.#givingUp.abort();
    }
    let checks = 0;
    for (let batch = this.#nextBatch(); batch.length > 0 && !this.#givingUp.signal.aborted; batch = this.#nextBatch()) {
      await this.#journal.flush();
      if (saysFinished(batch[0]!) && (await this.#takeBackLost(checks++))) continue;
      const refused = await this.#deliver(
        batch[0]!.kind,
        batch.flatMap(({ items }) => items),
        batch.some((entry) => this.#doubtful.has(entry)),
      );
      if (refused !== 'waits') this.#journal.noteDone(batch, refused);
      else {
        for (const entry of batch) {
          this.#waiting.add(entry);
          this.#doubtful.add(entry);
        }
      }
    }
  }

  /** Whether the run is not whole on the server: what it took earlier and no longer has is to be delivered again. */
  async #takeBackLost(checks: number): Promise<boolean> {
    let lost: readonly Entry[] = [];
    await this.#attempt(
      async () => (lost = await findLost(this.#journal.taken, this.#run!, this.#givingUp.signal)),
      this.#client.retry.retries,
    );
    if (lost.length === 0) return this.#givingUp.signal.aborted;
    this.#lastFailure = new RequestError(`${this.#client.address} has lost what it took`, {
      status: 200,
      code: notKept,
    });
    this.#journal.takeBack(lost);
    for (const entry of lost) this.#doubtful.add(entry);
    // What is lost again waits: nothing says that the next time would be another.
    if (checks > 0) for (const entry of lost) this.#waiting.add(entry);
    return true;
  }

  /** Entries of one kind that one request may carry; at least one, where there are any. */
  #nextBatch(): readonly Entry[] {
    // A run that has finished on the server is whole there.
    const open = this.#journal.pending.filter(
      (entry) => !this.#waiting.has(entry) && !(this.#waiting.size > 0 && saysFinished(entry)),
    );
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

  /** @returns what was refused of it */
  async #deliver<K extends Kind>(
    kind: K,
    items: readonly Items[K][],
    isDoubtful: boolean,
  ): Promise<readonly Refusal[] | 'waits'> {
    const { send, asSent } = entryKinds[kind];
    const sent = asSent === undefined ? items : asSent(items, this.#run!);
    if (sent === undefined) {
      this.#lastFailure = new Error(`${this.#client.address} does not have the run that it names yet`);
      return 'waits';
    }
    const upload: Upload = { signal: this.#givingUp.signal, onProgress: () => this.#deadline?.refresh() };
    const tries = [...this.#waiting].some((entry) => entry.kind === kind) ? 0 : this.#client.retry.retries;
    const outcome = await this.#attempt(async (isRepeated) => {
      const count = await send(sent, this.#run!, upload, isDoubtful || isRepeated);
      if (count > 0) await confirmTaken(kind, sent, this.#run!, upload.signal);
      this.#taken += count;
      this.#hasAnswered = true;
    }, tries);
    if (outcome !== 'refused') return outcome === 'sent' ? [] : 'waits';
    // A server stores all of a batch or nothing, so the ones that it refuses are looked for by halves.
    const error = this.#lastFailure!;
    const isOfOne = items.length > 1 && error instanceof RequestError && error.code === 'INVALID_PARAMETER_VALUE';
    if (isOfOne && this.#refusals < mostRefusals) return this.#deliverHalves(kind, items, isDoubtful);
    this.#refusals++;
    return [{ kind, items, reason: error.message, cause: causeOf(error) }];
  }

  async #deliverHalves(
    kind: Kind,
    items: readonly Items[Kind][],
    isDoubtful: boolean,
  ): Promise<readonly Refusal[] | 'waits'> {
    const half = Math.ceil(items.length / 2);
    const [first, second] = [
      await this.#deliver(kind, items.slice(0, half), isDoubtful),
      await this.#deliver(kind, items.slice(half), isDoubtful),
    ];
    return first === 'waits' || second === 'waits' ? 'waits' : [...first, ...second];
  }

  async #open(isDoubtful: boolean): Promise<void> {
    const { signal } = this.#givingUp;
    const { server: known, isReopened } = this.#journal;
    const wanted = this.#journal.destination!;
    const isElsewhere = oneSpelling(this.#client.address) !== oneSpelling(wanted.address);
    // Another server has other ids.
    const experiment = isElsewhere ? { name: wanted.experiment.name } : wanted.experiment;
    const destination = { ...wanted, experiment, address: this.#client.address };
    // A journal may come from elsewhere, and its address may be another server's: its word counts for nothing.
    let server =
      known !== undefined && (isReopened || isElsewhere) ? await this.#proven(known.runId, isElsewhere) : known;
    if (server === undefined) {
      server = await this.#client.findOrCreateRun(destination, isDoubtful, signal);
      if (known === undefined ? isElsewhere : server.runId !== known.runId) {
        this.#journal.redirect(destination);
        for (const entry of this.#journal.pending) this.#doubtful.add(entry);
      }
      this.#journal.noteServer(server);
    }
    const storeArtifact = artifactWay(this.#client, server);
    const [client, { runId }] = [this.#client, server];
    this.#run = {
      client,
      runId,
      storeArtifact,
      directory: this.#directory,
      history: new MetricHistory(client, runId),
      nameRuns: (tags) => namedOnServer(tags, this.#directory(), client.address),
    };
  }

  /** What the server says of the run that the journal names; undefined: that it is not this journal's. */
  async #proven(runId: string, isElsewhere: boolean): Promise<ServerRun | undefined> {
    try {
      return await this.#client.findOwnRun(runId, this.#journal.destination!.key, this.#givingUp.signal);
    } catch (error) {
      if (!(error instanceof RequestError) || error.code !== noSuchThing) throw error;
      this.#hasAnswered = true;
      if (isElsewhere) return undefined;
      throw new RequestError('the server no longer has the run', { status: 404, code: noSuchThing });
    }
  }

  /** @param tries how often a server that is well is asked again for one thing before others have their turn */
  async #attempt(work: (isRepeated: boolean) => Promise<unknown>, tries = Infinity): Promise<Outcome> {
    const { signal } = this.#givingUp;
    const so: Tries = { failures: 0, well: 0, isLast: false };
    while (!signal.aborted) {
      if (!this.#isOurs()) {
        this.#givingUp.abort();
        break;
      }
      so.isLast = this.#finishing.signal.aborted;
      try {
        await work(so.failures > 0);
        this.#deadline?.refresh();
        this.#tellFirstTry(undefined);
        return 'sent';
      } catch (error) {
        // After giving up, the error only says that it was given up.
        if (signal.aborted) break;
        this.#lastFailure = error instanceof TypeError ? wrongShape(this.#client.address) : (error as Error);
        this.#tellFirstTry(this.#lastFailure);
        this.#run?.history.forget();
        so.failures++;
        const outcome = await this.#judge(this.#lastFailure, so, tries);
        if (outcome !== undefined) return outcome;
      }
    }
    return 'waits';
  }

  /** What a failure comes to; undefined, after a while: another try. */
  async #judge(error: Error, so: Tries, tries: number): Promise<Outcome | undefined> {
    // A RangeError and the like are a mistake of this program's: nothing is given up for one.
    if (isMistake(error)) return 'waits';
    if (!(error instanceof RequestError) || (this.#run === undefined && error.isRefusal)) return 'refused';
    let problem = error;
    const mayBeOfOne =
      error.isRefusal ||
      error.isForbidden ||
      error.code === noSuchThing ||
      error.code === notKept ||
      (error.status > 0 && so.failures > tries);
    if (this.#run !== undefined && mayBeOfOne) {
      // A proxy may answer so to everything, and a server does to a run that it no longer has.
      const fault = await this.#findFault(this.#run.runId);
      // Only the second time: it may have come back in between.
      if (fault === undefined && ++so.well > 1) return error.isRefusal ? 'refused' : 'waits';
      if (fault === undefined) return undefined;
      this.#lastFailure = problem = fault;
    }
    if (so.isLast && this.#isFinal(problem)) this.#givingUp.abort();
    else await this.#pause(problem, so.failures);
    return undefined;
  }

  /** Why the server takes nothing at all of the run; undefined: it has the run, and is well. */
  async #findFault(runId: string): Promise<RequestError | undefined> {
    try {
      const isThere = await this.#client.hasRun(runId, this.#givingUp.signal);
      this.#hasAnswered = true;
      if (isThere) return undefined;
      return new RequestError('the server no longer has the run', { status: 404, code: noSuchThing });
    } catch (error) {
      return error instanceof RequestError ? error : new RequestError((error as Error).message);
    }
  }

  /** Whether no later try by this process is worth waiting for. */
  #isFinal(error: RequestError): boolean {
    if (error.isForbidden || error.code === noSuchThing) return true;
    return this.#run === undefined && (error.isUnheard || !error.isOutage);
  }

  async #pause(error: RequestError, failures: number): Promise<void> {
    const isLast = this.#finishing.signal.aborted;
    const wait = this.#client.retry.delay(error, failures, isLast ? 2000 : 30_000);
    await sleep(wait, undefined, { signal: isLast ? this.#givingUp.signal : this.#finishing.signal }).catch(
      () => undefined,
    );
  }
}
