import { availableParallelism, cpus } from 'node:os';
import { version } from './version.ts';

/** What the bits of a training depend on besides its file and its data: another value may round otherwise. */
export function environmentOf(engine: string): Readonly<Record<string, string>> {
  return {
    layerline: version,
    engine,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model ?? 'unknown',
    threads: process.env['TF_NUM_INTRAOP_THREADS'] ?? String(availableParallelism()),
  };
}
