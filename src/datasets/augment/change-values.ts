import { realNumber } from '../../base/numbers.ts';
import { type Canvas, augmentationOptions, defineAugmentation, numberText } from './augmentation.ts';

/** Adds a number to all values. */
export function brighten({ from, to }: Canvas, by: number): void {
  for (let i = 0; i < from.length; i++) to[i] = from[i]! + by;
}

/** Multiplies how far values are from the mean of their channel in the picture. */
export function stretch({ channels, from, to }: Canvas, factor: number): void {
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let i = c; i < from.length; i += channels) sum += from[i]!;
    const mean = (sum * channels) / from.length;
    for (let i = c; i < from.length; i += channels) to[i] = mean + (from[i]! - mean) * factor;
  }
}

/** Augmentations that change the values of a picture, each where it stands. */
export const valueAugmentations = {
  brightness: defineAugmentation({
    doc: 'Makes the picture brighter or darker: adds one number to all its values.',
    example: 'brightness: { delta: 30 }',
    options: augmentationOptions({
      delta: realNumber({
        description: 'How much at most, each way, in the units of the data: of bytes 0 to 255.',
        exclusiveMinimum: 0,
      }),
    }),
    text: numberText('brightness', 'delta'),
    apply: (canvas, { delta }, draws) => brighten(canvas, draws.between(-delta, delta)),
  }),
  contrast: defineAugmentation({
    doc: 'Brings values farther from the mean of their channel in the picture, or nearer to it.',
    example: 'contrast: { factor: 0.2 }',
    options: augmentationOptions({
      factor: realNumber({
        description: 'How much at most: 0.2 for 0.8 to 1.2 times as far.',
        exclusiveMinimum: 0,
        maximum: 1,
      }),
    }),
    text: numberText('contrast', 'factor'),
    apply: (canvas, { factor }, draws) => stretch(canvas, draws.between(1 - factor, 1 + factor)),
  }),
  noise: defineAugmentation({
    doc: 'Adds normally distributed noise, to each value its own.',
    example: 'noise: { stddev: 10 }',
    options: augmentationOptions({
      stddev: realNumber({
        description: 'Its standard deviation, in the units of the data: of bytes 0 to 255.',
        exclusiveMinimum: 0,
      }),
    }),
    text: numberText('noise', 'stddev'),
    apply: ({ from, to }, { stddev }, draws) => {
      for (let i = 0; i < from.length; i++) to[i] = from[i]! + stddev * draws.normal();
    },
  }),
} as const;
