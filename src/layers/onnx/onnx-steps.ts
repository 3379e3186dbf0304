import type { OnnxLayer } from './onnx-layer.ts';

/** The recurrent layers, by what each of their steps computes. */
export type RecurrentKind = 'simpleRNN' | 'gru' | 'lstm';

/** What steps are written with. */
export interface OnnxSteps {
  readonly kind: RecurrentKind;
  readonly steps: number;
  readonly goBackwards: boolean;
  /** Of each gate, along axis 1 of a step. */
  readonly units: number;
  readonly activation: string;
  /** Of gru and lstm. */
  readonly recurrentActivation?: string;
  /** What steps take of their input, all gates side by side; and the axis that the steps are along. */
  readonly read: { readonly name: string; readonly axis: number };
  /** A state by the recurrent kernel's part for so many gates. */
  times(state: string, first: number, count: number): string;
  /** What an activation makes of a gate. */
  apply(activation: string, gate: string): string;
}

/**
 * Writes a recurrent layer out, step after step, where ONNX has no operator for it; gates are in TensorFlow.js' order.
 *
 * @returns the outputs of the steps, in the order that they are read in
 */
export function writeSteps(given: OnnxSteps, layer: OnnxLayer): readonly string[] {
  const { kind, steps, goBackwards, read } = given;
  let state: readonly string[] = [];
  return Array.from({ length: steps }, (_, index) => {
    const step = goBackwards ? steps - 1 - index : index;
    const input = layer.node('Gather', [read.name, layer.ints([step], [])], { axis: { int: read.axis } });
    state = forms[kind](given, layer, input, state);
    return state[0]!;
  });
}

/** The new state, the output first; before the first step there is none, which stands for zeros. */
type Form = (given: OnnxSteps, layer: OnnxLayer, input: string, state: readonly string[]) => readonly string[];

const forms: Readonly<Record<RecurrentKind, Form>> = {
  simpleRNN: (given, layer, input, [output]) => [
    given.apply(given.activation, plus(layer, input, output && given.times(output, 0, 1))),
  ],
  gru: (given, layer, input, [before]) => {
    const gates = plus(layer, part(given, layer, input, 0, 2), before && given.times(before, 0, 2));
    const [update, reset] = [0, 1].map((place) =>
      given.apply(given.recurrentActivation!, part(given, layer, gates, place, 1)),
    ) as [string, string];
    const passed = before && given.times(layer.node('Mul', [reset, before]), 2, 1);
    const after = given.apply(given.activation, plus(layer, part(given, layer, input, 2, 1), passed));
    const taken = layer.node('Mul', [layer.node('Sub', [layer.floats(1), update]), after]);
    return [plus(layer, taken, before && layer.node('Mul', [update, before]))];
  },
  lstm: (given, layer, input, [before, carried]) => {
    const gates = plus(layer, input, before && given.times(before, 0, 4));
    const gate = (place: number, activation: string) => given.apply(activation, part(given, layer, gates, place, 1));
    const recurrent = given.recurrentActivation!;
    const taken = layer.node('Mul', [gate(0, recurrent), gate(2, given.activation)]);
    const carry = plus(layer, taken, carried && layer.node('Mul', [gate(1, recurrent), carried]));
    return [layer.node('Mul', [gate(3, recurrent), given.apply(given.activation, carry)]), carry];
  },
};

const plus = (layer: OnnxLayer, a: string, b: string | undefined) => (b === undefined ? a : layer.node('Add', [a, b]));

/** Some gates of those side by side. */
function part({ units }: OnnxSteps, layer: OnnxLayer, gates: string, first: number, count: number): string {
  const [from, to] = [layer.ints([first * units]), layer.ints([(first + count) * units])];
  return layer.node('Slice', [gates, from, to, layer.ints([1])]);
}
