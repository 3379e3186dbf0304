import { Type } from 'typebox';
import { type Formed, flag, list, object, oneOf, optional, such, text, whole } from '../../base/json-form.ts';
import { wholeNumber } from '../../base/numbers.ts';
import type { CellStep } from './preparation.ts';

/** What texts are cut into. */
export type TokenKind = 'words' | 'characters';

/** How texts become tokens, and how many of them. */
export interface TokenOptions {
  /** Tokens of a text that are read; those behind are cut off, and shorter texts filled up. */
  readonly length: number;
  /** How many numbers there are, with the two that are no token. */
  readonly vocabulary: number;
  readonly lowerCase: boolean;
}

/** Stands for a token that the vocabulary does not have. */
export const unknown = 1;

/** What tokens are numbered from, as in Keras' TextVectorization: 0 stands behind the last one of a text. */
const first = 2;

/** Tokens of more characters are no words: nobody writes them twice, and one may be as long as its file. */
const longestToken = 100;

/** How many tokens get a number, and whether letters are made small: `most` is what the tokens are called. */
export const vocabularyOptions = (most: string, vocabulary: number) => ({
  vocabulary: Type.Optional(
    wholeNumber({
      description:
        `How many numbers there are (${vocabulary} where it is left out), 0 and 1 among them: the rows that an ` +
        `\`embedding\` needs. The most frequent ${most} of what is trained on get them; all others are 1.`,
      minimum: 3,
      maximum: 100_000,
    }),
  ),
  lowerCase: Type.Optional(
    Type.Boolean({ description: `Whether capital and small letters are the same (so where it is left out).` }),
  ),
});

const options = (most: string, vocabulary: number) =>
  Type.Object(
    {
      length: wholeNumber({
        description:
          `How many ${most} of a text are read: what is behind is cut off, and shorter texts are filled up ` +
          'with 0.',
        minimum: 1,
        maximum: 10_000,
      }),
      ...vocabularyOptions(most, vocabulary),
    },
    { additionalProperties: false },
  );

const words: CellStep = {
  kind: 'words',
  doc:
    'The words of a text as numbers, for an `embedding`: runs of letters, marks and digits of any script, in small ' +
    'letters. The most frequent ones of the rows trained on have a number from 2 on; 1 is any other, 0 is behind the ' +
    'last, which `maskZero` leaves out (TextVectorization).',
  example: 'words: { length: 20, vocabulary: 1000 }',
  option: options('words', 10_000),
  takes: ['cells'],
  gives: 'done',
};

const characters: CellStep = {
  kind: 'characters',
  doc:
    'The same of characters, blanks and all others among them: for short texts as names or codes, and for scripts ' +
    'without blanks between words (TextVectorization, split: character).',
  example: 'characters: { length: 40, vocabulary: 60 }',
  option: options('characters', 256),
  takes: ['cells'],
  gives: 'done',
};

/** What a target that is a text says of it. */
export const textOptions = { words: options('words', 10_000), characters: options('characters', 256) };

/** The steps that make tokens of texts. */
export const texts = { words, characters };

/** How many numbers there are where nothing is said. */
export const defaultVocabulary = { words: 10_000, characters: 256 };

/** The options of a step, with what it stands for where nothing is said. */
export function tokenOptions(kind: TokenKind, given: Partial<TokenOptions> & { length: number }): TokenOptions {
  return { vocabulary: defaultVocabulary[kind], lowerCase: true, ...given };
}

/** A column of texts as the model keeps it: each becomes `length` numbers below `size`. */
export const tokensForm = such(
  object({
    column: text(),
    tokens: oneOf('words', 'characters'),
    length: such(whole, (length) => length > 0),
    size: such(whole, (size) => size > first),
    lowerCase: flag,
    /** From number 2 on. */
    vocabulary: list(text()),
    /** The text that a cell without a value is taken for; left out: it is a mistake. */
    gap: optional(text()),
  }),
  ({ vocabulary, size }) => vocabulary.length <= size - first,
);

/** See tokensForm. */
export type TokenColumn = Formed<typeof tokensForm>;

/**
 * The tokens of a text, in their order, one after the other, as a text may be as long as its file. Accents are one
 * character with their letter where there is one (NFC). Words are found by the classes of Unicode, not by
 * Intl.Segmenter, whose dictionaries differ between versions of Node and browsers: a model would read other words than
 * it learnt.
 */
export function* tokensOf(
  given: string,
  { kind, lowerCase }: { readonly kind: TokenKind; readonly lowerCase: boolean },
): Generator<string> {
  const plain = (lowerCase ? given.toLowerCase() : given).normalize('NFC');
  if (kind === 'characters') yield* plain;
  else yield* wordsIn(plain);
}

/** Letter by letter: an expression for all of a word runs out of its stack where one is millions of letters long. */
function* wordsIn(plain: string): Generator<string> {
  let start = -1;
  for (let at = 0; at < plain.length;) {
    const point = plain.codePointAt(at)!;
    if (isInWord(point)) start = start < 0 ? at : start;
    else if (start >= 0) {
      yield plain.slice(start, at);
      start = -1;
    }
    at += point > 0xffff ? 2 : 1;
  }
  if (start >= 0) yield plain.slice(start);
}

const letter = /^[\p{L}\p{M}\p{N}]$/u;

/** Of each code point of 16 bits that was asked about: 1 is in a word, 2 is not. */
const seen = new Uint8Array(0x1_0000);

function isInWord(point: number): boolean {
  if (point > 0xffff) return letter.test(String.fromCodePoint(point));
  seen[point] ||= letter.test(String.fromCharCode(point)) ? 1 : 2;
  return seen[point] === 1;
}

/** Counts tokens, and chooses those that get a number. */
export class TokenCounter {
  readonly #counts = new Map<string, number>();

  /** How many different ones there are. */
  get size(): number {
    return this.#counts.size;
  }

  /** @param times how often it is there */
  add(token: string, times = 1): void {
    const count = this.#counts.get(token);
    if (count !== undefined) this.#counts.set(token, count + times);
    // A part of a text holds all of it in memory: joined anew, it is a text of its own.
    else if (token.length <= longestToken) this.#counts.set(Array.from(token).join(''), times);
  }

  /**
   * The most frequent ones, of equally frequent ones the last by their code points first: the order of Keras'
   * TextVectorization.
   */
  vocabulary(size: number): readonly string[] {
    return [...this.#counts]
      .sort(([one, a], [other, b]) => b - a || compareCodePoints(other, one))
      .slice(0, size - first)
      .map(([token]) => token);
  }
}

/** Surrogates stand for code points above all others that have one unit. */
function compareCodePoints(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const [a, b] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (a !== b) return heightOf(a) - heightOf(b);
  }
  return one.length - other.length;
}

const heightOf = (unit: number) => ((unit & 0xf800) === 0xd800 ? unit + 0x1_0000 : unit);

/** Gives the number of a token. It needs nothing of Node. */
export function tokenNumbers({ vocabulary }: Pick<TokenColumn, 'vocabulary'>): (token: string) => number {
  const numbers = new Map(vocabulary.map((token, k) => [token, k + first]));
  return (token) => numbers.get(token) ?? unknown;
}

/** What each number stands for, as a class is called: no token has a name in brackets. */
export function tokenNames({ vocabulary, size }: Pick<TokenColumn, 'vocabulary' | 'size'>): readonly string[] {
  const names = ['[padding]', '[unknown]', ...vocabulary];
  while (names.length < size) names.push(`[unused ${names.length}]`);
  return names;
}

/** Gives the numbers of texts: `length` for each. It needs nothing of Node. */
export function tokenEncoder(column: TokenColumn): (given: string) => Float32Array {
  const { length, lowerCase, tokens: kind } = column;
  const numberOf = tokenNumbers(column);
  return (given) => {
    const values = new Float32Array(length);
    let to = 0;
    for (const token of tokensOf(given, { kind, lowerCase })) {
      values[to++] = numberOf(token);
      if (to === length) break;
    }
    return values;
  };
}
