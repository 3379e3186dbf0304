import { TokenCounter, tokensOf } from '../preparations/tokens.ts';
import type { ColumnFacts } from './column-facts.ts';

/** The words of free texts. */
export interface FoundWords {
  /** Words that are read of each: as many as nine of ten texts have. */
  readonly length: number;
  /** Words of the longest. */
  readonly most: number;
  /** How many numbers its words take. */
  readonly vocabulary: number;
  /** Whether a word is there five times on average. */
  readonly comeAgain: boolean;
}

/** More of each text says little more, and takes long. */
const longest = 200;

/** Words that an embedding has a row for. */
const mostWords = 10_000;

/** What `prepare` is told of a column of free texts; nothing where most have one word or two: those are names. */
export function wordsOf({ values }: ColumnFacts): { readonly words?: FoundWords } {
  const counter = new TokenCounter();
  const counts: number[] = [];
  for (const value of values.keys()) {
    let count = 0;
    for (const word of tokensOf(value, { kind: 'words', lowerCase: true })) {
      counter.add(word);
      count++;
    }
    counts.push(count);
  }
  counts.sort((a, b) => a - b);
  const share = (part: number) => counts[Math.floor(part * (counts.length - 1))] ?? 0;
  if (share(0.5) < 3) return {};
  // Words that hardly come again are learnt from as the unknown one.
  const vocabulary = Math.min(mostWords, Math.max(100, 100 * Math.ceil(counter.size / 200)));
  const comeAgain = counts.reduce((sum, count) => sum + count, 0) >= 5 * counter.size;
  return { words: { length: Math.min(longest, share(0.9)), most: share(1), vocabulary, comeAgain } };
}
