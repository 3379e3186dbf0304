import { type ClassIndices, roomForIndices } from '../../base/class-indices.ts';
import type { ClassTarget, TargetSpec } from '../dataset.ts';
import { type TokenKind, type TokenOptions, tokenNames, tokenNumbers, tokensOf } from '../preparations/tokens.ts';

/** A target that is a whole text: the numbers of its tokens, [length], with 0 at its end and behind. */
export interface WholeText extends ClassTarget {
  readonly tokens: TokenKind;
  readonly wholeText: { readonly lowerCase: boolean };
}

/** Whether a target is a whole text. */
export function isWholeText(target: TargetSpec): target is WholeText {
  return target.kind === 'class' && target.wholeText !== undefined && target.tokens !== undefined;
}

/**
 * A target that is a whole text.
 *
 * @param vocabulary what has a number, from 2 on; left out: it is not known yet
 */
export function wholeText(
  name: string,
  tokens: TokenKind,
  { length, vocabulary: size, lowerCase }: TokenOptions,
  vocabulary: readonly string[] = [],
): WholeText {
  const classes = tokenNames({ vocabulary, size }).with(0, '[end]');
  return { kind: 'class', name, classes, shape: [length], tokens, wholeText: { lowerCase } };
}

const known = new WeakMap<WholeText, (token: string) => number>();

/** The numbers of a text, of the target's shape: what is behind its length is cut off. It needs nothing of Node. */
export function numbersOfText(target: WholeText, given: string): ClassIndices {
  let numberOf = known.get(target);
  if (numberOf === undefined) {
    // Those in brackets are no tokens.
    numberOf = tokenNumbers({ vocabulary: target.classes.slice(2) });
    known.set(target, numberOf);
  }
  const length = target.shape[0]!;
  const numbers = roomForIndices(target.classes.length, length);
  let to = 0;
  for (const token of tokensOf(given, { kind: target.tokens, lowerCase: target.wholeText.lowerCase })) {
    numbers[to++] = numberOf(token);
    if (to === length) break;
  }
  return numbers;
}

/**
 * How many numbers of a text are tokens: those before the first 0.
 *
 * @param there 0 for each that a mask leaves out, which ends it too
 */
export function tokensIn(numbers: ArrayLike<number>, there?: ArrayLike<number>): number {
  let count = 0;
  while (count < numbers.length && numbers[count] !== 0 && there?.[count] !== 0) count++;
  return count;
}

/** The text that numbers stand for: words with a blank between, characters one after the other. */
export function textOf({ classes, tokens }: WholeText, numbers: ArrayLike<number>, there?: ArrayLike<number>): string {
  return Array.from({ length: tokensIn(numbers, there) }, (_, k) => classes[numbers[k]!]!).join(
    tokens === 'words' ? ' ' : '',
  );
}

/**
 * Whether a place of texts that are right counts: it has a token, or is the end of one, which has to be learnt, too.
 *
 * @param labels texts of so many numbers, one after the other
 */
export function countsAt(labels: ArrayLike<number>, place: number, length: number): boolean {
  return place % length === 0 || labels[place - 1] !== 0;
}
