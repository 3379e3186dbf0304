import { copyFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Diagnostic, UserError, warning, warningsOf } from '../base/diagnostics.ts';
import { besideName } from '../base/files.ts';
import type { Form } from '../base/json-form.ts';
import type { Fingerprint } from '../cache/fingerprints.ts';
import { sign, takeSignature } from '../cache/remote/sign-entry.ts';
import type { RemoteName, RemoteStore } from '../cache/remote-store.ts';
import { StageCache } from '../cache/stage-cache.ts';

/** An outcome that a run would take, and what it has to say. */
export interface Wanted {
  readonly fingerprint: Fingerprint;
  readonly form: Form<unknown>;
}

/** Bytes that an outcome may have: as many as can be read again. */
const longest = 2 ** 31;

const nameOf = ({ stage, hash }: Fingerprint): RemoteName => `outcomes/${stage}/${hash}`;

/**
 * Outcomes of stages in a place that several machines reach. It never ends a run, and never holds one up: what cannot
 * be fetched is made, and what cannot be sent is told.
 */
export class SharedOutcomes {
  readonly #store: RemoteStore;
  readonly #key: string | undefined;
  readonly #warn: (warning: Diagnostic) => void;
  /** What is being sent, one after the other. */
  #sending: Promise<void> = Promise.resolve();
  /** Outcomes that are not sent yet. */
  #left = 0;
  /** Damaged there: what comes of the stage takes their place. */
  readonly #damaged = new Set<RemoteName>();
  /** Nothing is asked of it any more: it did not answer, or the user wants to go. */
  #isGivenUp = false;
  readonly #told = new Set<string>();

  /** @param key with which all that lies there has to be signed; undefined: nothing need be */
  constructor(store: RemoteStore, key: string | undefined, warn: (warning: Diagnostic) => void) {
    this.#store = store;
    this.#key = key;
    this.#warn = warn;
  }

  /** The address, without credentials. */
  get address(): string {
    return this.#store.address;
  }

  /** How many outcomes are not sent yet. */
  get left(): number {
    return this.#left;
  }

  /**
   * Fetches what is not kept here into the folder of kept outcomes, each proven before it lies there.
   *
   * @returns the stages whose outcomes were fetched
   */
  async fetch(folder: string, wanted: readonly Wanted[]): Promise<ReadonlySet<string>> {
    const fetched = new Set<string>();
    // The first shows whether the place answers; to ask for all at once would wait for each of them in vain.
    for (const one of wanted) if (await this.#fetchOne(folder, one)) fetched.add(one.fingerprint.stage);
    return fetched;
  }

  async #fetchOne(folder: string, { fingerprint, form }: Wanted): Promise<boolean> {
    if (this.#isGivenUp) return false;
    let damagedHere: Diagnostic | undefined;
    const cache = new StageCache(folder, (told) => (damagedHere = told));
    if (cache.find(fingerprint, form) !== undefined) return false;
    const name = nameOf(fingerprint);
    try {
      const isFetched = await cache.take(fingerprint, form, async (file) => {
        if (!(await this.#store.read(name, file, longest))) return false;
        await takeSignature(file, name, this.#key);
        return true;
      });
      if (isFetched && damagedHere !== undefined)
        this.#warn({ ...damagedHere, hint: `That of ${this.address} takes its place.` });
      return isFetched;
    } catch (error) {
      this.#tell(error, name, fingerprint.stage);
      return false;
    }
  }

  /** Whether something lies there under a fingerprint; nothing proves it before it is fetched. */
  async has(fingerprint: Fingerprint): Promise<boolean> {
    if (this.#isGivenUp) return false;
    try {
      return await this.#store.has(nameOf(fingerprint));
    } catch (error) {
      this.#tell(error, nameOf(fingerprint), fingerprint.stage);
      return false;
    }
  }

  /**
   * Sends an outcome beside what goes on; see `end`.
   *
   * @param file it is kept in here; where there is none, that was told
   * @param replaces whether it takes the place of what lies there
   */
  send(fingerprint: Fingerprint, file: string, replaces: boolean): void {
    this.#left++;
    this.#sending = this.#sending.then(async () => {
      try {
        if (!this.#isGivenUp) await this.#sendOne(nameOf(fingerprint), file, replaces);
      } catch (error) {
        if (!this.#isGivenUp) this.#tell(error, nameOf(fingerprint), fingerprint.stage);
      } finally {
        this.#left--;
      }
    });
  }

  async #sendOne(name: RemoteName, file: string, replaces: boolean): Promise<void> {
    if (!replaces && !this.#damaged.has(name) && (await this.#store.has(name))) return;
    // What is sent is what is kept in this moment, and stays so while it is read.
    const aside = join(dirname(file), besideName());
    try {
      await copyFile(file, aside);
      if (this.#key !== undefined) await sign(aside, name, this.#key);
      await this.#store.write(name, aside);
    } catch (error) {
      // Not kept here, which was told.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    } finally {
      await rm(aside, { force: true });
    }
  }

  /** Waits until all is sent. @param signal ends the wait, and what is not sent yet stays here */
  async end(signal: AbortSignal): Promise<void> {
    const stop = (): void => {
      this.#isGivenUp = true;
      void this.#store.close();
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await this.#sending;
    } finally {
      signal.removeEventListener('abort', stop);
      await this.#store.close();
    }
  }

  /** Tells each cause once, whatever stages meet it. */
  #tell(error: unknown, name: RemoteName, stage: string): void {
    const { code } = error as NodeJS.ErrnoException;
    if (!(error instanceof UserError) && code === undefined) throw error;
    const codes = error instanceof UserError ? error.diagnostics.map((one) => one.code) : [];
    if (codes.some((one) => one === 'cache-damaged' || one === 'damaged-checkpoint')) {
      this.#damaged.add(name);
      const { message } = error as Error;
      const hint = 'The stage runs, and what comes of it takes its place there.';
      // Where it was looked at says nothing to anyone.
      const why = message.replace(/^(the checkpoint )?\S*\.tmp /, 'it ');
      this.#warn(warning('remote-damaged', `what ${this.address} keeps of ${stage} cannot be used: ${why}`, hint));
      return;
    }
    const [{ code: kind, message, hint }] = warningsOf(error, 'cache-not-written') as [Diagnostic];
    if (kind === 'remote-unreachable') this.#isGivenUp = true;
    if (this.#told.has(kind)) return;
    this.#told.add(kind);
    this.#warn(warning(kind, message, [hint, 'The run goes on without it.'].filter(Boolean).join(' ')));
  }
}
