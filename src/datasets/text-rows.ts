import { type Diagnostic, failure, warning } from '../base/diagnostics.ts';
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
        const left = characters.length % steps;
        // One more is what comes next after the last sequence.
        const leftOut = left < 2 ? {} : { warning: leavesOut(name, left, steps) };
        for (let first = 0; first + steps <= characters.length; first += steps) {
          const where = `${name}, from character ${first + 1} on`;
          const row = asked({ file: name, character: first + 1 }, () => {
            const x = [indicesOf(characters.slice(first, first + steps), where)];
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
