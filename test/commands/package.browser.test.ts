import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../launch-chromium.ts';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';

const root = join(import.meta.dirname, '../..');
const rig = new Rig();
afterAll(() => rig.remove());
let predicted: Record<string, unknown>[] = [];

beforeAll(async () => {
  rig.writeDigits();
  const layers = '[conv 3x3x4, { resizing: { height: 7, width: 7 } }, flatten, dense 10]';
  rig.write('digits.yaml', digitsPipeline({ epochs: 1, layers }));
  expect((await rig.run(['run', 'digits.yaml'])).code).toBe(0);
  expect((await rig.run(['package', 'last', '--out', 'node_modules/digits'])).code).toBe(0);
  predicted = eventsOf((await rig.run(['predict', 'last', 'data/t10k-images'])).stdout);
}, 60_000);

const page = `<script type="importmap">
{ "imports": { "@tensorflow/tfjs": "/tf.js", "digits": "/digits/index.js" } }
</script>
<canvas width="28" height="28"></canvas>
<script type="module">
import { predict, predictAll } from 'digits';
import { model } from '/digits/model.js';
import * as tf from '@tensorflow/tfjs';

const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
const images = (await bytes('/images')).subarray(16);
const digit = (k) => images.subarray(784 * k, 784 * (k + 1));
const context = document.querySelector('canvas').getContext('2d');
const data = context.createImageData(28, 28);
digit(0).forEach((grey, i) => data.data.set([grey, grey, grey, 255], 4 * i));
context.putImageData(data, 0, 0);
const told = { backend: {}, error: await predict('0.png').catch(String) };
for (const backend of ['cpu', 'webgl']) {
  await tf.setBackend(backend);
  told.backend[backend] = {
    distance: await model.replay({ inputs: await bytes('/digits/golden/inputs.safetensors'),
      outputs: await bytes('/digits/golden/outputs.safetensors') }),
    rows: await predictAll(Array.from({ length: 20 }, (_, k) => digit(k))),
    canvas: await predict(context.getImageData(0, 0, 28, 28)),
    png: await predict(await bytes('/digit.png')),
  };
}
window.told = told;
</script>`;

test('a page without a bundler gives the golden outputs, and what `pipeline predict` prints', async () => {
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    const errors: unknown[] = [];
    tab.on('pageerror', (error) => errors.push(error));
    const digit = readFileSync(join(rig.folder, 'data/t10k-images')).subarray(16, 16 + 784);
    const { picture } = await import('../models/asked-models.ts');
    const contents: Readonly<Record<string, Uint8Array | string>> = {
      '/': page,
      '/tf.js': readFileSync(join(root, 'node_modules/@tensorflow/tfjs/dist/tf.fesm.min.js')),
      '/images': readFileSync(join(rig.folder, 'data/t10k-images')),
      '/digit.png': picture(digit, [28, 28, 1]),
    };
    await tab.route('https://example.org/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      const content = contents[pathname] ?? readFileSync(join(rig.folder, 'node_modules', pathname));
      const kind = pathname === '/' ? 'text/html' : 'text/javascript';
      return route.fulfill({ contentType: kind, body: Buffer.from(content) });
    });
    await tab.goto('https://example.org/');
    await tab.waitForFunction('window.told !== undefined', undefined, { timeout: 60_000 });
    expect(errors).toEqual([]);
    const { error, backend } = (await tab.evaluate('window.told')) as {
      error: string;
      backend: Record<string, { distance: { isWithin: boolean }; rows: Told[]; canvas: Told; png: Told }>;
    };
    expect(error).toMatch(/^TypeError: the input: expected 28 x 28 x 1, got a text/);
    expect(Object.keys(backend)).toEqual(['cpu', 'webgl']);
    for (const { distance, rows, canvas, png } of Object.values(backend)) {
      expect(distance).toMatchObject({ isWithin: true });
      for (const [k, row] of rows.entries()) {
        const { predicted: said, probabilities } = predicted[k] as {
          predicted: object;
          probabilities: Told['probabilities'];
        };
        expect(row).toMatchObject(said);
        for (const [name, value] of Object.entries(probabilities['label']!))
          expect(row.probabilities['label']![name]).toBeCloseTo(value, 5);
      }
      expect(canvas.label).toBe(rows[0]!.label);
      expect(png).toEqual(canvas);
    }
  } finally {
    await browser.close();
  }
  expect(readdirSync(join(rig.folder, 'node_modules/digits'))).toContain('weights.js');
}, 120_000);

interface Told {
  readonly label: string;
  readonly probabilities: Readonly<Record<string, Readonly<Record<string, number>>>>;
}
