import type * as TensorFlow from '@tensorflow/tfjs';
import { type Static, type TObject, Type } from 'typebox';
import { realNumber, wholeNumber } from '../base/numbers.ts';
import { type Row, chosenFrom } from '../base/row.ts';
import { keptByActivation } from './activations.ts';
import type { BuildContext } from './build-context.ts';
import type { OnnxCell } from './onnx/onnx-recurrent.ts';
import { activationOption, numberWord, useBiasOption, weightOptions } from './options.ts';
import { type Values, activated, anything, multiplied, withZero } from './values.ts';

/** A recurrent cell of TensorFlow.js. */
export type Cell = Parameters<typeof TensorFlow.layers.stackedRNNCells>[0]['cells'][number];

/** What one step of a recurrent layer computes. */
export interface CellRow<O extends TObject = TObject> extends Row<O> {
  /** Its weights, for so many features. */
  parameters(features: number, options: Static<O>): number;
  /** Floating point operations of one step, beside two for each weight. */
  flops(options: Static<O>): number;
  /** Values of one step that training keeps beside its input: gates, candidates, states. */
  values(options: Static<O>): number;
  /** Size of the state that is its output. */
  units(options: Static<O>): number;
  /** What the values of its output are. */
  gives(options: Static<O>): Values;
  build(options: Static<O>, context: BuildContext): Cell;
  /** As ONNX runs it. @param weights what the names of its weights begin with, below the layer's */
  onnx(options: Static<O>, weights: string): OnnxCell;
}

const dropRate = (what: string) =>
  realNumber({
    description:
      `In training, share of the ${what} that is set to 0: the same ones at each step of a sequence, ` +
      'others in each training step.',
    default: 0,
    minimum: 0,
    exclusiveMaximum: 1,
  });

/** Share of the values that are dropped on their way into a cell. */
export const dropoutOptions = { dropout: dropRate('input'), recurrentDropout: dropRate('state') };

const optionsFor = (gates: string) => ({
  units: wholeNumber({ description: 'Size of the state, and of the output.', minimum: 1 }),
  activation: activationOption('output', 'tanh'),
  useBias: useBiasOption,
  ...weightOptions('kernel', `kernel [features, ${gates}units]`, 'glorotNormal', 2),
  ...weightOptions('recurrent', `recurrent kernel [units, ${gates}units]`, 'orthogonal', 2),
  ...weightOptions('bias', `bias [${gates}units]`, 'zeros', 1),
  ...dropoutOptions,
});

/** Activation of the gates. */
export const gateActivation = activationOption('gates', 'hardSigmoid');

/** `unitForgetBias`. */
export const forgetBiasOption = Type.Boolean({
  description:
    "Start the forget gate's bias at 1 (Jozefowicz et al. 2015). " +
    'Keras does where nothing is said, TensorFlow.js does not.',
  default: false,
});

/** Options of each kind of cell, by the layer that runs it. */
export const cellOptions = {
  simpleRNN: Type.Object(optionsFor('')),
  gru: Type.Object({ ...optionsFor('3 * '), recurrentActivation: gateActivation }),
  lstm: Type.Object({ ...optionsFor('4 * '), recurrentActivation: gateActivation, unitForgetBias: forgetBiasOption }),
};

type Kind = keyof typeof cellOptions;
type Recurrent = Static<(typeof cellOptions)['simpleRNN']>;

/** Kernels in one: as many as the cell has gates and candidates. */
const kernels: Readonly<Record<Kind, number>> = { simpleRNN: 1, gru: 3, lstm: 4 };

interface Gated extends Recurrent {
  readonly recurrentActivation: string;
}

/** Side by side and each by itself; softmax is taken of each by itself alone. */
const gateValues = ({ recurrentActivation }: Gated) =>
  /softmax/i.test(recurrentActivation)
    ? 1
    : 1 + keptByActivation(recurrentActivation, { argument: true, result: false });
const candidateValues = ({ activation }: Recurrent) => keptByActivation(activation, { argument: true, result: true });

/** For each unit, as run-cells.ts computes a step; of the output what is left of it where values are dropped. */
const stepValues: Readonly<Record<Kind, (options: Gated) => number>> = {
  simpleRNN: (options) =>
    options.recurrentDropout > 0
      ? 1 + keptByActivation(options.activation, { argument: true, result: false })
      : candidateValues(options),
  // Two gates; the state that is let through; the candidate; the share of it; the output.
  gru: (options) => 2 * gateValues(options) + candidateValues(options) + 3,
  // Three gates; the candidate; the state, and that through the activation; the output.
  lstm: (options) =>
    3 * gateValues(options) +
    candidateValues(options) +
    (options.activation === 'linear' ? 0 : keptByActivation(options.activation, { argument: false, result: true })) +
    2,
};

/**
 * What a cell gives: a simple one its activation, an lstm a share of that, a gru a mixture of candidates; 0 where all
 * is masked.
 */
function cellValues(kind: Kind, { activation, recurrentActivation, units }: Gated): Values {
  const [candidate, gate] = [activation, recurrentActivation ?? 'linear'].map((name) =>
    activated(name, anything, [units]),
  );
  if (kind === 'simpleRNN') return candidate!.distribution === true ? candidate! : withZero([candidate!]);
  if (kind === 'lstm') return withZero([multiplied([candidate!, { ...gate!, by: candidate!.by! }])]);
  return gate!.low >= 0 && gate!.high <= 1 ? withZero([candidate!]) : anything;
}

function defineCell(kind: Kind, doc: string): CellRow {
  const name = `${kind}Cell` as const;
  const row: CellRow<(typeof cellOptions)['simpleRNN']> = {
    doc,
    example: `rnn: { cells: [{ ${name}: { units: 32 } }] }`,
    options: cellOptions[kind] as (typeof cellOptions)['simpleRNN'],
    text: { usage: `${name}(UNITS)`, word: numberWord('units') },
    parameters: (features, { units, useBias }: Recurrent) =>
      kernels[kind] * units * (features + units + Number(useBias)),
    // Activations and products, some of each per gate and value.
    flops: ({ units }: Recurrent) => 4 * kernels[kind] * units,
    values: (options: Recurrent) => options.units * stepValues[kind](options as Gated),
    units: ({ units }: Recurrent) => units,
    gives: (options: Recurrent) => cellValues(kind, options as Gated),
    build: (options: Recurrent, { tf, name: layerName, weights }) =>
      tf.layers[name]({ ...options, ...weights(options, 'kernel', 'recurrent', 'bias'), name: layerName }),
    onnx: (options: Recurrent, weights) => ({ ...(options as Gated), kind, weights }),
  };
  return row;
}

/** Cells for `rnn`, by the names of the TensorFlow.js Layers API. */
export const cells = {
  simpleRNNCell: defineCell('simpleRNN', 'Feeds its output back (Elman 1990).'),
  gruCell: defineCell('gru', 'Gated recurrent unit (Cho et al. 2014).'),
  lstmCell: defineCell('lstm', 'Long short-term memory (Hochreiter and Schmidhuber 1997).'),
} as const satisfies Record<string, CellRow>;

/** The row and options of a cell that a file chose. */
export function chosenCell(value: Readonly<Record<string, unknown>>): {
  readonly row: CellRow;
  readonly options: Static<TObject>;
} {
  const { type, options } = chosenFrom(cells, value);
  return { row: cells[type as keyof typeof cells], options: options as Static<TObject> };
}
