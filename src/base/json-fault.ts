import { shorten } from './shorten.ts';
import { placeOf } from './source-line.ts';

/**
 * What is wrong in a text that JSON.parse refuses, with its place and where there is one the way out. V8 itself tells
 * no place of the most frequent faults: a NaN, and a text that is cut short.
 */
export function explainJson(json: string): { readonly message: string; readonly hint?: string } {
  const fault = jsonFault(json) ?? json.length;
  const { line, column } = placeOf(json, fault);
  const place = json.includes('\n') ? `line ${line}, column ${column}` : `column ${column}`;
  const rest = json.slice(fault, fault + 100).split('\n')[0]!;
  const message = fault === json.length ? `it ends too early, at ${place}` : `${place} has \`${shorten(rest, 20)}\``;
  return /^(NaN|Infinity)\b/.test(rest)
    ? { message, hint: 'JSON has no NaN and no Infinity: fill such values, or leave their rows out' }
    : { message };
}

/**
 * Where a text stops being JSON.
 *
 * @param json lists and objects within each other as isWithin allows them
 * @returns the first character that cannot stand where it does; the length of what ends too early; undefined if JSON
 */
export function jsonFault(json: string): number | undefined {
  let at = 0;
  // By codes: a body of 16 MiB takes patterns half a minute.
  const code = () => json.charCodeAt(at);
  const word = (letters: string): boolean => {
    for (let k = 0; k < letters.length; k++, at++) if (code() !== letters.charCodeAt(k)) return false;
    return true;
  };
  const blank = (): true => {
    while (code() === 0x20 || code() === 0x0a || code() === 0x0d || code() === 0x09) at++;
    return true;
  };
  const digits = (): boolean => {
    const start = at;
    while (code() >= 0x30 && code() <= 0x39) at++;
    return at > start;
  };
  const number = (): boolean => {
    word('-');
    if ((!word('0') && !digits()) || (word('.') && !digits())) return false;
    if (!word('e') && !word('E')) return true;
    if (!word('+')) word('-');
    return digits();
  };
  const escape = (): boolean => {
    const isCode = word('u');
    for (let k = 0; k < (isCode ? 4 : 1); k++, at++)
      if (!(isCode ? '0123456789abcdefABCDEF' : '"\\/bfnrt').includes(json[at] ?? 'none')) return false;
    return true;
  };
  const text = (): boolean => {
    if (!word('"')) return false;
    for (;;) {
      while (code() >= 0x20 && code() !== 0x22 && code() !== 0x5c) at++;
      if (word('"')) return true;
      if (!word('\\') || !escape()) return false;
    }
  };
  const several = (close: string, one: () => boolean): boolean => {
    at++;
    blank();
    if (word(close)) return true;
    do {
      blank();
      if (!one()) return false;
      blank();
    } while (word(','));
    return word(close);
  };
  const property = () => text() && blank() && word(':') && blank() && value();
  const value = (): boolean => {
    const letter = json[at];
    if (letter === '[') return several(']', value);
    if (letter === '{') return several('}', property);
    if (letter === '"') return text();
    if (letter === 't') return word('true');
    if (letter === 'f') return word('false');
    if (letter === 'n') return word('null');
    return number();
  };
  blank();
  return value() && blank() && at === json.length ? undefined : at;
}
