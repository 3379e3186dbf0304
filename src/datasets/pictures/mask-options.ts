import { Type } from 'typebox';
import { mapOf } from '../../base/map-schema.ts';
import { realNumber, wholeNumber } from '../../base/numbers.ts';
import { channelsOption, onErrorOption } from './picture-options.ts';
import { maskResizeOption } from './resize-mask.ts';

const folderOf = (what: string) =>
  Type.String({ description: `${what}; the path counts from the folder of the pipeline file.`, minLength: 1 });

const options = Type.Object({
  images: folderOf('Folder with the pictures: PNG, JPEG, WebP, TIFF or GIF files, all opaque'),
  masks: folderOf(
    'Folder with a mask for each picture: a PNG file with the same name but for its ending, and the same size ' +
      '(as the picture is shown), in greys or with a palette',
  ),
  classes: mapOf(wholeNumber({ minimum: 0, maximum: 255 }), {
    description:
      'The classes, each with its value in the masks: a grey value, or the index of a colour of the palette.',
    minProperties: 2,
    maxProperties: 256,
  }),
  test: realNumber({
    description: 'Share of the pictures that is the test.',
    default: 0.2,
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
  }),
  resize: maskResizeOption,
  channels: channelsOption,
  onError: onErrorOption,
});

/** What a pipeline file says of `masks`. */
export const masksFace = {
  doc:
    'Your own pictures to segment: a folder of images and a folder of masks, PNG files; ' +
    'target `mask`, a class for each pixel.',
  example: 'source: { masks: { images: data/images, masks: data/masks, classes: { background: 0, road: 1, car: 2 } } }',
  options,
  order: 'time' as const,
};
