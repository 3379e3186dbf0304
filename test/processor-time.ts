/** Seconds of the processor that some work takes: tests run beside others, so a clock would tell of those. */
async function secondsOf(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/**
 * Seconds that `known` takes on a quiet core of the slowest machine that limits were set on, an AMD EPYC without
 * AVX-512.
 */
const quiet = 0.12;

/**
 * Work of much the same kind as reading tables and files is: many small texts, a map of them, room that is filled once.
 */
function known(): number {
  const places = new Map(Array.from({ length: 100_000 }, (_, i) => [`c${i}`, i]));
  const values = Float64Array.from({ length: 500_000 }, (_, i) => (i * 7919) % 100_003);
  return [...places.keys()].reduce((sum, key) => sum + values[places.get(key)!]!, 0);
}

/**
 * Seconds of the processor that some work takes, as a quiet core would need them: what other processes take of the
 * memory's speed, or a slower machine, is seen in work that is known, done before and after.
 */
export async function quietSecondsOf(work: () => unknown): Promise<number> {
  const before = await secondsOf(known);
  const seconds = await secondsOf(work);
  return seconds / Math.max(1, before / quiet, (await secondsOf(known)) / quiet);
}
