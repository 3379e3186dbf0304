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

/** A layer of a case; `from` as that of KerasLayer. */
type CaseLayer = Chosen & { readonly from?: readonly number[] };

/**
 * Layers one below the other; the first gets the input and, where it takes several, what scale and offset make of it;
 * with a mask value, the steps of which are masked.
 */
export interface LayerCase {
  readonly title: string;
  readonly shape: readonly number[];
  readonly inputs: readonly (readonly [scale: number, offset: number, maskValue?: number])[];
  readonly layers: readonly CaseLayer[];
}

const forms: LayerCase['inputs'] = [
  [1, 0],
  [-0.7, 0.1],
  [0.4, -0.2],
];

/** Shapes to try a layer on: images, sequences, vectors, volumes, and what the examples speak of. */
const usualShapes = [[6, 6, 8], [4, 8], [8], [1], [3, 5, 5, 2], [28, 28, 1]] as const;

const sizes = (axes: number, max: number) =>
  fc.array(fc.integer({ min: 1, max }), { minLength: axes, maxLength: axes });
const anyShape = fc.oneof(sizes(1, 8), sizes(2, 6), sizes(3, 7), sizes(4, 5));

/** How many random choices of options and shape are tried for each row, and drawn for those. */
const [TRIED, DRAWN] = [5, 400];

/** The row's example, its variants and random options, each on a shape that it takes. */
export function casesOf(type: string, shapes: readonly (readonly number[])[] = usualShapes): readonly LayerCase[] {
  const row = layerRow(type);
  const counts = row.merges === 'optional' ? [1, 2, 3] : [row.merges ? 2 : 1];
  const fits = (shape: readonly number[], options: Chosen['options'], count: number) =>
    !isMisfit(
      row.outputShape(
        shape,
        options,
        Array.from({ length: count }, () => shape),
      ),
    );
  const caseOf = (title: string, options: Chosen['options'], shape: readonly number[], count: number): LayerCase => ({
    title: `${title} on ${shape.join(' x ')}`,
    shape,
    inputs: forms.slice(0, count),
    layers: [{ type, options }],
  });
  const variants = [
    ...layerVariants(row).map(({ title, chosen: { options } }) => ({ title, options })),
    ...penalized(row),
  ].flatMap(({ title, options }) =>
    counts.flatMap((count) => {
      const shape = shapes.find((one) => fits(one, options, count));
      return shape === undefined
        ? []
        : [caseOf(`${title}${counts.length > 1 ? ` of ${count}` : ''}`, options, shape, count)];
    }),
  );
  const undecided = Object.entries(notCompared)
    .filter(([types]) => types.split(', ').includes(type))
    .map(([, { when }]) => when);
  const drawn = fc.sample(fc.tuple(arbitraryOptions(row.options), anyShape), { seed: 11, numRuns: DRAWN });
  const random = drawn
    .filter(([options, shape]) => fits(shape, options, counts[0]!) && !undecided.some((when) => when(options, shape)))
    .slice(0, TRIED);
  return [
    ...variants,
    ...random.map(([options, shape], index) => caseOf(`random options ${index + 1}`, options, shape, counts[0]!)),
  ];
}

/** Its example with a penalty and a constraint on every weight, where it has weights that take some. */
function penalized(row: LayerRow): readonly { readonly title: string; readonly options: Chosen['options'] }[] {
  const names = Object.keys(row.options.properties);
  const all = (ending: string, value: object) =>
    Object.fromEntries(names.filter((name) => name.endsWith(ending)).map((name) => [name, value]));
  const changed = { ...all('Regularizer', { l1l2: { l1: 0.2, l2: 0.3 } }), ...all('Constraint', { nonNeg: {} }) };
  return Object.keys(changed).length === 0
    ? []
    : [{ title: 'penalties and constraints', options: exampleLayer(row, changed).options }];
}

/** Masks on their way through layers that know them. */
export const chains: readonly LayerCase[] = [
  ['relu', 'masking', 'lstm 5'],
  ['relu', 'masking', 'dense 3', 'tanh', 'dropout 0', 'gru(4) sequences', 'simpleRNN 3'],
  ['relu', 'masking', 'bidirectional lstm(3)'],
  ['relu', 'masking', 'bidirectional gru(3) sum', 'dense 2'],
  ['embedding 3x4', 'lstm 3'],
  [{ embedding: { inputDim: 3, outputDim: 4, maskZero: true } }, 'lstm 3'],
  [
    { embedding: { inputDim: 3, outputDim: 4, maskZero: true } },
    'layerNormalization',
    { rnn: { cells: ['lstmCell(3)', 'gruCell(2)'] } },
  ],
  ['conv 3x3x4 same', 'relu', 'maxpool 2x2', 'batchnorm', 'flatten', 'dense 3 softmax'],
].map((stack) => {
  return {
    title: stack.map((layer) => (typeof layer === 'string' ? layer : JSON.stringify(layer))).join(', '),
    shape: inputShapeOf(stack[0]!),
    inputs: forms.slice(0, 1),
    layers: layersOf(JSON.stringify(stack)),
  };
});

function inputShapeOf(first: string | object): readonly number[] {
  if (typeof first === 'object' || first.startsWith('embedding')) return [6];
  return first.startsWith('conv') ? [6, 6, 2] : [6, 2];
}

/** The case as a graph of our own rows. */
export function connected({ inputs, layers }: LayerCase): readonly ConnectedLayer[] {
  const above: ConnectedLayer[] = [];
  const below = (type: string, options: Chosen['options'], from: number) =>
    above.push({ type, name: `branch${above.length}`, options, inputs: [from] }) - 1;
  const given = inputs.map(([scale, offset, maskValue]) => {
    const scaled = scale === 1 && offset === 0 ? -1 : below('rescaling', { scale, offset }, -1);
    return maskValue === undefined ? scaled : below('masking', { maskValue }, scaled);
  });
  const place = (from: number) => (from < 0 ? given[-1 - from]! : above.length + from);
  return [
    ...above,
    ...layers.map(({ type, options, from }, index): ConnectedLayer => ({
      type,
      name: `layer${index}`,
      options,
      inputs: from?.map(place) ?? (index === 0 ? given : [place(index - 1)]),
    })),
  ];
}

/** Values of a batch: whole numbers below what the layer knows where it reads indices, else in [-1, 1). */
export function inputOf({ shape, inputs, layers: [first] }: LayerCase, batch: number): Float32Array {
  const values = numbers(
    shape.reduce((product, size) => product * size, batch),
    17,
  );
  const indices = layerRow(first!.type).readsIndices?.(first!.options) !== undefined;
  const below = indices ? indexLimit(first!.options) : 1;
  const given = indices ? values.map((value) => Math.floor(((value + 1) / 2) * below)) : values;
  if (inputs.every(([, , maskValue]) => maskValue === undefined)) return given;
  // Of four steps, one is 0 and one 0.5.
  return given.map((value, index) => [value, 0, indices ? value : 0.5, value][Math.floor(index / shape.at(-1)!) % 4]!);
}

function indexLimit(options: object): number {
  return Math.min(
    ...Object.entries(options).map(([name, value]) => {
      if (name === 'inputDim' || name === 'numTokens') return value as number;
      return value !== null && typeof value === 'object' ? indexLimit(value) : Infinity;
    }),
  );
}

/** Whether something is drawn in training, which no two programs do alike. */
export function isRandom(options: object): boolean {
  return Object.entries(options).some(([name, value]) =>
    /^(rate|stddev|dropout|recurrentDropout)$/.test(name)
      ? value !== 0
      : !/(Constraint|Initializer)$/.test(name) && value !== null && typeof value === 'object' && isRandom(value),
  );
}
