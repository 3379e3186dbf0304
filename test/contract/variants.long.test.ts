import { describe, expect, test } from 'vitest';
import type { LayerRow } from '../../src/layers/layer.ts';
import { layers } from '../../src/layers/layers.ts';
import { optimizers } from '../../src/training/optimizers.ts';
import { engine, expectEqual, layerWorks, looser, optimizerWorks } from './equal-steps.ts';
import { type Work, bitsOf, trainBy } from './training.ts';

const rows = Object.entries<LayerRow>(layers).map(([name, row]) => {
  const [example, ...others] = layerWorks(row);
  return { name, example: example!, others };
});

describe.each(rows.filter(({ others }) => others.length > 0))('layer $name', ({ name, others }) => {
  // How the parts of a batch are joined is no matter of a layer's options: the example has shown it.
  test.each(others)('$title', ({ work }) => void expectEqual({ ...work, towers: 1 }, looser[name]));
});

const twice = ({ work }: { readonly work: Work }) =>
  expect(bitsOf(trainBy(engine, 'auto', work))).toBe(bitsOf(trainBy(engine, 'auto', work)));

test.each(rows)('a layer of $name trains twice to the same bits', ({ example }) => twice(example));

describe.each(Object.keys(optimizers))('optimizer %s', (name) => {
  test.each(optimizerWorks(name))('$title, twice to the same bits', twice);
});
