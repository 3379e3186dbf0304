import { realNumber, wholeNumber } from '../../base/numbers.ts';
import { type Canvas, augmentationOptions, defineAugmentation, fillValueOption, numberText } from './augmentation.ts';

/** Copies a picture but for a rectangle, as far as it is within, which becomes one value. */
export function hide(
  { height, width, channels, from, to }: Canvas,
  top: number,
  left: number,
  bottom: number,
  right: number,
  fillValue: number,
): void {
  to.set(from);
  const [firstX, lastX] = [Math.max(0, left), Math.min(width, right)];
  if (firstX >= lastX) return;
  for (let y = Math.max(0, top); y < Math.min(height, bottom); y++)
    to.fill(fillValue, (y * width + firstX) * channels, (y * width + lastX) * channels);
}

const maskOptions = (along: string) =>
  augmentationOptions({
    size: wholeNumber({ description: `How many ${along} at most; none is as likely.`, minimum: 1, maximum: 65_536 }),
    fillValue: fillValueOption,
  });

/** Tries of randomErasing before it leaves a picture as it is, as torchvision has it. */
const tries = 10;

/** Augmentations that hide a part of a picture. */
export const hidingAugmentations = {
  cutout: defineAugmentation({
    doc: 'Hides a square whose middle is anywhere in the picture, so that it may reach over the edges (DeVries 2017).',
    example: 'cutout: { size: 8 }',
    options: augmentationOptions({
      size: wholeNumber({ description: 'Pixels of each side.', minimum: 1, maximum: 65_536 }),
      fillValue: fillValueOption,
    }),
    text: numberText('cutout', 'size'),
    apply: (canvas, { size, fillValue }, draws) => {
      const top = draws.below(canvas.height) - Math.floor(size / 2);
      const left = draws.below(canvas.width) - Math.floor(size / 2);
      hide(canvas, top, left, top + size, left + size, fillValue);
    },
  }),
  randomErasing: defineAugmentation({
    doc: 'Hides a rectangle of any size, shape and place within the picture (Zhong et al. 2020).',
    example: 'randomErasing: { maxArea: 0.2 }',
    options: augmentationOptions(
      {
        minArea: realNumber({
          description: 'The least share of the picture that it hides.',
          default: 0.02,
          exclusiveMinimum: 0,
          maximum: 1,
        }),
        maxArea: realNumber({
          description: 'The largest share of the picture that it hides.',
          default: 0.33,
          exclusiveMinimum: 0,
          maximum: 1,
        }),
        ratio: realNumber({
          description: 'The least height for one of width, and the least width for one of height.',
          default: 0.3,
          exclusiveMinimum: 0,
          maximum: 1,
        }),
        fillValue: fillValueOption,
      },
      0.5,
    ),
    misfit: ({ minArea, maxArea }) =>
      minArea > maxArea
        ? {
            problem: `minArea, ${minArea}, is more than maxArea, ${maxArea}`,
            hint: 'Make it less.',
            path: ['minArea'],
          }
        : undefined,
    apply: (canvas, { minArea, maxArea, ratio, fillValue }, draws) => {
      const size = canvas.height * canvas.width;
      for (let i = 0; i < tries; i++) {
        const area = size * draws.between(minArea, maxArea);
        const stretched = Math.exp(draws.between(Math.log(ratio), -Math.log(ratio)));
        const height = Math.round(Math.sqrt(area * stretched));
        const width = Math.round(Math.sqrt(area / stretched));
        if (height === 0 || width === 0 || height > canvas.height || width > canvas.width) continue;
        const top = draws.below(canvas.height - height + 1);
        const left = draws.below(canvas.width - width + 1);
        hide(canvas, top, left, top + height, left + width, fillValue);
        return;
      }
      canvas.to.set(canvas.from);
    },
  }),
  timeMask: defineAugmentation({
    doc: 'Hides some neighbouring rows of a spectrogram [time, frequency, channels] (SpecAugment, Park et al. 2019).',
    example: 'timeMask: { size: 10 }',
    options: maskOptions('rows'),
    text: numberText('timeMask', 'size'),
    apply: (canvas, { size, fillValue }, draws) => {
      const hidden = draws.below(Math.min(size, canvas.height) + 1);
      const top = draws.below(canvas.height - hidden + 1);
      hide(canvas, top, 0, top + hidden, canvas.width, fillValue);
    },
  }),
  frequencyMask: defineAugmentation({
    doc:
      'Hides some neighbouring columns of a spectrogram [time, frequency, channels] ' +
      '(SpecAugment, Park et al. 2019).',
    example: 'frequencyMask: { size: 8 }',
    options: maskOptions('columns'),
    text: numberText('frequencyMask', 'size'),
    apply: (canvas, { size, fillValue }, draws) => {
      const hidden = draws.below(Math.min(size, canvas.width) + 1);
      const left = draws.below(canvas.width - hidden + 1);
      hide(canvas, 0, left, canvas.height, left + hidden, fillValue);
    },
  }),
} as const;
