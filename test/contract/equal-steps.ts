import { expect } from 'vitest';
import { type Chosen, isMisfit } from '../../src/base/row.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import type { ConnectedLayer } from '../../src/layers/build-model.ts';
import type { LayerRow } from '../../src/layers/layer.ts';
import { layers as layerRows } from '../../src/layers/layers.ts';
import { losses } from '../../src/training/losses.ts';
import { optimizerRow, optimizers } from '../../src/training/optimizers.ts';
import { relativeDifference } from '../engine/graph/rig.ts';
import { exampleLayer, exampleTraining, layerVariants, optimizerVariants } from './row-examples.ts';
import { type Trained, type Work, randomBatch, stateDifference, trainBy } from './training.ts';

/** The native one. */
export const engine = await loadEngine();

/** Of what every net here tells apart. */
export const CLASSES = 3;

/** Three batches of eight samples. */
export const batchesFor = (inputShape: readonly number[]) =>
  [1, 2, 3].map((seed) => randomBatch(8, inputShape, CLASSES, seed));

/** What a net is trained by where that is not what is tried. */
export const sgd = { row: optimizers.sgd, options: exampleTraining(optimizers.sgd).optimizer.options };
/** The loss where that is not what is tried. */
export const crossEntropy = { row: losses.softmaxCrossEntropy, options: {} };

const bounds = { first: 1e-6, last: 1e-5 };

/**
 * Trains eagerly and compiled: weights, moving averages, slots and what the evaluation says agree, and nothing ran
 * eagerly unasked.
 */
export function expectEqual(work: Work, { first, last } = bounds): Trained {
  const eager = trainBy(engine, 'eager', work);
  const compiled = trainBy(engine, 'auto', work);
  expect(compiled.step).toBe('compiled');
  expect(relativeDifference(compiled.states[0]!, eager.states[0]!)).toBe(0);
  expect(stateDifference(compiled.states[1]!, eager.states[1]!)).toBeLessThan(first);
  expect(stateDifference(compiled.states.at(-1)!, eager.states.at(-1)!)).toBeLessThan(last);
  const outputs = ({ results, evaluations }: Trained) => [
    Float32Array.from(results, ({ loss }) => loss),
    ...evaluations.flatMap(({ loss, outputs }) => [loss, outputs[0]!.confidence!]),
  ];
  expect(relativeDifference(outputs(compiled), outputs(eager))).toBeLessThan(last);
  // The first layer has moved: a gradient came through all others.
  expect(relativeDifference([eager.states.at(-1)![0]!], [eager.states[0]![0]!])).toBeGreaterThan(5e-7);
  return compiled;
}

/** A dense layer whose biases are not 0 at first. */
export const dense = (
  name: string,
  units: number,
  inputs: readonly number[],
  activation = 'linear',
): ConnectedLayer => {
  const options = {
    ...exampleLayer(layerRows.dense).options,
    units,
    activation,
    biasInitializer: { randomNormal: { mean: 0, stddev: 0.5 } },
  };
  return { type: 'dense', name, inputs, options };
};

/** Shapes to try a layer on: images, sequences, vectors, volumes, and what the examples speak of. */
export const shapes = [[6, 6, 8], [4, 8], [8], [1], [3, 5, 5, 2], [28, 28, 1]] as const;

/**
 * The layer between others: one or two of its input's shape above it, so that a gradient has to pass through, and
 * logits below. A layer that reads indices takes the input itself.
 */
export function netAround(
  row: LayerRow,
  { type, options }: Chosen,
  tried: readonly (readonly number[])[] = shapes,
): Pick<Work, 'inputShape' | 'layers'> | undefined {
  const indices = row.readsIndices?.(options) !== undefined;
  for (const shape of tried) {
    const names = row.merges ? ['a', 'b'] : ['a'];
    const output = row.outputShape(
      shape,
      options,
      names.map(() => shape),
    );
    if (isMisfit(output)) continue;
    const above = indices ? [] : names.map((name) => dense(name, shape.at(-1)!, [-1]));
    const inputs = names.map((_, index) => (indices ? -1 : index));
    const tested = [...above, { type, name: 'tested', options, inputs }];
    const flat =
      output.length === 1
        ? tested
        : [...tested, { type: 'flatten', name: 'flat', options: {}, inputs: [tested.length - 1] }];
    return { inputShape: shape, layers: [...flat, dense('logits', CLASSES, [flat.length - 1])] };
  }
  return undefined;
}

/**
 * Bounds of layers that need others.
 *
 * By the third step: kernels of an AMD EPYC without AVX-512 round 1.7e-5 apart there, those of others less than 1e-5. A
 * wrong gradient is above 1e-3.
 */
export const looser: Readonly<Record<string, typeof bounds>> = { centerCrop: { ...bounds, last: 3e-5 } };

/** A net of classes, trained by what is not tried. */
export function workOf(net: Pick<Work, 'inputShape' | 'layers'>): Work {
  return {
    ...net,
    loss: crossEntropy,
    optimizer: sgd,
    learningRate: 0.1,
    classes: CLASSES,
    batches: batchesFor(net.inputShape),
  };
}

/** What each variant of a layer's row trains, its example first. */
export function layerWorks(row: LayerRow): readonly { readonly title: string; readonly work: Work }[] {
  return layerVariants(row).flatMap(({ title, chosen }) => {
    const net = netAround(row, chosen);
    return net === undefined ? [] : [{ title, work: workOf(net) }];
  });
}

/** Two hidden layers without kinks: no gradient is 0, so that no optimizer divides rounding by rounding. */
export const smoothNet = (end: string): readonly ConnectedLayer[] => [
  dense('first', 5, [-1], 'tanh'),
  dense('second', 4, [0], 'sigmoid'),
  dense('end', CLASSES, [1], end),
];

/** What such a net trains on. */
export const smooth = { inputShape: [6], classes: CLASSES, batches: batchesFor([6]) };

/** What each variant of an optimizer's row trains, its example first. */
export function optimizerWorks(name: string): readonly { readonly title: string; readonly work: Work }[] {
  const row = optimizerRow(name);
  return optimizerVariants(row).map(({ title, chosen: { options } }) => {
    const work = {
      ...smooth,
      layers: smoothNet('linear'),
      loss: crossEntropy,
      optimizer: { row, options },
      learningRate: options['learningRate'] as number,
      ...(title === 'its example' ? {} : { towers: 1 }),
    };
    return { title, work };
  });
}
