import { availableParallelism, cpus } from 'node:os';
import type { Engine } from '../engine/engine.ts';
import { version } from './version.ts';

/** What the bits of a training depend on besides its file and its data: another value may round otherwise. */
export function environmentOf(engine: Engine): Readonly<Record<string, string>> {
  return {
    layerline: version,
    engine: `${engine.kind}: ${engine.version}`,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model ?? 'unknown',
    threads: process.env['TF_NUM_INTRAOP_THREADS'] ?? String(availableParallelism()),
  };
}
