import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { type ModelGraph, buildModel } from '../../src/layers/build-model.ts';
import { layers } from '../../src/layers/layers.ts';
import { saveModel } from '../../src/layers/save-model.ts';
import { writeKeras } from '../../src/models/formats/keras.ts';
import { writeSafetensors } from '../../src/models/formats/safetensors.ts';
import { UserError } from '../../src/base/diagnostics.ts';
import { chainOf, layersOf } from '../layers/layer-rig.ts';
import { programOf, pythonEnvironment } from '../python-environment.ts';
import { casesOf, chains, connected, inputOf } from './layer-cases.ts';
import { maskedStacks } from './masked-cases.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerline-keras-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What Keras has no equal of; each is refused with the reason. */
const refused: readonly RegExp[] = [
  /^(resizing|upSampling2d), .* has no equal in Keras 3.*: .* pixels for points/,
  /^\w+, (random options|.*hardSigmoid).* has no equal in Keras 3.*: hardSigmoid is/,
  /^\w+, (random options|.*gelu_new).* has no equal in Keras 3.*: Keras names only the exact gelu/,
  /^below masks, .* has no equal in Keras 3.*: what adds positions there loses the masks/,
];

const net = (shape: readonly number[], text: string, outputs: readonly number[]): ModelGraph => ({
  ...chainOf(shape, layersOf(text)),
  outputs,
});

interface Exported {
  readonly title: string;
  readonly graph: ModelGraph;
  /** Of three samples, some of whose steps are masked; left out: any. */
  readonly values?: Float32Array;
}

const graphs: readonly Exported[] = [
  ...Object.keys(layers).flatMap((type) =>
    casesOf(type).map(({ title, shape, inputs, layers: [layer] }) => ({
      title: `${type}, ${title}`,
      graph: chainOf(shape, [{ type, name: 'layer', options: layer!.options, inputs: inputs.map(() => -1) }]),
    })),
  ),
  ...chains.map(({ title, shape, layers: chain }) => ({
    title,
    graph: chainOf(
      shape,
      chain.map((layer, i) => ({ ...layer, name: `layer_${i}`, inputs: [i - 1] })),
    ),
  })),
  ...maskedStacks.map((given) => ({
    title: `below masks, ${given.title}`,
    graph: chainOf(given.shape, connected(given)),
    values: inputOf(given, 3),
  })),
  {
    title: 'branches, merges, two outputs',
    graph: net(
      [8, 8, 3],
      `[{ conv2d: { filters: 4, kernelSize: 3, padding: same }, name: a }, { batchNormalization: {}, name: b },
        { conv2d: { filters: 4, kernelSize: 1 }, name: c, from: a },
        { conv2d: { filters: 4, kernelSize: 1 }, name: d, from: b },
        { add: {}, name: sum, from: [c, d] }, { concatenate: {}, name: all, from: [sum, a, d] },
        { flatten: {}, name: flat }, { dense: { units: 3 }, name: one },
        { dense: { units: 2 }, name: two, from: flat }]`,
      [8, 7],
    ),
  },
];

/** How many indices its layers take; undefined where they take numbers. */
function indicesOf({ layers: [first] }: ModelGraph): number | undefined {
  const { type, options } = first!;
  const named: Readonly<Record<string, string>> = { embedding: 'inputDim', categoryEncoding: 'numTokens' };
  const most = options[named[type] ?? ''];
  return most === undefined ? undefined : Math.min(3, most as number);
}

const titles: Record<string, string> = {};
const failures: Record<string, string> = {};
let found: Readonly<Record<string, readonly (number | string)[]>> = {};

describe.skipIf(inject('kerasMissing') !== '')('exported to Keras', () => {
  beforeAll(async () => {
    const engine = await loadEngine();
    const { tf } = engine;
    for (const [i, { title, graph, values: own }] of graphs.entries()) {
      const model = buildModel(engine, graph, 1);
      for (const [k, variable] of model.variables.entries())
        variable.assign(tf.randomUniform(variable.shape, 0.05, 0.6, 'float32', k + 1));
      const most = indicesOf(graph);
      const inputs = graph.inputs.map(({ name, shape }) => {
        if (own !== undefined) return { name, shape: [3, ...shape], dtype: 'float32' as const, values: own };
        const tensor =
          most === undefined
            ? tf.randomUniform([3, ...shape], -1, 1, 'float32', 4)
            : tf.randomUniform([3, ...shape], 0, most, 'int32', 4);
        return { name, shape: tensor.shape, dtype: 'float32' as const, values: Float32Array.from(tensor.dataSync()) };
      });
      const told = model.forward(inputs.map(({ values, shape }) => tf.tensor(values, shape)));
      const outputs = told.map((tensor, k) => ({
        name: String(k),
        shape: tensor.shape,
        dtype: 'float32' as const,
        values: Float32Array.from(tensor.dataSync()),
      }));
      try {
        const bytes = await writeKeras(await saveModel(tf, model));
        const own = join(folder, String(i));
        mkdirSync(own);
        writeFileSync(join(own, 'model.keras'), bytes);
        writeFileSync(join(own, 'inputs.safetensors'), writeSafetensors(inputs));
        writeFileSync(join(own, 'outputs.safetensors'), writeSafetensors(outputs));
        titles[String(i)] = title;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        failures[title] = error.message;
      }
      model.dispose();
    }
    const { stdout } = await promisify(execFile)(
      programOf(pythonEnvironment('keras', join(import.meta.dirname, 'requirements.txt')), 'python'),
      [join(import.meta.dirname, 'load-exports.py'), ...Object.keys(titles).map((name) => join(folder, name))],
      { maxBuffer: 1e9 },
    );
    found = JSON.parse(stdout.trim().split('\n').at(-1)!) as typeof found;
  }, 600_000);

  test('each layer is one that Keras loads, and computes the same', () => {
    const wrong = Object.entries(found).flatMap(([name, differences]) =>
      differences.filter((one) => typeof one === 'string' || !(one < 2e-5)).map((one) => `${titles[name]}: ${one}`),
    );
    expect(wrong).toEqual([]);
    expect(Object.keys(found).length).toBeGreaterThan(150);
  });

  test('what it has no equal of is refused, with the layer and the reason', () => {
    const said = Object.entries(failures).map(([title, message]) => `${title}: ${message}`);
    const others = said.filter((one) => !refused.some((reason) => reason.test(one)));
    for (const reason of refused)
      expect(said.filter((one) => reason.test(one)).length, String(reason)).toBeGreaterThan(1);
    expect(others).toEqual([]);
  });
});
