import type * as TensorFlow from '@tensorflow/tfjs';
import { Type } from 'typebox';
import { formatShape, sizeOf } from '../base/tensor-shape.ts';
import { realNumber, wholeNumber } from '../base/numbers.ts';
import { type LayerRow, defineLayer, wrongRank } from './layer.ts';
import { keepsMask } from './padding-masks.ts';
import { cutImages, resizeImages } from './onnx/onnx-images.ts';
import { indices } from './onnx/onnx-layer.ts';
import { anyOf, numberWord, readSizes, type WordReader } from './options.ts';
import { type OwnLayer, buildOwnLayer } from './custom-layer.ts';
import { added, constant, disturbed, multiplied, unchanged } from './values.ts';
import { inputForms } from './window.ts';

const height = wholeNumber({ description: 'Height of the output.', minimum: 1 });
const width = wholeNumber({ description: 'Width of the output.', minimum: 1 });
const areaWord: WordReader = (word) => {
  const read = readSizes(word, 2);
  return read?.stride === undefined && read !== undefined ? { height: read.sizes[0], width: read.sizes[1] } : undefined;
};

type Size = { readonly height: number; readonly width: number; readonly interpolation: 'bilinear' | 'nearest' };
type Encoding = { readonly numTokens: number; readonly outputMode: 'multiHot' | 'oneHot' | 'count' };

/** TensorFlow.js' own layer says a shape without batch, and aligns corners. */
export const resizing: OwnLayer<Size> = {
  className: 'LayerlineResizing',
  outputShape: ([input], options) =>
    input!.length === 3 ? [options.height, options.width, input![2]!] : wrongRank('resizing', inputForms[2], input!),
  compute: ({ tf, inputs, options }) => {
    const resize = options.interpolation === 'bilinear' ? tf.image.resizeBilinear : tf.image.resizeNearestNeighbor;
    return resize(inputs[0] as TensorFlow.Tensor4D, [options.height, options.width]);
  },
};

/** TensorFlow.js' own layer changes the shape of the layer above, and reads its values in JavaScript. */
export const categoryEncoding: OwnLayer<Encoding> = {
  className: 'LayerlineCategoryEncoding',
  outputShape: ([input], { numTokens, outputMode }) => {
    if (input!.length !== 1) return wrongRank('categoryEncoding', '[numbers]', input!);
    if (outputMode !== 'oneHot' || input![0] === 1) return [numTokens];
    return {
      problem: `categoryEncoding with oneHot takes one number per sample, but gets ${input![0]}`,
      hint: 'Use multiHot or count.',
    };
  },
  compute: ({ tf, inputs, options }) => {
    // Of whole numbers: TensorFlow.js' own kernel for WebAssembly writes float32 as if they were such.
    const marks = tf.cast(tf.oneHot(tf.cast(inputs[0]!, 'int32'), options.numTokens), 'float32');
    return options.outputMode === 'count' ? tf.sum(marks, 1) : tf.max(marks, 1);
  },
};

/** Layers that prepare data. */
export const preprocessingLayers: Record<'rescaling' | 'resizing' | 'centerCrop' | 'categoryEncoding', LayerRow> = {
  rescaling: defineLayer({
    doc: 'Multiplies all values by one number and adds another.',
    example: 'rescaling: { scale: 0.00392156862745098 }',
    options: Type.Object({
      scale: realNumber({ description: 'What values are multiplied with.' }),
      offset: realNumber({ description: 'What is added to them then.', default: 0 }),
    }),
    text: { usage: 'rescaling SCALE', word: numberWord('scale') },
    outputShape: (input) => input,
    flops: (input) => 2 * sizeOf(input),
    mask: keepsMask,
    values: ([input], { scale, offset }) =>
      scale === 1 && offset === 0 ? input! : added([multiplied([input!, constant(scale)]), constant(offset)]),
    setsUnit: true,
    build: (options, { tf, name }) => tf.layers.rescaling({ ...options, name }),
    onnx: ({ scale, offset }, layer) =>
      layer.each([layer.input], ([x]) =>
        layer.node('Add', [layer.node('Mul', [x!, layer.floats(scale)]), layer.floats(offset)]),
      ),
  }),
  resizing: defineLayer({
    doc: 'Brings images to one height and width.',
    example: 'resizing: { height: 32, width: 32 }',
    options: Type.Object({
      height,
      width,
      interpolation: Type.Enum(['bilinear', 'nearest'], {
        description: '`nearest` takes a neighbour, `bilinear` draws lines between neighbours.',
        default: 'bilinear',
      }),
    }),
    text: {
      usage: 'resizing HEIGHTxWIDTH [nearest]',
      word: anyOf(areaWord, (word) =>
        word === 'nearest' || word === 'bilinear' ? { interpolation: word } : undefined,
      ),
    },
    outputShape: (input, options) => resizing.outputShape([input], options as Size),
    flops: (_, output) => 7 * sizeOf(output),
    values: (inputs, { interpolation }) => (interpolation === 'nearest' ? unchanged : disturbed)(inputs),
    build: (options, context) => buildOwnLayer(resizing, context, options as Size),
    onnx: ({ interpolation }, layer) => resizeImages(interpolation, layer),
  }),
  centerCrop: defineLayer({
    doc: 'Cuts the middle out of images; an odd row or column goes at the bottom and at the right.',
    example: 'centerCrop: { height: 24, width: 24 }',
    options: Type.Object({ height, width }),
    text: { usage: 'centerCrop HEIGHTxWIDTH', word: areaWord },
    outputShape: (input, options) => {
      if (input.length !== 3) return wrongRank('centerCrop', inputForms[2], input);
      if (options.height <= input[0]! && options.width <= input[1]!) return [options.height, options.width, input[2]!];
      return {
        problem: `centerCrop cannot cut ${formatShape([options.height, options.width])} out of ${formatShape(input)}`,
        hint: 'Use `resizing`, or a smaller size.',
      };
    },
    flops: () => 0,
    values: unchanged,
    // The stock layer samples anew instead of cutting, and changes the shape of the layer above.
    build: (options, { tf, name }) => {
      const layer = tf.layers.cropping2D({ name, cropping: 0 });
      const build = layer.build.bind(layer);
      const borders = (from: number, to: number) => [Math.floor((from - to) / 2), Math.ceil((from - to) / 2)];
      layer.build = (shape) => {
        const [, rows, columns] = shape as number[];
        Object.assign(layer, { cropping: [borders(rows!, options.height), borders(columns!, options.width)] });
        build(shape);
      };
      return layer;
    },
    onnx: (_, layer) =>
      cutImages(
        [0, 1].map((axis) => Math.floor((layer.input.shape[axis]! - layer.output[axis]!) / 2)),
        layer,
      ),
  }),
  categoryEncoding: defineLayer({
    doc: 'Marks which whole numbers the input holds, or counts them.',
    example: 'categoryEncoding: { numTokens: 10, outputMode: oneHot }',
    options: Type.Object({
      numTokens: wholeNumber({ description: 'How many numbers there are: the largest, plus 1.', minimum: 2 }),
      outputMode: Type.Enum(['multiHot', 'oneHot', 'count'], {
        description:
          '`multiHot` marks each number that occurs with 1, `oneHot` the only one, `count` says how often each occurs.',
        default: 'multiHot',
      }),
    }),
    text: {
      usage: 'categoryEncoding NUMTOKENS [oneHot|multiHot|count]',
      word: anyOf(numberWord('numTokens'), (word) =>
        ['oneHot', 'multiHot', 'count'].includes(word) ? { outputMode: word } : undefined,
      ),
    },
    readsIndices: ({ numTokens }) => numTokens,
    outputShape: (input, options) => categoryEncoding.outputShape([input], options as Encoding),
    flops: (input, _, { numTokens }) => input[0]! * numTokens,
    values: (_, { outputMode }) => ({ low: 0, high: outputMode === 'count' ? Infinity : 1, whole: true }),
    build: (options, context) => buildOwnLayer(categoryEncoding, context, options as Encoding),
    onnx: ({ numTokens, outputMode }, layer) => {
      const numbers = layer.node('Unsqueeze', [indices(layer), layer.ints([2])]);
      const tokens = layer.ints(Array.from({ length: numTokens }, (_, token) => token));
      const marks = layer.node('Cast', [layer.node('Equal', [numbers, tokens])], { to: { int: 1 } });
      const op = outputMode === 'count' ? 'ReduceSum' : 'ReduceMax';
      return layer.gives(layer.node(op, [marks, layer.ints([1])], { keepdims: { int: 0 } }));
    },
  }),
};
