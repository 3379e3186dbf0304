import type { TSchema } from 'typebox';
import { namesOf } from './find-row.ts';
import { CHOICE, type Row } from '../../base/row.ts';
import { numbersMeant, sharesMeant } from '../../base/written-number.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { type Tables, allowedValues, rowsOf, view } from '../schema/schema-view.ts';

/** The word that a row would have understood and that is nearest to the one it did not. */
export function suggestWord(row: Row, word: string, position: number, tables: Tables): string | undefined {
  const { text } = row;
  if (text === undefined) return undefined;
  const meant = [...numbersMeant(word), ...sharesMeant(word)];
  if (meant.length === 1 && text.word(String(meant[0]), position) !== undefined) return String(meant[0]);
  // One number for both sizes; an option with its name; and of a number, no name is near.
  const [, value = word] = /^[A-Za-z]\w*=(.+)$/s.exec(word) ?? [];
  const known = [value, `${word}x${word}`].find((one) => one !== word && text.word(one, position) !== undefined);
  if (known !== undefined) return known;
  if (/^[\d.]/.test(word)) return undefined;
  // `norml(0.01)` and `bias=norml`: what may be misspelt is the name.
  const [, before, name, after] = /^(\w+=)?([^(]*)(.*)$/s.exec(word)!;
  const rebuild = (candidate: string) => `${before ?? ''}${candidate}${after}`;
  const candidates = vocabulary(row, tables).filter(
    (candidate) => text.word(rebuild(candidate), position) !== undefined,
  );
  const guess = nearest(name!, candidates);
  return guess === undefined ? undefined : rebuild(guess);
}

/** Words in small letters of the usage, values of the options, and names of what the options choose from. */
function vocabulary(row: Row, tables: Tables): readonly string[] {
  const options = Object.values(row.options.properties as Record<string, TSchema>).map(view);
  return [
    ...(row.text?.usage.match(/\b[a-z]\w*\b/g) ?? []),
    ...options.flatMap((option) => allowedValues(option) ?? []).filter((value) => typeof value === 'string'),
    ...options
      .flatMap((option) => [option, ...(option.anyOf ?? [])])
      .flatMap((option) => (option[CHOICE] === undefined ? [] : namesOf(rowsOf(option, tables)))),
  ];
}
