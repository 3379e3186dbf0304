import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { ensureEngine } from '../../src/engine/install/install-engine.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { layers } from '../../src/layers/layers.ts';
import { onnxMisfit } from '../../src/layers/onnx/onnx-model.ts';
import { draws } from '../draws.ts';
import { chainOf, layersOf } from '../layers/layer-rig.ts';
import { differences, exportNet } from '../layers/onnx-rig.ts';
import { onnxNets } from '../layers/onnx-nets.ts';
import { arbitraryInputs } from './arbitrary-inputs.ts';
import { arbitraryOptions } from './arbitrary-options.ts';

let engine: Engine;
beforeAll(async () => {
  await ensureEngine({ emit: () => {} });
  engine = await loadEngine();
}, 300_000);

const sizes = (axes: number, max: number) =>
  fc.array(fc.integer({ min: 1, max }), { minLength: axes, maxLength: axes });
const shapes = fc.oneof(sizes(1, 12), sizes(2, 8), sizes(3, 9), sizes(4, 6)).map((shape) => [shape]);

describe.each(Object.entries(layers))('%s', (type, row) => {
  test('ONNX Runtime computes what TensorFlow.js does, or the layer says why not', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(
        arbitraryOptions(row.options),
        row.merges
          ? fc.oneof(
              arbitraryInputs,
              shapes.map(([one]) => [one!, one!]),
            )
          : shapes,
        async (options, inputs) => {
          const reason = row.noOnnx?.(options);
          if (reason !== undefined) {
            expect(reason).toMatch(/ONNX/);
            return;
          }
          const output = row.outputShape(inputs[0]!, options, inputs);
          if (isMisfit(output)) return;
          const graph = {
            ...chainOf(inputs[0]!, [{ type, name: 'layer', options, inputs: inputs.map((_, k) => -1 - k) }]),
            inputs: inputs.map((shape, k) => ({ name: `input${k}`, shape })),
          };
          expect(onnxMisfit(graph.layers)).toBeUndefined();
          const { faults } = await differences(await exportNet(engine, graph, { sizes: [3] }));
          expect(faults, JSON.stringify([options, inputs])).toEqual([]);
          compared++;
        },
      ),
      { numRuns: type === 'permute' ? 200 : draws(150), endOnFailure: true },
    );
    if (row.onnx !== undefined) expect(compared).toBeGreaterThan(0);
    else expect(row.noOnnx).toBeDefined();
  });
});

test.each(onnxNets())(
  '$title: in batches of 1, 3 and 7 as the model that TensorFlow.js loads',
  async ({ graph, ...rest }) => {
    expect(onnxMisfit(graph.layers)).toBeUndefined();
    const { faults } = await differences(await exportNet(engine, graph, { ...rest, loaded: true }));
    expect(faults).toEqual([]);
  },
);

test.each(['layerNormalization', '{ layerNormalization: { axis: [1, 2] } }', '{ groupNormalization: { groups: 2 } }'])(
  'a mean of 200 deviations costs %s no digits that it does not cost TensorFlow.js',
  async (layer) => {
    const graph = chainOf([6, 8], layersOf(`[{ rescaling: { scale: 1, offset: 200 } }, ${layer}]`));
    expect((await differences(await exportNet(engine, graph))).faults).toEqual([]);
  },
);
