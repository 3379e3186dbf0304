import { test } from 'vitest';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { centringLayers, expectPlanesCentred } from './centring.ts';

const engine = await loadEngine();

// TensorFlow's fused batch normalization has a mean of its own: another one before it cost a tenth of a step.
const own = (Object.keys(centringLayers) as (keyof typeof centringLayers)[]).filter(
  (text) => text !== 'batchNormalization',
);

test.each(own)('%s: planes that are constant, or nearly, or far from 0 come out as in float64', (text) =>
  expectPlanesCentred(engine, text),
);
