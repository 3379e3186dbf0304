import { failure } from '../../base/diagnostics.ts';
import { shareOf } from '../../base/numbers.ts';
import { type InParts, atOnce, inTurns } from '../../base/turns.ts';
import { type DataFileOption, locate } from '../files/data-file.ts';
import { type Dataset, type DatasetSpec, type Samples, defineDataset, orMisfit } from '../dataset.ts';
import { inOption } from '../wrong-option.ts';
import type { TokenOptions } from '../preparations/tokens.ts';
import { bytesOfText, readText } from '../files/read-bytes.ts';
import { wholeFor } from '../glance.ts';
import { textFace } from './text-options.ts';
import { textRows } from './text-rows.ts';
import { loadWords, surveyWords } from './text-words.ts';

interface Options {
  readonly file: DataFileOption;
  readonly steps: number;
  readonly test: number;
  readonly words?: Partial<Omit<TokenOptions, 'length'>>;
}

/** A text, character by character or word by word. */
export const text = defineDataset({
  ...textFace,
  describe: (options, folder, division = {}) => {
    const { words } = options;
    const read = function* () {
      const found = readText(locate(options.file, folder));
      const surveyed =
        words === undefined
          ? yield* survey(options, found)
          : yield* surveyWords({ ...options, words }, found, division);
      return surveyed.spec;
    };
    const described = orMisfit(() => atOnce(inOption(['source', 'text', 'file'], read)), { inputs: ['input'] });
    const why = words === undefined ? 'its different characters are counted' : 'its words are counted';
    return wholeFor(described, { glance: division.glance ?? false }, why);
  },
  named: ({ file }) => [file],
  files: ({ file }, folder) => [locate(file, folder).path],
  load: (options, folder, seed, signal, split) => {
    const { words } = options;
    return inTurns(
      words === undefined
        ? loadText(options, folder)
        : loadWords({ ...options, words }, readText(locate(options.file, folder)), split && { split, seed }),
      signal,
    );
  },
  rows: textRows,
});

function* loadText(options: Options, folder: string): InParts<Dataset> {
  const read = readText(locate(options.file, folder));
  const { spec, characters, length, first } = yield* survey(options, read);
  const index = new Map(characters.map((character, k) => [character, k]));
  const indices = new Uint8Array(length);
  let place = 0;
  for (const character of read.text) {
    if (place % part === 0) yield;
    indices[place++] = index.get(character)!;
  }
  return {
    name: 'text',
    spec,
    preparation: { characters },
    files: [read.file],
    train: sequences(indices.subarray(0, first), options.steps, spec.count!.train),
    test: sequences(indices.subarray(first), options.steps, spec.count!.test),
  };
}

/** Characters that are read without a pause. */
const part = 1 << 18;

/** What there is to know of a text, in one look at it: the check has a tenth of a second for ten million characters. */
interface Survey {
  readonly spec: DatasetSpec;
  /** In the order of their indices: that of Unicode. */
  readonly characters: readonly string[];
  /** Of the text, in characters. */
  readonly length: number;
  /** The character that the test begins with. */
  readonly first: number;
}

function* survey({ steps, test }: Options, { text: whole, file }: ReturnType<typeof readText>): InParts<Survey> {
  const seen = new Uint8Array(0x110000);
  let length = 0;
  for (let i = 0; i < whole.length; length++) {
    if (length % part === 0) yield;
    const code = whole.codePointAt(i)!;
    seen[code] = 1;
    i += code > 0xffff ? 2 : 1;
  }
  const characters: string[] = [];
  for (let code = seen.indexOf(1); code >= 0; code = seen.indexOf(1, code + 1))
    characters.push(String.fromCodePoint(code));
  const first = length - shareOf(test, length);
  // The last character of a part is a target alone.
  const count = {
    train: Math.floor(Math.max(0, first - 1) / steps),
    test: Math.floor(Math.max(0, length - first - 1) / steps),
  };
  if (count.train === 0 || count.test === 0)
    throw failure(
      'text-too-short',
      `${file.name} is too short: ` +
        `${length} characters make ${count.train} sequences of ${steps} to train on and ${count.test} for the test`,
      'Use a longer text, a smaller `steps`, or another `test`.',
    );
  if (characters.length < 2 || characters.length > 256)
    throw failure(
      'character-count',
      `${file.name} has ${characters.length} different characters; 2 to 256 can be learnt`,
      characters.length < 2 ? 'Is it the right file?' : 'Write it in fewer: lower case, without rare signs.',
    );
  const spec: DatasetSpec = {
    inputs: [{ name: 'input', shape: [steps], dtype: 'uint8', scale: 1, indices: characters.length }],
    targets: [{ kind: 'class', name: 'next', classes: characters.map(nameOf), shape: [steps] }],
    count,
    // The text, and the index of each character; the file is garbage by then.
    reading: bytesOfText(whole, file) + length,
  };
  return { spec, characters, length, first };
}

/** What cannot be seen has a name of several letters, which no character has. */
function nameOf(character: string): string {
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return (
    { ' ': 'space', '\n': 'newline', '\t': 'tab' }[character] ??
    (/[\p{C}\p{M}\p{Z}]/u.test(character) ? `U+${code}` : character)
  );
}

function sequences(indices: Uint8Array, steps: number, count: number): Samples {
  return { inputs: [indices.slice(0, count * steps)], targets: [indices.slice(1, count * steps + 1)], count };
}
