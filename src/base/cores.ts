import { availableParallelism } from 'node:os';

/**
 * Cores that a run computes with: all that this process may use, unless PIPELINE_CORES says how many. Runs beside each
 * other share a machine by it, and give the same bits on machines with more cores.
 */
export function coresToUse(): number {
  const asked = Number(process.env['PIPELINE_CORES']);
  return Number.isInteger(asked) && asked >= 1 && asked <= 1024 ? asked : availableParallelism();
}
