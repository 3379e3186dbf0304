import { beforeAll, test } from 'vitest';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadWasm } from '../../src/engine/wasm/load-wasm.ts';
import { centringLayers, expectPlanesCentred } from '../layers/centring.ts';

let wasm: Engine;
beforeAll(async () => void (wasm = await loadWasm()));

test.each(Object.keys(centringLayers) as (keyof typeof centringLayers)[])(
  '%s: planes that are constant, or nearly, or far from 0 come out as in float64',
  (text) => expectPlanesCentred(wasm, text),
);
