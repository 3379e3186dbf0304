import { expect, test } from 'vitest';
import { charts } from '../../src/charts/charts.ts';
import { figuresOf } from './figures-of.ts';
import { mnistExample } from './mnist-example.ts';

// By night: Vega takes seconds for as many points, and no training of that many epochs is small.
test('learning curves have room for more epochs than a call takes arguments', async () => {
  const history = Array.from({ length: 140_000 }, (_, i) => ({ loss: 1 / (i + 1) }));
  expect(await figuresOf(charts.learningCurves, { ...mnistExample(), history })).toHaveLength(1);
}, 60_000);
