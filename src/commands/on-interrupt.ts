/**
 * While it listens, the first Ctrl-C ends the work in order; the second ends the process at once. Who listens hears it only
 * between two pieces of work, and the check of a file is one: before `listen`, and outside of `during`, the process just ends.
 */
export function onInterrupt(stop: AbortController) {
  const listener = () => {
    if (stop.signal.aborted) process.exit(130);
    process.exitCode = 130;
    stop.abort();
  };
  const listen = () => process.on('SIGINT', listener).on('SIGTERM', listener);
  const dispose = () => process.off('SIGINT', listener).off('SIGTERM', listener);
  const during = (work: Promise<void>) => {
    listen();
    return work.finally(dispose);
  };
  return { listen, dispose, during };
}
