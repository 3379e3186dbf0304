import { type Diagnostic, failure, warning } from '../base/diagnostics.ts';
import { hasForm, list, object, text } from '../base/json-form.ts';
import { shorten } from '../base/shorten.ts';
import type { AskedRow, RowReader, TrainedOn } from './dataset.ts';
import { asked, isNamed, kindOf, proveNames } from './given-values.ts';
import { decodeText } from './text-encoding.ts';

const preparationForm = object({ characters: list(text()) });

/** What a model is asked by that learnt from a text: sequences of as many characters as it was trained on. */
export function textRows({ inputs, preparation }: TrainedOn): RowReader {
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
  const encode = (characters: readonly string[], where: string) =>
    Uint8Array.from(characters, (character) => indexOf(character, where));
  const takes = `text in sequences of ${steps} characters`;
  return {
    takes,
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
      return { x: [encode(characters, where)] };
    },
    files: {
      *text(name, bytes) {
        const characters = [...decodeText({ path: name }, bytes)];
        if (characters.length < steps)
          throw failure(
            'text-too-short',
            `${name} is too short: expected ${steps} characters or more, got ${characters.length}`,
            `The model takes ${takes}.`,
          );
        const left = characters.length % steps;
        // One more is what comes next after the last sequence.
        const leftOut = left < 2 ? {} : { warning: leavesOut(name, left, steps) };
        for (let first = 0; first + steps <= characters.length; first += steps) {
          const where = `${name}, from character ${first + 1} on`;
          const row = asked({ file: name, character: first + 1 }, () => {
            const x = [encode(characters.slice(first, first + steps), where)];
            // As in training, what comes next is right.
            const next = characters.slice(first + 1, first + 1 + steps).map((one) => index.get(one));
            const isWhole = next.length === steps && !next.includes(undefined);
            return isWhole
              ? { x, actual: [Uint8Array.from(next as number[])] }
              : ({ x } satisfies Omit<AskedRow, 'place'>);
          });
          yield first === 0 ? { ...row, ...leftOut } : row;
        }
      },
    },
  };
}

function leavesOut(name: string, left: number, steps: number): Diagnostic {
  return warning(
    'text-left-out',
    `${name}: its last ${left} characters are fewer than the ${steps} of a sequence, and are left out`,
    'The model takes as many as it was trained on: begin the text later, or add to its end.',
  );
}
