import { resolve } from 'node:path';
import { Type } from 'typebox';
import { UserError, failure } from '../base/diagnostics.ts';
import { type DatasetSpec, type Samples, defineDataset } from './dataset.ts';
import { readText } from './read-bytes.ts';

interface Options {
  readonly file: string;
  readonly length: number;
  readonly stride: number;
  readonly test: number;
}

/** A text, character by character. */
export const text = defineDataset({
  doc: 'A text, character by character: each sample is a piece of it, and the target the same piece one character on. For models that predict the next character.',
  example: 'source: { text: { file: data/sonnets.txt, length: 40 } }',
  options: Type.Object({
    file: Type.String({ description: 'The text, in UTF-8. The path counts from the folder of the pipeline file.', minLength: 1 }),
    length: Type.Integer({ description: 'Characters of a piece.', default: 40, minimum: 2, maximum: 2_000 }),
    stride: Type.Integer({ description: 'Characters from the beginning of a piece to that of the next; fewer than `length` make pieces overlap.', default: 10, minimum: 1 }),
    test: Type.Number({ description: 'Share of the text, at its end, that is the test.', default: 0.1, exclusiveMinimum: 0, exclusiveMaximum: 1 }),
  }),
  describe: (options, folder) => {
    try {
      return cut(options, readText(resolve(folder, options.file)).text).spec;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const [{ message, hint } = { message: '' }] = error.diagnostics;
      return { problem: message, ...(hint === undefined ? {} : { hint }) };
    }
  },
  files: ({ file }, folder) => [resolve(folder, file)],
  load: async (options, folder) => {
    const { text: whole, file } = readText(resolve(folder, options.file));
    const { spec, characters, codes, first } = cut(options, whole);
    return {
      name: 'text', spec, preparation: { characters }, files: [file],
      train: pieces(codes.subarray(0, first), options, spec.count!.train),
      test: pieces(codes.subarray(first), options, spec.count!.test),
    };
  },
});

/** The text as indices of its characters, and where the test begins. */
function cut({ file, length, stride, test }: Options, whole: string): { readonly spec: DatasetSpec; readonly characters: readonly string[]; readonly codes: Uint8Array; readonly first: number } {
  const all = Array.from(whole);
  const characters = [...new Set(all)].sort();
  if (characters.length > 256) throw failure('data-mismatch', `${file} has ${characters.length} different characters; 256 are the most`, 'Write it in fewer: lower case, without rare signs.');
  const first = Math.floor(all.length * (1 - test));
  const amount = (of: number) => Math.max(0, Math.floor((of - 1 - length) / stride) + 1);
  const count = { train: amount(first), test: amount(all.length - first) };
  if (count.train < 2 || count.test < 1) throw failure('data-mismatch', `${file} is too short: ${all.length} characters leave ${count.train} pieces of ${length} to train on and ${count.test} for the test`, 'Use a longer text, a smaller `length`, or another `test`.');
  const index = new Map(characters.map((character, k) => [character, k]));
  const spec: DatasetSpec = {
    inputs: [{ name: 'input', shape: [length], dtype: 'uint8', scale: 1 }],
    targets: [{ kind: 'class', name: 'next', classes: characters.map(nameOf), shape: [length] }],
    count,
  };
  return { spec, characters, codes: Uint8Array.from(all, (character) => index.get(character)!), first };
}

/** White space has no look of its own. */
function nameOf(character: string): string {
  return character === ' ' ? 'space' : /\s/.test(character) ? JSON.stringify(character).slice(1, -1) : character;
}

function pieces(codes: Uint8Array, { length, stride }: Options, count: number): Samples {
  const [given, next] = [new Uint8Array(count * length), new Uint8Array(count * length)];
  for (let piece = 0; piece < count; piece++) {
    given.set(codes.subarray(piece * stride, piece * stride + length), piece * length);
    next.set(codes.subarray(piece * stride + 1, piece * stride + 1 + length), piece * length);
  }
  return { inputs: [given], targets: [next], count };
}
