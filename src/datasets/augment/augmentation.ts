import { type Static, type TObject, type TProperties, Type } from 'typebox';
import { realNumber, wholeNumber } from '../../base/numbers.ts';
import type { CompactText, Misfit, Row } from '../../base/row.ts';
import type { Draws } from './draws.ts';

/** A picture under way: an augmentation reads `from`, and writes all of `to`. */
export interface Canvas {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Its values in the units that the data has them in, row by row, [height, width, channels]. */
  from: Float32Array;
  to: Float32Array;
  /** Another training sample, for what mixes two: what the augmentations above make of it. */
  readonly partner: Float32Array;
  /** How much of the label is the picture's own; the rest is the partner's. What mixes two makes it less. */
  kept: number;
}

/** A way to change training pictures at random: everything the program knows of it. */
export interface AugmentationRow<O extends TObject = TObject> extends Row<O> {
  /**
   * What it changes beyond values: `places` where things are in the picture, which the classes of a mask would not
   * follow; `labels` mixes two samples and their labels.
   */
  readonly changes?: 'places' | 'labels';
  /** Says which options do not fit each other. */
  misfit?(options: Static<O>): Misfit | undefined;
  /** Changes one picture. Draws nothing but from `draws`, and allocates nothing. */
  apply(canvas: Canvas, options: Static<O>, draws: Draws): void;
}

/** Types a row; checks its options against its functions, and forgets them for the table. */
export function defineAugmentation<O extends TObject>(row: AugmentationRow<O>): AugmentationRow {
  return row;
}

/** Options of a row, with those that all have. @param probability how often it acts where the file does not say */
export function augmentationOptions<P extends TProperties>(own: P, probability = 1) {
  return Type.Object({
    ...own,
    probability: realNumber({
      description: 'How likely it is for each sample in each epoch.',
      default: probability,
      minimum: 0,
      maximum: 1,
    }),
    from: wholeNumber({ description: 'The first epoch that it acts in, counted from 1.', default: 1, minimum: 1 }),
    until: Type.Optional(
      wholeNumber({ description: 'The last epoch that it acts in. Without it: the last of all.', minimum: 1 }),
    ),
  });
}

/** The value of what is left without one. */
export const fillValueOption = realNumber({
  description: 'The value of what is filled with a constant, in the units of the data: of bytes 0 to 255.',
  default: 0,
});

/** The compact form of a row whose one word is a number: `rotate(10)`. */
export function numberText(name: string, option: string): CompactText {
  return {
    usage: `${name}(${option.toUpperCase()})`,
    word: (word, position) =>
      position === 0 && /^(\d+\.?\d*|\.\d+)$/.test(word) ? { [option]: Number(word) } : undefined,
  };
}
