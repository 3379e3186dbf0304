import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { Tf } from '../engine/engine.ts';
import type { BuildContext } from './build-context.ts';
import type { Cell } from './cells.ts';
import { presence } from './masks.ts';
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
  /** The input times the kernel and the bias, plus a state [batch, units] times the recurrent kernel; one for each part of the kernels. */
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
  if (['softmax', 'logSoftmax'].includes(activation.getClassName())) return tf.split(gates, count, 1).map((gate) => activation.apply(gate));
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
 * Runs cells over a sequence, as RNN of TensorFlow.js does it (to 1e-6 of the result), one cell after the other. What does
 * not depend on the step before is computed for all steps at once: the product with the kernel, and the gradients of
 * both kernels.
 *
 * @param sequence [batch, steps, features] @returns [batch, steps, units] or, for the last step alone, [batch, units]
 */
export function runCells(context: BuildContext, cells: readonly Cell[], sequence: Tensor, { training, goBackwards, returnSequences, mask, zeroOutputForMask }: Run): Tensor {
  const { tf } = context;
  const inOrder = (value: Tensor, order: number[]) => {
    const stepsFirst = tf.transpose(value, order);
    return goBackwards ? tf.reverse(stepsFirst, 0) : stepsFirst;
  };
  // Numbers that a cast alone does not give: oneDNN complains on the terminal when truth values are transposed, and TensorFlow would put the cast last.
  const absent = mask && tf.expandDims(inOrder(tf.sub(1, presence(tf, mask, sequence.shape.slice(0, 2))), [1, 0]), -1);
  const masks = absent && { kept: tf.unstack(tf.sub(1, absent)), held: tf.unstack(absent) };
  let input = inOrder(sequence, [1, 0, 2]) as Tensor3D;
  let outputs: Tensor[] = [];
  for (const [index, cell] of (cells as readonly unknown[] as readonly CellFields[]).entries()) {
    if (index > 0) input = tf.stack(outputs) as Tensor3D;
    outputs = runCell(training ? context : { tf }, `cell ${index}`, cell, input, masks);
  }
  if (!returnSequences) return outputs.at(-1)!;
  return tf.stack(zeroOutputForMask && masks !== undefined ? outputs.map((output, step) => tf.mul(output, masks.kept[step]!)) : outputs, 1);
}

interface Masks {
  readonly kept: readonly Tensor[];
  readonly held: readonly Tensor[];
}

/** @param context with random numbers in training @param input [steps, batch, features] @returns the outputs of all steps, each [batch, units] */
function runCell({ tf, uniform }: Pick<BuildContext, 'tf'> & Partial<BuildContext>, name: string, cell: CellFields, input: Tensor3D, masks: Masks | undefined): Tensor[] {
  const form = forms[cell.getClassName()]!;
  const [steps, batch, features] = input.shape;
  const dropper = (rate: number, size: number, what: string) => {
    if (rate === 0 || uniform === undefined) return (value: Tensor) => value;
    const mask = tf.div(keepMask({ tf, uniform }, [batch, size], rate, `${name} ${what}`), 1 - rate);
    return (value: Tensor) => tf.mul(value, mask);
  };
  const dropped = tf.reshape(dropper(cell.dropout, features, 'input')(input), [steps * batch, features]) as Tensor2D;
  const biases = cell.bias === null ? [] : form.parts(tf, cell.bias.read());
  const recurrent = form.parts(tf, cell.recurrentKernel.read());
  const parts = form.parts(tf, cell.kernel.read()).map((kernel, part) => {
    const product = tf.matMul(dropped, kernel as Tensor2D);
    const added = biases[part] === undefined ? product : tf.add(product, biases[part]);
    return shareMatrix(tf, tf.reshape(added, [steps, batch, -1]) as Tensor3D, recurrent[part] as Tensor2D);
  });
  const drop = dropper(cell.recurrentDropout, cell.units, 'state');
  const outputs: Tensor[] = [];
  let state: readonly Tensor[] = Array.from({ length: form.states }, () => tf.zeros([batch, cell.units]));
  for (let step = 0; step < steps; step++) {
    const next = form.step({ tf, cell, terms: parts.map((part) => (left) => part(step, left as Tensor2D)), drop, state });
    state = masks === undefined ? next : next.map((value, k) => tf.add(tf.mul(value, masks.kept[step]!), tf.mul(state[k]!, masks.held[step]!)));
    outputs.push(state[0]!);
  }
  return outputs;
}
