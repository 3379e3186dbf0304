import type * as TensorFlow from '@tensorflow/tfjs';
import { type Static, type TObject, Type } from 'typebox';
import { type Shape, sizeOf } from '../base/tensor-shape.ts';
import { type Table, choice, chosenFrom, isMisfit } from '../base/row.ts';
import { cells } from './cells.ts';
import { type LayerRow, defineLayer, wrongRank } from './layer.ts';
import { keepsMask, listed, presence } from './padding-masks.ts';
import { type OnnxSequence, runBothWays } from './onnx/onnx-recurrent.ts';
import type { RecurrentKind } from './onnx/onnx-steps.ts';
import type { WordReader } from './options.ts';
import { added, anything, averaged, beside, multiplied } from './values.ts';
import { withPrivateFields } from './with-private-fields.ts';
import { single } from './without-gradient.ts';

type Rows = Readonly<Record<string, LayerRow>>;

/** The one word that is not an option is the layer inside: `lstm(64)`. */
const layerWord: WordReader = (word, position) => (position === 0 ? { layer: word } : undefined);

function inside(
  rows: Rows,
  value: Readonly<Record<string, unknown>>,
): { readonly row: LayerRow; readonly options: Static<TObject> } {
  const { type, options } = chosenFrom(rows as Table, value);
  return { row: rows[type]!, options: options as Static<TObject> };
}

interface Halves {
  forwardLayer: TensorFlow.layers.Layer;
  backwardLayer: TensorFlow.layers.Layer;
}

const mergeModes = ['concat', 'sum', 'ave', 'mul'] as const;
const isMergeMode = (word: string) => mergeModes.some((mode) => mode === word);

function defineBidirectional(rows: Rows): LayerRow {
  return defineLayer({
    doc:
      'Runs a recurrent layer over a sequence from both ends, with weights of its own for each, ' +
      'and merges the two (Schuster and Paliwal 1997).',
    example: 'bidirectional: { layer: lstm 64 }',
    options: Type.Object({
      layer: choice('layer', rows, { description: 'The recurrent layer.' }),
      mergeMode: Type.Enum([...mergeModes], {
        description: 'How the two results become one: side by side, their sum, mean or product.',
        default: 'concat',
      }),
    }),
    text: {
      usage: 'bidirectional LAYER(UNITS) [concat|sum|ave|mul]',
      word: (word, position) => (isMergeMode(word) ? { mergeMode: word } : layerWord(word, position)),
    },
    outputShape: (input, { layer, mergeMode }) => {
      const { row, options } = inside(rows, layer);
      const shape = row.outputShape(input, options, [input]);
      if (isMisfit(shape)) return { ...shape, problem: `bidirectional: ${shape.problem}` };
      return mergeMode === 'concat' ? [...shape.slice(0, -1), 2 * shape.at(-1)!] : shape;
    },
    parameters: (input, { layer }) => {
      const { row, options } = inside(rows, layer);
      const { trainable, nonTrainable } = row.parameters!(input, options, [input]);
      return { trainable: 2 * trainable, nonTrainable: 2 * nonTrainable };
    },
    flops: (input, output, { layer }) => {
      const { row, options } = inside(rows, layer);
      return 2 * row.flops!(input, output, options, [input]) + sizeOf(output);
    },
    activations: (input, output, { layer, mergeMode }) => {
      const { row, options } = inside(rows, layer);
      const half = row.outputShape(input, options, [input]) as Shape;
      // Only products read the outputs of all steps that the halves put together; the output of the last step alone is
      // one of theirs.
      const unread =
        mergeMode !== 'mul' && (options as { returnSequences?: boolean }).returnSequences === true ? sizeOf(half) : 0;
      return 2 * (row.activations!(input, half, options, [input]) - unread) + sizeOf(output);
    },
    mask: ({ layer }, given) => {
      const { row, options } = inside(rows, layer);
      return row.mask!(options, given);
    },
    values: (inputs, { layer, mergeMode }, { inputs: shapes }) => {
      const { row, options } = inside(rows, layer);
      const half = row.values!(inputs, options, {
        inputs: shapes,
        output: row.outputShape(shapes[0]!, options, shapes) as Shape,
      });
      return {
        concat: beside([half, half], true),
        sum: added([half, half]),
        ave: averaged([half, half]),
        mul: multiplied([half, { ...half }]),
      }[mergeMode];
    },
    build: ({ layer, mergeMode }, context) => {
      const { row, options } = inside(rows, layer);
      const half = (part: string, goBackwards: boolean) =>
        row.build({ ...options, goBackwards }, context.within(part)) as Parameters<
          typeof context.tf.layers.bidirectional
        >[0]['layer'];
      const backwards = (options as { goBackwards?: boolean }).goBackwards === true;
      const wrapper = withPrivateFields<Halves>(
        context.tf.layers.bidirectional({ layer: half('layer', backwards), mergeMode, name: context.name }),
        'forwardLayer',
        'backwardLayer',
      );
      // The stock halves are copies by configuration, which lose our seeds: both would start with the same weights.
      wrapper.forwardLayer = Object.assign(half('forward', backwards), { name: wrapper.forwardLayer.name });
      wrapper.backwardLayer = Object.assign(half('backward', !backwards), { name: wrapper.backwardLayer.name });
      const call = wrapper.call.bind(wrapper);
      // As in Keras: the two halves have gone past different steps where one is not there.
      wrapper.call = (inputs, kwargs) => call(inputs, { ...kwargs, zeroOutputForMask: true });
      wrapper.calculateLosses = () =>
        [wrapper.forwardLayer, wrapper.backwardLayer].flatMap((one) => one.calculateLosses());
      return wrapper;
    },
    onnx: ({ layer: value, mergeMode }, layer) => {
      const { type, options } = chosenFrom(rows as Table, value);
      const cell = cells[`${type as RecurrentKind}Cell`];
      const given = options as Static<TObject> & OnnxSequence;
      return runBothWays((weights) => cell.onnx(given, weights), given, mergeMode, layer);
    },
  });
}

function defineTimeDistributed(rows: Rows): LayerRow {
  return defineLayer({
    doc: 'Applies one layer to each step of a sequence by itself.',
    example: 'timeDistributed: { layer: dense 10 }',
    options: Type.Object({ layer: choice('layer', rows, { description: 'The layer for each step.' }) }),
    text: { usage: 'timeDistributed LAYER(...)', word: layerWord },
    outputShape: (input, { layer }) => {
      if (input.length < 2) return wrongRank('timeDistributed', '[steps, ...]', input);
      const { row, options } = inside(rows, layer);
      const step = input.slice(1);
      const shape = row.outputShape(step, options, [step]);
      return isMisfit(shape)
        ? { ...shape, problem: `timeDistributed: in each step, ${shape.problem}` }
        : [input[0]!, ...shape];
    },
    readsIndices: ({ layer }) => {
      const { row, options } = inside(rows, layer);
      return row.readsIndices?.(options);
    },
    mixesSamples: ({ layer }) => {
      const { row, options } = inside(rows, layer);
      return row.mixesSamples?.(options) ?? false;
    },
    parameters: (input, { layer }) => {
      const { row, options } = inside(rows, layer);
      return row.parameters?.(input.slice(1), options, [input.slice(1)]) ?? { trainable: 0, nonTrainable: 0 };
    },
    flops: (input, output, { layer }) => {
      const { row, options } = inside(rows, layer);
      const step = output.slice(1);
      return input[0]! * (row.flops?.(input.slice(1), step, options, [input.slice(1)]) ?? sizeOf(step));
    },
    activations: (input, output, { layer }) => {
      const { row, options } = inside(rows, layer);
      const step = output.slice(1);
      return input[0]! * (row.activations?.(input.slice(1), step, options, [input.slice(1)]) ?? sizeOf(step));
    },
    mask: keepsMask,
    values: (values, { layer }, { inputs, output }) => {
      const { row, options } = inside(rows, layer);
      return (
        row.values?.(values, options, { inputs: inputs.map((shape) => shape.slice(1)), output: output.slice(1) }) ??
        anything
      );
    },
    build: ({ layer }, context) => {
      const { row, options } = inside(rows, layer);
      const { tf, name } = context;
      const each = row.build(options, context.within('step'));
      const wrapper = tf.layers.timeDistributed({ layer: each, name });
      // The stock one computes step by step; all steps as one batch are the same, and as fast as one (so does Keras).
      wrapper.call = (inputs, kwargs) =>
        tf.tidy(() => {
          const input = single(inputs);
          const [batch, steps, ...rest] = input.shape;
          const mask = kwargs['mask'] as TensorFlow.Tensor | null | undefined;
          // Keras gives it to layers of one input alone.
          const inner =
            mask == null || row.merges !== undefined
              ? {}
              : { mask: tf.reshape(mask, [batch! * steps!, ...mask.shape.slice(2)]) };
          const output = each.apply(tf.reshape(input, [batch! * steps!, ...rest]), {
            training: kwargs['training'],
            ...inner,
          }) as TensorFlow.Tensor;
          return tf.reshape(output, [batch!, steps!, ...output.shape.slice(1)]);
        });
      const keepsInside = row.mask?.(options, [true]) === true;
      // What the layer inside leaves of a step is there where any part of the step was.
      wrapper.computeMask = (inputs, given) => {
        const mask = listed(given)[0] ?? null;
        return (
          keepsInside || mask === null || mask.rank <= 2
            ? mask
            : tf.tidy(() => tf.greater(presence(tf, mask, single(inputs).shape.slice(0, 2)), 0))
        ) as TensorFlow.Tensor;
      };
      wrapper.calculateLosses = () => each.calculateLosses();
      return wrapper;
    },
    onnx: ({ layer: value }, layer) => {
      const { row, options } = inside(rows, value);
      const [shape, output] = [layer.input.shape.slice(1), layer.output.slice(1)];
      const steps = layer.gives(layer.reshaped(layer.last(), shape), shape);
      const each = row.onnx!(options, layer.within({ inputs: [steps], output }));
      return layer.gives(layer.reshaped(layer.last(each), layer.output));
    },
    noOnnx: ({ layer }) => {
      const { row, options } = inside(rows, layer);
      return row.noOnnx?.(options);
    },
  });
}

/** Layers around a layer. */
export function wrapperLayers(recurrent: Rows, single: Rows): Record<'bidirectional' | 'timeDistributed', LayerRow> {
  return { bidirectional: defineBidirectional(recurrent), timeDistributed: defineTimeDistributed(single) };
}
