import { beforeAll, describe, expect, inject, test } from 'vitest';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { ensureEngine } from '../../src/engine/install/install-engine.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { isMisfit } from '../../src/base/row.ts';
import type { ModelGraph } from '../../src/layers/build-model.ts';
import { layers } from '../../src/layers/layers.ts';
import { layerVariants } from '../contract/row-examples.ts';
import { onnxNets } from '../layers/onnx-nets.ts';
import { type ExportedNet, compare, exportNet } from '../layers/onnx-rig.ts';
import { type WireArray, answered, fromWire, judge, toWire } from './judge.ts';

let engine: Engine;
beforeAll(async () => {
  await ensureEngine({ emit: () => {} });
  engine = await loadEngine();
}, 300_000);

interface Answered {
  /** Of the format, and of its operators. */
  readonly version: readonly number[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly batches: readonly (readonly WireArray[])[];
}

interface Port {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  readonly type: string;
}

/** What ONNX's checker and ONNX Runtime of Python have to say against a net; empty where that is nothing. */
async function faultsOf(graph: ModelGraph, { bytes, names, batches }: ExportedNet): Promise<readonly string[]> {
  const [answer] = await judge<Answered>([
    {
      kind: 'onnx',
      model: Buffer.from(bytes).toString('base64'),
      outputs: names.outputs,
      batches: batches.map(({ inputs }) =>
        Object.fromEntries(inputs.map(({ values, shape }, k) => [names.inputs[k]!, toWire(values, shape)])),
      ),
    },
  ]);
  const { version, inputs, outputs, batches: given } = answered(answer);
  expect(version).toEqual([9, 20]);
  const port = (name: string | undefined, shape: readonly number[]) => ({
    name,
    shape: ['batch', ...shape],
    type: 'tensor(float)',
  });
  expect(inputs).toEqual(graph.inputs.map(({ shape }, k) => port(names.inputs[k], shape)));
  expect(outputs).toEqual(batches[0]!.outputs.map(({ shape }, k) => port(names.outputs[k], shape.slice(1))));
  return given.flatMap((results, batch) =>
    results.flatMap((result, k) => compare(fromWire(result), batches[batch]!.outputs[k]!.values).fault ?? []),
  );
}

describe.skipIf(inject('kerasMissing') !== '')('ONNX', () => {
  test.each(onnxNets())('$title: its checker and its runtime in Python agree', async ({ graph, ...rest }) => {
    expect(await faultsOf(graph, await exportNet(engine, graph, { ...rest, loaded: true }))).toEqual([]);
  });

  const shapes = [[4], [4, 6], [4, 3], [8, 8, 4], [4, 5, 6, 4], [1], [784], [32, 32, 32]];
  const cases = Object.entries(layers).flatMap(([type, row]) =>
    layerVariants(row).flatMap(({ title, chosen: { options } }) => {
      const given = (shape: readonly number[]) => (row.merges === true ? [shape, shape] : [shape]);
      const fits = (shape: readonly number[]) => !isMisfit(row.outputShape(shape, options as never, given(shape)));
      const shape = shapes.find(fits);
      // Of random axes, some are none of any input.
      return shape === undefined || row.noOnnx?.(options as never) !== undefined
        ? []
        : [{ title: `${type}, ${title}`, type, options, shapes: given(shape) }];
    }),
  );

  test('are of nearly all layers', () => {
    expect(new Set(cases.map(({ type }) => type)).size).toBe(Object.keys(layers).length - 1);
  });

  test.each(cases)('$title', async ({ type, options, shapes: given }) => {
    const graph = {
      inputs: given.map((shape, k) => ({ name: `input${k}`, shape })),
      layers: [{ type, name: 'layer', options, inputs: given.map((_, k) => -1 - k) }],
      outputs: [0],
    };
    expect(await faultsOf(graph, await exportNet(engine, graph))).toEqual([]);
  });
});
