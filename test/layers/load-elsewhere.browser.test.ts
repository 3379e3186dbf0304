import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { buildModel } from '../../src/layers/build-model.ts';
import { layerRow, layers } from '../../src/layers/layers.ts';
import { saveModel, writeModel } from '../../src/layers/save-model.ts';
import { exampleLayer } from '../contract/row-examples.ts';
import { chainOf } from './layer-rig.ts';
import { launchChromium } from '../launch-chromium.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerline elsewhere '));
afterAll(() => rmSync(folder, { recursive: true }));

/** What models come to, by layer type; a text says why one does not load. */
type Outcomes = Readonly<Record<string, readonly number[] | string>>;

const shapes = [[6, 6, 8], [4, 8], [8], [1], [3, 5, 5, 2], [28, 28, 1]];
const expected: Record<string, readonly number[]> = {};
const inputs: Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }> = {};

beforeAll(async () => {
  const engine = await loadEngine();
  for (const type of Object.keys(layers)) {
    const row = layerRow(type);
    const { options } = exampleLayer(row);
    const from = row.merges ? [-1, -1] : [-1];
    const shape = shapes.find(
      (one) =>
        !isMisfit(
          row.outputShape(
            one,
            options,
            from.map(() => one),
          ),
        ),
    )!;
    const model = buildModel(engine, chainOf(shape, [{ type, name: 'layer', options, inputs: from }]), 1);
    mkdirSync(join(folder, type));
    writeModel(join(folder, type), await saveModel(engine.tf, model), { type });
    const input = engine.tf.randomUniform([2, ...shape], 0.05, 0.95, 'float32', 4);
    inputs[type] = { shape: [2, ...shape], values: [...input.dataSync()] };
    expected[type] = [...model.forward([input])[0]!.dataSync()];
    model.dispose();
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

function expectSame(outcomes: Outcomes): void {
  const differences = Object.entries(expected).flatMap(([type, values]) => {
    const found = outcomes[type]!;
    if (typeof found === 'string') return [`${type}: ${found}`];
    const most = Math.max(...values.map((value, at) => Math.abs(value - found[at]!)));
    return found.length === values.length && most < 1e-4 ? [] : [`${type}: ${most}`];
  });
  expect(differences).toEqual([]);
}

test.each(['@tensorflow/tfjs', '@tensorflow/tfjs-node'])(
  'every layer of the language loads and computes the same in Node with %s',
  async (library) => {
    const program = `
    import * as tf from '${library}';
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
    expectSame(JSON.parse(stdout.trim().split('\n').at(-1)!) as Outcomes);
  },
);

test('and in a page with plain TensorFlow.js', async () => {
  const browser = await launchChromium();
  const page = await browser.newPage();
  const root = join(import.meta.dirname, '../..');
  const files: Readonly<Record<string, string>> = {
    '/tf.js': join(root, 'node_modules/@tensorflow/tfjs/dist/tf.min.js'),
    '/layers.js': join(root, 'dist/layers.js'),
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
    const { registerLayers } = await import('/layers.js');
    registerLayers(tf);
    const inputs = await (await fetch('/inputs.json')).json();
    return (${compute})(tf, (type) => tf.loadLayersModel('/' + type + '/model.json'), inputs);
  })()`)) as Outcomes;
  await browser.close();
  expectSame(outcomes);
});

test('what a page loads is one file of its own, and all classes of our own are in it', () => {
  const bundle = readFileSync(join(import.meta.dirname, '../../dist/layers.js'), 'utf8');
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
