import { setTimeout as sleep } from 'node:timers/promises';
import { type Environment, numberFrom, RequestError } from './mlflow-connection.ts';

/** How often and how long to try again; MLflow's own variables and defaults. */
export class RetryPolicy {
  /** Tries after the first one. */
  readonly retries: number;
  readonly #factor: number;

  constructor(env: Environment) {
    this.retries = numberFrom(env, 'MLFLOW_HTTP_REQUEST_MAX_RETRIES', 7);
    this.#factor = numberFrom(env, 'MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR', 2);
  }

  /**
   * Milliseconds to wait after a failure: doubling, with jitter so that many runs do not come back at once.
   *
   * @param failures how many in a row, from 1
   */
  delay(error: RequestError, failures: number, longest = 30_000): number {
    if (error.retryAfter !== undefined) return Math.min(error.retryAfter * 1000, longest);
    return Math.min(this.#factor * 250 * 2 ** (failures - 1), longest) * (0.75 + Math.random() / 2);
  }

  /** Does `attempt` until it goes through, is refused for good, or was tried often enough. */
  async run<T>(attempt: (failures: number) => Promise<T>, isHopeless: (error: RequestError) => boolean): Promise<T> {
    for (let failures = 0; ; ) {
      try {
        return await attempt(failures);
      } catch (error) {
        if (!(error instanceof RequestError) || !error.mayPass || isHopeless(error) || ++failures > this.retries) throw error;
        await sleep(this.delay(error, failures, 8000));
      }
    }
  }
}
