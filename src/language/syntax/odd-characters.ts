import { asWarning, type Diagnostic, mistake, type Range, type Source } from '../../base/diagnostics.ts';
import type { Code } from '../../base/mistakes/mistakes.ts';
import { shorten } from '../../base/shorten.ts';

/** What word processors, chats and web pages put in the place of characters that YAML knows. */
const kinds: readonly { readonly is: string; readonly characters: string; readonly meant: string }[] = [
  { is: 'a typographic quote', characters: '“”„‟«»″', meant: '"' },
  { is: 'a typographic quote', characters: '‘’‚‛‹›′´', meant: "'" },
  { is: 'a typographic dash', characters: '‐‑‒–—―−﹣', meant: '-' },
  { is: 'a multiplication sign', characters: '×', meant: 'x' },
  { is: 'an ellipsis', characters: '…', meant: '...' },
  { is: 'a full-width comma', characters: '、', meant: ',' },
];

const spaces = /[\u00A0\u00AD\u2000-\u200F\u202F\u205F\u2060\u3000\uFEFF]/;
const odd = new RegExp(
  `[${kinds.map(({ characters }) => characters).join('')}\uFF01-\uFF5E${spaces.source.slice(1)}`,
  'g',
);

/** What a character is, and what was meant by it. */
function meaningOf(character: string): { readonly is: string; readonly meant: string } {
  const kind = kinds.find(({ characters }) => characters.includes(character));
  if (kind !== undefined) return kind;
  if (spaces.test(character))
    return { is: 'a space', meant: /[\u00AD\u200B-\u200F\u2060\uFEFF]/.test(character) ? '' : ' ' };
  const meant = String.fromCodePoint(character.codePointAt(0)! - 0xfee0);
  return { is: `a full-width \`${meant}\``, meant };
}

/** A text as it was meant. */
function asMeant(text: string): string {
  const plain = text.replace(odd, (character, at: number) => {
    const { meant } = meaningOf(character);
    return /[:,]/.test(meant) && !/\s/.test(text[at + 1] ?? ' ') ? `${meant} ` : meant;
  });
  return plain.replace(/^([A-Za-z]\w*) +: /, '$1: ');
}

/** A character that only looks like one that YAML knows: what it is, and the way out. */
export interface OddCharacter {
  readonly at: number;
  readonly message: string;
  readonly hint: string;
}

/** @param isWord of a compact text, where quotes have no place */
function describe(text: string, at: number, around: string, isWord = false): OddCharacter {
  const character = text[at]!;
  const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  const origin = 'such characters come from web pages and text processors';
  const { is } = meaningOf(character);
  if (is === 'a space')
    return {
      at,
      message: `A character that only looks like a space, or like nothing, stands here (${code}).`,
      hint: `Replace it with a space, or remove it: ${origin}.`,
    };
  if (is === 'an ellipsis')
    return {
      at,
      message: `\`${character}\` (${code}) is an ellipsis: something was left out here.`,
      hint: 'Write out what is left, or remove it.',
    };
  const message = `\`${character}\` (${code}) is ${is}: ${likeAnyOther}.`;
  if (is === 'a typographic quote' && !pair.test(around))
    return { at, message, hint: `Remove it, or put straight quotes around the text: ${origin}.` };
  return {
    at,
    message,
    hint: `Write \`${shorten(asMeant(isWord ? around.replaceAll(odd, '') : around))}\`: ${origin}.`,
  };
}

/** What everything below may follow from. */
export const likeAnyOther = 'to YAML, a letter like any other';

const pair = /[“„«‘‚‹″][^“„«‘‚‹]*[”“»’‘›″]/;

/**
 * The first character of a line outside of quotes that only looks like a part of YAML: one that opens a text, an item,
 * a value or a list.
 */
export function oddInLine(whole: string): OddCharacter | undefined {
  // A line may be all that a file has, and is asked for at each error in it.
  const line = whole.slice(0, 1000);
  // What is content keeps its place.
  const blank = (part: string) => '_'.repeat(part.length);
  const bare = line.replaceAll(/"[^"]*"|'[^']*'/g, blank).replace(/(^|\s)#.*$/, '');
  const dark = bare.search(/\S/);
  const found = [...bare.matchAll(odd)].find(({ 0: character, index }) => {
    const { is } = meaningOf(character);
    if (is === 'a space' || is.startsWith('a full-width')) return true;
    return is === 'a typographic quote'
      ? opensText(bare, index)
      : index === dark &&
          (is === 'an ellipsis' || (is === 'a typographic dash' && /^[‐-―−]*(\s|$)/.test(bare.slice(index + 1))));
  });
  return found && describe(line, found.index, line.trim());
}

const opensText = (text: string, at: number) => at === 0 || /[\s[{(,:=]/.test(text[at - 1]!);

/** Codes of what is wrong with words of the language, of which none has such a character. */
const ofWords =
  /^(unknown-(?!class|target$|column$|category$)|bad-(text|key|arithmetic|block-name|parameter-name|input-name)$|arithmetic-|names-in-one-text$|layer-outside-block$|parameter-in-default$|tracking-uri$|yaml-space$)/;

/** Codes of what is wrong with a value. */
const ofValues = new Set<Code>([
  'wrong-type',
  'parameter-in-text',
  'wrong-length',
  'out-of-range',
  'bad-setting',
  'setting-without-value',
]);

/** Mistakes that come from such characters, told as what they are: each line's once. */
export function explainOdd(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const told = new Map<Source, Set<number>>();
  const isFirst = ({ source }: Range, at: number) => {
    const lines = told.get(source) ?? new Set();
    told.set(source, lines);
    const line = source.text.lastIndexOf('\n', at);
    return !lines.has(line) && lines.add(line);
  };
  const explained = diagnostics.flatMap((diagnostic): Diagnostic[] => {
    const found = diagnostic.severity === 'error' && diagnostic.code !== 'yaml-syntax' ? oddIn(diagnostic) : undefined;
    if (found === undefined) return [diagnostic];
    const { source } = diagnostic.range!;
    if (!isFirst(diagnostic.range!, found.at)) return [];
    const { related: _, ...rest } = diagnostic;
    return [
      {
        ...rest,
        code: oddCharacter,
        message: found.message,
        hint: found.hint,
        range: { source, start: found.at, end: found.at + 1 },
      },
    ];
  });
  return explained.filter(
    ({ code, severity, range }) => code !== oddCharacter || severity === 'error' || isFirst(range!, range!.start),
  );
}

const oddCharacter = 'odd-character';

/**
 * A warning of a text between quotes that are a part of it; undefined of any other.
 *
 * @param range of a text that has no quotes of YAML's
 */
export function warnOfQuotes(range: Range): Diagnostic | undefined {
  const { source, start, end } = range;
  const written = source.text.slice(start, end);
  if (!/^[“„«‘‚‹].*[”“»’‘›]$/s.test(written)) return undefined;
  const { message } = describe(source.text, start, written);
  return asWarning(
    mistake(
      oddCharacter,
      message,
      { source, start, end: start + 1 },
      `Write \`${shorten(asMeant(written))}\`; where the quotes belong to the text, \`'${shorten(written)}'\`.`,
    ),
  );
}

function oddIn({ code, range }: Diagnostic): OddCharacter | undefined {
  if (range === undefined) return undefined;
  const {
    source: { text },
    start,
    end,
  } = range;
  // Whoever reads of one sees the others.
  const written = text.slice(start, Math.min(end, start + 1000));
  // Between straight quotes it is content.
  if (/^["']/.test(written)) return undefined;
  const quoted = /^[“„«‘‚‹″]/.test(written) && pair.test(text.slice(start, start + 200));
  const first = [...written.matchAll(odd)]
    .slice(0, 8)
    .find(
      ({ 0: character, index }) =>
        quoted || ofWords.test(code) || (ofValues.has(code) && isOfValue(written, character, index)),
    );
  if (first === undefined) return undefined;
  const at = start + first.index;
  const lineStart = Math.max(start, text.lastIndexOf('\n', at) + 1);
  const lineEnd = text.indexOf('\n', at);
  const line = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
  const around = line.slice(0, end - lineStart).trim();
  // In a compact text, blanks stand between words.
  const isWord = /^(unknown-(?!key$)|parameter-in-default$)/.test(code);
  if (meaningOf(first[0]).is !== 'a typographic quote')
    return describe(text, at, isWord ? around.replaceAll(/[，、]\s*/g, ' ').trim() : around);
  // To the quote that closes it; within a compact text, words have none.
  const [whole = around] = pair.exec(line.slice(at - lineStart)) ?? [];
  return describe(text, at, whole, /[\w)]\s$/.test(text.slice(Math.max(0, at - 2), at)));
}

/** Whether a character spoils a value that takes no names of the user's own: a number, a list of some, an item. */
function isOfValue(written: string, character: string, at: number): boolean {
  const { is } = meaningOf(character);
  if (is === 'a typographic quote') return opensText(written, at);
  if (is === 'a typographic dash' && /(^|\n)\s*$/.test(written.slice(0, at)) && /^\s/.test(written.slice(at + 1)))
    return true;
  return /^[[\]\d\s.,+\-eEx]+$/.test(asMeant(written));
}
