import type * as TensorFlow from '@tensorflow/tfjs';
import { type TObject, Type } from 'typebox';
import { choice } from '../base/row.ts';
import type { BuildContext } from './build-context.ts';
import { type Cell, cellOptions, cells, chosenCell } from './cells.ts';
import { type LayerRow, type Shape, defineLayer, trained, wrongRank } from './layer.ts';
import { type WordReader, anyOf, numberWord } from './options.ts';
import { keepMask } from './noise.ts';

/** What all recurrent layers do with a sequence. */
export const sequenceOptions = {
  returnSequences: Type.Boolean({ description: 'Give on the output of every step instead of the last one.', default: false }),
  goBackwards: Type.Boolean({ description: 'Read the sequence from its end.', default: false }),
};

/** `sequences`, `backwards`. */
export const sequenceWord: WordReader = (word) => (word === 'sequences' ? { returnSequences: true } : word === 'backwards' ? { goBackwards: true } : undefined);

/** A layer that runs cells over a sequence; its class keeps them protected. */
type RecurrentLayer = TensorFlow.layers.Layer & { readonly cell: Cell };

interface MaskedCell {
  dropoutFunc?: (ones: TensorFlow.Tensor, rate: number) => TensorFlow.Tensor;
  dropoutMask: TensorFlow.Tensor | TensorFlow.Tensor[] | null;
  recurrentDropoutMask: TensorFlow.Tensor | TensorFlow.Tensor[] | null;
}

/**
 * Makes a recurrent layer's dropout draw from its seed and the training step, and its penalties count: TensorFlow.js draws
 * without seed, forgets the masks of stacked cells never, and the regularizers of cells always.
 */
export function settle<L extends TensorFlow.layers.Layer>(layer: L, context: BuildContext, inside: readonly Cell[]): L {
  const masked = inside as readonly unknown[] as readonly MaskedCell[];
  let drawn = 0;
  for (const cell of masked) {
    cell.dropoutFunc = (ones, rate) => context.tf.div(keepMask(context, ones.shape, rate, `mask ${drawn++}`), 1 - rate);
  }
  const forget = () => {
    drawn = 0;
    for (const cell of masked) {
      for (const mask of [cell.dropoutMask, cell.recurrentDropoutMask]) if (mask != null) context.tf.dispose(mask);
      [cell.dropoutMask, cell.recurrentDropoutMask] = [null, null];
    }
  };
  const [call, dispose] = [layer.call.bind(layer), layer.dispose.bind(layer)];
  layer.call = (inputs, kwargs) => {
    forget();
    return call(inputs, kwargs);
  };
  layer.dispose = () => {
    forget();
    return dispose();
  };
  layer.calculateLosses = () => inside.flatMap((cell) => cell.calculateLosses());
  return layer;
}

function sequenceShape(name: string, input: Shape, units: number, returnSequences: boolean) {
  return input.length === 2 ? (returnSequences ? [input[0]!, units] : [units]) : wrongRank(name, '[steps, features]', input);
}

function defineRecurrent(name: 'simpleRNN' | 'gru' | 'lstm', doc: string): LayerRow {
  const cell = cells[`${name}Cell`];
  // The options of the three share those of the first.
  const options = Type.Object({ ...(cellOptions[name] as (typeof cellOptions)['simpleRNN']).properties, ...sequenceOptions });
  return defineLayer({
    doc,
    example: `${name}: { units: 64 }`,
    options,
    text: { usage: `${name} UNITS [sequences] [backwards]`, word: anyOf(numberWord('units'), sequenceWord) },
    outputShape: (input, { units, returnSequences }) => sequenceShape(name, input, units, returnSequences),
    parameters: (input, given) => trained(cell.parameters(input[1]!, given)),
    flops: (input, _, given) => input[0]! * (2 * cell.parameters(input[1]!, given) + cell.flops(given)),
    build: (given, context) => {
      const args = { ...given, ...context.weights(given, 'kernel', 'recurrent', 'bias'), name: context.name };
      const layer = context.tf.layers[name](args as never) as TensorFlow.layers.Layer as RecurrentLayer;
      return settle(layer, context, [layer.cell]);
    },
  });
}

const cellChoice: TObject = choice('cell', cells, { description: 'A cell.' });

/** Recurrent layers. */
export const recurrentLayers: Record<'simpleRNN' | 'gru' | 'lstm' | 'rnn', LayerRow> = {
  simpleRNN: defineRecurrent('simpleRNN', 'A recurrent layer that feeds its output back, over a sequence [steps, features] (Elman 1990).'),
  gru: defineRecurrent('gru', 'Gated recurrent units over a sequence [steps, features] (Cho et al. 2014). The reset gate comes before the product with the recurrent kernel.'),
  lstm: defineRecurrent('lstm', 'Long short-term memory over a sequence [steps, features] (Hochreiter and Schmidhuber 1997).'),
  rnn: defineLayer({
    doc: 'Cells stacked on each other, run over a sequence [steps, features] together: each step goes through all of them.',
    example: 'rnn: { cells: [lstmCell(32), gruCell(16)] }',
    options: Type.Object({ cells: Type.Array(cellChoice, { description: 'The cells, from input to output.', minItems: 1, maxItems: 16 }), ...sequenceOptions }),
    text: { usage: 'rnn CELL(UNITS)... [sequences]', word: (word, position) => sequenceWord(word, position) ?? (position === 0 ? { cells: [word] } : undefined) },
    outputShape: (input, given) => {
      const { row, options } = chosenCell(given.cells.at(-1)!);
      return sequenceShape('rnn', input, row.units(options), given.returnSequences);
    },
    parameters: (input, given) => trained(stackParameters(input[1]!, given.cells)),
    flops: (input, _, given) => input[0]! * (2 * stackParameters(input[1]!, given.cells) + given.cells.map(chosenCell).reduce((sum, { row, options }) => sum + row.flops(options), 0)),
    build: (given, context) => {
      const stack = given.cells.map((value, index) => {
        const { row, options } = chosenCell(value);
        return row.build(options, context.within(`cell_${index + 1}`));
      });
      const { tf, name } = context;
      const layer = tf.layers.rnn({ ...given, cell: stack.length === 1 ? stack[0]! : stack, name }) as TensorFlow.layers.Layer;
      return settle(layer, context, stack);
    },
  }),
};

function stackParameters(features: number, stack: readonly Readonly<Record<string, unknown>>[]): number {
  let [total, below] = [0, features];
  for (const value of stack) {
    const { row, options } = chosenCell(value);
    total += row.parameters(below, options);
    below = row.units(options);
  }
  return total;
}
