import type { SampleNoun } from './events.ts';
import { numbersMeant } from './written-number.ts';

/** A kind of number that is written with its unit. */
export interface Quantity {
  /** What a text must match. */
  readonly pattern: string;
  /** What it must be, in words. */
  readonly expected: string;
  /** The text's value; NaN for one that does not match. */
  read(text: string): number;
  /** What was likely meant by a text, or a number, that does not match; undefined where nothing is near. */
  suggest(text: string): string | undefined;
}

interface Unit {
  readonly name: string;
  readonly factor: number;
  /** Other ways to write it, in small letters. */
  readonly also: readonly string[];
}

/** @param several whether units follow each other, the largest first: `1h30m` @param bare the unit that a number without one likely has */
function defineQuantity(
  units: readonly Unit[],
  expected: string,
  { several, bare }: { readonly several: boolean; readonly bare?: string },
): Quantity {
  const number = '\\d+(?:\\.\\d+)?';
  const pattern = several
    ? `^(?=\\d)${units.map(({ name }) => `(?:${number}${name})?`).join('')}$`
    : `^${number}(?:${units.map(({ name }) => name).join('|')})$`;
  const whole = new RegExp(pattern);
  const unitOf = (word: string) =>
    word === ''
      ? units.find(({ name }) => name === bare)
      : units.find(({ name, also }) => name === word || [name.toLowerCase(), ...also].includes(word.toLowerCase()));
  return {
    pattern,
    expected,
    read: (text) => {
      if (!whole.test(text)) return Number.NaN;
      const parts = [...text.matchAll(new RegExp(`(${number})([a-zA-Z]+)`, 'g'))];
      return parts.reduce(
        (sum, [, value, unit]) => sum + Number(value) * units.find(({ name }) => name === unit)!.factor,
        0,
      );
    },
    suggest: (text) => {
      const parts = [...text.matchAll(/(\d[\d.,]*(?<=\d))\s*([a-zA-Z]*)\.?/g)].map(([, value, word]) => ({
        meant: /^[\d.]+$/.test(value!) ? [value!] : numbersMeant(value!),
        unit: unitOf(word!),
      }));
      const better = parts
        .map(({ meant, unit }) => `${meant.length === 1 ? meant[0] : '?'}${unit?.name ?? '?'}`)
        .join('');
      return /^[\d\s.,a-zA-Z]*$/.test(text) && whole.test(better) ? better : undefined;
    },
  };
}

/** Lengths of time, in seconds: `90s`, `10m`, `1h30m`, `2d`. */
export const duration = defineQuantity(
  [
    { name: 'd', factor: 86_400, also: ['day', 'days'] },
    { name: 'h', factor: 3600, also: ['hr', 'hrs', 'hour', 'hours'] },
    { name: 'm', factor: 60, also: ['min', 'mins', 'minute', 'minutes'] },
    { name: 's', factor: 1, also: ['sec', 'secs', 'second', 'seconds'] },
  ],
  'a time such as `10m`, `90s` or `1h30m`',
  { several: true, bare: 's' },
);

/** Amounts of memory, in bytes: `512MB`, `2GB`; a thousand each, as with disks. */
export const memorySize = defineQuantity(
  [
    { name: 'MB', factor: 1e6, also: ['m', 'mib', 'megs', 'megabyte', 'megabytes'] },
    { name: 'GB', factor: 1e9, also: ['g', 'gib', 'gigs', 'gigabyte', 'gigabytes'] },
    { name: 'TB', factor: 1e12, also: ['t', 'tib', 'terabyte', 'terabytes'] },
  ],
  'an amount of memory such as `2GB` or `800MB`',
  { several: false },
);

/** A length of time as people write it: `45 s`, `2 min 5 s`, `1 h 3 min`. */
export function showDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A loss or metric: `0.01180`, `12.35`, `455,920`, `2.467e+11`. */
export function showMeasure(value: number): string {
  const size = Math.abs(value);
  return size >= 1e4 && size < 1e7
    ? Number(value.toPrecision(5)).toLocaleString('en-US')
    : Number.isFinite(value)
      ? value.toPrecision(4)
      : String(value);
}

/** A throughput: `6543 images/s`, `12000 samples/s`. */
export function showPace(perSecond: number, samples: SampleNoun): string {
  return `${Math.round(perSecond)} ${samples}/s`;
}

/** A size: `40 B`, `50.2 kB`, `107.3 MB`, `81.6 GB`, `252.6 TB`. */
export function showBytes(bytes: number): string {
  const step = bytes < 1e3 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return step === 0
    ? `${bytes} B`
    : `${(bytes / 1000 ** step).toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} ${['B', 'kB', 'MB', 'GB', 'TB'][step]}`;
}

/** An amount of memory: `620 MB`, `2.1 GB`. */
export function showMemory(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
