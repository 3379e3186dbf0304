import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClassTarget, TargetSpec } from '../../src/datasets/dataset.ts';
import { writeExport } from '../../src/models/export-model.ts';
import { loadModel } from '../../src/models/model-for-programs.ts';
import { isPackageName, packageModel } from '../../src/models/package/package-model.ts';
import { declarationsOf, quoted } from '../../src/models/package/package-types.ts';
import { Rig } from '../rig.ts';
import { runHere } from '../training/run-file.ts';
import { header, lines, trainModels, works } from './asked-models.ts';

const root = join(import.meta.dirname, '../..');
const rig = new Rig();
afterAll(() => rig.remove());
const at = (path: string) => join(rig.folder, path);
const models: Record<string, string> = {};
const made = (folder: string, name: string) =>
  packageModel(folder, { name, runId: undefined, metrics: {} }, () => undefined);

/** A project that has installed a package of each model. */
beforeAll(async () => {
  Object.assign(models, await trainModels(rig, ['csv', 'images', 'masks', 'pairs', 'text']));
  const { error, directory } = await runHere(rig, works['text']!.text.replace(', maskZero: true', ''));
  if (error !== undefined) throw error;
  models['plain'] = join(directory, 'artifacts/model');
  mkdirSync(at('node_modules'));
  symlinkSync(join(root, 'node_modules/@tensorflow'), at('node_modules/@tensorflow'));
  rig.write('package.json', '{ "type": "module" }');
  for (const kind of ['csv', 'images', 'masks', 'pairs', 'plain'])
    writeExport(at(`node_modules/of-${kind}`), (await made(models[kind]!, `of-${kind}`)).files);
}, 240_000);

async function node(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: rig.folder });
  return stdout;
}

/** What a program prints that has `predict` and `predictAll` of a package. */
const program = (kind: string, text: string) =>
  node(
    '--input-type=module',
    '-e',
    `import * as tf from '@tensorflow/tfjs';\nimport { predict, predictAll } from 'of-${kind}';\n` +
      `import { readFileSync } from 'node:fs';\ntf.enableProdMode();\n${text}`,
  );

const columns = header.trim().split(',');
const tableRows = lines(300, 47)
  .split('\n')
  .map((line) => line.split(','))
  .map((cells) => ({
    a: Number(cells[columns.indexOf('a')]),
    b: Number(cells[columns.indexOf('b')]),
    colour: cells[columns.indexOf('colour')],
  }));
const pngs = (folder: string) => readdirSync(at(folder)).map((name) => at(`${folder}/${name}`));
const asked: Readonly<Record<string, () => readonly unknown[]>> = {
  csv: () => tableRows,
  images: () => ['ant', 'bee', 'cow'].flatMap((kind) => pngs(`kinds-tested/${kind}`)),
  masks: () => pngs('images'),
  pairs: () => [0, 1, 2].map((k) => ({ left: digit(k), right: digit(k + 5) })),
  plain: () => ['ab cb', 'aac a', 'b\n aa'],
};
function digit(k: number): readonly (readonly number[])[] {
  const pixels = readFileSync(at('data/t10k-images')).subarray(16 + 784 * k, 16 + 784 * (k + 1));
  return Array.from({ length: 28 }, (_, y) => [...pixels.subarray(28 * y, 28 * y + 28)]);
}

test('packages say what the models of their runs say, in plain JavaScript, all of them in one program', async () => {
  const kinds = Object.keys(asked);
  const calls = kinds.map((kind) => `(await import('of-${kind}')).predictAll(${JSON.stringify(asked[kind]!())})`);
  const told = JSON.parse(
    await program('csv', `console.log(JSON.stringify([${calls.map((call) => `await ${call}`).join(',')}]));`),
  ) as Record<string, unknown>[][];
  for (const [place, kind] of kinds.entries()) {
    const model = await loadModel(models[kind]!);
    const expected = await model.predict(asked[kind]!());
    model.dispose();
    expect(told[place], kind).toEqual(
      expected.map(({ predicted, confidence, probabilities }) =>
        near({ ...predicted, ...(Object.keys(probabilities).length > 0 ? { probabilities } : { confidence }) }),
      ),
    );
  }
});

test('npm test computes the golden rows again, on plain JavaScript and on wasm', async () => {
  const { stdout } = await promisify(execFile)('npm', ['test'], { cwd: at('node_modules/of-csv') });
  expect(stdout).toMatch(/# pass 2\n/);
  const golden = at('node_modules/of-csv/golden/outputs.safetensors');
  const bytes = readFileSync(golden);
  rig.write(
    'node_modules/of-csv/golden/outputs.safetensors',
    bytes.map((byte, i) => (i === bytes.length - 2 ? 60 : byte)),
  );
  await expect(promisify(execFile)('npm', ['test'], { cwd: at('node_modules/of-csv') })).rejects.toThrow(/npm test/);
  rig.write('node_modules/of-csv/golden/outputs.safetensors', bytes);
});

/** Numbers within the tolerance of golden rows. */
function near(value: unknown): unknown {
  if (typeof value === 'number') return expect.closeTo(value, 6 - Math.ceil(Math.log10(Math.max(2, Math.abs(value)))));
  if (Array.isArray(value)) return value.map(near);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, near(one)]));
}

test('a picture is a path, the content of a PNG file, its pixels, or what a canvas gives', async () => {
  const path = at('kinds-tested/bee/3.png');
  const text = `
    const path = ${JSON.stringify(path)};
    const pixels = Uint8Array.from({ length: 60 }, (_, i) => (513 * 97 + i * 31) % 256);
    const data = new Uint8ClampedArray(80).fill(255);
    for (let i = 0; i < 60; i++) data[Math.floor(i / 3) * 4 + (i % 3)] = pixels[i];
    const canvas = { width: 5, height: 4, data };
    const all = await predictAll([path, readFileSync(path), pixels, canvas]);
    console.log(JSON.stringify(all));
    for (const wrong of [canvas.data, { ...canvas, width: 4, height: 5 }, { ...canvas, data: data.slice().fill(0) }, 7,
      { ...canvas, data: data.slice(1) }, { width: 5, data }, { ...canvas, height: -4 }, { ...canvas, width: 5.5 },
      readFileSync(path).subarray(0, 50), readFileSync(path).map((byte, i) => i === 60 ? byte ^ 1 : byte)])
      await predict(wrong).then(() => console.log('taken'), (error) => console.log(String(error)));`;
  const [all, ...errors] = (await program('images', text)).trim().split('\n');
  const told = JSON.parse(all!) as unknown[];
  expect(told).toHaveLength(4);
  for (const one of told) expect(one).toEqual(told[0]);
  expect(errors).toEqual([
    expect.stringMatching(/^TypeError: the input: expected 4 x 5 x 3, got 80/),
    expect.stringMatching(/^TypeError: the input: expected 4 x 5 x 3, got 5 x 4 x 3/),
    expect.stringMatching(/^TypeError: the input has transparency/),
    expect.stringMatching(/^TypeError: the input: expected 4 x 5 x 3, got a number/),
    expect.stringMatching(/^TypeError: the input has width 5, height 4 and 79 bytes of `data`, not 4 for each pixel/),
    expect.stringMatching(/^TypeError: the input has width 5, height NaN and 80 bytes/),
    expect.stringMatching(/^TypeError: the input has width 5, height -4 and 80 bytes/),
    expect.stringMatching(/^TypeError: the input has width 5.5, height 4 and 80 bytes/),
    expect.stringMatching(/^TypeError: the input is damaged: it is cut short/),
    expect.stringMatching(/^TypeError: the input is damaged: the checksum/),
  ]);
});

test('an input that cannot be used is told as a TypeError, and the others of the program go on', async () => {
  const text = `
    const good = ${JSON.stringify(tableRows[0])};
    for (const wrong of [{ ...good, colour: 'rad' }, { a: 1, colour: 'red' }, { ...good, a: NaN }, 'x', null])
      await predict(wrong).then(() => console.log('taken'), (error) => console.log(String(error)));
    console.log((await predict({ ...good, more: 1 })).k);
    console.log((await Promise.all([predict(good), predict(good)])).length, (await predictAll([])).length);`;
  expect((await program('csv', text)).trim().split('\n')).toEqual([
    expect.stringMatching(/^TypeError: the input: colour is 'rad', .*Did you mean `red`\?$/),
    expect.stringMatching(/^TypeError: the input has no `b`/),
    expect.stringMatching(/^TypeError: the input: a is 'NaN'/),
    expect.stringMatching(/^TypeError: the input is a text, not an object/),
    expect.stringMatching(/^TypeError: the input is null, not an object/),
    expect.stringMatching(/^(little|much)$/),
    '2 0',
  ]);
});

async function typeErrors(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  for (const [name, text] of Object.entries(files)) rig.write(name, text);
  const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--types', ''];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  try {
    await node(tsc, ...options, '--module', 'nodenext', ...Object.keys(files));
    return [];
  } catch (error) {
    return (error as { stdout: string }).stdout.trim().split('\n');
  }
}

test('types let a program through that fits, and no misspelt column, unknown category or class', async () => {
  const right = `import { predict } from 'of-csv';
const { y, k, probabilities } = await predict({ a: 1, b: 2, colour: 'red' });
const sum: number = y + probabilities.k.much;
if (k === 'little') console.log(sum);
`;
  const logging = 'declare const console: { log(value: unknown): void };\n';
  const errors = await typeErrors({
    'right.ts': logging + right,
    'column.ts': logging + right.replace('colour:', 'color:'),
    'category.ts': logging + right.replace("'red'", "'pink'"),
    'class.ts': logging + right.replace("'little'", "'few'"),
    'picture.ts':
      "import { predict } from 'of-pairs';\nawait predict({ left: new Uint8Array(784), right: 'a.png' });\n" +
      "await predict({ left: 'a.png' });\n",
    'masks.ts':
      "import { predict } from 'of-masks';\nconst { mask, confidence } = await predict('a.png');\n" +
      "export const isCrack: boolean = mask[0]![0] === 'crack' && confidence.mask[0]![0]! > 0.5;\n",
    'texts.ts': "import { predict } from 'of-plain';\nexport const { next } = await predict('ab cb');\n",
  });
  expect(
    errors.map((line) => /^(\w+)\.ts\(\d+,\d+\): error (TS\d+)/.exec(line)?.slice(1).join(' ')).filter(Boolean),
  ).toEqual(['category TS2322', 'class TS2367', 'column TS2561', 'picture TS2741']);
});

test('whatever columns and classes are called, the types are those names', async () => {
  const name = fc.oneof(
    fc.string({ maxLength: 12, unit: 'binary' }),
    fc.string({
      maxLength: 5,
      unit: fc.constantFrom("'", '"', '`', '\\', '*', '/', '\n', '\r', '\u2028', '$', '{', '}'),
    }),
    fc.constantFrom('__proto__', 'constructor', 'class', '*/', '${x}', '\ud800', '0', '-1', '1e3', 'a-b', '', 'é'),
  );
  const names = fc.uniqueArray(name, { minLength: 2, maxLength: 5 });
  const files: Record<string, string> = {};
  for (const [k, [given, categories, classes, target]] of fc
    .sample(fc.tuple(names, names, names, name), 60)
    .entries()) {
    const [coded, ...numbers] = given as [string, ...string[]];
    const targets: readonly TargetSpec[] = [
      { kind: 'class', name: target, classes, shape: [] } satisfies ClassTarget,
      { kind: 'number', name: `${target}2`, shape: [2] },
    ];
    const prepared = [{ column: coded, categories }, ...numbers.map((column) => ({ column, mean: 0, deviation: 1 }))];
    files[`types${k}.d.ts`] = declarationsOf({
      kind: 'table',
      options: {},
      inputs: [{ name: 'x', shape: [categories.length + numbers.length], dtype: 'float32', scale: 1 }],
      targets,
      preparation: { x: prepared },
    });
    const rest = numbers.map((one) => `[${quoted(one)}]: 1, `).join('');
    files[`use${k}.ts`] = [
      `import { type Input, type Prediction, predict } from './types${k}.js';`,
      ...categories.map(
        (one) => `export const i${categories.indexOf(one)}: Input = { ${rest}[${quoted(coded)}]: ${quoted(one)} };`,
      ),
      '// @ts-expect-error no category',
      `export const none: Input = { ${rest}[${quoted(coded)}]: 'no such category' };`,
      `const told = await predict(i0);`,
      `export const said: ${classes.map(quoted).join(' | ')} = told[${quoted(target)}];`,
      ...classes.map((one) => `export const c${classes.indexOf(one)}: Prediction[${quoted(target)}] = ${quoted(one)};`),
      `export const p: number = told.probabilities[${quoted(target)}][${quoted(classes[0]!)}];`,
      `export const n: number = told[${quoted(`${target}2`)}][0]!;`,
      '',
    ].join('\n');
  }
  expect(await typeErrors(files)).toEqual([]);
});

test('what plain TensorFlow.js does not tell is refused', async () => {
  await expect(made(models['text']!, 'x')).rejects.toThrow(
    /the model cannot be made a package: what a mask leaves out/,
  );
  const steps =
    '[{ reshape: { targetShape: [5, 4, 3] } }, masking, { timeDistributed: { layer: lstm(2) } }, flatten, dense 3]';
  const { directory } = await runHere(rig, works['images']!.text.replace('[flatten, dense 3]', steps));
  await expect(made(join(directory, 'artifacts/model'), 'x')).rejects.toThrow(
    /its layer `timeDistributed_1` reads a mask: TensorFlow.js hands the mask of all steps to the lstm of each/,
  );
});

test('what WebAssembly computes wrongly in silence is refused there, and computed elsewhere', async () => {
  const layers = '[{ reshape: { targetShape: [4, 5, 3, 1] } }, conv3d 2x2x2x2, flatten, dense 3]';
  const { directory } = await runHere(rig, works['images']!.text.replace('[flatten, dense 3]', layers));
  const { files } = await made(join(directory, 'artifacts/model'), 'of-volumes');
  writeExport(at('node_modules/of-volumes'), files);
  const told = await program(
    'volumes',
    `import '@tensorflow/tfjs-backend-wasm';
    for (const backend of ['wasm', 'cpu']) {
      await tf.setBackend(backend);
      await predict(new Uint8Array(60)).then(({ label }) => console.log(label), (error) => console.log(error.message));
    }`,
  );
  expect(told.trim().split('\n')).toEqual([
    expect.stringMatching(/^TensorFlow.js computes Conv3D wrongly on wasm: take another backend/),
    expect.stringMatching(/^(ant|bee|cow)$/),
  ]);
  expect(String(files['README.md'])).toContain('Not on WebAssembly: ');
}, 60_000);

test('names that npm does not take are none', () => {
  for (const name of ['Digits', '../x', 'a b', '.x', '@me', '@me/', 'x'.repeat(215), 'node_modules', '', "a'b", 'a\n'])
    expect(isPackageName(name), name).toBe(false);
  for (const name of ['digits', '@me/digits', 'a.b-c_d', '7']) expect(isPackageName(name), name).toBe(true);
});
