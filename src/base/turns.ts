import { setImmediate } from 'node:timers/promises';

/** Long work that may be left between any two of its parts: while JavaScript is at work, no Ctrl-C is heard. */
export type InParts<T> = Generator<void, T>;

/** Does the work without a stop, where nothing listens to Ctrl-C and it ends the process by itself. */
export function atOnce<T>(work: InParts<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** Milliseconds of work after which others have a turn. */
const turn = 50;

/**
 * Does the work and lets others have their turn: signals are heard, and progress is shown.
 *
 * @throws the signal's reason once it is aborted
 */
export async function inTurns<T>(work: InParts<T>, signal?: AbortSignal): Promise<T> {
  const pause = pauses(signal);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    await pause();
  }
}

/**
 * For work with waits of its own: gives others a turn where the last one is long ago.
 *
 * @throws the signal's reason once it is aborted
 */
export function pauses(signal?: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < turn) return;
    await setImmediate();
    signal?.throwIfAborted();
    last = performance.now();
  };
}
