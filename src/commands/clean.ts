import { Command, InvalidArgumentError } from 'commander';
import { cleanCache } from '../cache/clean.ts';
import { cacheFolder } from '../cache/stage-cache.ts';

interface CleanOptions {
  readonly maxSize?: number;
  readonly maxAge?: number;
  readonly runs: string;
  readonly json?: boolean;
}

/** `pipeline clean`: removes kept outcomes of stages, never a run. */
export function cleanCommand(): Command {
  return new Command('clean')
    .description('Remove kept outcomes of stages: all of them, or what is over the limits, least recently used first. Runs stay')
    .option('--max-size <size>', 'let so much stay, such as 500MB or 2GB', bytes)
    .option('--max-age <time>', 'let stay what was used in so much time, such as 12h or 30d', milliseconds)
    .option('--json', 'print one JSON object')
    .option('--runs <folder>', 'the local store, beside which they are kept', 'runs')
    .action(({ maxSize, maxAge, runs, json }: CleanOptions) => {
      const cleaned = cleanCache(cacheFolder(runs), { ...(maxSize === undefined ? {} : { bytes: maxSize }), ...(maxAge === undefined ? {} : { age: maxAge }) });
      const { removed, left } = cleaned;
      process.stdout.write(json === true ? `${JSON.stringify(cleaned)}\n` : `removed ${describe(removed)}; ${describe(left)} left\n`);
    });
}

function describe({ entries, bytes: size }: { readonly entries: number; readonly bytes: number }): string {
  return `${entries} kept ${entries === 1 ? 'outcome' : 'outcomes'} (${(size / 1e6).toFixed(1)} MB)`;
}

const sizes: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
const times: Readonly<Record<string, number>> = { m: 60e3, h: 3600e3, d: 86_400e3, w: 7 * 86_400e3 };

function bytes(text: string): number {
  return measure(text, sizes, (unit) => unit.toUpperCase());
}

function milliseconds(text: string): number {
  return measure(text, times, (unit) => unit.toLowerCase());
}

function measure(text: string, units: Readonly<Record<string, number>>, spell: (unit: string) => string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(text) ?? [];
  const factor = Object.entries(units).find(([name]) => name === spell(unit ?? ''))?.[1];
  if (number === undefined || factor === undefined) throw new InvalidArgumentError(`Write a number and its unit: ${Object.keys(units).join(', ')}.`);
  return Number(number) * factor;
}
