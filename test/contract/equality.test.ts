import type { Variable } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import type { ConnectedLayer } from '../../src/layers/build-model.ts';
import type { LayerRow } from '../../src/layers/layer.ts';
import { layers as layerRows } from '../../src/layers/layers.ts';
import { activated, anything } from '../../src/layers/values.ts';
import { checkFile } from '../../src/plan/check-pipeline.ts';
import type { LossRow } from '../../src/training/loss.ts';
import { losses } from '../../src/training/losses.ts';
import { misfitOf } from '../../src/training/output.ts';
import { optimizers } from '../../src/training/optimizers.ts';
import { draws, oneIn } from '../draws.ts';
import { relativeDifference } from '../engine/graph/rig.ts';
import {
  CLASSES,
  batchesFor,
  crossEntropy,
  dense,
  engine,
  expectEqual,
  layerWorks,
  looser,
  netAround,
  optimizerWorks,
  sgd,
  smooth,
  smoothNet,
  workOf,
} from './equal-steps.ts';
import { exampleLayer, lossVariants } from './row-examples.ts';
import { type Work, randomBatch, trainBy } from './training.ts';

// Every row of the tables is here by being there; the other options of layers, masks, and that each row gives the
// same bits twice, are in variants.long.test.ts.
// In parts, which take twice as long to compile: what draws masks, which are cut then, and some of the others.
const inParts = oneIn(3, Object.keys(layerRows));

describe.each(Object.entries<LayerRow>(layerRows))('layer %s', (name, row) => {
  const [example] = layerWorks(row);

  test('its example', () => {
    expect(example?.title).toBe('its example');
    const isInParts = /dropout|noise/i.test(name) || inParts.includes(name);
    expectEqual(isInParts ? example!.work : { ...example!.work, towers: 1 }, looser[name]);
  });
});

test.each(['conv2d', 'depthwiseConv2d', 'conv2dTranspose'] as const)(
  '%s with a 1x1 kernel and strides, whose gradient has a way of its own',
  (type) => {
    const net = netAround(layerRows[type], exampleLayer(layerRows[type], { kernelSize: 1, strides: 2 }))!;
    expectEqual(workOf(net));
  },
);

describe.each(Object.entries<LossRow>(losses))('loss %s', (loss, row) => {
  // Ends of a net, the first one of positive values: some losses take their logarithm.
  const end = ['softplus', 'softmax', 'linear'].find(
    (activation) =>
      misfitOf(loss, row, {
        layer: 'out',
        shape: [CLASSES],
        classes: CLASSES,
        values: activated(activation, anything, [CLASSES]),
      }) === undefined,
  );

  test.each(lossVariants(row))('$title', ({ title, chosen: { options } }) => {
    expectEqual({
      ...smooth,
      layers: smoothNet(end!),
      loss: { row, options },
      optimizer: sgd,
      learningRate: 0.1,
      ...(title === 'its example' ? {} : { towers: 1 }),
    });
  });
});

describe.each(Object.keys(optimizers))('optimizer %s', (name) => {
  test.each(optimizerWorks(name))('$title', ({ work }) => void expectEqual(work));
});

/** Adam in plain ops, as tf.train.adam computes it: nothing of it is fused when it is compiled. */
const unfusedAdam: Work['optimizer']['row'] = {
  create: (tf, weights) => {
    const slots = (name: string) =>
      weights.map((weight) =>
        tf.tidy(() => tf.variable(tf.zerosLike(weight), false, `${weight.name}/unfused/${name}`)),
      );
    const [first, second] = [slots('m'), slots('v')];
    const powers = [0.9, 0.999].map((beta) => tf.variable(tf.scalar(beta), false, `unfused/${beta}`));
    return {
      slots: [...first, ...second, ...powers],
      apply: (gradients, rate) => {
        const [power1, power2] = powers as [Variable, Variable];
        weights.forEach((weight, i) => {
          const [m, v, g] = [first[i]!, second[i]!, gradients[i]!];
          m.assign(tf.add(tf.mul(m, 0.9), tf.mul(g, 0.1)));
          v.assign(tf.add(tf.mul(v, 0.999), tf.mul(tf.square(g), 0.001)));
          const step = tf.div(tf.div(m, tf.sub(1, power1)), tf.add(tf.sqrt(tf.div(v, tf.sub(1, power2))), 1e-7));
          weight.assign(tf.sub(weight, tf.mul(rate, step)));
        });
        power1.assign(tf.mul(power1, 0.9));
        power2.assign(tf.mul(power2, 0.999));
      },
    };
  },
};

test('the reference net under an optimizer that is traced, not fused: exactly equal after each step', async () => {
  const { plan, pipeline } = await checkFile('pipelines/mnist.yaml');
  const inputShape = [28, 28, 1];
  const batches = Array.from({ length: draws(50) }, (_, step) => randomBatch(8, inputShape, 10, step + 1));
  const work = {
    inputShape,
    layers: plan.layers,
    loss: crossEntropy,
    optimizer: { row: unfusedAdam, options: {} },
    learningRate: 0.001,
    classes: 10,
    towers: 1,
    batches,
  };
  expect(pipeline.train.outputs[0]!.loss.type).toBe('softmaxCrossEntropy');
  const eager = trainBy(engine, 'eager', work);
  const compiled = trainBy(engine, 'auto', work);
  expect(compiled.step).toBe('compiled');
  expect(relativeDifference(compiled.states.at(-1)!, eager.states.at(-1)!)).toBe(0);
  expect(relativeDifference(eager.states.at(-1)!, eager.states.at(-2)!)).toBeGreaterThan(1e-4);
});

test.each([
  ['each sample', null],
  ['each sample by itself', [null, null]],
  ['all samples', [1, null]],
])(
  'each sample counts once, also where a batch has fewer samples than there are towers; ' +
    'a shared layer with masks for %s',
  (_, noiseShape) => {
    const dropout = {
      type: 'dropout',
      name: 'dropout',
      options: { ...exampleLayer(layerRows.dropout).options, noiseShape },
    };
    const layers: ConnectedLayer[] = [
      dense('hidden', 6, [-1], 'relu'),
      { ...dropout, inputs: [0] },
      dense('more', 6, [1], 'relu'),
      { ...dropout, name: 'again', inputs: [2], shares: 1 },
      dense('logits', CLASSES, [3]),
    ];
    const batches = [9, 5, 1].map((count, step) => randomBatch(count, [6], CLASSES, step + 1));
    expectEqual({ ...smooth, layers, loss: crossEntropy, optimizer: sgd, learningRate: 0.1, towers: 8, batches });
  },
);

test.each(['add', 'subtract', 'concatenate'] as const)('masks pass through %s', (join) => {
  const table = (name: string): ConnectedLayer => ({
    type: 'embedding',
    name,
    inputs: [-1],
    options: { ...exampleLayer(layerRows.embedding).options, inputDim: 3, outputDim: 4, maskZero: true },
  });
  const layers: ConnectedLayer[] = [
    table('a'),
    table('b'),
    { type: join, name: 'both', inputs: [0, 1], options: exampleLayer(layerRows[join]).options },
    { type: 'lstm', name: 'lstm', inputs: [2], options: { ...exampleLayer(layerRows.lstm).options, units: 5 } },
    dense('logits', CLASSES, [3]),
  ];
  expectEqual({
    ...smooth,
    inputShape: [6],
    layers,
    loss: crossEntropy,
    optimizer: sgd,
    learningRate: 0.1,
    towers: 1,
    batches: batchesFor([6]),
  });
});

test('the last batch, smaller than the others, counts the same compiled and eager', () => {
  const sizes = [8, 8, 5];
  const layers: ConnectedLayer[] = [
    {
      type: 'batchNormalization',
      name: 'norm',
      inputs: [-1],
      options: exampleLayer(layerRows.batchNormalization).options,
    },
    dense('hidden', 6, [0], 'relu'),
    { type: 'dropout', name: 'dropout', inputs: [1], options: exampleLayer(layerRows.dropout).options },
    dense('logits', CLASSES, [2]),
  ];
  const batches = sizes.map((count, step) => randomBatch(count, [6], CLASSES, step + 1));
  const { evaluations } = expectEqual({
    ...smooth,
    layers,
    loss: crossEntropy,
    optimizer: sgd,
    learningRate: 0.1,
    batches,
  });
  expect(
    evaluations.map(({ loss, outputs: [output] }) => [
      loss.length,
      output!.predicted.length,
      output!.confidence!.length,
    ]),
  ).toEqual(sizes.map((count) => [count, count, count]));
});
