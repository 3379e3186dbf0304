import { realNumber } from '../../base/numbers.ts';
import { type Canvas, augmentationOptions, defineAugmentation, numberText } from './augmentation.ts';

/** Lays two pictures over each other. @param share of the own one */
export function blend(canvas: Canvas, share: number): void {
  const { from, to, partner } = canvas;
  for (let i = 0; i < from.length; i++) to[i] = share * from[i]! + (1 - share) * partner[i]!;
  canvas.kept *= share;
}

/** Puts a rectangle of the partner into the picture, as far as it is within. */
export function paste(canvas: Canvas, top: number, left: number, bottom: number, right: number): void {
  const { height, width, channels, from, to, partner } = canvas;
  to.set(from);
  const [firstY, lastY] = [Math.max(0, top), Math.min(height, bottom)];
  const [firstX, lastX] = [Math.max(0, left), Math.min(width, right)];
  for (let y = firstY; y < lastY; y++)
    for (let i = (y * width + firstX) * channels; i < (y * width + lastX) * channels; i++) to[i] = partner[i]!;
  canvas.kept *= 1 - (Math.max(0, lastY - firstY) * Math.max(0, lastX - firstX)) / (height * width);
}

const alpha = (fallback: number) =>
  realNumber({
    description:
      'The share of each is drawn from Beta(alpha, alpha): small values leave mostly one of the two, ' +
      '1 makes all shares as likely.',
    default: fallback,
    exclusiveMinimum: 0,
    maximum: 1000,
  });

/** Augmentations that mix two samples, and their labels. */
export const mixingAugmentations = {
  mixup: defineAugmentation({
    doc:
      'Lays another training sample over each, in shares drawn at random; ' +
      'the label is both classes in these shares (Zhang et al. 2018).',
    example: 'mixup: { alpha: 0.2 }',
    options: augmentationOptions({ alpha: alpha(0.2) }),
    text: numberText('mixup', 'alpha'),
    changes: 'labels',
    apply: (canvas, options, draws) => blend(canvas, draws.beta(options.alpha)),
  }),
  cutmix: defineAugmentation({
    doc:
      'Puts a rectangle of another training sample into each, of a size drawn at random; ' +
      'the label is both classes in the shares of their pixels (Yun et al. 2019).',
    example: 'cutmix: { alpha: 1 }',
    options: augmentationOptions({ alpha: alpha(1) }),
    text: numberText('cutmix', 'alpha'),
    changes: 'labels',
    apply: (canvas, options, draws) => {
      const side = Math.sqrt(1 - draws.beta(options.alpha));
      const [height, width] = [Math.floor(canvas.height * side), Math.floor(canvas.width * side)];
      const top = draws.below(canvas.height) - Math.floor(height / 2);
      const left = draws.below(canvas.width) - Math.floor(width / 2);
      paste(canvas, top, left, top + height, left + width);
    },
  }),
} as const;
