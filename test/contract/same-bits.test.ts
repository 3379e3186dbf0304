import { expect, test } from 'vitest';
import { optimizers } from '../../src/training/optimizers.ts';
import { draws } from '../draws.ts';
import { CLASSES, crossEntropy, dense, engine } from './equal-steps.ts';
import { exampleTraining } from './row-examples.ts';
import { type Work, bitsOf, randomBatch, trainBy } from './training.ts';

const width = 192;
const add = (name: string, inputs: readonly number[]) => ({ type: 'add', name, options: {}, inputs });

/**
 * One value that many layers take, and additions that take it too: forwards and backwards, sums have inputs that others
 * hold, for how long is never the same.
 */
const skips: Work['layers'] = [
  dense('x', width, [-1]),
  dense('f', width, [0]),
  dense('g', width, [0]),
  dense('h', width, [0]),
  add('xf', [0, 1]),
  add('xg', [0, 2]),
  add('all', [0, 1, 2, 3]),
  dense('ofXf', width, [4]),
  dense('ofXg', width, [5]),
  dense('ofAll', width, [6]),
  add('end', [7, 8, 9, 3]),
  dense('logits', CLASSES, [10]),
];

const { optimizer } = exampleTraining(optimizers.sgd);

test.each([
  ['in one part', { towers: 1 }],
  ['in two', { towers: 2 }],
])('a net of skips trains to the same bits each time, %s', (_, { towers }) => {
  const work: Work = {
    inputShape: [width],
    layers: skips,
    loss: crossEntropy,
    optimizer: { row: optimizers.sgd, options: optimizer.options },
    learningRate: 0.01,
    classes: CLASSES,
    towers,
    batches: Array.from({ length: 24 }, (_one, seed) => randomBatch(48, [width], CLASSES, seed)),
  };
  const bits = Array.from({ length: draws(10) + 1 }, () => bitsOf(trainBy(engine, 'auto', work)));
  expect(new Set(bits).size).toBe(1);
});
