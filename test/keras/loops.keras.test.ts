import { beforeAll, describe, expect, inject, test } from 'vitest';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { mostStepsWrittenOut } from '../../src/layers/run-cells.ts';
import { losses } from '../../src/training/losses.ts';
import { optimizers } from '../../src/training/optimizers.ts';
import { exampleTraining } from '../contract/row-examples.ts';
import { randomBatch, scale, trainBy } from '../contract/training.ts';
import { relativeDifference } from '../engine/graph/rig.ts';
import { layersOf } from '../layers/layer-rig.ts';
import { type Answer, type WireArray, answered, fromWire, judge, toWire } from './judge.ts';
import { kerasLayer } from './keras-layers.ts';
import { kerasLoss, kerasOptimizer } from './keras-training.ts';

const [STEPS, FEATURES, CLASSES, LEARNING_RATE] = [mostStepsWrittenOut + 2, 3, 3, 0.3];

/** Weights of a cell: gates, features and units. */
const cell = (gates: number, features: number, units: number) => [
  [features, gates * units],
  [units, gates * units],
  [gates * units],
];
/** The same of a cell that convolves, with a kernel of 1x2. */
const filmCell = (channels: number, filters: number) => [
  [1, 2, channels, 4 * filters],
  [1, 2, filters, 4 * filters],
  [4 * filters],
];
const head = (features: number) => [[features, CLASSES], [CLASSES]];

/** Nets with the shapes of their weights. */
const nets = [
  {
    layers: '[{ lstm: { units: 5, recurrentActivation: sigmoid, returnSequences: true } }, gru 4 backwards, dense 3]',
    shapes: [...cell(4, FEATURES, 5), ...cell(3, 5, 4), ...head(4)],
  },
  {
    layers: '[masking, simpleRNN 5 sequences, lstm 4, dense 3]',
    shapes: [...cell(1, FEATURES, 5), ...cell(4, 5, 4), ...head(4)],
  },
  {
    layers:
      '[masking, { bidirectional: { layer: { gru: { units: 4, returnSequences: true } } } }, ' +
      'bidirectional lstm(3), dense 3]',
    shapes: [...cell(3, FEATURES, 4), ...cell(3, FEATURES, 4), ...cell(4, 8, 3), ...cell(4, 8, 3), ...head(6)],
  },
  {
    layers:
      '[masking, { timeDistributed: { layer: reshape 1x3x1 } }, convLstm2d 1x2x3 sequences, ' +
      'convLstm2d 1x2x2 same backwards, flatten, dense 3]',
    shapes: [...filmCell(1, 3), ...filmCell(3, 2), ...head(4)],
  },
  {
    layers:
      '[{ timeDistributed: { layer: reshape 1x3x1 } }, { convLstm2d: { filters: 2, kernelSize: [1, 2], ' +
      'strides: 2, padding: same, recurrentActivation: sigmoid } }, flatten, dense 3]',
    shapes: [...filmCell(1, 2), ...head(4)],
  },
];

/** One batch; the third, fourth, ... sequence has gaps in the middle, and ends early. */
const batches = [1].map((seed) => {
  const batch = randomBatch(6, [STEPS, FEATURES], CLASSES, seed);
  const bytes = batch.x[0] as Uint8Array;
  for (let row = 2; row < 6; row++)
    for (const [from, to] of [
      [3 * row, 4 * row],
      [STEPS - 6 * row, STEPS],
    ])
      bytes.fill(0, (row * STEPS + from!) * FEATURES, (row * STEPS + to!) * FEATURES);
  return batch;
});

function compute(engine: Engine, { layers: text, shapes }: (typeof nets)[number]) {
  const layers = layersOf(text);
  const options = { ...exampleTraining(optimizers.sgd).optimizer.options, learningRate: LEARNING_RATE };
  const { step, states } = trainBy(engine, 'auto', {
    inputShape: [STEPS, FEATURES],
    layers,
    loss: { row: losses.softmaxCrossEntropy, options: { labelSmoothing: 0 } },
    optimizer: { row: optimizers.sgd, options },
    learningRate: LEARNING_RATE,
    classes: CLASSES,
    towers: 2,
    batches,
  });
  const asked = {
    kind: 'training',
    correctsEpsilon: false,
    layers: layers.map(kerasLayer),
    weights: shapes.map((shape, index) => toWire(states[0]![index]!, shape)),
    optimizer: kerasOptimizer('sgd', options, { learning_rate: LEARNING_RATE }),
    loss: kerasLoss('softmaxCrossEntropy', {}),
    batches: batches.map(({ x: [x], count }) =>
      toWire(
        Float32Array.from(x!, (byte) => Math.fround(byte * Math.fround(scale))),
        [count, STEPS, FEATURES],
      ),
    ),
    labels: batches.map(({ y: [y], count }) =>
      toWire(
        Float32Array.from({ length: count * CLASSES }, (_, index) =>
          Number(y![Math.floor(index / CLASSES)] === index % CLASSES),
        ),
        [count, CLASSES],
      ),
    ),
  };
  return { step, first: states[0]!.slice(0, shapes.length), weights: states.at(-1)!.slice(0, shapes.length), asked };
}

describe.skipIf(inject('kerasMissing') !== '')('recurrent nets over more steps than are written out', () => {
  let ours: readonly ReturnType<typeof compute>[];
  let theirs: readonly Answer<{ readonly weights: readonly WireArray[] }>[];
  beforeAll(async () => {
    const engine = await loadEngine();
    ours = nets.map((net) => compute(engine, net));
    theirs = await judge(ours.map(({ asked }) => asked));
  });

  test.each(nets.map(({ layers }, index) => ({ layers, index })))('$layers is trained as by Keras', ({ index }) => {
    const { step, first, weights } = ours[index]!;
    expect(step).toBe('compiled');
    expect(relativeDifference(weights, answered(theirs[index]).weights.map(fromWire))).toBeLessThan(1e-5);
    expect(relativeDifference(weights, first)).toBeGreaterThan(0.01);
  });
});
