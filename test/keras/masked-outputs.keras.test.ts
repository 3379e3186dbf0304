import { beforeAll, describe, expect, inject, test } from 'vitest';
import { sizeOf } from '../../src/base/tensor-shape.ts';
import { arraySource, firstRows } from '../../src/datasets/batch-source.ts';
import type { TargetSpec } from '../../src/datasets/dataset.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { buildModel } from '../../src/layers/build-model.ts';
import { evaluateRows } from '../../src/stages/evaluate-rows.ts';
import { addStep, epochMetrics, newTally, tallied } from '../../src/training/epoch-metrics.ts';
import { layerRow } from '../../src/layers/layers.ts';
import { losses } from '../../src/training/losses.ts';
import { optimizers } from '../../src/training/optimizers.ts';
import { sizesToCompile } from '../../src/training/fill-batch.ts';
import { createTrainer } from '../../src/training/trainer.ts';
import { exampleTraining } from '../contract/row-examples.ts';
import { stateDifference } from '../contract/training.ts';
import { numbers, valuesOf } from '../engine/graph/rig.ts';
import { layersOf } from '../layers/layer-rig.ts';
import { type Answer, type WireArray, answered, fromWire, judge, toWire } from './judge.ts';
import { kerasLayer } from './keras-layers.ts';
import { kerasLoss, kerasOptimizer } from './keras-training.ts';

const engine = await loadEngine();

// The last batch is smaller, and of the third no step is there.
const [COUNT, BATCH, STEPS, CLASSES] = [14, 4, 5, 3];

/** One output of a net: of classes or of numbers, by the layer at this place. */
interface OutputCase {
  readonly layer: number;
  readonly loss: keyof typeof losses;
  readonly target: TargetSpec;
  readonly weight?: number;
  readonly classWeights?: readonly number[];
}

interface NetCase {
  readonly title: string;
  readonly shape: readonly number[];
  readonly layers: readonly unknown[];
  readonly outputs: readonly OutputCase[];
  /** Whether the input is words, or else steps of numbers; 0 where nothing is there. */
  readonly words?: true;
}

const names = Array.from({ length: CLASSES }, (_, k) => `class ${k}`);
const classes = (...shape: number[]): TargetSpec => ({
  kind: 'class',
  name: `classes ${shape.join()}`,
  classes: names,
  shape,
});
const numbersOf = (...shape: number[]): TargetSpec => ({ kind: 'number', name: `numbers ${shape.join()}`, shape });
const table = { embedding: { inputDim: 6, outputDim: 4, maskZero: true } };

const nets: readonly NetCase[] = [
  {
    title: 'a class at each step',
    shape: [STEPS],
    words: true,
    layers: [table, 'lstm 4 sequences', 'dense 3'],
    outputs: [{ layer: 2, loss: 'softmaxCrossEntropy', target: classes(STEPS) }],
  },
  {
    title: 'classes that weigh differently',
    shape: [STEPS],
    words: true,
    layers: [table, 'gru 4 sequences', 'dense 3'],
    outputs: [{ layer: 2, loss: 'softmaxCrossEntropy', target: classes(STEPS), classWeights: [1, 3, 0.25] }],
  },
  {
    title: 'numbers at each step',
    shape: [STEPS, 2],
    layers: ['masking', 'simpleRNN 4 sequences', 'dense 2'],
    outputs: [{ layer: 2, loss: 'meanSquaredError', target: numbersOf(STEPS, 2) }],
  },
  {
    title: 'a number at each step, both ways, and a penalty',
    shape: [STEPS, 2],
    layers: ['masking', { bidirectional: { layer: { lstm: { units: 3, returnSequences: true } } } }, 'dense 1 l2(0.1)'],
    outputs: [{ layer: 2, loss: 'huberLoss', target: numbersOf(STEPS, 1) }],
  },
  ...[
    [
      'attention and timeDistributed',
      'positionEmbedding',
      'multiHeadAttention 2x2',
      'layernorm',
      { timeDistributed: { layer: 'dense 3' } },
    ],
    ['causal attention', 'multiHeadAttention 2x2 causal', 'dense 3'],
    [
      'stacked recurrent layers, both ways',
      { bidirectional: { layer: { gru: { units: 3, returnSequences: true } } } },
      { rnn: { cells: ['lstmCell(3)', 'gruCell(2)'], returnSequences: true } },
      'batchnorm',
      'dense 3',
    ],
    ['backwards', 'lstm 3 sequences backwards', 'leakyReLU', 'dense 3'],
    [
      'films',
      { timeDistributed: { layer: 'reshape 1x2x2' } },
      'convLstm2d 1x1x2 sequences',
      { timeDistributed: { layer: 'flatten' } },
      'dense 3',
    ],
    ['a mask that is lost', 'conv1d 3x4 same', 'dense 3'],
  ].map(([title, ...layers]): NetCase => ({
    title: title as string,
    shape: [STEPS],
    words: true,
    layers: [table, ...layers],
    outputs: [{ layer: layers.length, loss: 'softmaxCrossEntropy', target: classes(STEPS) }],
  })),
  {
    title: 'two masks, joined',
    shape: [STEPS, 2],
    layers: [
      { masking: {}, name: 'one' },
      { masking: {}, name: 'other', from: 'input' },
      { concatenate: {}, from: ['one', 'other'] },
      'lstm 4 sequences',
      'dense 2',
    ],
    outputs: [{ layer: 4, loss: 'logcosh', target: numbersOf(STEPS, 2) }],
  },
  {
    title: 'whole samples',
    shape: [2],
    layers: ['masking', 'dense 4 tanh', 'dense 3'],
    outputs: [{ layer: 2, loss: 'softmaxCrossEntropy', target: classes() }],
  },
  {
    title: 'a number of whole samples',
    shape: [2],
    layers: ['masking', 'dense 4 tanh', 'dense 2'],
    outputs: [{ layer: 2, loss: 'meanAbsoluteError', target: numbersOf(2) }],
  },
  {
    title: 'several outputs, each with its mask or none',
    shape: [STEPS, 2],
    layers: [
      { masking: {}, name: 'zero' },
      { lstm: { units: 4, returnSequences: true }, name: 'steps' },
      'dense 3',
      { masking: { maskValue: 0.5 }, name: 'half', from: 'input' },
      { dense: { units: 2 }, name: 'value' },
      { gru: { units: 3 }, name: 'last', from: 'steps' },
      'dense 3',
    ],
    outputs: [
      { layer: 2, loss: 'softmaxCrossEntropy', target: classes(STEPS), weight: 0.7 },
      { layer: 4, loss: 'meanSquaredError', target: numbersOf(STEPS, 2), weight: 2 },
      { layer: 6, loss: 'softmaxCrossEntropy', target: classes(), classWeights: [1, 2, 0.5] },
    ],
  },
];

/** Steps that are 0 at the end of most samples, 0.5 at the beginning of some; of some samples all. */
function inputOf({ shape, words }: NetCase): Float32Array {
  const [width = 1, steps = 1] = words === true ? [1, ...shape] : shape.toReversed();
  return numbers(COUNT * steps * width, 3).map((value, index) => {
    const [sample, step] = [Math.floor(index / (steps * width)), Math.floor(index / width) % steps];
    const left = Math.floor(sample / BATCH) === 2 ? 0 : steps - (sample % (steps + 1));
    if (step >= left) return 0;
    if (words === true) return 1 + Math.floor(((value + 1) / 2) * 5);
    return step < sample % 3 && step + 1 < left ? 0.5 : value;
  });
}

const targetOf = ({ target }: OutputCase, seed: number) => {
  const values = numbers(COUNT * sizeOf(target.shape), seed);
  return target.kind === 'number'
    ? Float64Array.from(values)
    : Uint8Array.from(values, (value) => Math.floor(((value + 1) / 2) * CLASSES));
};

const optimizer = exampleTraining(optimizers.sgd).optimizer.options;
const RATE = 0.3;

/** Trains one epoch, and evaluates in batches of these sizes. */
async function compute(net: NetCase, step: 'auto' | 'eager', most: number, evaluationBatch: number) {
  const layers = layersOf(JSON.stringify(net.layers));
  const towers = layers.some(({ type, options }) => layerRow(type).mixesSamples?.(options)) ? 1 : most;
  const model = buildModel(
    engine,
    { inputs: [{ name: 'input', shape: net.shape }], layers, outputs: net.outputs.map(({ layer }) => layer) },
    4,
  );
  const optimizing = optimizers.sgd.create(engine.tf, model.trainable, optimizer as never);
  const [x, y] = [inputOf(net), net.outputs.map((output, k) => targetOf(output, k + 7))];
  const outputs = net.outputs.map(({ loss, target, weight = 1, classWeights }) => ({
    target,
    weight,
    loss: { row: losses[loss], options: exampleTraining(losses[loss]).outputs[0]!.loss.options },
    ...(classWeights && { classWeights }),
  }));
  const parts = {
    engine,
    model,
    optimizer: optimizing,
    towers,
    outputs,
    inputs: [{ name: 'input', shape: net.shape, dtype: 'float32', scale: 1 } as const],
    wanted: ['probabilities' as const],
  };
  const sizes = (batch: number) => [...new Set([Math.min(batch, COUNT), COUNT % batch])].filter((size) => size > 0);
  const trainer = createTrainer(
    parts,
    { evaluationBatch, train: sizes(BATCH), sizes: sizesToCompile(sizes(evaluationBatch)) },
    step,
  );
  const first = valuesOf(model.trainable);
  const source = arraySource({ inputs: [x], targets: y, count: COUNT });
  const rows = firstRows(COUNT);
  const tally = newTally();
  let done = 0;
  for await (const batch of source.batches({ rows, size: BATCH }))
    addStep(tally, trainer.train(batch, RATE, done++), batch.count);
  trainer.pull();
  const weights = valuesOf(model.trainable);
  const judged = await evaluateRows(
    trainer.evaluator,
    { targets: net.outputs.map(({ target }) => target), source, rows },
    new AbortController().signal,
  );
  const asked = {
    kind: 'epoch',
    inputs: [[1, 0]],
    layers: layers.map((layer) => ({ ...kerasLayer(layer), from: layer.inputs })),
    outputs: net.outputs.map(({ layer }) => layer),
    batchSize: BATCH,
    x: toWire(x, [COUNT, ...net.shape]),
    weights: model.trainable.map(({ shape }, index) => toWire(first[index]!, shape)),
    y: net.outputs.map(({ target }, k) =>
      target.kind === 'number'
        ? toWire(Float32Array.from(y[k]!), [COUNT, ...target.shape])
        : toWire(
            Float32Array.from({ length: y[k]!.length * CLASSES }, (_, i) =>
              Number(y[k]![Math.floor(i / CLASSES)] === i % CLASSES),
            ),
            [COUNT, ...target.shape, CLASSES],
          ),
    ),
    sampleWeights: net.outputs.map(({ target, classWeights }, k) => {
      const places = target.kind === 'class' ? target.shape : target.shape.slice(0, -1);
      return toWire(
        Float32Array.from({ length: COUNT * sizeOf(places) }, (_, i) => classWeights?.[y[k]![i]!] ?? 1),
        [COUNT, ...places],
      );
    }),
    losses: net.outputs.map(({ loss }, k) => kerasLoss(loss, outputs[k]!.loss.options)),
    lossWeights: outputs.map(({ weight }) => weight),
    metrics: net.outputs.map(({ target: { kind } }) =>
      kind === 'class' ? 'categorical_accuracy' : 'mean_absolute_error',
    ),
    optimizer: kerasOptimizer('sgd', optimizer, { learning_rate: RATE }),
  };
  const trained = Object.values(
    tallied(
      tally,
      net.outputs.map(({ target }) => target),
    ),
  );
  const evaluated = Object.values(epochMetrics(judged));
  const how = trainer.step;
  trainer.dispose();
  model.dispose();
  return { how, first, weights, trained, evaluated, judged, asked };
}

interface EpochAnswer {
  readonly weights: readonly WireArray[];
  readonly trained: readonly number[];
  readonly evaluated: readonly number[];
}

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5) as number);

describe.skipIf(inject('kerasMissing') !== '')('outputs that carry a mask, as Keras trains and measures them', () => {
  let ours: readonly Awaited<ReturnType<typeof compute>>[];
  let theirs: readonly Answer<EpochAnswer>[];
  beforeAll(async () => {
    ours = await Promise.all(nets.map((net) => compute(net, 'auto', 2, 4)));
    theirs = await judge(ours.map(({ asked }) => asked));
  });

  test.each(nets.map((net, index) => ({ ...net, index })))('$title: weights, losses and scores', ({ title, index }) => {
    const { how, first, weights, trained, evaluated, judged } = ours[index]!;
    const keras = answered(theirs[index]);
    expect(how).toBe('compiled');
    expect(stateDifference(weights, first)).toBeGreaterThan(0.01);
    expect(stateDifference(weights, keras.weights.map(fromWire))).toBeLessThan(1e-5);
    expect(trained).toEqual(near(keras.trained));
    expect(evaluated).toEqual(near(keras.evaluated));
    expect(judged.outputs.some(({ there }) => there?.includes(0))).toBe(!title.endsWith('lost'));
  });

  test.each(nets)('$title: the same in one tower, op by op, and evaluated in other batches', async (net) => {
    const { weights, trained, evaluated } = ours[nets.indexOf(net)]!;
    const other = await compute(net, 'eager', 1, 9);
    expect(stateDifference(other.weights, weights)).toBeLessThan(1e-5);
    expect(other.trained).toEqual(near(trained));
    expect(other.evaluated).toEqual(near(evaluated));
  });
});
