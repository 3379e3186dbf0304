import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { type Browser, type Page, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, digitsPipeline } from '../rig.ts';
import { tone, writeWav } from '../datasets/wav.ts';
import { type RunningServer, startServe } from './model-server.ts';

const rig = new Rig();
let browser: Browser;
beforeAll(async () => {
  const executablePath = [
    process.env['CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ].find((path) => path !== undefined && existsSync(path));
  browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox'],
  });
});
afterAll(async () => {
  await browser.close();
  rig.remove();
});

/** Drops a file somewhere on a page, as a hand does. */
async function drop(
  page: Page,
  where: string,
  { name, type, bytes }: { name: string; type: string; bytes: Uint8Array },
) {
  const [content, ...about] = [Buffer.from(bytes).toString('base64'), name, type].map((one) => JSON.stringify(one));
  const dataTransfer = await page.evaluateHandle(`(() => {
    const data = new DataTransfer();
    const bytes = Uint8Array.from(atob(${content}), (one) => one.charCodeAt(0));
    data.items.add(new File([bytes], ${about[0]}, { type: ${about[1]} }));
    return data;
  })()`);
  await page.dispatchEvent(where, 'dragover', { dataTransfer });
  await page.dispatchEvent(where, 'drop', { dataTransfer });
}

/** Opens the page of a model that a file trains; notes whatever the browser complains of, or asks others for. */
async function withPage(
  file: string,
  env: Readonly<Record<string, string>>,
  work: (page: Page, server: RunningServer) => Promise<void>,
): Promise<void> {
  const trained = await rig.run(['run', file, '--runs', `runs-${file}`]);
  expect(trained.code).toBe(0);
  const run = /\b[0-9a-f]{32}\b/.exec(trained.stdout)![0];
  const server = await startServe(rig, [run, '--runs', `runs-${file}`], env);
  const page = await browser.newPage();
  const found: string[] = [];
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => found.push(dialog.message())));
  page.on('pageerror', ({ message }) => found.push(message));
  page.on('console', (said) => {
    if (said.type() === 'error' && !/status of 40[014]/.test(said.text())) found.push(said.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(server.address) && !request.url().startsWith('blob:')) found.push(request.url());
  });
  try {
    await page.goto(server.address);
    await work(page, server);
    // On a phone nothing stands beyond the edge.
    await page.setViewportSize({ width: 400, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
    expect(found).toEqual([]);
  } finally {
    await page.close();
    await server.stop();
  }
}

test('a digit is drawn, or chosen; names with markup stay text; a token is asked for', async () => {
  rig.writeDigits(600, 100);
  const classes = ['<img src=x onerror=alert(1)>', ...'123456789'];
  const text = digitsPipeline({ epochs: 1 })
    .replace('name: digits', 'name: "<b>digits</b>"')
    .replace('t10k-labels }', `t10k-labels, classes: [${classes.map((name) => JSON.stringify(name)).join(', ')}] }`);
  rig.write('digits.yaml', text);
  const token = 'a-token-of-the-test';
  await withPage('digits.yaml', { PIPELINE_SERVE_TOKEN: token }, async (page) => {
    await page.locator('#token').fill(token);
    await page.locator('#access button').click();
    await page.locator('#canvas').waitFor();
    expect(await page.locator('#name').textContent()).toBe('<b>digits</b>');
    const box = (await page.locator('#canvas').boundingBox())!;
    await page.mouse.move(box.x + 140, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + 140, box.y + 240, { steps: 5 });
    await page.mouse.up();
    await page.locator('#answer h2').waitFor();
    expect(await page.locator('#answer h2').textContent()).toMatch(/^label: /);
    expect(await page.locator('.bar').count()).toBe(10);
    expect(await page.locator('.bar').allTextContents()).toContainEqual(expect.stringContaining(classes[0]!));
    expect(await page.locator('img, #name b').count()).toBe(0);
    await page.locator('#clear').click();
    expect(await page.locator('#answer h2').count()).toBe(0);
    const picture = encode({ width: 56, height: 56, channels: 1, data: new Uint8Array(56 * 56).fill(200) });
    await page
      .locator('#file')
      .setInputFiles({ name: 'grey.png', mimeType: 'image/png', buffer: Buffer.from(picture) });
    await page.locator('#answer h2').waitFor();
    await page.locator('#file').setInputFiles({ name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('no') });
    await page.getByText('this is no picture').waitFor();
    for (const where of ['#canvas', '#name']) {
      await page.locator('#clear').click();
      await drop(page, where, { name: 'grey.png', type: 'image/png', bytes: picture });
      await page.locator('#answer h2').waitFor();
    }
  });
}, 120_000);

test('a row is filled in', async () => {
  const pipelines = join(import.meta.dirname, '../../pipelines');
  mkdirSync(join(rig.folder, 'data'), { recursive: true });
  for (const file of ['data/penguins.csv', 'penguins.yaml'])
    copyFileSync(join(pipelines, file), join(rig.folder, file));
  await withPage('penguins.yaml', {}, async (page) => {
    await page.locator('#table').waitFor();
    expect(await page.locator('#table select').first().locator('option').allTextContents()).toEqual([
      'Biscoe',
      'Dream',
      'Torgersen',
    ]);
    await page.getByLabel('bill_length_mm').fill('39.1');
    await page.getByLabel('bill_depth_mm').fill('18.7');
    await page.getByLabel('flipper_length_mm').fill('181');
    await page.getByLabel('island').selectOption('Torgersen');
    // Without a mouse.
    await page.getByLabel('flipper_length_mm').press('Enter');
    await page.getByText('species: Adelie').waitFor();
    expect(await page.locator('#answer h2').last().textContent()).toMatch(/^body_mass_g: \d+/);
  });
}, 120_000);

test('a recording is chosen', async () => {
  const recording = (hertz: number) => writeWav(tone(hertz, 0.2, { rate: 8000 }), { rate: 8000 });
  for (const [name, hertz] of [
    ['deep', 300],
    ['high', 2000],
  ] as const)
    for (let i = 0; i < 20; i++) rig.write(`sounds/${name}/${i}.wav`, recording(hertz + 10 * i));
  rig.write(
    'sounds.yaml',
    `name: sounds
data:
  source:
    audio: { folder: sounds, sampleRate: 8000, seconds: 0.2, numMelBins: 20, fftLength: 256, frameLength: 200 }
model: { layers: [batchNormalization, flatten, dense 2] }
train: { optimizer: adam(0.01), loss: softmaxCrossEntropy, epochs: 10 }
`,
  );
  await withPage('sounds.yaml', {}, async (page) => {
    const choose = (name: string, bytes: Uint8Array) =>
      page.getByLabel('A recording').setInputFiles({ name, mimeType: 'audio/x-wav', buffer: Buffer.from(bytes) });
    await choose('deep.wav', recording(345));
    await page.getByText('label: deep').waitFor();
    await choose('high.wav', recording(2045));
    await page.getByText('label: high').waitFor();
    await choose('no.wav', Buffer.from('no'));
    await page.getByText('is no WAV file').waitFor();
  });
}, 120_000);
