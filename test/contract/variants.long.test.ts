import { describe, expect, test } from 'vitest';
import type { ConnectedLayer } from '../../src/layers/build-model.ts';
import type { LayerRow } from '../../src/layers/layer.ts';
import { layers } from '../../src/layers/layers.ts';
import { optimizers } from '../../src/training/optimizers.ts';
import { oneIn } from '../draws.ts';
import {
  batchesFor,
  engine,
  expectEqual,
  layerWorks,
  looser,
  netAround,
  optimizerWorks,
  shapes,
  workOf,
} from './equal-steps.ts';
import { exampleLayer } from './row-examples.ts';
import { type Work, bitsOf, trainBy } from './training.ts';

const rows = Object.entries<LayerRow>(layers).map(([name, row]) => {
  const [example, ...others] = layerWorks(row);
  return { name, row, example: example!, others };
});

const variants = rows.flatMap(({ name, others }) => others.map(({ title, work }) => ({ name, title, work })));

// How the parts of a batch are joined is no matter of a layer's options: the example has shown it.
test.each(oneIn(3, variants))(
  '$name, $title',
  ({ name, work }) => void expectEqual({ ...work, towers: 1 }, looser[name]),
);

test.each(rows.filter(({ row }) => row.mask !== undefined))('$name, its example under a mask', ({ name, row }) => {
  const { inputShape, layers: net } = netAround(row, exampleLayer(row), [[4, 8], ...shapes])!;
  const masking: ConnectedLayer = { type: 'masking', name: 'masks', inputs: [-1], options: { maskValue: 0 } };
  const below = net.map((layer) => ({ ...layer, inputs: layer.inputs.map((from) => from + 1) }));
  // Every third step of the data is not there.
  const batches = batchesFor(inputShape).map((batch) => ({
    ...batch,
    x: batch.x.map((values) =>
      values.map((value, index) => (Math.floor(index / inputShape.at(-1)!) % 3 === 1 ? 0 : value)),
    ),
  }));
  expectEqual({ ...workOf({ inputShape, layers: [masking, ...below] }), towers: 1, batches }, looser[name]);
});

const twice = ({ work }: { readonly work: Work }) =>
  expect(bitsOf(trainBy(engine, 'auto', work))).toBe(bitsOf(trainBy(engine, 'auto', work)));

test.each(oneIn(3, rows))('a layer of $name trains twice to the same bits', ({ example }) => twice(example));

describe.each(Object.keys(optimizers))('optimizer %s', (name) => {
  test.each(oneIn(3, optimizerWorks(name)))('$title, twice to the same bits', twice);
});
