import { setImmediate } from 'node:timers/promises';

/** Something that was asked, and how far its answer is. */
interface Waiting<Row, Answer> {
  readonly rows: readonly Row[];
  readonly answers: Answer[];
  /** Rows of it that a batch has taken. */
  taken: number;
  readonly resolve: (answers: readonly Answer[]) => void;
  readonly reject: (error: unknown) => void;
}

/** What a batcher computes, and by what limits. */
export interface BatcherOptions<Row, Answer> {
  /** The answers to at most `batch` rows, in their order. */
  readonly compute: (rows: readonly Row[]) => Promise<readonly Answer[]>;
  /** Rows that are computed at once. */
  readonly batch: number;
  /** Rows that may wait before more are refused. */
  readonly queue: number;
  /** Is told how many rows a batch had. */
  readonly observe: (rows: number) => void;
}

/**
 * Computes together what is asked for at the same time. There is no timer: what arrives while a batch is computed makes
 * up the next one, so that a request that is alone waits for nobody.
 */
export class Batcher<Row, Answer> {
  readonly #options: BatcherOptions<Row, Answer>;
  readonly #requests: Waiting<Row, Answer>[] = [];
  #rows = 0;
  #isAtWork = false;

  constructor(options: BatcherOptions<Row, Answer>) {
    this.#options = options;
  }

  /** Rows that no batch has taken yet. */
  get rows(): number {
    return this.#rows;
  }

  /** Whether so many rows wait that no more are taken. */
  get isFull(): boolean {
    return this.#rows >= this.#options.queue;
  }

  /** The answers to all rows, in their order. Who finds it full is not to ask. @throws what computing them throws */
  ask(rows: readonly Row[]): Promise<readonly Answer[]> {
    if (rows.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.#requests.push({ rows, answers: [], taken: 0, resolve, reject });
      this.#rows += rows.length;
      if (!this.#isAtWork) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isAtWork = true;
    while (this.#requests.length > 0) {
      // What has arrived meanwhile is read before the next batch is made up.
      await setImmediate();
      const taken = this.#take();
      const rows = taken.flatMap(({ request, from, to }) => request.rows.slice(from, to));
      this.#options.observe(rows.length);
      try {
        const answers = await this.#options.compute(rows);
        let next = 0;
        for (const { request, from, to } of taken) {
          for (let at = from; at < to; at++) request.answers.push(answers[next++]!);
          if (request.answers.length === request.rows.length) request.resolve(request.answers);
        }
      } catch (error) {
        for (const { request } of taken) {
          request.reject(error);
          this.#forget(request);
        }
      }
    }
    this.#isAtWork = false;
  }

  /** The next rows, the first that came first; a request that is larger than a batch goes on in the next one. */
  #take(): { readonly request: Waiting<Row, Answer>; readonly from: number; readonly to: number }[] {
    const taken = [];
    let room = this.#options.batch;
    while (room > 0 && this.#requests.length > 0) {
      const request = this.#requests[0]!;
      const from = request.taken;
      const to = Math.min(request.rows.length, from + room);
      taken.push({ request, from, to });
      request.taken = to;
      room -= to - from;
      this.#rows -= to - from;
      if (to === request.rows.length) this.#requests.shift();
    }
    return taken;
  }

  #forget(request: Waiting<Row, Answer>): void {
    const at = this.#requests.indexOf(request);
    if (at < 0) return;
    this.#requests.splice(at, 1);
    this.#rows -= request.rows.length - request.taken;
  }
}
