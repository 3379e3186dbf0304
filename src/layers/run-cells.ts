import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { Tf } from '../engine/tensorflow.ts';
import { type Product, recordLoop } from '../engine/graph/loop.ts';
import { isCompiled } from '../engine/graph/trace.ts';
import type { BuildContext } from './build-context.ts';
import type { Cell } from './cells.ts';
import { presence } from './padding-masks.ts';
import { keepMask } from './noise.ts';
import { shareMatrix } from './share-matrix.ts';

interface Weight {
  read(): Tensor2D;
}

interface Activation {
  apply(value: Tensor): Tensor;
  getClassName(): string;
}

/** The fields of a cell that its own call uses; its class keeps them protected. */
interface CellFields {
  readonly units: number;
  readonly kernel: Weight;
  readonly recurrentKernel: Weight;
  readonly bias: Weight | null;
  readonly activation: Activation;
  /** Of lstmCell and gruCell. */
  readonly recurrentActivation: Activation;
  readonly dropout: number;
  readonly recurrentDropout: number;
  getClassName(): string;
}

/** What a cell computes of one step. */
interface Step {
  readonly tf: Tf;
  readonly cell: CellFields;
  /**
   * The input times the kernel and the bias, plus a state [batch, units] times the recurrent kernel; one for each part
   * of the kernels.
   */
  readonly terms: readonly ((state: Tensor) => Tensor)[];
  /** What is dropped of the output before it comes back in. */
  readonly drop: (output: Tensor) => Tensor;
  /** The state, the output of the step before first. */
  readonly state: readonly Tensor[];
}

interface Form {
  readonly states: number;
  /** The columns of a kernel in the parts that `step` gets the terms of. */
  parts(tf: Tf, kernel: Tensor): Tensor[];
  /** The new state, the output first. */
  step(given: Step): Tensor[];
}

/** What each kind of cell of TensorFlow.js computes, as its `call` has it. */
const forms: Readonly<Record<string, Form>> = {
  SimpleRNNCell: {
    states: 1,
    parts: (_, kernel) => [kernel],
    step: ({ cell, terms: [term], drop, state: [output] }) => [cell.activation.apply(term!(drop(output!)))],
  },
  GRUCell: {
    states: 1,
    parts: (tf, kernel) => tf.split(kernel, [2 * (kernel.shape.at(-1)! / 3), kernel.shape.at(-1)! / 3], -1),
    step: ({ tf, cell, terms: [gates, candidate], drop, state: [output] }) => {
      const before = drop(output!);
      const [update, reset] = activate(tf, cell.recurrentActivation, gates!(before), 2);
      const after = cell.activation.apply(candidate!(tf.mul(reset!, before)));
      return [tf.add(tf.mul(update!, before), tf.mul(tf.sub(1, update!), after))];
    },
  },
  LSTMCell: {
    states: 2,
    // The gates side by side, which share an activation.
    parts: (tf, kernel) => {
      const [input, forget, candidate, output] = tf.split(kernel, 4, -1);
      return [tf.concat([input!, forget!, output!, candidate!], -1)];
    },
    step: ({ tf, cell, terms: [term], drop, state: [before, carried] }) => {
      const [gates, candidate] = tf.split(term!(drop(before!)), [3 * cell.units, cell.units], 1);
      const [input, forget, output] = activate(tf, cell.recurrentActivation, gates!, 3);
      const carry = tf.add(tf.mul(forget!, carried!), tf.mul(input!, cell.activation.apply(candidate!)));
      return [tf.mul(output!, cell.activation.apply(carry)), carry];
    },
  },
};

/** The activation of gates that lie side by side. */
function activate(tf: Tf, activation: Activation, gates: Tensor, count: number): Tensor[] {
  // These look at all values of a gate; others at each by itself.
  if (['softmax', 'logSoftmax'].includes(activation.getClassName()))
    return tf.split(gates, count, 1).map((gate) => activation.apply(gate));
  return tf.split(activation.apply(gates), count, 1);
}

/** How a sequence is run through cells. */
export interface Run {
  readonly training: boolean;
  readonly goBackwards: boolean;
  readonly returnSequences: boolean;
  /** [batch, steps]: false where a step leaves state and output as they are. */
  readonly mask: Tensor | undefined;
  /** Whether the outputs of such steps, where all are given on, are zeros instead. */
  readonly zeroOutputForMask: boolean;
}

/**
 * Up to so many steps, each is written out in a compiled graph; more are a loop of the graph, whose compiling takes the
 * same time and memory for any number (bench/README.md).
 */
export const mostStepsWrittenOut = 64;

/**
 * Runs cells over a sequence, as RNN of TensorFlow.js does it (to 1e-6 of the result), one cell after the other. What
 * does not depend on the step before is computed for all steps at once: the product with the kernel, and the gradients
 * of both kernels.
 *
 * @param sequence [batch, steps, features] @returns [batch, steps, units] or, for the last step alone, [batch, units]
 */
export function runCells(
  context: BuildContext,
  cells: readonly Cell[],
  sequence: Tensor,
  { training, goBackwards, returnSequences, mask, zeroOutputForMask }: Run,
): Tensor {
  const { tf } = context;
  const inOrder = (value: Tensor, order: number[]) => {
    const stepsFirst = tf.transpose(value, order);
    return goBackwards ? tf.reverse(stepsFirst, 0) : stepsFirst;
  };
  // Numbers that a cast alone does not give: oneDNN complains on the terminal when truth values are transposed, and
  // TensorFlow would put the cast last.
  const absent = mask && tf.expandDims(inOrder(tf.sub(1, presence(tf, mask, sequence.shape.slice(0, 2))), [1, 0]), -1);
  const masks = absent && { kept: tf.sub(1, absent), held: absent };
  const looped = sequence.shape[1]! > mostStepsWrittenOut && isCompiled();
  const [kept, held] = looped || masks === undefined ? [[], []] : [tf.unstack(masks.kept), tf.unstack(masks.held)];
  let outputs: readonly Tensor[] | Tensor = inOrder(sequence, [1, 0, 2]);
  for (const [index, cell] of fieldsOf(cells).entries()) {
    const input = isList(outputs) ? tf.stack([...outputs]) : outputs;
    const prepared = prepare(training ? context : { tf }, `cell ${index}`, cell, input as Tensor3D);
    const all = returnSequences || index < cells.length - 1;
    outputs = looped ? loopCell(tf, prepared, masks, all) : writeOutCell(tf, prepared, kept, held);
  }
  if (!returnSequences) return isList(outputs) ? outputs.at(-1)! : outputs;
  const zeroed = zeroOutputForMask && masks !== undefined;
  if (isList(outputs))
    return tf.stack(zeroed ? outputs.map((output, step) => tf.mul(output, kept[step]!)) : [...outputs], 1);
  return tf.transpose(zeroed ? tf.mul(outputs, masks.kept) : outputs, [1, 0, 2]);
}

function fieldsOf(cells: readonly object[]): readonly CellFields[] {
  if (!cells.every(hasFields)) throw new Error('a cell of this version of TensorFlow.js has other fields');
  return cells;
}

function hasFields(cell: object): cell is CellFields {
  return ['units', 'kernel', 'recurrentKernel', 'activation', 'dropout', 'recurrentDropout'].every(
    (name) => name in cell,
  );
}

function isList(outputs: readonly Tensor[] | Tensor): outputs is readonly Tensor[] {
  return Array.isArray(outputs);
}

/** [steps, batch, 1]: 1 where a step is there, and where it is not. */
interface Masks {
  readonly kept: Tensor;
  readonly held: Tensor;
}

/** A cell with what can be computed of a sequence before the first step. */
interface Prepared {
  readonly cell: CellFields;
  readonly steps: number;
  /**
   * For each part of the kernels: the input times it, and the bias, [steps, batch, columns]; and the part of the
   * recurrent kernel.
   */
  readonly products: readonly { readonly addends: Tensor3D; readonly matrix: Tensor2D }[];
  readonly drop: (output: Tensor) => Tensor;
  readonly state: readonly Tensor[];
}

/** @param context with random numbers in training @param input [steps, batch, features] */
function prepare(
  { tf, uniform }: Pick<BuildContext, 'tf'> & Partial<BuildContext>,
  name: string,
  cell: CellFields,
  input: Tensor3D,
): Prepared {
  const form = forms[cell.getClassName()]!;
  const [steps, batch, features] = input.shape;
  const dropper = (rate: number, size: number, what: string) => {
    if (rate === 0 || uniform === undefined) return (value: Tensor) => value;
    const mask = tf.div(keepMask({ tf, uniform }, [batch, size], rate, `${name} ${what}`), 1 - rate);
    return (value: Tensor) => tf.mul(value, mask);
  };
  const dropped = tf.reshape(dropper(cell.dropout, features, 'input')(input), [steps * batch, features]) as Tensor2D;
  const biases = cell.bias === null ? [] : form.parts(tf, cell.bias.read());
  const recurrent = form.parts(tf, cell.recurrentKernel.read()) as Tensor2D[];
  const products = form.parts(tf, cell.kernel.read()).map((kernel, part) => {
    const product = tf.matMul(dropped, kernel as Tensor2D);
    const added = biases[part] === undefined ? product : tf.add(product, biases[part]);
    return { addends: tf.reshape(added, [steps, batch, -1]) as Tensor3D, matrix: recurrent[part]! };
  });
  const drop = dropper(cell.recurrentDropout, cell.units, 'state');
  return {
    cell,
    steps,
    products,
    drop,
    state: Array.from({ length: form.states }, () => tf.zeros([batch, cell.units])),
  };
}

/** The next state, where a step is there; else the one before. */
function nextState(
  tf: Tf,
  { cell, drop }: Prepared,
  terms: Step['terms'],
  state: readonly Tensor[],
  kept?: Tensor,
  held?: Tensor,
): Tensor[] {
  const next = forms[cell.getClassName()]!.step({ tf, cell, terms, drop, state });
  return holdBack(tf, next, state, kept, held);
}

/** What of it is kept, and of the state before what is held; all of it where there is no mask. */
export function holdBack(tf: Tf, next: Tensor[], before: readonly Tensor[], kept?: Tensor, held?: Tensor): Tensor[] {
  return kept === undefined || held === undefined
    ? next
    : next.map((value, k) => tf.add(tf.mul(value, kept), tf.mul(before[k]!, held)));
}

/**
 * @param kept
 * @param held [batch, 1] for each step, where there is a mask
 * @returns the outputs of all steps, each [batch, units]
 */
function writeOutCell(tf: Tf, prepared: Prepared, kept: readonly Tensor[], held: readonly Tensor[]): Tensor[] {
  const parts = prepared.products.map(({ addends, matrix }) => shareMatrix(tf, addends, matrix));
  let { state } = prepared;
  return Array.from({ length: prepared.steps }, (_, step) => {
    state = nextState(
      tf,
      prepared,
      parts.map((part) => (left) => part(step, left as Tensor2D)),
      state,
      kept[step],
      held[step],
    );
    return state[0]!;
  });
}

/** @returns [steps, batch, units] or, for the last step alone, [batch, units] */
function loopCell(tf: Tf, prepared: Prepared, masks: Masks | undefined, all: boolean): Tensor {
  const { steps, state } = prepared;
  const products = prepared.products.map(({ addends, matrix }): Product => ({
    addends,
    weight: matrix,
    times: (left) => tf.matMul(left as Tensor2D, matrix),
    inWeight: (lefts, inProducts) => tf.matMul(lefts as Tensor2D, inProducts as Tensor2D, true),
  }));
  const slices = masks === undefined ? [] : [masks.kept, masks.held];
  return recordLoop(tf, {
    steps,
    state,
    products,
    slices,
    all,
    step: (before, terms, [kept, held]) => nextState(tf, prepared, terms, before, kept, held),
  });
}
