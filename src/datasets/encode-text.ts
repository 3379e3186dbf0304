import { failure } from '../base/diagnostics.ts';
import { hasForm, list, object, text } from '../base/json-form.ts';
import { shorten } from '../base/shorten.ts';
import type { RowReader, TrainedOn } from './dataset.ts';
import { isNamed, kindOf, proveNames } from './given-values.ts';

const preparationForm = object({ characters: list(text()) });

/** Takes texts of as many characters as the model was trained on. */
export interface SequenceEncoder extends Pick<RowReader, 'takes' | 'encode'> {
  /** Characters of a text. */
  readonly steps: number;
  /** Those that the model knows, by their indices. */
  readonly characters: readonly string[];
  /** The index of each character. @throws UserError where the model does not know one */
  readonly indicesOf: (characters: readonly string[], where: string) => Uint8Array;
}

/** The encoder of a model that learnt from a text. It needs nothing of Node. */
export function textEncoder({ inputs, preparation }: TrainedOn): SequenceEncoder {
  const [input] = inputs;
  const steps = input!.shape[0]!;
  if (!hasForm(preparationForm, preparation) || preparation.characters.length !== input!.indices)
    throw failure(
      'model-damaged',
      'model.json does not say which characters the model knows',
      'Take it from the run again, or train the model anew.',
    );
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
  const indicesOf: SequenceEncoder['indicesOf'] = (characters, where) =>
    Uint8Array.from(characters, (character) => indexOf(character, where));
  const takes = `text in sequences of ${steps} characters`;
  return {
    takes,
    steps,
    characters: preparation.characters,
    indicesOf,
    encode: (row, where) => {
      const parts = isNamed(row) ? row : { [input!.name]: row };
      proveNames(parts, [input!.name], where);
      const given = parts[input!.name];
      if (typeof given !== 'string')
        throw failure('wrong-shape', `${where} is ${kindOf(given)}, not a text`, `The model takes ${takes}.`);
      const characters = [...given];
      if (characters.length !== steps)
        throw failure(
          'wrong-shape',
          `${where}: expected ${steps} characters, got ${characters.length}`,
          'Give it as many as it was trained on; a file of text is cut into such sequences.',
        );
      return { x: [indicesOf(characters, where)] };
    },
  };
}
