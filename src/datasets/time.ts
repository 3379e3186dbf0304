/** The milliseconds of a date as ISO 8601 and databases write it (`2024-12-31`, `2024-12-31 23:59:59.5+01:00`, `2024/12`); undefined where a text is none. */
export function timeOf(text: string): number | undefined {
  const [, year, month, day = '01', hours = '00:00', seconds = '00', zone = 'Z'] = /^(\d{4})[-/](\d{2})(?:[-/](\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}(?:\.\d{1,9})?))?(Z|[+-]\d{2}:?\d{2})?)?)?$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const time = Date.parse(`${year}-${month}-${day}T${hours}:${seconds.slice(0, 6)}${zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
  return Number.isNaN(time) ? undefined : time;
}

/** Whether a text looks like a date, though it may not say which: `31.12.2024` is one, and `01/02/2024` one of two. */
export function isDate(text: string): boolean {
  return timeOf(text) !== undefined || /^\d{1,2}([./-])\d{1,2}\1(\d{4}|\d{2})( \d{1,2}:\d{2}(:\d{2})?( [AP]M)?)?$/i.test(text);
}

const timeWords = new Set(['date', 'datetime', 'day', 'days', 'hour', 'hours', 'minute', 'month', 'months', 'second', 'seconds', 'time', 'timestamp', 'week', 'weeks', 'year', 'years']);

/** Whether a column is called like a time: `date`, `Year`, `time_s`, `createdTime`. */
export function isNamedLikeTime(name: string): boolean {
  return /^(t|ts|ds)$/i.test(name) || name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z]+/).some((word) => timeWords.has(word));
}
