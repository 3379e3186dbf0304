import { type Use, findRow, isBesideRow, withArticle } from './find-row.ts';
import { isNull } from './expansion.ts';
import { type Range, mistake } from '../../base/diagnostics.ts';
import { CHOICE, type Misfit, type Row } from '../../base/row.ts';
import { shorten } from '../../base/shorten.ts';
import { type Word, splitCompactText } from '../syntax/compact-text.ts';
import { mistakeLimit } from '../check/mistake-limit.ts';
import { rowsOf } from '../schema/schema-view.ts';
import type { Entry, MapNode, ScalarNode } from '../syntax/source-tree.ts';
import { suggestWord } from './suggest-word.ts';

/** A word that says what stands beside a row's name, such as a layer's `from`; undefined for any other. */
export function wordBeside(
  { schema, state, written }: Use,
  words: readonly Word[],
  position: number,
): Misfit | undefined {
  const word = words[position]!;
  if (!isBesideRow(schema, state, word.text)) return undefined;
  const before = words
    .slice(0, position)
    .map(({ text }) => text)
    .join(' ');
  const after = words[position + 1]?.text ?? 'NAME';
  return {
    problem: `\`${word.text}\` cannot stand in a compact text.`,
    hint: `Write a map: \`{ ${shorten(`${written.text}: ${before}`)}, ${word.text}: ${after} }\`.`,
  };
}

/** Whether the words of a row name a layer inside of it. */
export const wrapsLayer = ({ text }: Row): boolean => text?.usage.includes(' LAYER(') === true;

/** Of a wrapper, a word that is the inner layer's: `timeDistributed dense 10`. */
export function wordOfInner({ written, named }: Use, words: readonly Word[], position: number): Misfit | undefined {
  const [layer] = words;
  if (position === 0 || layer === undefined || layer.text.includes('(')) return undefined;
  const own = (word: Word, at: number) => named.row.text?.word(word.text, at) !== undefined;
  const [inner, outer] = [
    words.slice(1).filter((word, at) => !own(word, at + 1)),
    words.slice(1).filter((word, at) => own(word, at + 1)),
  ];
  const better = [
    `${written.text} ${layer.text}(${inner.map(({ text }) => text).join(', ')})`,
    ...outer.map(({ text }) => text),
  ].join(' ');
  return {
    problem: `\`${shorten(words[position]!.text)}\` means nothing to \`${written.text}\`.`,
    hint: `What \`${layer.text}\` takes stands in parentheses: \`${shorten(better)}\`.`,
  };
}

/** @param at its place, and whether an option is set already @returns the word that was most likely meant */
export function unknownWord(
  { schema, state, named, written: { text: name } }: Use,
  node: ScalarNode,
  word: Word & { position: number },
  { range, sets }: { readonly range: Range; readonly sets: (key: string) => boolean },
): string | undefined {
  const kind = schema[CHOICE]!;
  const message =
    word.text === ''
      ? `An argument of \`${name}\` is missing.`
      : `\`${shorten(word.text)}\` means nothing to \`${name}\`.`;
  const report = (hint: string): undefined => {
    state.diagnostics.push(mistake('unknown-word', message, range, hint));
  };
  const lines = node.range.source.text.slice(node.range.start, node.range.end).includes('\n');
  if (lines && findRow(rowsOf(schema, state.tables), word.text) !== undefined)
    return report(`\`${word.text}\` is ${withArticle(kind)} itself: begin its line with \`- \`.`);
  const { text } = named.row;
  const [parameter] = /\$(?:[A-Za-z_]\w*|\{[^}]*\}?)/.exec(word.text) ?? [];
  if (parameter !== undefined) return report(`Only a block has parameters such as \`${parameter}\`.`);
  const first = word.position === 0 ? undefined : text?.word(word.text, 0);
  const isEarly = first !== undefined && !Object.keys(first).some(sets);
  let guess: string | undefined;
  if (!isEarly && state.diagnostics.length <= mistakeLimit)
    guess =
      word.position === 0 && word.text.startsWith('(')
        ? `${name}${word.text}`
        : suggestWord(named.row, word.text, word.position, state.tables);
  const usage =
    text === undefined
      ? `\`${name}\` stands alone; options go into the full form, \`${named.type}: { ... }\`.`
      : `Usage: ${text.usage}.`;
  if (isEarly) report(`It comes first: \`${name} ${shorten(word.text)} ...\`. ${usage}`);
  else report(guess === undefined ? usage : `Did you mean \`${guess}\`? ${usage}`);
  return guess;
}

/**
 * The way to write a compact text that stands as a key: `{ conv 3x3x8 same: , name: a }`; undefined where it is none.
 *
 * @param takesText whether a row of this name has a compact form
 */
export function textAsKey(
  node: MapNode,
  { key, value }: Entry,
  takesText: (name: string) => boolean,
): string | undefined {
  const { name, words } = splitCompactText(key.trim());
  if (words.length === 0 || !takesText(name.text)) return undefined;
  const others = node.entries.filter((entry) => entry.key !== key);
  if (others.length === 0 && isNull(value)) return `Remove the colon: \`${shorten(key)}\`.`;
  const options =
    value.kind === 'scalar'
      ? [...words.map(({ text }) => text), ...(isNull(value) ? [] : [String(value.value)])].join(' ')
      : '{ ... }';
  const beside = others.map(
    (entry) => `, ${entry.key}: ${entry.value.kind === 'scalar' ? String(entry.value.value) : '...'}`,
  );
  return `Write \`${shorten(`{ ${name.text}: ${options}${beside.join('')} }`, 100)}\`.`;
}
