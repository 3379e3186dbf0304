import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import type { Tensor } from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { type ModelGraph, buildModel } from '../../src/layers/build-model.ts';
import { layerRow, layers } from '../../src/layers/layers.ts';
import { saveModel, writeModel } from '../../src/layers/save-model.ts';
import { arbitraryOptions } from '../contract/arbitrary-options.ts';
import { exampleLayer } from '../contract/row-examples.ts';
import { wasmMisfit } from '../../src/layers/volume-classes.ts';
import { chainOf } from './layer-rig.ts';
import { launchChromium } from '../launch-chromium.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerline elsewhere '));
afterAll(() => rmSync(folder, { recursive: true }));

/** What models come to, by layer type; a text says why one does not load. */
type Outcomes = Readonly<Record<string, readonly number[] | string>>;

type Options = Readonly<Record<string, unknown>>;

const shapes = [[6, 6, 8], [4, 8], [8], [1], [3, 5, 5, 2], [28, 28, 1]];
const described: Record<string, string> = {};
const expected: Record<string, readonly number[]> = {};
const inputs: Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }> = {};

const shapeOf = (axes: number) => fc.array(fc.integer({ min: 1, max: 6 }), { minLength: axes, maxLength: axes });
const anyShape = fc.oneof(shapeOf(1), shapeOf(2), shapeOf(3), shapeOf(4));

/** Weights that are put into a layer of TensorFlow.js are brought into their constraints, which these are not. */
const withoutConstraints = (options: Options) =>
  JSON.parse(JSON.stringify(options, (key, value: unknown) => (key.endsWith('Constraint') ? null : value))) as Options;

/** What plain TensorFlow.js cannot do, as docs/exporting.md says. */
function isRefused(type: string, { shape, options }: Sample): boolean {
  if (type === 'layerNormalization') return shape.length > 3;
  if (!/3d/.test(type)) return false;
  const window = options['kernelSize'] ?? options['poolSize'];
  const [kernel, strides] = [window, options['strides'] ?? window].map((size) =>
    Array.isArray(size) ? (size as number[]) : [size, size, size].map(Number),
  ) as [number[], number[]];
  const larger = kernel.filter((size, axis) => size < strides[axis]!).length;
  return options['padding'] === 'same' && larger > 0 && larger < 3;
}

interface Sample {
  readonly shape: readonly number[];
  readonly options: Options;
}

/** Its example, and other options on other shapes. */
function samplesOf(type: string): readonly Sample[] {
  const row = layerRow(type);
  const fits = (shape: readonly number[], options: Options) =>
    !isMisfit(row.outputShape(shape, options, row.merges ? [shape, shape] : [shape]));
  const { options } = exampleLayer(row);
  const drawn = fc
    .sample(fc.tuple(anyShape, arbitraryOptions(row.options)), { seed: 11, numRuns: 200 })
    .map(([shape, other]) => ({ shape, options: withoutConstraints(other) }))
    .filter((one) => fits(one.shape, one.options) && !isRefused(type, one))
    .slice(0, 6);
  return [{ shape: shapes.find((shape) => fits(shape, options))!, options }, ...drawn];
}

beforeAll(async () => {
  const engine = await loadEngine();
  const { tf } = engine;
  const keep = async (name: string, graph: ModelGraph, input: Tensor) => {
    const model = buildModel(engine, graph, 1);
    // Zeros and ones, as many weights begin, hide in which place they are.
    for (const [k, variable] of model.variables.entries())
      if (variable.dtype === 'float32') variable.assign(tf.randomUniform(variable.shape, 0.2, 1, 'float32', k + 1));
    mkdirSync(join(folder, name));
    writeModel(join(folder, name), await saveModel(tf, model), { type: name });
    inputs[name] = { shape: input.shape, values: [...input.dataSync()] };
    expected[name] = [...model.forward([input])[0]!.dataSync()];
    described[name] = JSON.stringify(graph);
    model.dispose();
  };
  const embedding = exampleLayer(layerRow('embedding'), { inputDim: 5, outputDim: 4, maskZero: true });
  // Steps that a mask leaves out behind others, and between them.
  const masked = tf.tensor([1, 2, 3, 4, 0, 0, 1, 1, 0, 0, 0, 0, 0, 2, 0, 3, 1, 2], [3, 6], 'float32');
  for (const [type, row] of Object.entries(layers)) {
    for (const [at, { shape, options }] of samplesOf(type).entries()) {
      const layer = { type, name: 'layer', options, inputs: row.merges ? [-1, -1] : [-1] };
      const input = tf.randomUniform([2, ...shape], 0.05, 0.95, 'float32', 4);
      await keep(`${type}-${at}`, chainOf(shape, [layer]), input);
    }
    const { options } = exampleLayer(row);
    const taken = row.merges ? [0, 0] : [0];
    const isMasked = row.mask !== undefined;
    if (
      isMasked &&
      !isMisfit(
        row.outputShape(
          [6, 4],
          options,
          [
            [6, 4],
            [6, 4],
          ].slice(0, taken.length),
        ),
      )
    )
      await keep(
        `${type}-masked`,
        chainOf(
          [6],
          [
            { ...embedding, name: 'embedding', inputs: [-1] },
            { type, name: 'layer', options, inputs: taken },
          ],
        ),
        masked,
      );
  }
  writeFileSync(join(folder, 'inputs.json'), JSON.stringify(inputs));
});

/** Computes with every model; as text, since it runs elsewhere. */
const compute = `async (tf, load, inputs) => {
  const outcomes = {};
  for (const [type, { shape, values }] of Object.entries(inputs)) {
    try {
      const model = await load(type);
      if (model.getUserDefinedMetadata().type !== type) throw new Error('no metadata');
      outcomes[type] = [...model.predict(tf.tensor(values, shape)).dataSync()];
    } catch (error) {
      outcomes[type] = String(error);
    }
  }
  return outcomes;
}`;

/** @param names which of the models */
function expectSame(outcomes: Outcomes, names = Object.keys(expected)): void {
  const differences = names.flatMap((type) => {
    const [values, found] = [expected[type]!, outcomes[type]!];
    if (typeof found === 'string') return [`${type} ${described[type]}: ${found}`];
    const most = Math.max(...values.map((value, at) => Math.abs(value - found[at]!) / Math.max(1, Math.abs(value))));
    return found.length === values.length && !(most >= 1e-4) ? [] : [`${type} ${described[type]}: ${most}`];
  });
  expect(differences).toEqual([]);
}

test.each([
  ['@tensorflow/tfjs', ''],
  ['@tensorflow/tfjs', "await import('@tensorflow/tfjs-backend-wasm'); await tf.setBackend('wasm');"],
  ['@tensorflow/tfjs-node', ''],
])('every layer of the language loads and computes the same in Node with %s %s', async (library, start) => {
  const program = `
    import * as tf from '${library}';
    ${start}
    import { readFileSync } from 'node:fs';
    import { loadLayersModel } from 'layerline';
    const folder = ${JSON.stringify(folder)};
    const inputs = JSON.parse(readFileSync(folder + '/inputs.json', 'utf8'));
    const outcomes = await (${compute})(tf, (type) => loadLayersModel(tf, folder + '/' + type), inputs);
    console.log(JSON.stringify(outcomes));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: join(import.meta.dirname, '../..'),
    maxBuffer: 1e8,
  });
  // That wasm computes volumes wrongly is told to who exports them.
  const isToldOf = (name: string) => {
    const { modelTopology } = JSON.parse(readFileSync(join(folder, name, 'model.json'), 'utf8')) as {
      readonly modelTopology: object;
    };
    // Nor does it bound anything by two numbers that both are 0 in 32 bits.
    const isBoundToNothing = /"maxValue":[\d.]+e-\d{3}/.test(described[name]!);
    return start !== '' && (isBoundToNothing || wasmMisfit(modelTopology) !== undefined);
  };
  expectSame(
    JSON.parse(stdout.trim().split('\n').at(-1)!) as Outcomes,
    Object.keys(expected).filter((name) => !isToldOf(name)),
  );
});

test('and in a page with plain TensorFlow.js', async () => {
  const browser = await launchChromium();
  const page = await browser.newPage();
  const root = join(import.meta.dirname, '../..');
  const files: Readonly<Record<string, string>> = {
    '/tf.js': join(root, 'node_modules/@tensorflow/tfjs/dist/tf.min.js'),
    '/browser.js': join(root, 'dist/browser.js'),
  };
  await page.route('https://example.org/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: '<script src="/tf.js"></script>' });
    return route.fulfill({
      path: files[pathname] ?? join(folder, pathname),
      ...(pathname.endsWith('.js') ? { contentType: 'text/javascript' } : {}),
    });
  });
  await page.goto('https://example.org/');
  const outcomes = (await page.evaluate(`(async () => {
    await tf.setBackend('cpu');
    const { registerLayers } = await import('/browser.js');
    registerLayers(tf);
    const all = await (await fetch('/inputs.json')).json();
    const inputs = Object.fromEntries(Object.entries(all).filter(([type]) => type.endsWith('-0')));
    return (${compute})(tf, (type) => tf.loadLayersModel('/' + type + '/model.json'), inputs);
  })()`)) as Outcomes;
  await browser.close();
  expectSame(
    outcomes,
    Object.keys(layers).map((type) => `${type}-0`),
  );
});

test('what a page loads is one file of its own, and all classes of our own are in it', () => {
  const bundle = readFileSync(join(import.meta.dirname, '../../dist/browser.js'), 'utf8');
  expect(bundle).not.toMatch(/\bfrom ["']|import\(|require\(|\bprocess\./);
  const source = join(import.meta.dirname, '../../src/layers');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const names = files.flatMap((file) =>
    [...readFileSync(join(source, file), 'utf8').matchAll(/className(?: =|:) '(Layerline\w+)'/g)].map(
      ([, name]) => name!,
    ),
  );
  expect(names.length).toBeGreaterThan(6);
  expect(names.filter((name) => !bundle.includes(name))).toEqual([]);
});
