import { Type } from 'typebox';
import { classedOptions, listedFolders } from './classed-options.ts';
import { targetsOption } from '../tables/csv-options.ts';
import { channelsOption, onErrorOption, resizeOption } from './picture-options.ts';

const options = Type.Object({
  ...classedOptions('pictures of the class: PNG, JPEG, WebP, TIFF or GIF files, all opaque', 'picture'),
  resize: resizeOption,
  channels: channelsOption,
  onError: onErrorOption,
  targets: Type.Optional(
    targetsOption(
      'Instead of `label` and `classes`: the columns of the table to predict; of sub-folders one target, ' +
        'such as `{ quality: { ordinal: [bad, fair, good] } }`',
    ),
  ),
});

/** What a pipeline file says of `images`. */
export const imagesFace = {
  doc:
    'Your own pictures to classify: a folder with a sub-folder of pictures for each class, ' +
    'or a table of paths and labels, target `label`, or of paths and `targets`: classes, classes in order, ' +
    'several labels at once, numbers.',
  example: 'source: { images: { folder: data/flowers, resize: { width: 64, height: 64 } } }',
  options,
  sources: listedFolders,
};
