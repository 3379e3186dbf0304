import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, digitsPipeline } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

let id = '';
beforeAll(async () => {
  rig.writeDigits();
  rig.write('digits.yaml', digitsPipeline({ epochs: 1 }));
  ({ id } = await rig.train('digits.yaml'));
  for (const to of ['tfjs', 'safetensors']) expect((await rig.run(['export', id, '--to', to])).code).toBe(0);
}, 120_000);

const contentOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted()
    .map((path) => [path.slice(folder.length), readFileSync(path)] as const);

/** Dies before the so many-th thing that it does to a file of an export, or after half of a write. */
const crash = `
const fs = require('node:fs');
const { writeFileSync } = fs;
let count = 0;
for (const name of ['mkdirSync', 'writeFileSync', 'renameSync', 'fsyncSync']) {
  const original = fs[name];
  fs[name] = (target, ...rest) => {
    if (typeof target === 'number' || /killed/.test(String(target))) {
      if (count++ === Number(process.env.CRASH_AT)) {
        if (name === 'writeFileSync') writeFileSync(target, rest[0].subarray(0, rest[0].length / 2));
        process.kill(process.pid, 'SIGKILL');
      }
    }
    return original(target, ...rest);
  };
}
require('node:module').syncBuiltinESMExports();
`;

test('an export that is killed leaves nothing that looks whole', async () => {
  const script = rig.write('crash.cjs', crash);
  const whole = contentOf(join(rig.folder, 'digits-safetensors'));
  const env = (at: number) => ({ NODE_OPTIONS: `--require ${script}`, CRASH_AT: String(at) });
  let dead = 0;
  for (let at = 0; ; at++) {
    const [parent, folder] = [join(rig.folder, `killed-${at}`), `killed-${at}/out`];
    const { code } = await rig.run(['export', id, '--to', 'safetensors', '--out', folder], env(at));
    if (existsSync(join(rig.folder, folder))) expect(contentOf(join(rig.folder, folder)), String(at)).toEqual(whole);
    const aside = existsSync(parent) ? readdirSync(parent).filter((name) => name !== 'out') : [];
    for (const name of aside) expect(name).toMatch(/^\.export-[0-9a-f]{16}\./);
    if (code === 0) break;
    expect(code).toBeNull();
    dead++;
    // What was left does not keep the next one from it, but for half of a claim: its owner may be writing that.
    const exported = () => rig.run(['export', id, '--to', 'safetensors', '--out', folder]);
    const first = await exported();
    if (first.stderr.includes('another process writes')) await setTimeout(5_200);
    const again = first.code === 0 ? first : await exported();
    expect(again.code, again.stderr).toBe(0);
    expect(readdirSync(parent)).toEqual(['out']);
  }
  expect(dead).toBeGreaterThan(8);
}, 120_000);

test('what a format has no equal of is refused, with the layer, before anything is written', async () => {
  const net = (text: string) => digitsPipeline({ epochs: 1, layers: text });
  for (const [name, text, to, layer] of [
    ['small', '[{ resizing: { height: 8, width: 8 }, name: smaller }, flatten, dense 10]', 'keras', 'smaller'],
    ['masked', '[reshape 28x28, { masking: {}, name: gaps }, lstm 2, dense 10]', 'onnx', 'gaps'],
  ] as const) {
    rig.write(`${name}.yaml`, net(text));
    const made = await rig.train(`${name}.yaml`);
    const refused = await rig.run(['export', made.id, '--to', to, '--out', `${name}-out`]);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^error not-exportable: the layer /);
    expect(refused.stderr).toContain(layer);
    expect(existsSync(join(rig.folder, `${name}-out`))).toBe(false);
  }
}, 60_000);

test('a page loads the exported folder with plain TensorFlow.js, and computes the golden outputs', async () => {
  const executablePath = [
    process.env['CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ].find((path) => path !== undefined && existsSync(path));
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox'],
  });
  const page = await browser.newPage();
  const script = join(import.meta.dirname, '../../node_modules/@tensorflow/tfjs/dist/tf.min.js');
  await page.route('https://example.org/**', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: '<script src="/tf.js"></script>' });
    return route.fulfill(
      pathname === '/tf.js'
        ? { path: script, contentType: 'text/javascript' }
        : { path: join(rig.folder, 'digits-tfjs', pathname) },
    );
  });
  await page.goto('https://example.org/');
  const [worst, scale] = (await page.evaluate(`(async () => {
    const read = async (part) => {
      const file = await (await fetch('/golden/' + part + '.safetensors')).arrayBuffer();
      const start = 8 + Number(new DataView(file).getBigUint64(0, true));
      const header = JSON.parse(new TextDecoder().decode(file.slice(8, start)));
      const [{ shape, data_offsets: [from, to] }] = Object.values(header);
      return { shape, values: new Float32Array(file.slice(start + from, start + to)) };
    };
    const [inputs, outputs] = [await read('inputs'), await read('outputs')];
    const model = await tf.loadLayersModel('/model.json');
    const found = model.predict(tf.tensor(inputs.values, inputs.shape)).dataSync();
    const worst = Math.max(...found.map((value, i) => Math.abs(value - outputs.values[i])));
    return [worst, Math.max(...outputs.values.map(Math.abs))];
  })()`)) as [number, number];
  await browser.close();
  expect(scale).toBeGreaterThan(1);
  expect(worst).toBeLessThan(1e-5 * scale + 1e-6);
}, 120_000);
