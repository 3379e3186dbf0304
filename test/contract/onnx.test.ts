import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { ensureEngine } from '../../src/engine/install/install-engine.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import type { ConnectedLayer } from '../../src/layers/build-model.ts';
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
          const exported = await exportNet(engine, graph, { sizes: [3] });
          // Loops of unbounded activations grow beyond what rounding leaves comparable.
          if (exported.batches[0]!.outputs[0]!.values.some((value) => Math.abs(value) > 1e4)) return;
          const { faults } = await differences(exported);
          expect(faults, JSON.stringify([options, inputs])).toEqual([]);
          compared++;
        },
      ),
      { numRuns: type === 'permute' ? 200 : draws(100), endOnFailure: true },
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

const onImages = layersOf(`
- conv 3x3x4 same relu
- conv 2x2x3/2 same
- conv2dTranspose 2x2x3/2
- maxpool 2x2 same
- upSampling2d 2x2
- zeroPadding2d 1
- batchnorm
- { batchNormalization: { axis: 1 } }
- groupNormalization 1
- layernorm
- prelu
- softmax
- swish
- dense 3
- { permute: { dims: [3, 1, 2] } }
- globalAveragePooling2d
- { add: {}, from: [input, input] }
- { multiply: {}, from: [input, input] }
- { concatenate: { axis: -1 }, from: [input, input] }
- { concatenate: { axis: 1 }, from: [input, input] }`);

const onSequences = layersOf(`
- conv1d 3x4 same relu
- conv1d 2x3/2 same
- maxPooling1d 2
- averagePooling1d 2
- batchnorm
- { batchNormalization: { axis: 1 } }
- groupNormalization 1
- layernorm
- prelu
- softmax
- dense 3
- { permute: { dims: [2, 1] } }
- lstm 3 sequences backwards
- gru 2
- { bidirectional: { layer: { simpleRNN: { units: 2, returnSequences: true } } } }
- positionEmbedding
- multiHeadAttention 2x2
- globalAveragePooling1d
- repeatVector 3
- { timeDistributed: { layer: dense 4 } }
- { subtract: {}, from: [input, input] }
- { average: {}, from: [input, input] }
- { concatenate: { axis: -1 }, from: [input, input] }
- { concatenate: { axis: 1 }, from: [input, input] }
- { dot: { axes: -1 }, from: [input, input] }`);

test.each([
  { what: 'images', steps: onImages, shape: [4, 5, 3] },
  { what: 'sequences', steps: onSequences, shape: [5, 3] },
])('layers of $what in any order, each below any of those above', async ({ steps, shape }) => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(steps.length - 1), fc.nat(), fc.nat()), { minLength: 4, maxLength: 12 }),
      async (drawn) => {
        const shapes = [shape];
        const chosen: ConnectedLayer[] = [];
        for (const [which, ...sources] of drawn) {
          const { type, options } = steps[which]!;
          const row = layers[type as keyof typeof layers];
          // Mostly what was made last, which has come furthest from the layout that it began with.
          const from = sources
            .slice(0, row.merges === true ? 2 : 1)
            .map((source) => (source % 3 === 0 ? source % shapes.length : shapes.length - 1));
          const given = from.map((source) => shapes[source]!);
          const output = row.outputShape(given[0]!, options as never, given);
          if (isMisfit(output) || output.reduce((product, size) => product * size) > 2000) continue;
          shapes.push([...output]);
          chosen.push({ type, options, name: `layer${chosen.length}`, inputs: from.map((source) => source - 1) });
        }
        if (chosen.length < 2) return;
        const graph = {
          ...chainOf(shape, chosen),
          // What no layer reads is given out.
          outputs: chosen.flatMap((_, k) => (chosen.some(({ inputs }) => inputs.includes(k)) ? [] : [k])),
        };
        const { faults } = await differences(await exportNet(engine, graph, { sizes: [2] }));
        expect(faults, JSON.stringify(chosen)).toEqual([]);
        compared++;
      },
    ),
    { numRuns: draws(100) },
  );
  expect(compared).toBeGreaterThan(5);
});
