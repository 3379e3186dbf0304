import type { parquetMetadata } from 'hyparquet/src/metadata.js';
import { parseDecimal, parseFloat16 } from 'hyparquet/src/convert.js';
import { type UserError, failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import type { TypedCell } from './column-table.ts';

type Element = ReturnType<typeof parquetMetadata>['schema'][number];

/** A value as Parquet stores it. */
export type RawValue = number | bigint | boolean | Uint8Array;

/** How the cells of a column are stored, and what they say. */
export interface CellReader {
  readonly type: NonNullable<Element['type']>;
  /** Bytes of each value, where all have as many. */
  readonly length: number | undefined;
  /** Whether a cell may have no value. */
  readonly isOptional: boolean;
  /** Whether a cell says the very number that is stored. */
  readonly areNumbers: boolean;
  readonly cell: (raw: RawValue) => TypedCell;
}

/** How a column is read; an error where its cells are no numbers, texts, dates or truth values. */
export function cellReader(element: Element, file: string): CellReader | UserError {
  const { type, type_length: length, repetition_type: repetition, num_children: children, name } = element;
  const kind = kindOf(element);
  const nested = repetition === 'REPEATED' || children !== undefined || type === undefined;
  if (nested || unreadable.has(kind))
    return failure(
      'unreadable-column',
      `${file}: the column \`${shorten(name)}\` holds ${nested ? 'lists or objects' : kind}, not a number or a text`,
      'Name in `features` what is learnt from without it, or give each of its values a column of its own.',
    );
  const cell = cellOf(element, kind);
  return { type, length, isOptional: repetition !== 'REQUIRED', areNumbers: cell === Number || cell === wholeOf, cell };
}

const unreadable = new Set(['BSON', 'INTERVAL', 'VARIANT', 'GEOMETRY', 'GEOGRAPHY', 'LIST', 'MAP', 'MAP_KEY_VALUE']);

/** What values mean, by either of the two ways in which a file says so. */
function kindOf({ logical_type: logical, converted_type: converted }: Element): string {
  return logical?.type ?? converted ?? '';
}

function cellOf(element: Element, kind: string): (raw: RawValue) => TypedCell {
  const { type, scale = 0, converted_type: converted } = element;
  const time = timeUnit(element);
  if (time !== undefined) {
    const isUtc = element.logical_type?.type === 'TIMESTAMP' && element.logical_type.isAdjustedToUTC;
    const zone = isUtc ? 'Z' : '';
    return (raw) => `${timeText(bigOf(raw), time)}${zone}`;
  }
  if (kind === 'DATE') return (raw) => new Date(Number(raw) * 86_400_000).toISOString().slice(0, -14);
  if (kind === 'DECIMAL') {
    const digits = element.logical_type?.type === 'DECIMAL' ? (element.logical_type.scale ?? scale) : scale;
    return (raw) => Number(`${raw instanceof Uint8Array ? parseDecimal(raw) : raw}e-${digits}`);
  }
  if (kind === 'FLOAT16') return (raw) => parseFloat16(raw as Uint8Array);
  if (kind === 'UUID') return (raw) => Buffer.from(raw as Uint8Array).toString('hex');
  if (type === 'INT96') return (raw) => timeText(nanosecondsOf(bigOf(raw)), 9);
  if (type === 'BOOLEAN') return String;
  if (type === 'INT32' || type === 'INT64') {
    const isUnsigned =
      converted?.startsWith('UINT') === true ||
      (element.logical_type?.type === 'INTEGER' && !element.logical_type.isSigned);
    const beyond = type === 'INT32' ? 2n ** 32n : 2n ** 64n;
    return isUnsigned ? (raw) => wholeOf(Number(raw) < 0 ? beyond + bigOf(raw) : raw) : wholeOf;
  }
  if (type === 'FLOAT' || type === 'DOUBLE') return Number;
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (raw) => decoder.decode(raw as Uint8Array);
}

/** Decimals of the seconds that a time is counted in; undefined of what is no time. */
function timeUnit({ logical_type: logical, converted_type: converted }: Element): 3 | 6 | 9 | undefined {
  if (logical?.type === 'TIMESTAMP') return ({ MILLIS: 3, MICROS: 6, NANOS: 9 } as const)[logical.unit];
  if (converted === 'TIMESTAMP_MILLIS') return 3;
  return converted === 'TIMESTAMP_MICROS' ? 6 : undefined;
}

/** A point in time as ISO 8601 has it, with decimals where it has some. */
function timeText(count: bigint, decimals: 3 | 6 | 9): string {
  const unit = 10n ** BigInt(decimals);
  const rest = ((count % unit) + unit) % unit;
  const text = new Date(Number((count - rest) / unit) * 1000).toISOString().replace(/\.000Z$/, '');
  return rest === 0n ? text : `${text}.${String(rest).padStart(decimals, '0').replace(/0+$/, '')}`;
}

const bigOf = (raw: RawValue) => (typeof raw === 'bigint' ? raw : BigInt(Number(raw)));

/** Nanoseconds since 1970 of a day (Julian, above) and the nanoseconds of it (64 bits). */
function nanosecondsOf(value: bigint): bigint {
  return ((value >> 64n) - 2_440_588n) * 86_400_000_000_000n + (value & 0xffff_ffff_ffff_ffffn);
}

function wholeOf(raw: RawValue): TypedCell {
  const value = Number(raw);
  return Number.isSafeInteger(value) ? value : bigOf(raw);
}
