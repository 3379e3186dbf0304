import { failure } from '../base/diagnostics.ts';
import type { AskedRow, RowReader, TrainedOn } from './dataset.ts';
import { textEncoder } from './encode-text.ts';
import { asked } from './given-values.ts';
import { decodeText } from './text-encoding.ts';

/** What a model is asked by that learnt from a text: sequences of as many characters as it was trained on. */
export function textRows(trained: TrainedOn): RowReader {
  const { takes, encode, steps, characters: known, indicesOf } = textEncoder(trained);
  const index = new Map(known.map((character, k) => [character, k]));
  return {
    kind: 'text',
    takes,
    encode,
    files: {
      *text(name, bytes) {
        const characters = [...decodeText({ path: name }, bytes)];
        if (characters.length < steps)
          throw failure(
            'text-too-short',
            `${name} is too short: expected ${steps} characters or more, got ${characters.length}`,
            `The model takes ${takes}.`,
          );
        // What is left behind the last whole sequence is none.
        for (let first = 0; first + steps <= characters.length; first += steps) {
          const where = `${name}, from character ${first + 1} on`;
          yield asked({ file: name, character: first + 1 }, () => {
            const x = [indicesOf(characters.slice(first, first + steps), where)];
            // As in training, what comes next is right.
            const next = characters.slice(first + 1, first + 1 + steps).map((one) => index.get(one));
            const isWhole = next.length === steps && !next.includes(undefined);
            return isWhole
              ? { x, actual: [Uint8Array.from(next as number[])] }
              : ({ x } satisfies Omit<AskedRow, 'place'>);
          });
        }
      },
    },
  };
}
