import { Type } from 'typebox';
import { wholeNumber } from '../../base/numbers.ts';
import { choice } from '../../base/row.ts';
import { cifar100Face, cifar10Face } from './cifar-options.ts';
import { fashionFace } from './fashion-options.ts';
import { idx } from './idx.ts';
import { imagesFace } from './image-options.ts';
import { mnist } from './mnist.ts';

/** What a pipeline file says of data sets whose samples are one image and its class. */
export const labelledFaces = {
  mnist,
  fashionMnist: fashionFace,
  cifar10: cifar10Face,
  cifar100: cifar100Face,
  idx,
  images: imagesFace,
};

const amount = (what: string, count: number) =>
  wholeNumber({ description: `${what} pairs.`, default: count, minimum: 2, maximum: 10_000_000 });

/** What a pipeline file says of `pairs`. */
export const pairsFace = {
  doc:
    'Pairs of images out of a set with classes, half of them of the same class: ' +
    'inputs `left` and `right`, target `same`. For siamese nets.',
  example: 'source: { pairs: { of: mnist, train: 20000 } }',
  options: Type.Object({
    of: choice('data set', labelledFaces, {
      description: 'The images: training pairs come from its training images, test pairs from its test images.',
      examples: ['mnist'],
    }),
    train: amount('Training', 20_000),
    test: amount('Test', 4_000),
    classes: Type.Boolean({
      description: 'Predict the class of each image too: targets `leftClass` and `rightClass`.',
      default: false,
    }),
  }),
};
