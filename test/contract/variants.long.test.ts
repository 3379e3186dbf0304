import { describe, test } from 'vitest';
import type { LayerRow } from '../../src/layers/layer.ts';
import { layers } from '../../src/layers/layers.ts';
import { expectEqual, layerWorks, looser } from './equal-steps.ts';

const variants = Object.entries<LayerRow>(layers)
  .map(([name, row]) => ({ name, others: layerWorks(row).slice(1) }))
  .filter(({ others }) => others.length > 0);

describe.each(variants)('layer $name', ({ name, others }) => {
  // How the parts of a batch are joined is no matter of a layer's options: the example has shown it.
  test.each(others)('$title', ({ work }) => void expectEqual({ ...work, towers: 1 }, looser[name]));
});
