import { Type } from 'typebox';
import { realNumber, wholeNumber } from '../../base/numbers.ts';
import { type Canvas, augmentationOptions, defineAugmentation, numberText } from './augmentation.ts';
import { fillingOptions, move, transform } from './resample.ts';

const directions = ['horizontal', 'vertical'] as const;

/** Mirrors a picture: left and right change places, or top and bottom. */
export function mirror({ height, width, channels, from, to }: Canvas, direction: (typeof directions)[number]): void {
  let at = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const place = direction === 'horizontal' ? y * width + (width - 1 - x) : (height - 1 - y) * width + x;
      for (let c = 0; c < channels; c++) to[at++] = from[place * channels + c]!;
    }
}

const inRadians = (degrees: number) => (degrees * Math.PI) / 180;

/** Draws a picture turned counter-clockwise, in degrees. */
export function turn(canvas: Canvas, degrees: number, filling: Parameters<typeof move>[3]): void {
  const [cosine, sine] = [Math.cos(inRadians(degrees)), Math.sin(inRadians(degrees))];
  transform(canvas, cosine, sine, -sine, cosine, filling);
}

/** Augmentations that change where things are in a picture. */
export const movingAugmentations = {
  flip: defineAugmentation({
    doc:
      'Mirrors the picture. For both directions write two rows. ' +
      'Not for what reads otherwise in a mirror, such as digits.',
    example: 'flip: { direction: horizontal }',
    options: augmentationOptions(
      {
        direction: Type.Enum([...directions], {
          description: '`horizontal` lets left and right change places, `vertical` top and bottom.',
          default: 'horizontal',
        }),
      },
      0.5,
    ),
    text: {
      usage: 'flip [horizontal|vertical]',
      word: (word) => (directions.some((direction) => direction === word) ? { direction: word } : undefined),
    },
    changes: 'places',
    apply: (canvas, { direction }) => mirror(canvas, direction),
  }),
  shift: defineAugmentation({
    doc: 'Moves the picture by whole pixels, each way as likely.',
    example: 'shift: { pixels: 2 }',
    options: augmentationOptions({
      pixels: wholeNumber({
        description: 'How far at most, up, down, left and right.',
        minimum: 1,
        maximum: 65_536,
      }),
      ...fillingOptions,
    }),
    text: numberText('shift', 'pixels'),
    changes: 'places',
    apply: (canvas, { pixels, ...filling }, draws) =>
      move(canvas, draws.below(2 * pixels + 1) - pixels, draws.below(2 * pixels + 1) - pixels, filling),
  }),
  crop: defineAugmentation({
    doc:
      'Pads the picture on all sides and cuts one of its size out of that, anywhere (He et al. 2016): ' +
      'what `shift` does, in the words that papers use.',
    example: 'crop: { padding: 4 }',
    options: augmentationOptions({
      padding: wholeNumber({ description: 'Pixels on each side.', minimum: 1, maximum: 65_536 }),
      ...fillingOptions,
    }),
    text: numberText('crop', 'padding'),
    changes: 'places',
    apply: (canvas, { padding, ...filling }, draws) =>
      move(canvas, padding - draws.below(2 * padding + 1), padding - draws.below(2 * padding + 1), filling),
  }),
  rotate: defineAugmentation({
    doc: 'Turns the picture about its middle, by bilinear interpolation.',
    example: 'rotate: { degrees: 10 }',
    options: augmentationOptions({
      degrees: realNumber({
        description: 'How far at most, clockwise and counter-clockwise.',
        exclusiveMinimum: 0,
        maximum: 180,
      }),
      ...fillingOptions,
    }),
    text: numberText('rotate', 'degrees'),
    changes: 'places',
    apply: (canvas, { degrees, ...filling }, draws) => turn(canvas, draws.between(-degrees, degrees), filling),
  }),
  zoom: defineAugmentation({
    doc: 'Draws the picture larger or smaller about its middle, height and width alike, by bilinear interpolation.',
    example: 'zoom: { factor: 0.1 }',
    options: augmentationOptions({
      factor: realNumber({
        description: 'How much at most: 0.1 for 0.9 to 1.1 times its size.',
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
      }),
      ...fillingOptions,
    }),
    text: numberText('zoom', 'factor'),
    changes: 'places',
    apply: (canvas, { factor, ...filling }, draws) => {
      const scale = 1 / draws.between(1 - factor, 1 + factor);
      transform(canvas, scale, 0, 0, scale, filling);
    },
  }),
  shear: defineAugmentation({
    doc: 'Slants the picture to the left or right about its middle, by bilinear interpolation.',
    example: 'shear: { degrees: 10 }',
    options: augmentationOptions({
      degrees: realNumber({
        description: 'The angle of its upright edges at most, to each side.',
        exclusiveMinimum: 0,
        exclusiveMaximum: 90,
      }),
      ...fillingOptions,
    }),
    text: numberText('shear', 'degrees'),
    changes: 'places',
    apply: (canvas, { degrees, ...filling }, draws) =>
      transform(canvas, 1, 0, Math.tan(inRadians(draws.between(-degrees, degrees))), 1, filling),
  }),
} as const;
