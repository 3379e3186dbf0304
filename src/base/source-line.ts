/** A place as editors count: from 1, columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A line of a text, without its end. */
export interface SourceLine {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
  /** Offset of its first character; a byte order mark is not one. */
  readonly start: number;
}

/** The line that an offset lies in. */
export function sourceLine(text: string, offset: number): SourceLine {
  const at = Math.min(Math.max(offset, 0), text.length);
  const begin = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
  const next = text.indexOf('\n', begin);
  const start = begin === 0 && text.startsWith('\ufeff') ? 1 : begin;
  let number = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < begin; i = text.indexOf('\n', i + 1)) number++;
  return { number, text: text.slice(start, next < 0 ? undefined : next).replace(/\r$/, ''), start };
}

/** The place of an offset. */
export function placeOf(text: string, offset: number): Place {
  const { number, start } = sourceLine(text, offset);
  return { line: number, column: Math.max(Math.min(offset, text.length) - start, 0) + 1 };
}
