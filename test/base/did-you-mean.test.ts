import { expect, test } from 'vitest';
import { editDistance, nearest } from '../../src/base/did-you-mean.ts';

test.each([
  ['', '', 0],
  ['abc', '', 3],
  ['relu', 'rleu', 1],
  ['kitten', 'sitting', 3],
  ['ca', 'abc', 3],
])('%s -> %s: %d', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

const names = [
  'conv2d',
  'conv',
  'reLU',
  'relu',
  'maxPooling2d',
  'dense',
  'learningRate',
  'beta1',
  'softmaxCrossEntropy',
];
test.each([
  ['rleu', 'relu'],
  ['learning_rate', 'learningRate'],
  ['Learning-Rate', 'learningRate'],
  ['maxpool', 'maxPooling2d'],
  ['Conv2D', 'conv2d'],
  ['dens', 'dense'],
  ['beta', 'beta1'],
  ['crossEntropy', 'softmaxCrossEntropy'],
  ['transformer', undefined],
  ['', undefined],
  ['x', undefined],
])('%s: %s', (wrong, right) => {
  expect(nearest(wrong, names)).toBe(right);
});

test('a beginning comes before a typo, and initials stand for the words', () => {
  expect(nearest('val_acc', ['val_auc', 'val_accuracy'])).toBe('val_accuracy');
  const losses = ['meanSquaredError', 'meanAbsoluteError', 'meanAbsolutePercentageError', 'poisson'];
  expect(['mse', 'MAE', 'mape'].map((name) => nearest(name, losses))).toEqual([
    'meanSquaredError',
    'meanAbsoluteError',
    'meanAbsolutePercentageError',
  ]);
  expect(nearest('lr', names)).toBe('learningRate');
  expect(nearest('p', losses)).toBe(undefined);
});

test('the same but for case comes before a longer or shorter name', () => {
  expect(nearest('adamw', ['adam', 'adamW', 'adamax'])).toBe('adamW');
});
