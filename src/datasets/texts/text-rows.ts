import { roomForIndices } from '../../base/class-indices.ts';
import { type Diagnostic, failure, warning } from '../../base/diagnostics.ts';
import type { AskedRow, RowReader, TrainedOn } from '../dataset.ts';
import { textEncoder } from './encode-text.ts';
import { asked } from '../given-values.ts';
import { decodeText } from '../files/text-encoding.ts';

/** What a model is asked by that learnt from a text: sequences of as many pieces as it was trained on. */
export function textRows(trained: TrainedOn): RowReader {
  const { takes, encode, steps, of, cut, numberOf, indicesOf } = textEncoder(trained);
  const one = of === 'words' ? 'word' : 'character';
  const [target] = trained.targets;
  const classes = target?.kind === 'class' ? target.classes.length : 0;
  return {
    kind: 'text',
    takes,
    encode,
    files: {
      *text(name, bytes) {
        const pieces = cut(decodeText({ path: name }, bytes));
        if (pieces.length < steps)
          throw failure(
            'text-too-short',
            `${name} is too short: expected ${steps} ${of} or more, got ${pieces.length}`,
            `The model takes ${takes}.`,
          );
        const left = pieces.length % steps;
        // One more is what comes next after the last sequence.
        const leftOut = left < 2 ? {} : { warning: leavesOut(`${name}: its last ${left} ${of}`, steps) };
        for (let first = 0; first + steps <= pieces.length; first += steps) {
          const where = `${name}, from ${one} ${first + 1} on`;
          const row = asked({ file: name, [one]: first + 1 }, () => {
            const x = [indicesOf(pieces.slice(first, first + steps), where)];
            // As in training, what comes next is right.
            const next = pieces.slice(first + 1, first + 1 + steps).flatMap((piece) => numberOf(piece) ?? []);
            if (next.length < steps) return { x } satisfies Omit<AskedRow, 'place'>;
            const actual = roomForIndices(classes, steps);
            actual.set(next);
            return { x, actual: [actual] };
          });
          yield first === 0 ? { ...row, ...leftOut } : row;
        }
      },
    },
  };
}

function leavesOut(what: string, steps: number): Diagnostic {
  return warning(
    'text-left-out',
    `${what} are fewer than the ${steps} of a sequence, and are left out`,
    'The model takes as many as it was trained on: begin the text later, or add to its end.',
  );
}
