import type * as TensorFlow from '@tensorflow/tfjs';
import { type TObject, Type } from 'typebox';
import type { Shape } from '../base/tensor-shape.ts';
import { choice } from '../base/row.ts';
import type { BuildContext } from './build-context.ts';
import { type Cell, cellOptions, cells, chosenCell } from './cells.ts';
import { type LayerRow, defineLayer, trained, wrongRank } from './layer.ts';
import { type OnnxCell, runOnnxCells } from './onnx/onnx-recurrent.ts';
import { type WordReader, anyOf, numberWord } from './options.ts';
import { type Run, runCells } from './run-cells.ts';
import { single } from './without-gradient.ts';

/** What all recurrent layers do with a sequence. */
export const sequenceOptions = {
  returnSequences: Type.Boolean({
    description: 'Give on the output of every step instead of the last one.',
    default: false,
  }),
  goBackwards: Type.Boolean({ description: 'Read the sequence from its end.', default: false }),
};

/** `sequences`, `backwards`. */
export const sequenceWord: WordReader = (word) => {
  if (word === 'sequences') return { returnSequences: true };
  return word === 'backwards' ? { goBackwards: true } : undefined;
};

/** The output of the last step alone has no steps that may not be there. */
export const keepsSteps = (
  { returnSequences }: { readonly returnSequences: boolean },
  [given]: readonly boolean[],
): boolean => given! && returnSequences;

/**
 * Lets a recurrent layer run its cells our way, its dropout drawn from its seed and the training step, and count its
 * penalties.
 */
function runBy<L extends TensorFlow.layers.Layer>(
  layer: L,
  context: BuildContext,
  inside: readonly Cell[],
  order: Pick<Run, 'goBackwards' | 'returnSequences'>,
): L {
  layer.call = (inputs, { training, mask, zeroOutputForMask }) =>
    context.tf.tidy(() =>
      runCells(context, inside, single(inputs), {
        ...order,
        training: training === true,
        mask: mask ?? undefined,
        zeroOutputForMask: zeroOutputForMask === true,
      }),
    );
  // The stock one leaves out the regularizers of cells.
  layer.calculateLosses = () => inside.flatMap((cell) => cell.calculateLosses());
  return layer;
}

function sequenceShape(name: string, input: Shape, units: number, returnSequences: boolean) {
  if (input.length !== 2) return wrongRank(name, '[steps, features]', input);
  return returnSequences ? [input[0]!, units] : [units];
}

function defineRecurrent(name: 'simpleRNN' | 'gru' | 'lstm', doc: string): LayerRow {
  const cell = cells[`${name}Cell`];
  // The options of the three share those of the first.
  const options = Type.Object({
    ...(cellOptions[name] as (typeof cellOptions)['simpleRNN']).properties,
    ...sequenceOptions,
  });
  return defineLayer({
    doc,
    example: `${name}: { units: 64 }`,
    options,
    text: { usage: `${name} UNITS [sequences] [backwards]`, word: anyOf(numberWord('units'), sequenceWord) },
    outputShape: (input, { units, returnSequences }) => sequenceShape(name, input, units, returnSequences),
    parameters: (input, given) => trained(cell.parameters(input[1]!, given)),
    flops: (input, _, given) => input[0]! * (2 * cell.parameters(input[1]!, given) + cell.flops(given)),
    activations: (input, _, given) => stackValues(input, [{ row: cell, options: given }], given.returnSequences),
    mask: keepsSteps,
    values: (_, given) => cell.gives(given),
    build: (given, context) => {
      const args = { ...given, ...context.weights(given, 'kernel', 'recurrent', 'bias'), name: context.name };
      const layer = context.tf.layers[name](args);
      return runBy(layer, context, [layer.cell], given);
    },
    onnx: (given, layer) => runOnnxCells([cell.onnx(given, '')], given, layer),
  });
}

const cellChoice: TObject = choice('cell', cells, { description: 'A cell.' });

/** Recurrent layers. */
export const recurrentLayers: Record<'simpleRNN' | 'gru' | 'lstm' | 'rnn', LayerRow> = {
  simpleRNN: defineRecurrent(
    'simpleRNN',
    'A recurrent layer that feeds its output back, over a sequence [steps, features] (Elman 1990).',
  ),
  gru: defineRecurrent(
    'gru',
    'Gated recurrent units over a sequence [steps, features] (Cho et al. 2014). ' +
      'The reset gate comes before the product with the recurrent kernel.',
  ),
  lstm: defineRecurrent(
    'lstm',
    'Long short-term memory over a sequence [steps, features] (Hochreiter and Schmidhuber 1997).',
  ),
  rnn: defineLayer({
    doc:
      'Cells stacked on each other, run over a sequence [steps, features] together: ' +
      'each step goes through all of them.',
    example: 'rnn: { cells: [lstmCell(32), gruCell(16)] }',
    options: Type.Object({
      cells: Type.Array(cellChoice, { description: 'The cells, from input to output.', minItems: 1, maxItems: 16 }),
      ...sequenceOptions,
    }),
    text: {
      usage: 'rnn CELL(UNITS)... [sequences]',
      word: (word, position) => sequenceWord(word, position) ?? (position === 0 ? { cells: [word] } : undefined),
    },
    outputShape: (input, given) => {
      const { row, options } = chosenCell(given.cells.at(-1)!);
      return sequenceShape('rnn', input, row.units(options), given.returnSequences);
    },
    parameters: (input, given) => trained(stackParameters(input[1]!, given.cells)),
    flops: (input, _, given) =>
      input[0]! *
      (2 * stackParameters(input[1]!, given.cells) +
        given.cells.map(chosenCell).reduce((sum, { row, options }) => sum + row.flops(options), 0)),
    activations: (input, _, given) => stackValues(input, given.cells.map(chosenCell), given.returnSequences),
    mask: keepsSteps,
    values: (_, given) => {
      const { row, options } = chosenCell(given.cells.at(-1)!);
      return row.gives(options);
    },
    build: (given, context) => {
      const stack = given.cells.map((value, index) => {
        const { row, options } = chosenCell(value);
        return row.build(options, context.within(`cell_${index + 1}`));
      });
      const { tf, name } = context;
      const layer = tf.layers.rnn({
        ...given,
        cell: stack.length === 1 ? stack[0]! : stack,
        name,
      }) as TensorFlow.layers.Layer;
      return runBy(layer, context, stack, given);
    },
    onnx: (given, layer) => runOnnxCells(onnxCells(given.cells), given, layer),
  }),
};

/**
 * Each cell's input with the steps first, what its steps keep, and the outputs of all steps where they are given on;
 * dropped values need a mask, beside the last output.
 */
function stackValues(
  [steps, features]: Shape,
  stack: readonly ReturnType<typeof chosenCell>[],
  returnSequences: boolean,
): number {
  let [total, below] = [0, features!];
  for (const { row, options } of stack) {
    const { dropout, recurrentDropout } = options as Readonly<Record<'dropout' | 'recurrentDropout', number>>;
    total += steps! * (below + row.values(options)) + (dropout > 0 ? below : 0);
    below = row.units(options);
    if (recurrentDropout > 0) total += 2 * below;
  }
  return total + (returnSequences ? steps! * below : 0);
}

function onnxCells(stack: readonly Readonly<Record<string, unknown>>[]): readonly OnnxCell[] {
  return stack.map((value, index) => {
    const { row, options } = chosenCell(value);
    return row.onnx(options, stack.length === 1 ? '' : `RNNCell_${index}/`);
  });
}

function stackParameters(features: number, stack: readonly Readonly<Record<string, unknown>>[]): number {
  let [total, below] = [0, features];
  for (const value of stack) {
    const { row, options } = chosenCell(value);
    total += row.parameters(below, options);
    below = row.units(options);
  }
  return total;
}
