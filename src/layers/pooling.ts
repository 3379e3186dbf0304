import { Type } from 'typebox';
import { sizeOf } from '../base/tensor-shape.ts';
import { isMisfit } from '../base/row.ts';
import { averagePresent } from './average-present.ts';
import { type LayerRow, defineLayer, wrongRank } from './layer.ts';
import { layerOfClass } from './layer-of-class.ts';
import { globalPooling, pooling } from './onnx/onnx-windows.ts';
import {
  type Rank,
  type WordReader,
  anyOf,
  joined,
  paddingOption,
  paddingWord,
  readSizes,
  sizesLike,
  sizesOption,
  spread,
} from './options.ts';
import { averagedPlaces, chosen } from './values.ts';
import { beginAtFirst, inputForms, reachedValues, slideWindow } from './window.ts';
import { single } from './without-gradient.ts';

type PoolingName = `${'max' | 'average'}Pooling${Rank}d`;
type GlobalName = `global${'Max' | 'Average'}Pooling${1 | 2}d`;

/** `2x2` or `2x2/1`: the window and, after the slash, the stride. */
const poolWord =
  (rank: Rank): WordReader =>
  (word) => {
    const read = readSizes(word, rank);
    return read && { poolSize: joined(read.sizes), ...(read.stride === undefined ? {} : { strides: read.stride }) };
  };

const things = { 1: 'a sequence', 2: 'an image', 3: 'a volume' } as const;
const sizeWords = { 1: 'STEPS', 2: 'HEIGHTxWIDTH', 3: 'DEPTHxHEIGHTxWIDTH' } as const;

function definePooling(kind: 'max' | 'average', rank: Rank, alias?: string): LayerRow {
  const name: PoolingName = `${kind}Pooling${rank}d`;
  return defineLayer({
    doc: `The ${kind === 'max' ? 'largest value' : 'mean'} of each window of ${things[rank]}, channel by channel.`,
    example: `${name}: { poolSize: 2, padding: same }`,
    options: Type.Object({
      poolSize: sizesOption(rank, 'Size of the window', 2),
      strides: sizesLike(rank, 'Step of the window', 'poolSize'),
      padding: paddingOption,
    }),
    ...(alias === undefined ? {} : { aliases: { [alias]: {} } }),
    text: { usage: `${alias ?? name} ${sizeWords[rank]}[/STRIDE] [same]`, word: anyOf(poolWord(rank), paddingWord) },
    outputShape: (input, { poolSize, strides: steps, padding }) => {
      const places = slideWindow(name, rank, input, { size: poolSize, strides: steps ?? poolSize, padding });
      return isMisfit(places) ? places : [...places, input[rank]!];
    },
    flops: (_, output, { poolSize }) => sizeOf(output) * sizeOf(spread(poolSize, rank)),
    // The gradient of the largest reads what they were taken from.
    activations: (input, output, { poolSize, strides: steps, padding }) =>
      sizeOf(output) +
      (kind === 'max' && rank === 3
        ? reachedValues(input, { size: poolSize, strides: steps ?? poolSize, padding })
        : 0),
    build: ({ poolSize, strides: steps, padding }, { tf, name: layerName }) => {
      const [size, step] = [spread(poolSize, rank), spread(steps ?? poolSize, rank)];
      const layer = layerOfClass(tf, `${kind === 'max' ? 'Max' : 'Average'}Pooling${rank}D`, {
        name: layerName,
        poolSize: size,
        strides: step,
        padding,
      });
      return rank < 3 ? layer : beginAtFirst(tf, layer, { size, strides: step, padding });
    },
    onnx: ({ poolSize, strides: steps, padding }, layer) =>
      pooling(kind === 'max' ? 'MaxPool' : 'AveragePool', rank)(
        { size: poolSize, strides: steps ?? poolSize, padding },
        layer,
      ),
    values: kind === 'max' ? chosen : averagedPlaces,
    ...(kind === 'max' ? { takesMaximum: true } : {}),
  });
}

function defineGlobalPooling(kind: 'Max' | 'Average', rank: 1 | 2): LayerRow {
  const name: GlobalName = `global${kind}Pooling${rank}d`;
  return defineLayer({
    doc: `The ${kind === 'Max' ? 'largest value' : 'mean'} of each channel of ${things[rank]}.`,
    example: `${name}: {}`,
    options: Type.Object({}),
    outputShape: (input) => (input.length === rank + 1 ? [input[rank]!] : wrongRank(name, inputForms[rank], input)),
    flops: (input) => sizeOf(input),
    values: kind === 'Max' ? chosen : averagedPlaces,
    onnx: globalPooling(kind === 'Max' ? 'ReduceMax' : 'ReduceMean'),
    ...(name === 'globalAveragePooling1d' ? { mask: () => false } : {}),
    build: (_, { tf, name: layerName }) => {
      const layer = tf.layers[name]({ name: layerName });
      if (name !== 'globalAveragePooling1d') return layer;
      const call = layer.call.bind(layer);
      layer.call = (inputs, kwargs) =>
        kwargs['mask'] == null
          ? call(inputs, kwargs)
          : tf.tidy(() => averagePresent(tf, single(inputs), kwargs['mask']));
      return Object.assign(layer, { computeMask: () => null });
    },
  });
}

/** Pooling layers. */
export const poolingLayers: Record<PoolingName | GlobalName, LayerRow> = {
  maxPooling1d: definePooling('max', 1),
  maxPooling2d: definePooling('max', 2, 'maxpool'),
  maxPooling3d: definePooling('max', 3),
  averagePooling1d: definePooling('average', 1),
  averagePooling2d: definePooling('average', 2, 'avgpool'),
  averagePooling3d: definePooling('average', 3),
  globalMaxPooling1d: defineGlobalPooling('Max', 1),
  globalMaxPooling2d: defineGlobalPooling('Max', 2),
  globalAveragePooling1d: defineGlobalPooling('Average', 1),
  globalAveragePooling2d: defineGlobalPooling('Average', 2),
};
