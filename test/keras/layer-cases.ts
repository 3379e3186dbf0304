import fc from 'fast-check';
import { type Chosen, isMisfit } from '../../src/base/row.ts';
import type { ConnectedLayer } from '../../src/layers/build-model.ts';
import type { LayerRow } from '../../src/layers/layer.ts';
import { layerRow } from '../../src/layers/layers.ts';
import { arbitraryOptions } from '../contract/arbitrary-options.ts';
import { exampleLayer, layerVariants } from '../contract/row-examples.ts';
import { numbers } from '../engine/graph/rig.ts';
import { layersOf } from '../layers/layer-rig.ts';
import { notCompared } from './known-differences.ts';

/** Layers one below the other; the first gets the input and, where it takes several, what scale and offset make of it. */
export interface LayerCase {
  readonly title: string;
  readonly shape: readonly number[];
  readonly inputs: readonly (readonly [scale: number, offset: number])[];
  readonly layers: readonly Chosen[];
}

const forms: LayerCase['inputs'] = [[1, 0], [-0.7, 0.1], [0.4, -0.2]];

/** Shapes to try a layer on: images, sequences, vectors, volumes, and what the examples speak of. */
const shapes = [[6, 6, 8], [4, 8], [8], [1], [3, 5, 5, 2], [28, 28, 1]] as const;

const sizes = (axes: number, max: number) => fc.array(fc.integer({ min: 1, max }), { minLength: axes, maxLength: axes });
const anyShape = fc.oneof(sizes(1, 8), sizes(2, 6), sizes(3, 7), sizes(4, 5));

/** How many random choices of options and shape are tried for each row, and drawn for those. */
const [TRIED, DRAWN] = [5, 400];

/** The row's example, its variants and random options, each on a shape that it takes. */
export function casesOf(type: string): readonly LayerCase[] {
  const row = layerRow(type);
  const counts = row.merges === 'optional' ? [1, 2, 3] : [row.merges ? 2 : 1];
  const fits = (shape: readonly number[], options: Chosen['options'], count: number) => !isMisfit(row.outputShape(shape, options, Array.from({ length: count }, () => shape)));
  const caseOf = (title: string, options: Chosen['options'], shape: readonly number[], count: number): LayerCase => ({ title: `${title} on ${shape.join(' x ')}`, shape, inputs: forms.slice(0, count), layers: [{ type, options }] });
  const variants = [...layerVariants(row).map(({ title, chosen: { options } }) => ({ title, options })), ...penalized(row)].flatMap(({ title, options }) => counts.flatMap((count) => {
    const shape = shapes.find((one) => fits(one, options, count));
    return shape === undefined ? [] : [caseOf(`${title}${counts.length > 1 ? ` of ${count}` : ''}`, options, shape, count)];
  }));
  const undecided = Object.entries(notCompared).filter(([types]) => types.split(', ').includes(type)).map(([, { when }]) => when);
  const drawn = fc.sample(fc.tuple(arbitraryOptions(row.options), anyShape), { seed: 11, numRuns: DRAWN });
  const random = drawn.filter(([options, shape]) => fits(shape, options, counts[0]!) && !undecided.some((when) => when(options, shape))).slice(0, TRIED);
  return [...variants, ...random.map(([options, shape], index) => caseOf(`random options ${index + 1}`, options, shape, counts[0]!))];
}

/** Its example with a penalty and a constraint on every weight, where it has weights that take some. */
function penalized(row: LayerRow): readonly { readonly title: string; readonly options: Chosen['options'] }[] {
  const names = Object.keys(row.options.properties);
  const all = (ending: string, value: object) => Object.fromEntries(names.filter((name) => name.endsWith(ending)).map((name) => [name, value]));
  const changed = { ...all('Regularizer', { l1l2: { l1: 0.2, l2: 0.3 } }), ...all('Constraint', { nonNeg: {} }) };
  return Object.keys(changed).length === 0 ? [] : [{ title: 'penalties and constraints', options: exampleLayer(row, changed).options }];
}

/** Masks on their way through layers that know them. */
export const chains: readonly LayerCase[] = [
  ['relu', 'masking', 'lstm 5'],
  ['relu', 'masking', 'dense 3', 'tanh', 'dropout 0', 'gru(4) sequences', 'simpleRNN 3'],
  ['relu', 'masking', 'bidirectional lstm(3)'],
  ['relu', 'masking', 'bidirectional gru(3) sum', 'dense 2'],
  ['embedding 3x4', 'lstm 3'],
  [{ embedding: { inputDim: 3, outputDim: 4, maskZero: true } }, 'lstm 3'],
  [{ embedding: { inputDim: 3, outputDim: 4, maskZero: true } }, 'layerNormalization', { rnn: { cells: ['lstmCell(3)', 'gruCell(2)'] } }],
  ['conv 3x3x4 same', 'relu', 'maxpool 2x2', 'batchnorm', 'flatten', 'dense 3 softmax'],
].map((stack) => {
  const [first] = stack;
  const shape = typeof first === 'object' || first!.startsWith('embedding') ? [6] : first!.startsWith('conv') ? [6, 6, 2] : [6, 2];
  return { title: stack.map((layer) => (typeof layer === 'string' ? layer : JSON.stringify(layer))).join(', '), shape, inputs: forms.slice(0, 1), layers: layersOf(JSON.stringify(stack)) };
});

/** The case as a graph of our own rows. */
export function connected({ inputs, layers }: LayerCase): readonly ConnectedLayer[] {
  const branches = inputs.slice(1).map(([scale, offset], index): ConnectedLayer => ({ type: 'rescaling', name: `branch${index}`, options: { scale, offset }, inputs: [-1] }));
  const given = inputs.map((_, index) => index - 1);
  return [...branches, ...layers.map(({ type, options }, index): ConnectedLayer => ({ type, name: `layer${index}`, options, inputs: index === 0 ? given : [branches.length + index - 1] }))];
}

/** Values of a batch: whole numbers below what the layer knows where it reads indices, else in [-1, 1). */
export function inputOf({ shape, layers: [first] }: LayerCase, batch: number): Float32Array {
  const values = numbers(shape.reduce((product, size) => product * size, batch), 17);
  if (!layerRow(first!.type).readsIndices?.(first!.options)) return values;
  const below = indexLimit(first!.options);
  return values.map((value) => Math.floor(((value + 1) / 2) * below));
}

function indexLimit(options: object): number {
  return Math.min(...Object.entries(options).map(([name, value]) => (name === 'inputDim' || name === 'numTokens' ? (value as number) : value !== null && typeof value === 'object' ? indexLimit(value) : Infinity)));
}

/** Whether something is drawn in training, which no two programs do alike. */
export function isRandom(options: object): boolean {
  return Object.entries(options).some(([name, value]) => (/^(rate|stddev|dropout|recurrentDropout)$/.test(name) ? value !== 0 : !/(Constraint|Initializer)$/.test(name) && value !== null && typeof value === 'object' && isRandom(value)));
}

