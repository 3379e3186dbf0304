import type { SampleNoun } from './events.ts';
import { numbersMeant } from './written-number.ts';

/** A kind of number that is written with its unit. */
export interface Quantity {
  /**
   * What a text must match, as JSON Schema has it: letters of either case, as a schema's patterns know no other way.
   */
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
  /** Another name that is read. */
  readonly or?: string;
  /** Names that are understood, to suggest the one that is read, in small letters. */
  readonly also: readonly string[];
}

/**
 * @param several whether units follow each other, the largest first: `1h30m`
 * @param bare the unit that a number without one likely has
 */
function defineQuantity(
  units: readonly Unit[],
  example: string,
  { several, bare }: { readonly several: boolean; readonly bare?: string },
): Quantity {
  const number = '\\d+(?:\\.\\d+)?';
  const namesOf = ({ name, or }: Unit) => (or === undefined ? [name] : [or, name]);
  const patternOf = (unit: Unit) => namesOf(unit).map(inAnyCase).join('|');
  const pattern = several
    ? `^(?=\\d)(?!.* $)${units.map((unit) => `(?:${number} ?(?:${patternOf(unit)}) ?)?`).join('')}$`
    : `^${number} ?(?:${units.map(patternOf).join('|')})$`;
  const whole = new RegExp(pattern);
  const unitOf = (word: string) =>
    word === ''
      ? units.find(({ name }) => name === bare)
      : units.find((unit) =>
          [...namesOf(unit), ...unit.also].some((name) => name.toLowerCase() === word.toLowerCase()),
        );
  return {
    pattern,
    expected: example,
    read: (text) => {
      if (!whole.test(text)) return Number.NaN;
      const parts = [...text.matchAll(new RegExp(`(${number}) ?([a-zA-Z]+)`, 'g'))];
      return parts.reduce((sum, [, value, unit]) => sum + Number(value) * unitOf(unit!)!.factor, 0);
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

/** A pattern of a word in capitals, small letters, or both. */
function inAnyCase(word: string): string {
  return word.replaceAll(/[a-z]/gi, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
}

/** Lengths of time, in seconds: `90s`, `10m`, `1h30m`, `2d`, and as they are shown: `1 h 3 min`. */
export const duration = defineQuantity(
  [
    { name: 'w', factor: 604_800, also: ['week', 'weeks'] },
    { name: 'd', factor: 86_400, also: ['day', 'days'] },
    { name: 'h', factor: 3600, also: ['hr', 'hrs', 'hour', 'hours'] },
    { name: 'm', factor: 60, or: 'min', also: ['mins', 'minute', 'minutes'] },
    { name: 's', factor: 1, also: ['sec', 'secs', 'second', 'seconds'] },
    { name: 'ms', factor: 0.001, also: ['msec', 'millisecond', 'milliseconds'] },
  ],
  'a time such as `90s`, `10m` or `1h30m`',
  { several: true, bare: 's' },
);

/** Sizes of memory and files, in bytes: `500KB`, `2GB` are powers of a thousand, as with disks; `512MiB` of 1024. */
export const byteSize = defineQuantity(
  [
    { name: 'B', factor: 1, also: ['byte', 'bytes'] },
    { name: 'KB', factor: 1e3, also: ['k', 'kilobyte', 'kilobytes'] },
    { name: 'MB', factor: 1e6, also: ['m', 'megs', 'megabyte', 'megabytes'] },
    { name: 'GB', factor: 1e9, also: ['g', 'gigs', 'gigabyte', 'gigabytes'] },
    { name: 'TB', factor: 1e12, also: ['t', 'terabyte', 'terabytes'] },
    { name: 'PB', factor: 1e15, also: ['petabyte', 'petabytes'] },
    { name: 'EB', factor: 1e18, also: ['exabyte', 'exabytes'] },
    { name: 'KiB', factor: 2 ** 10, also: ['ki', 'kibibyte', 'kibibytes'] },
    { name: 'MiB', factor: 2 ** 20, also: ['mi', 'mebibyte', 'mebibytes'] },
    { name: 'GiB', factor: 2 ** 30, also: ['gi', 'gibibyte', 'gibibytes'] },
    { name: 'TiB', factor: 2 ** 40, also: ['ti', 'tebibyte', 'tebibytes'] },
  ],
  'a size such as `2GB` or `500KB`',
  { several: false },
);

/** Every kind of quantity that a pipeline file has, by what its schema calls it. */
export const quantities = { duration, byteSize } as const;

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
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e4 && size < 1e7 ? Number(value.toPrecision(5)).toLocaleString('en-US') : value.toPrecision(4);
}

/** A throughput: `6543 images/s`, `800 recordings/s`, `12000 samples/s`. */
export function showPace(perSecond: number, samples: SampleNoun): string {
  return `${Math.round(perSecond)} ${samples}/s`;
}

/**
 * A count: `60,000`; beyond fifteen digits as a power of ten, `2.5e+18`. The first number that Intl writes takes 20 ms.
 */
export function showCount(count: number): string {
  return Math.abs(count) < 1e15
    ? String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
    : Number(count.toPrecision(4)).toExponential();
}

const sizeUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** A size: `40 B`, `50.2 kB`, `107.3 MB`, `81.6 GB`, `252.6 TB`. */
export function showBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  // What would be shown as a thousand of a unit is one of the next.
  const step = sizeUnits.findIndex((_, k) => bytes < 999.95 * 1000 ** k);
  const [factor, unit] = step === -1 ? [1e18, 'EB'] : [1000 ** step, sizeUnits[step]];
  return `${(bytes / factor).toFixed(1)} ${unit}`;
}

/** A size that is known to some megabytes: `620 MB`, `2.1 GB`. */
export function showMemory(bytes: number): string {
  return bytes < 999.5e6 ? `${Math.round(bytes / 1e6)} MB` : showBytes(bytes);
}
