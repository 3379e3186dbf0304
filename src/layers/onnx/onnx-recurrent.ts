import { activate } from './onnx-activations.ts';
import type { OnnxAttribute } from './onnx-graph.ts';
import { type OnnxLayer, type OnnxValue, type SavedWeight, permuted } from './onnx-layer.ts';
import { type RecurrentKind, writeSteps } from './onnx-steps.ts';

/** A cell, with its options as far as they matter at work. */
export interface OnnxCell {
  readonly kind: RecurrentKind;
  /** What the names of its weights begin with, below the layer's. */
  readonly weights: string;
  readonly units: number;
  readonly useBias: boolean;
  readonly activation: string;
  /** Of gru and lstm. */
  readonly recurrentActivation?: string;
}

/** How a sequence is read. */
export interface OnnxSequence {
  readonly returnSequences: boolean;
  readonly goBackwards: boolean;
}

/** The operators, and which gate of TensorFlow.js comes in each place of theirs. */
const operators: Readonly<Record<RecurrentKind, { readonly op: string; readonly gates: readonly number[] }>> = {
  simpleRNN: { op: 'RNN', gates: [0] },
  gru: { op: 'GRU', gates: [0, 1, 2] },
  lstm: { op: 'LSTM', gates: [0, 3, 1, 2] },
};

/** The functions that ONNX's recurrent operators know, with their numbers alpha and beta. */
const functions: Readonly<Record<string, { readonly name: string; readonly alpha?: number; readonly beta?: number }>> =
  {
    elu: { name: 'Elu', alpha: 1 },
    hardSigmoid: { name: 'HardSigmoid', alpha: 0.2, beta: 0.5 },
    linear: { name: 'Affine', alpha: 1, beta: 0 },
    relu: { name: 'Relu' },
    sigmoid: { name: 'Sigmoid' },
    softplus: { name: 'Softplus' },
    softsign: { name: 'Softsign' },
    tanh: { name: 'Tanh' },
  };

/** Whether the operators know the activations of a cell. */
const hasOperator = ({ activation, recurrentActivation = 'linear' }: OnnxCell) =>
  activation in functions && recurrentActivation in functions;

/** Runs cells over a sequence, one after the other. @param cells from input to output */
export function runOnnxCells(cells: readonly OnnxCell[], sequence: OnnxSequence, layer: OnnxLayer): OnnxValue {
  return layer.gives(inOrderOfReading(runInOrder(cells, sequence, layer), sequence, layer));
}

/** ONNX gives outputs in the order of the steps, TensorFlow.js in the one that they were read in. */
function inOrderOfReading(x: string, { returnSequences, goBackwards }: OnnxSequence, layer: OnnxLayer): string {
  if (!returnSequences || !goBackwards) return x;
  return layer.node('Slice', [x, layer.ints([-1]), layer.ints([-(2 ** 31)]), layer.ints([1]), layer.ints([-1])]);
}

/** @returns the outputs in the order of the steps, or the last one */
function runInOrder(
  cells: readonly OnnxCell[],
  { returnSequences, goBackwards }: OnnxSequence,
  layer: OnnxLayer,
): string {
  // [steps, batch, features]
  let sequence = layer.node('Transpose', [layer.last()], { perm: { ints: [1, 0, 2] } });
  for (const [index, cell] of cells.entries()) {
    const all = returnSequences || index < cells.length - 1;
    sequence = (hasOperator(cell) ? runOperator : runStep)(cell, sequence, { goBackwards, all }, layer);
  }
  return returnSequences ? layer.node('Transpose', [sequence], { perm: { ints: [1, 0, 2] } }) : sequence;
}

/** Whether the sequence is read from its end, and all outputs are given or the last one. */
interface Reading {
  readonly goBackwards: boolean;
  readonly all: boolean;
}

/** A cell by ONNX's operator of its kind. @param sequence [steps, batch, features] @returns [steps, batch, units] */
function runOperator(cell: OnnxCell, sequence: string, { goBackwards, all }: Reading, layer: OnnxLayer): string {
  const { op, gates } = operators[cell.kind];
  const turned = (name: string) =>
    layer.weight(`${cell.weights}${name}`, (saved) => {
      const { shape, values } = permuted(inGates(saved, gates), [1, 0]);
      return { shape: [1, ...shape], values };
    });
  const bias = () =>
    layer.weight(`${cell.weights}bias`, (saved) => {
      const { values } = inGates({ ...saved, shape: [1, ...saved.shape] }, gates);
      const both = new Float32Array(2 * values.length);
      both.set(values);
      return { shape: [1, both.length], values: both };
    });
  const inputs = [sequence, turned('kernel'), turned('recurrent_kernel'), ...(cell.useBias ? [bias()] : [])];
  // All outputs are [steps, directions, batch, units], the last one [directions, batch, units].
  const output = layer.node(op, inputs, attributesOf(cell, goBackwards), all ? 0 : 1);
  return layer.node('Squeeze', [output, layer.ints([all ? 1 : 0])]);
}

/** A cell with an activation that the operators do not know, step after step. */
function runStep(cell: OnnxCell, sequence: string, { goBackwards, all }: Reading, layer: OnnxLayer): string {
  const { units, weights, useBias } = cell;
  const product = layer.node('MatMul', [sequence, layer.weight(`${weights}kernel`)]);
  const recurrent = layer.weight(`${weights}recurrent_kernel`);
  const outputs = writeSteps(
    {
      ...cell,
      steps: layer.input.shape[0]!,
      goBackwards,
      read: { name: useBias ? layer.node('Add', [product, layer.weight(`${weights}bias`)]) : product, axis: 0 },
      times: (state, first, count) => {
        const [from, to] = [layer.ints([first * units]), layer.ints([(first + count) * units])];
        return layer.node('MatMul', [state, layer.node('Slice', [recurrent, from, to, layer.ints([1])])]);
      },
      apply: (activation, gate) => layer.last(activate(layer, activation, layer.gives(gate, [units]))),
    },
    layer,
  );
  if (!all) return outputs.at(-1)!;
  const inOrder = goBackwards ? outputs.toReversed() : outputs;
  const apart = inOrder.map((output) => layer.node('Unsqueeze', [output, layer.ints([0])]));
  return layer.node('Concat', apart, { axis: { int: 0 } });
}

/** A recurrent layer from both ends; both results are put together step by step. */
export function runBothWays(
  cellWith: (weights: string) => OnnxCell,
  sequence: OnnxSequence,
  mergeMode: string,
  layer: OnnxLayer,
): OnnxValue {
  const { goBackwards } = sequence;
  const half = (way: string, backward: boolean) => {
    const cell = cellWith(`${way}_${layer.owner}_layer/`);
    return runInOrder([cell], { ...sequence, goBackwards: backward }, layer);
  };
  const halves = [half('forward', goBackwards), half('backward', !goBackwards)];
  const merged = {
    concat: () => layer.node('Concat', halves, { axis: { int: -1 } }),
    sum: () => layer.node('Sum', halves),
    ave: () => layer.node('Mean', halves),
    mul: () => layer.node('Mul', halves),
  }[mergeMode]!();
  return layer.gives(inOrderOfReading(merged, sequence, layer));
}

function attributesOf(
  { kind, units, activation, recurrentActivation }: OnnxCell,
  goBackwards: boolean,
): Record<string, OnnxAttribute> {
  const names = {
    simpleRNN: [activation],
    gru: [recurrentActivation!, activation],
    lstm: [recurrentActivation!, activation, activation],
  }[kind];
  const chosen = names.map((name) => functions[name]!);
  const numbers = (what: 'alpha' | 'beta') => chosen.flatMap((one) => one[what] ?? []);
  return {
    hidden_size: { int: units },
    direction: { text: goBackwards ? 'reverse' : 'forward' },
    activations: { texts: chosen.map(({ name }) => name) },
    ...(numbers('alpha').length === 0 ? {} : { activation_alpha: { floats: numbers('alpha') } }),
    ...(numbers('beta').length === 0 ? {} : { activation_beta: { floats: numbers('beta') } }),
  };
}

/** The columns of a kernel [inputs, gates * units], gate by gate in another order. */
function inGates({ shape, values }: SavedWeight, gates: readonly number[]): SavedWeight {
  const [rows, columns] = shape as [number, number];
  const units = columns / gates.length;
  const parts = permuted({ shape: [rows, gates.length, units], values }, [1, 0, 2]);
  const result = new Float32Array(values.length);
  for (const [to, from] of gates.entries())
    result.set(parts.values.subarray(from * rows * units, (from + 1) * rows * units), to * rows * units);
  return { shape, values: permuted({ shape: [gates.length, rows, units], values: result }, [1, 0, 2]).values };
}
