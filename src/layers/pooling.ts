import { Type } from 'typebox';
import { isMisfit } from '../base/row.ts';
import { type LayerRow, defineLayer, sizeOf, wrongRank } from './layer.ts';
import { type WordReader, anyOf, both, paddingOption, paddingWord, pairOption } from './options.ts';
import { slideWindow } from './window.ts';

/** `2x2` or `2x2/1`: pool height, width and, after the slash, the stride. */
const poolWord: WordReader = (word) => {
  const match = /^(\d+)x(\d+)(?:\/(\d+))?$/.exec(word);
  if (match === null) return undefined;
  const [, height, width, stride] = match.map(Number);
  return { poolSize: height === width ? height : [height, width], ...(match[3] === undefined ? {} : { strides: stride }) };
};

const options = Type.Object({
  poolSize: pairOption('Height and width of the window', 2),
  strides: Type.Union([Type.Integer({ minimum: 1 }), Type.Array(Type.Integer({ minimum: 1 }), { minItems: 2, maxItems: 2 }), Type.Null()], {
    description: 'Step of the window: one number for both, or [height, width]; null takes poolSize.',
    default: null,
  }),
  padding: paddingOption,
});

function definePooling(name: 'maxPooling2d' | 'averagePooling2d', about: { doc: string; alias: string; takesMaximum?: true }): LayerRow {
  return defineLayer({
    doc: about.doc,
    example: `${name}: { poolSize: 2, padding: same }`,
    options,
    aliases: { [about.alias]: {} },
    text: { usage: `${about.alias} HEIGHTxWIDTH[/STRIDE] [same]`, word: anyOf(poolWord, paddingWord) },
    outputShape: (input, { poolSize, strides, padding }) => {
      const area = slideWindow(name, input, { size: poolSize, strides: strides ?? poolSize, padding });
      return isMisfit(area) ? area : [...area, input[2]!];
    },
    flops: (_, output, { poolSize }) => sizeOf(output) * sizeOf(both(poolSize)),
    build: ({ poolSize, strides, padding }, { tf, name: layerName }) =>
      tf.layers[name]({ name: layerName, poolSize: both(poolSize), strides: both(strides ?? poolSize), padding }),
    ...(about.takesMaximum === undefined ? {} : { takesMaximum: about.takesMaximum }),
  });
}

function defineGlobalPooling(name: 'globalMaxPooling2d' | 'globalAveragePooling2d', doc: string): LayerRow {
  return defineLayer({
    doc,
    example: `${name}: {}`,
    options: Type.Object({}),
    outputShape: (input) => (input.length === 3 ? [input[2]!] : wrongRank(name, '[height, width, channels]', input)),
    flops: (input) => sizeOf(input),
    build: (_, { tf, name: layerName }) => tf.layers[name]({ name: layerName }),
  });
}

/** Pooling layers. */
export const poolingLayers: Record<'maxPooling2d' | 'averagePooling2d' | 'globalMaxPooling2d' | 'globalAveragePooling2d', LayerRow> = {
  maxPooling2d: definePooling('maxPooling2d', { doc: 'The largest value of each window of an image, channel by channel.', alias: 'maxpool', takesMaximum: true }),
  averagePooling2d: definePooling('averagePooling2d', { doc: 'The mean of each window of an image, channel by channel.', alias: 'avgpool' }),
  globalMaxPooling2d: defineGlobalPooling('globalMaxPooling2d', 'The largest value of each channel of an image.'),
  globalAveragePooling2d: defineGlobalPooling('globalAveragePooling2d', 'The mean of each channel of an image.'),
};
