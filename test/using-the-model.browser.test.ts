import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Rig, digitsPipeline } from './rig.ts';
import { launchChromium } from './launch-chromium.ts';

const root = join(import.meta.dirname, '..');
const guide = readFileSync(join(root, 'docs/using-the-model.md'), 'utf8');
const snippets = [...guide.matchAll(/^```js\n(.*?)^```$/gms)].map(([, text]) => text!);
const ofKind = (mark: string) => snippets.filter((text) => text.includes(mark));

const own =
  '[{ conv: { filters: 4, kernelSize: 3, padding: same } }, { groupNormalization: { groups: 2 } }, relu, ' +
  '{ resizing: { height: 7, width: 7 } }, flatten, dense 10]';
const rig = new Rig();
const runs: Record<'plain' | 'own', string> = { plain: '', own: '' };

/** Programs of a project that has the package as npm installs it: what `files` names, with types. */
beforeAll(async () => {
  rig.writeDigits(300, 100);
  for (const [name, layers] of [
    ['plain', '[flatten, dense 10]'],
    ['own', own],
  ] as const) {
    rig.write(`${name}.yaml`, digitsPipeline({ epochs: 1, layers }).replace('name: digits', `name: ${name}`));
    const { code, stderr } = await rig.run(['run', `${name}.yaml`, '--runs', name]);
    expect(code, stderr).toBe(0);
    const file = readdirSync(join(rig.folder, name), { recursive: true, encoding: 'utf8' }).find((path) =>
      path.endsWith('model.json'),
    );
    runs[name] = join(rig.folder, name, file!.replace('/artifacts/model/model.json', ''));
  }
  rig.write('my.yaml', digitsPipeline({ layers: '[flatten, dense 10]' }));
  mkdirSync(join(rig.folder, 'node_modules/layerline/dist'), { recursive: true });
  rig.write('node_modules/layerline/package.json', readFileSync(join(root, 'package.json')));
  for (const name of readdirSync(join(root, 'dist')).filter((entry) => entry !== 'types'))
    symlinkSync(join(root, 'dist', name), join(rig.folder, 'node_modules/layerline/dist', name));
  for (const name of ['@tensorflow', '@types', 'typebox'])
    symlinkSync(join(root, 'node_modules', name), join(rig.folder, 'node_modules', name));
  await run('../typescript/bin/tsc', [
    '-p',
    join(root, 'tsconfig.types.json'),
    '--outDir',
    join(rig.folder, 'node_modules/layerline/dist/types'),
  ]);
}, 240_000);
afterAll(() => rig.remove());

async function run(tool: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'node_modules/.bin', tool), ...args], {
    cwd: rig.folder,
  }).catch((error: Error & { stdout: string; stderr: string }) => {
    throw new Error(error.stdout + error.stderr);
  });
  return stdout;
}

/** What the compiler says of a program. */
const check = (file: string) =>
  run('../typescript/bin/tsc', [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--types',
    'node',
    '--skipLibCheck',
    file,
  ]);

describe('a run from a program', () => {
  const [calls] = ofKind('runPipeline(') as [string];
  const told = `${calls}console.log(JSON.stringify({ status, metrics }));\n`;
  const asCommonJs = (text: string) =>
    `(async () => {\n${text}})();\n`
      .replace(/^import (.*) from (.*);$/m, '')
      .replace(/^/, `${/^import .*$/m.exec(text)![0]}\n`);
  const required = (text: string) => asCommonJs(text).replace(/^import (.*) from (.*);$/m, 'const $1 = require($2);');
  const programs: Readonly<Record<string, readonly [file: string, type: string, text: string]>> = {
    'node, module': ['a.mjs', 'module', told],
    'node, CommonJS': ['a.cjs', 'module', required(told)],
    'tsx, module': ['b.mts', 'commonjs', told],
    'tsx, .ts in a project of modules': ['c.ts', 'module', told],
    'tsx, .ts in a project of CommonJS': ['d.ts', 'commonjs', asCommonJs(told)],
    'tsx, CommonJS': ['e.cjs', 'module', required(told)],
  };

  test.each(Object.entries(programs))('%s', async (tool, [file, type, text]) => {
    rig.write('package.json', JSON.stringify({ type }));
    rig.write(file, text);
    const stdout = tool.startsWith('tsx')
      ? await run('../tsx/dist/cli.mjs', [file])
      : (await promisify(execFile)(process.execPath, [file], { cwd: rig.folder })).stdout;
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({
      status: 'FINISHED',
      metrics: { test_loss: expect.any(Number) },
    });
  });

  test.each([
    ['module', told],
    ['commonjs', asCommonJs(told)],
  ])('has types in a project of type %s', async (type, text) => {
    rig.write('package.json', JSON.stringify({ type }));
    const loading =
      "import * as tf from '@tensorflow/tfjs';\nimport { loadLayersModel } from 'layerline';\n" +
      "import { registerLayers } from 'layerline/browser';\nregisterLayers(tf);\n" +
      "export const model: Promise<tf.LayersModel> = loadLayersModel(tf, 'folder');\n";
    rig.write('typed.ts', text);
    rig.write('loading.ts', loading);
    rig.write('wrong.ts', text.replace("'my.yaml'", '7'));
    expect(await check('typed.ts')).toBe('');
    expect(await check('loading.ts')).toBe('');
    await expect(check('wrong.ts')).rejects.toThrow(/TS2345/);
  });
});

test("README's program trains, and asks the model", async () => {
  const [, program] = /^```ts\n(.*?)^```$/ms.exec(readFileSync(join(root, 'README.md'), 'utf8'))!;
  const images = readFileSync(join(rig.folder, 'data/t10k-images'));
  rig.write('digit.png', encode({ width: 28, height: 28, channels: 1, data: images.subarray(16, 16 + 784) }));
  rig.write('package.json', JSON.stringify({ type: 'module' }));
  rig.write('readme.ts', program!);
  expect(await check('readme.ts')).toBe('');
  const stdout = await run('../tsx/dist/cli.mjs', ['readme.ts']);
  const [accuracy, predicted] = stdout.trim().split(/ (?=\{)/);
  expect(accuracy).toMatch(/^(0\.\d+|[01])$/);
  expect(predicted).toMatch(/^\{ \w+: '\d' \}$/);
});

describe('a trained model, asked from a program', () => {
  const [asking] = ofKind('loadModel(run)') as [string];

  test('says what it predicts, and has types', async () => {
    rig.write('data/penguins.csv', readFileSync(join(root, 'pipelines/data/penguins.csv')));
    rig.write('penguins.yaml', readFileSync(join(root, 'pipelines/penguins.yaml')));
    const { code, stderr } = await rig.run([
      'run',
      'penguins.yaml',
      '--set',
      'visualize.figures=[]',
      '--runs',
      'asked',
    ]);
    expect(code, stderr).toBe(0);
    const file = readdirSync(join(rig.folder, 'asked'), { recursive: true, encoding: 'utf8' }).find((path) =>
      path.endsWith('model.json'),
    );
    const folder = `const run = ${JSON.stringify(join(rig.folder, 'asked', file!, '..'))};\n`;
    rig.write('package.json', JSON.stringify({ type: 'module' }));
    rig.write('asking.mjs', `${folder}${asking}`);
    const { stdout } = await promisify(execFile)(process.execPath, ['asking.mjs'], { cwd: rig.folder });
    const [species, mass, share] = stdout.trim().split(' ');
    expect(species).toBe('Adelie');
    expect(Number(mass)).toBeGreaterThan(3000);
    expect(Number(mass)).toBeLessThan(5500);
    expect(Number(share)).toBeGreaterThan(0.5);
    // A class is no number, and a prediction no text.
    rig.write('asking.ts', `${folder}${asking}`);
    rig.write('asking-wrong.ts', `${folder}${asking}const text: string = penguin;\n`);
    expect(await check('asking.ts')).toBe('');
    await expect(check('asking-wrong.ts')).rejects.toThrow(/TS2322/);
  });
});

describe('the model of a run', () => {
  const [loading] = ofKind('getUserDefinedMetadata') as [string];
  const isWhole = loading.includes("from '@tensorflow/");

  test.each([
    ['@tensorflow/tfjs-node', 'plain'],
    ...(isWhole
      ? [
          ['@tensorflow/tfjs', 'plain'],
          ['@tensorflow/tfjs', 'own'],
          ['@tensorflow/tfjs-node', 'own'],
        ]
      : []),
  ] as [string, 'plain' | 'own'][])('is loaded in Node with %s: the %s layers', async (library, kind) => {
    const [count, size] = [5, 784];
    const before =
      `${isWhole ? '' : `import * as tf from '${library}';\n`}import { readFileSync } from 'node:fs';\n` +
      `const [run, count] = [${JSON.stringify(runs[kind])}, ${count}];\n` +
      `const bytes = readFileSync('data/t10k-images').subarray(16, 16 + count * ${size});\n`;
    rig.write('package.json', JSON.stringify({ type: 'module' }));
    rig.write(
      'load.mjs',
      `${before}${loading.replace(/'@tensorflow\/tfjs(-node)?'/, `'${library}'`)}\n` +
        'console.log(JSON.stringify([target.classes, ' +
        '[...index.dataSync()].map((place) => target.classes[place])]));\n',
    );
    const { stdout } = await promisify(execFile)(process.execPath, ['load.mjs'], { cwd: rig.folder });
    const [classes, digits] = JSON.parse(stdout.trim().split('\n').at(-1)!) as [string[], string[]];
    expect(classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(digits).toHaveLength(count);
  });

  test('of one unit tells two classes apart', async () => {
    const rows = Array.from({ length: 80 }, (_, i) => `${(i * 7) % 20},${(i * 7) % 20 < 10 ? 'low' : 'high'}\n`);
    rig.write('two.csv', `a,k\n${rows.join('')}`);
    rig.write(
      'two.yaml',
      'name: two\ndata: { source: { csv: { file: two.csv, targets: { k: [low, high] } } } }\n' +
        'model: { layers: [dense 1] }\ntrain: { optimizer: { adam: { learningRate: 0.1 } }, ' +
        'loss: sigmoidCrossEntropy, batchSize: 8, epochs: 40 }\nevaluate: { metrics: [accuracy] }\n',
    );
    const { code, stderr } = await rig.run(['run', 'two.yaml', '--runs', 'two']);
    expect(code, stderr).toBe(0);
    const folder = readdirSync(join(rig.folder, 'two'), { recursive: true, encoding: 'utf8' })
      .find((path) => path.endsWith('model.json'))!
      .replace('/artifacts/model/model.json', '');
    rig.write('package.json', JSON.stringify({ type: 'module' }));
    // Standardized, as `preparation` says.
    rig.write(
      'load.mjs',
      `const [run, count, bytes] = [${JSON.stringify(join(rig.folder, 'two', folder))}, 4, [-1, -0.5, 0.5, 1]];\n` +
        `${loading}\nconsole.log(JSON.stringify([...index.dataSync()].map((place) => target.classes[place])));\n`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, ['load.mjs'], { cwd: rig.folder });
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toEqual(['low', 'low', 'high', 'high']);
  });

  test.each(ofKind("'layerline/browser'"))('is loaded in a page', async (text) => {
    const browser = await launchChromium();
    const page = await browser.newPage();
    const files: Readonly<Record<string, string>> = {
      '/tf.js': join(root, 'node_modules/@tensorflow/tfjs/dist/tf.fesm.min.js'),
      '/browser.js': join(root, 'dist/browser.js'),
    };
    const html =
      '<script type="importmap">{ "imports": { "@tensorflow/tfjs": "/tf.js", ' +
      `"layerline/browser": "/browser.js" } }</script><script type="module">\n${text}\n` +
      'document.title = String(model.predict(tf.zeros([2, 28, 28, 1])).shape);\n</script>';
    await page.route('https://example.org/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: html });
      return route.fulfill({
        path: files[pathname] ?? join(runs.own, 'artifacts', pathname),
        ...(pathname.endsWith('.js') ? { contentType: 'text/javascript' } : {}),
      });
    });
    await page.goto('https://example.org/');
    await page.waitForFunction('document.title !== ""');
    expect(await page.title()).toBe('2,10');
    await browser.close();
  });
});
