/**
 * The milliseconds of a date as ISO 8601 and databases write it (`2024-12-31`, `2024-12-31 23:59:59.5+01:00`,
 * `2024/12`); undefined where a text is none.
 */
export function timeOf(text: string): number | undefined {
  const [, year, month, day, hours = '00:00', seconds = '00', zone = 'Z'] =
    /^(\d{4})[-/](\d{2})(?:[-/](\d{2})(?:[T ](\d{1,2}:\d{2})(?::(\d{2}(?:\.\d{1,9})?))?(Z|[+-]\d{2}:?\d{2})?)?)?$/.exec(
      text,
    ) ?? [];
  // Numbers of parts are written like a month of a year, too.
  if (year === undefined || (day === undefined && (Number(year) < 1800 || Number(year) > 2200))) return undefined;
  const offset = zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const time = Date.parse(`${year}-${month}-${day ?? '01'}T${hours.padStart(5, '0')}:${seconds.slice(0, 6)}${offset}`);
  return Number.isNaN(time) ? undefined : time;
}

const otherForm = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?(?: ([AP])M)?)?$/i;

/** The milliseconds of a date that begins with its day, or with its month; undefined where a text is none. */
export function timeOfOther(text: string, first: 'day' | 'month'): number | undefined {
  const [, one, , two, year, hours = '0', minutes = '0', seconds = '0', half] = otherForm.exec(text) ?? [];
  if (year === undefined) return undefined;
  const [day, month] = first === 'day' ? [Number(one), Number(two)] : [Number(two), Number(one)];
  if (day < 1 || day > 31 || month < 1 || month > 12) return undefined;
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
  return Date.UTC(
    Number(year) < 100 ? 2000 + Number(year) - (Number(year) < 70 ? 0 : 100) : Number(year),
    month - 1,
    day,
    hour,
    Number(minutes),
    Number(seconds),
  );
}

/** Whether a text looks like a date, though it may not say which: `31.12.2024` is one, and `01/02/2024` one of two. */
export function isDate(text: string): boolean {
  return (
    timeOf(text) !== undefined || timeOfOther(text, 'day') !== undefined || timeOfOther(text, 'month') !== undefined
  );
}

const times = ['date', 'datetime', 'day', 'hour', 'minute', 'month', 'second', 'time', 'timestamp', 'week', 'year'];
const named = new RegExp(
  `^(t|ts|ds|(${times.join('|')})` +
    '([ _.(\\[-]+(s|sec|secs|ms|us|ns|min|h|hr|hrs|utc|gmt|time|stamp|step|index)[)\\]]?)?)$',
  'i',
);

/**
 * Whether a column is called like a time and nothing else: `date`, `Year`, `time_s`; years of experience are none, nor
 * is the year of a model.
 */
export function isNamedLikeTime(name: string): boolean {
  return named.test(name);
}

/**
 * Whether a number looks like a year, a day written as 20241231, or the seconds (or a thousandth, millionth ... of one)
 * since 1970.
 */
export function isCalendarNumber(value: number, column: string): boolean {
  if (!Number.isInteger(value)) return false;
  if (/^year/i.test(column)) return value >= 1800 && value <= 2200;
  return (
    [1, 1e3, 1e6, 1e9].some((unit) => value > 3e8 * unit && value < 4.2e9 * unit) ||
    /^(1[89]|2[01])\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(String(value))
  );
}
