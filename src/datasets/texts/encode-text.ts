import { type UserError, failure } from '../../base/diagnostics.ts';
import { list, hasForm, object, text } from '../../base/json-form.ts';
import { shorten } from '../../base/shorten.ts';
import type { InputSpec, RowReader, TrainedOn, Values } from '../dataset.ts';
import { isNamed, kindOf, proveNames } from '../given-values.ts';
import { type TokenKind, tokenNumbers, tokensForm, tokensOf } from '../preparations/tokens.ts';

/** How a text becomes what the model knows. */
interface Alphabet {
  /** What sequences are of. */
  readonly of: TokenKind;
  /** The pieces of a text, in their order. */
  readonly cut: (given: string) => readonly string[];
  /** The number of a piece; undefined where the model knows none. */
  readonly numberOf: (piece: string) => number | undefined;
  /** The numbers of pieces. @throws UserError where the model does not know one */
  readonly indicesOf: (pieces: readonly string[], where: string) => Values;
}

/** Takes texts of as many characters or words as the model was trained on. */
export interface SequenceEncoder extends Pick<RowReader, 'takes' | 'encode'>, Alphabet {
  /** Pieces of a text. */
  readonly steps: number;
}

const charactersForm = object({ characters: list(text()) });
const wordsForm = object({ words: tokensForm });

/** Whether a model reads texts word by word. */
export const readsWords = ({ preparation }: Pick<TrainedOn, 'preparation'>): boolean =>
  preparation !== undefined && 'words' in preparation;

/** The encoder of a model that learnt from a text. It needs nothing of Node. */
export function textEncoder(trained: TrainedOn): SequenceEncoder {
  const [input] = trained.inputs;
  const steps = input!.shape[0]!;
  const alphabet = readsWords(trained) ? wordsOf(trained, input!) : charactersOf(trained, input!);
  const takes = `text in sequences of ${steps} ${alphabet.of}`;
  return {
    ...alphabet,
    takes,
    steps,
    encode: (row, where) => {
      const parts = isNamed(row) ? row : { [input!.name]: row };
      proveNames(parts, [input!.name], where);
      const given = parts[input!.name];
      if (typeof given !== 'string')
        throw failure('wrong-shape', `${where} is ${kindOf(given)}, not a text`, `The model takes ${takes}.`);
      const pieces = alphabet.cut(given);
      if (pieces.length !== steps)
        throw failure(
          'wrong-shape',
          `${where}: expected ${steps} ${alphabet.of}, got ${pieces.length}`,
          'Give it as many as it was trained on; a file of text is cut into such sequences.',
        );
      return { x: [alphabet.indicesOf(pieces, where)] };
    },
  };
}

function charactersOf({ preparation }: TrainedOn, { indices }: InputSpec): Alphabet {
  if (!hasForm(charactersForm, preparation) || preparation.characters.length !== indices) throw damaged('characters');
  const index = new Map(preparation.characters.map((character, k) => [character, k]));
  const indexOf = (character: string, where: string): number => {
    const known = index.get(character);
    if (known !== undefined) return known;
    throw failure(
      'unknown-category',
      `${where}: the character ${JSON.stringify(character)} stands nowhere in the text that the model was trained on`,
      `It knows ${shorten(JSON.stringify(preparation.characters.join('')), 300)}.`,
    );
  };
  return {
    of: 'characters',
    cut: (given) => [...given],
    numberOf: (character) => index.get(character),
    indicesOf: (characters, where) => Uint8Array.from(characters, (character) => indexOf(character, where)),
  };
}

function wordsOf({ preparation }: TrainedOn, { indices }: InputSpec): Alphabet {
  if (!hasForm(wordsForm, preparation) || preparation.words.size !== indices) throw damaged('words');
  const { lowerCase } = preparation.words;
  const numberOf = tokenNumbers(preparation.words);
  return {
    of: 'words',
    cut: (given) => [...tokensOf(given, { kind: 'words', lowerCase })],
    numberOf,
    indicesOf: (words) => Float32Array.from(words, numberOf),
  };
}

const damaged = (what: TokenKind): UserError =>
  failure(
    'model-damaged',
    `model.json does not say which ${what} the model knows`,
    'Take it from the run again, or train the model anew.',
  );
