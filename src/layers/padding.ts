import { Type } from 'typebox';
import { formatShape, sizeOf } from '../base/tensor-shape.ts';
import { wholeNumber } from '../base/numbers.ts';
import { type LayerRow, defineLayer, wrongRank } from './layer.ts';
import { cutImages, padImages, resizeImages } from './onnx/onnx-images.ts';
import { type WordReader, anyOf, joined, readSizes, sizesOption, spread } from './options.ts';
import { disturbed, unchanged, withZero } from './values.ts';
import { inputForms } from './window.ts';

/** Rows and columns at the borders: one number, [height, width], or [[top, bottom], [left, right]]. */
type Borders = number | number[] | number[][];

const size = wholeNumber({ minimum: 0 });
const pair = (item: typeof size) => Type.Array(item, { minItems: 2, maxItems: 2 });
const bordersForms = [size, pair(size), Type.Array(pair(size), { minItems: 2, maxItems: 2 })];
const bordersMeaning = 'one number for all sides, [height, width], or [[top, bottom], [left, right]]';

function allBorders(borders: Borders): [[number, number], [number, number]] {
  const [vertical, horizontal] = typeof borders === 'number' ? [borders, borders] : borders;
  const sides = (one: number | number[]): [number, number] =>
    typeof one === 'number' ? [one, one] : [one[0]!, one[1]!];
  return [sides(vertical!), sides(horizontal!)];
}

/** `2` or `2x3`. */
const bordersWord =
  (option: string): WordReader =>
  (word) => {
    const read = readSizes(word, 1) ?? readSizes(word, 2);
    return read?.stride === undefined && read !== undefined ? { [option]: joined(read.sizes) } : undefined;
  };

const interpolationWord: WordReader = (word) =>
  word === 'nearest' || word === 'bilinear' ? { interpolation: word } : undefined;

/** Layers that change the height and width of images. */
export const paddingLayers: Record<'zeroPadding2d' | 'cropping2D' | 'upSampling2d', LayerRow> = {
  zeroPadding2d: defineLayer({
    doc: 'Puts zeros around images.',
    example: 'zeroPadding2d: { padding: 1 }',
    options: Type.Object({
      padding: Type.Unsafe<Borders>(
        Type.Union(bordersForms, { description: `Rows and columns of zeros: ${bordersMeaning}.`, default: 1 }),
      ),
    }),
    text: { usage: 'zeroPadding2d SIZE or zeroPadding2d HEIGHTxWIDTH', word: bordersWord('padding') },
    outputShape: (input, { padding }) => {
      if (input.length !== 3) return wrongRank('zeroPadding2d', inputForms[2], input);
      const [[top, bottom], [left, right]] = allBorders(padding);
      return [input[0]! + top + bottom, input[1]! + left + right, input[2]!];
    },
    flops: () => 0,
    values: withZero,
    build: ({ padding }, { tf, name }) => tf.layers.zeroPadding2d({ name, padding: allBorders(padding) }),
    onnx: ({ padding }, layer) => padImages(allBorders(padding), layer),
  }),
  cropping2D: defineLayer({
    doc: 'Cuts the borders of images off.',
    example: 'cropping2D: { cropping: [[1, 1], [2, 2]] }',
    options: Type.Object({
      cropping: Type.Unsafe<Borders>(
        Type.Union(bordersForms, { description: `Rows and columns to cut off: ${bordersMeaning}.` }),
      ),
    }),
    aliases: { cropping2d: {} },
    text: { usage: 'cropping2D SIZE or cropping2D HEIGHTxWIDTH', word: bordersWord('cropping') },
    outputShape: (input, { cropping }) => {
      if (input.length !== 3) return wrongRank('cropping2D', inputForms[2], input);
      const [[top, bottom], [left, right]] = allBorders(cropping);
      const [height, width] = [input[0]! - top - bottom, input[1]! - left - right];
      if (height >= 1 && width >= 1) return [height, width, input[2]!];
      return {
        problem:
          `cropping2D leaves nothing of ${formatShape(input)}: ` +
          `it cuts ${top + bottom} rows and ${left + right} columns off`,
        hint: 'Cut less off, or crop further up.',
      };
    },
    flops: () => 0,
    values: unchanged,
    build: ({ cropping }, { tf, name }) => tf.layers.cropping2D({ name, cropping: allBorders(cropping) }),
    onnx: ({ cropping }, layer) =>
      cutImages(
        allBorders(cropping).map(([before]) => before),
        layer,
      ),
  }),
  upSampling2d: defineLayer({
    doc: 'Makes images larger by repeating or interpolating rows and columns.',
    example: 'upSampling2d: { size: 2 }',
    options: Type.Object({
      size: sizesOption(2, 'How many rows and columns one becomes', 2),
      interpolation: Type.Enum(['nearest', 'bilinear'], {
        description: '`nearest` repeats, `bilinear` draws lines between neighbours.',
        default: 'nearest',
      }),
    }),
    text: {
      usage: 'upSampling2d HEIGHTxWIDTH [bilinear]',
      word: anyOf((word) => {
        const read = readSizes(word, 2);
        return read?.stride === undefined && read !== undefined ? { size: joined(read.sizes) } : undefined;
      }, interpolationWord),
    },
    outputShape: (input, options) => {
      if (input.length !== 3) return wrongRank('upSampling2d', inputForms[2], input);
      const [rows, columns] = spread(options.size, 2);
      return [input[0]! * rows!, input[1]! * columns!, input[2]!];
    },
    flops: (_, output, { interpolation }) => (interpolation === 'nearest' ? 0 : 7 * sizeOf(output)),
    values: (inputs, { interpolation }) => (interpolation === 'nearest' ? unchanged : disturbed)(inputs),
    build: (options, { tf, name }) =>
      tf.layers.upSampling2d({
        name,
        size: spread(options.size, 2),
        interpolation: options.interpolation as 'nearest',
      }),
    onnx: ({ interpolation }, layer) => resizeImages(interpolation, layer),
  }),
};
