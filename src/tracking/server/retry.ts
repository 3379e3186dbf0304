import { type Environment, numberFrom, type RequestError } from './mlflow-connection.ts';

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
   * Milliseconds to wait after a failure: doubling, with jitter so that many runs do not come back at once. A server
   * may ask for more, and not for less: one that says 0, or less, would be asked without a pause.
   *
   * @param failures how many in a row, from 1
   */
  delay(error: RequestError, failures: number, longest = 30_000): number {
    const own = Math.min(this.#factor * 250 * 2 ** (failures - 1), longest) * (0.75 + Math.random() / 2);
    return Math.max(own, Math.min((error.retryAfter ?? 0) * 1000, longest));
  }
}
