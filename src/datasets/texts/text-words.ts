import { roomForIndices } from '../../base/class-indices.ts';
import { failure } from '../../base/diagnostics.ts';
import { shareOf } from '../../base/numbers.ts';
import { showCount } from '../../base/quantities.ts';
import type { InParts } from '../../base/turns.ts';
import type { Dataset, DatasetSpec, Division, Samples } from '../dataset.ts';
import { memoryOfCounts, mostDifferent } from '../tables/prepare-texts.ts';
import {
  type TokenColumn,
  TokenCounter,
  type TokenOptions,
  tokenNames,
  tokenNumbers,
  tokenOptions,
  tokensOf,
} from '../preparations/tokens.ts';
import { type readText, bytesOfText } from '../files/read-bytes.ts';
import { type Split, validationCount } from '../splits/split.ts';
import { splitSamples } from '../splits/split-samples.ts';

/** What is said of a text that is read word by word. */
interface WordOptions {
  /** Words of a sequence. */
  readonly steps: number;
  /** Share of the words, at the end, that is the test. */
  readonly test: number;
  readonly words: Partial<Omit<TokenOptions, 'length'>>;
}

type Read = ReturnType<typeof readText>;

/** Words that are read without a pause. */
const pause = 1 << 14;

/** What there is to know of a text. */
interface Survey {
  readonly spec: DatasetSpec;
  readonly column: TokenColumn;
  /** The words of the text, each by its place among the different ones. */
  readonly places: Uint32Array;
  readonly different: readonly string[];
  /** The word that the test begins with. */
  readonly first: number;
  readonly split?: Split;
}

/**
 * Cuts a text into words and chooses the vocabulary, from the sequences that are trained on alone.
 *
 * @param division left out, or in part: from all that may be trained on
 * @throws UserError where there are too few words to learn from, or too many different ones
 */
export function* surveyWords(
  { steps, test, words: given }: WordOptions,
  { text, file }: Read,
  { split: options, seed }: Partial<Division> = {},
): InParts<Survey> {
  const { vocabulary: size, lowerCase } = tokenOptions('words', { length: steps, ...given });
  const { places, different } = yield* cut(text, lowerCase, file.name);
  const first = places.length - shareOf(test, places.length);
  // The last word of a part is a target alone.
  const count = {
    train: Math.floor(Math.max(0, first - 1) / steps),
    test: Math.floor(Math.max(0, places.length - first - 1) / steps),
  };
  if (count.train === 0 || count.test === 0)
    throw failure(
      'text-too-short',
      `${file.name} is too short: ` +
        `${places.length} words make ${count.train} sequences of ${steps} to train on and ${count.test} for the test`,
      'Use a longer text, a smaller `steps`, or another `test`. Words are letters and digits of any script.',
    );
  const targets = (classes: readonly string[]) =>
    [{ kind: 'class', name: 'next', classes, shape: [steps], tokens: 'words' }] as const;
  // A split that leaves none to train on is a mistake of its own.
  const split =
    options === undefined || seed === undefined || validationCount(options, count.train) >= count.train
      ? undefined
      : splitSamples({ targets: [], count: count.train }, targets([]), options, seed);
  const times = new Uint32Array(different.length);
  for (let k = 0; k < (split?.train.length ?? count.train); k++) {
    if (k % pause === 0) yield;
    const from = (split?.train[k] ?? k) * steps;
    for (let at = from; at < from + steps; at++) times[places[at]!]!++;
  }
  const counter = new TokenCounter();
  for (const [place, word] of different.entries()) if (times[place]! > 0) counter.add(word, times[place]);
  if (counter.size < 2)
    throw failure(
      'no-vocabulary',
      `${file.name} has ${counter.size === 0 ? 'no word' : 'the same word again and again'} in what is trained on`,
      'Is it the right file? Words are letters and digits of any script, and 100 of them at most.',
    );
  const column: TokenColumn = {
    column: 'input',
    tokens: 'words',
    length: steps,
    size,
    lowerCase,
    vocabulary: counter.vocabulary(size),
  };
  const held = bytesOfText(text, file);
  return {
    spec: {
      inputs: [{ name: 'input', shape: [steps], dtype: 'float32', scale: 1, indices: size, padded: true }],
      targets: targets(tokenNames(column)),
      count,
      // The text in small letters and composed, the words, and those that are counted.
      reading: 3 * held + 8 * places.length + memoryOfCounts(held),
    },
    column,
    places,
    different,
    first,
    ...(split && { split }),
  };
}

/** @throws UserError as surveyWords */
export function* loadWords(options: WordOptions, read: Read, division?: Division): InParts<Dataset> {
  const { spec, column, places, different, first, split } = yield* surveyWords(options, read, division);
  const numberOf = tokenNumbers(column);
  const numbers = Int32Array.from(different, numberOf);
  yield;
  const part = (from: number, count: number): Samples => {
    const whole = places.subarray(from, from + count * options.steps + 1);
    const targets = roomForIndices(column.size, whole.length - 1);
    whole.subarray(1).forEach((place, k) => (targets[k] = numbers[place]!));
    return {
      inputs: [Float32Array.from(whole.subarray(0, -1), (place) => numbers[place]!)],
      targets: [targets],
      count,
    };
  };
  return {
    name: 'text',
    spec,
    preparation: { words: column },
    files: [read.file],
    train: part(0, spec.count!.train),
    test: part(first, spec.count!.test),
    ...(split && { split }),
  };
}

function* cut(text: string, lowerCase: boolean, name: string): InParts<Pick<Survey, 'places' | 'different'>> {
  const known = new Map<string, number>();
  let places = new Uint32Array(1 << 12);
  let count = 0;
  for (const word of tokensOf(text, { kind: 'words', lowerCase })) {
    if (count % pause === 0) yield;
    if (count === places.length) {
      const longer = new Uint32Array(2 * count);
      longer.set(places);
      places = longer;
    }
    let place = known.get(word);
    if (place === undefined) known.set(word, (place = known.size));
    places[count++] = place;
    if (known.size > mostDifferent)
      throw failure(
        'no-vocabulary',
        `${name} has more than ${showCount(mostDifferent)} different words`,
        'They are no words of a language: leave out `words`, or cut the text into words before.',
      );
  }
  return { places: places.subarray(0, count), different: [...known.keys()] };
}
