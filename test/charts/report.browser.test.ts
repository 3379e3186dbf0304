import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderReport } from '../../src/charts/report.ts';
import { escape } from '../../src/charts/fit-text.ts';
import { writeSweepReport } from '../../src/charts/sweep/sweep-report.ts';
import { hostileExample } from './edge-examples.ts';
import { mnistExample } from './mnist-example.ts';
import { reportOf } from './report-example.ts';
import { launchChromium } from '../launch-chromium.ts';
import { plainSweep, sweepExample } from './sweep-example.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerline-report-'));
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
  for (const [name, input] of Object.entries({ mnist: mnistExample(), hostile: hostileExample() })) {
    writeFileSync(join(folder, `${name}.html`), renderReport(await reportOf(input)));
  }
  for (const [name, sweep] of Object.entries({ six: plainSweep(1, 12), eight: sweepExample(60) }))
    writeFileSync(join(folder, `${name}.html`), writeSweepReport(sweep));
}, 30_000);

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Opens a report, and gathers whatever it asks for or complains about. */
async function open(name: string, width: number, colorScheme: 'light' | 'dark') {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const address = pathToFileURL(join(folder, `${name}.html`)).href;
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== address && !request.url().startsWith('data:')) requests.push(request.url());
  });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(address);
  return { page, requests, complaints };
}

describe.each(['mnist', 'hostile'])('the report of %s', (name) => {
  test.each([
    [360, 'light'],
    [1280, 'light'],
    [1280, 'dark'],
    [2000, 'light'],
  ] as const)(
    'is quiet and fits at %i px, %s',
    async (width, colorScheme) => {
      const { page, requests, complaints } = await open(name, width, colorScheme);
      expect(requests).toEqual([]);
      expect(complaints).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      // Nothing may stick out of the window but the content of boxes that scroll by themselves.
      expect(
        await page.evaluate(
          "[...document.querySelectorAll('main *')].filter((e) => !e.closest('.scroll') && " +
            'e.getBoundingClientRect().right > innerWidth).map((e) => e.outerHTML.slice(0, 80))',
        ),
      ).toEqual([]);
      await page.close();
    },
    30_000,
  );

  test.each(['light', 'dark'] as const)(
    'has text that contrasts with its ground, %s',
    async (colorScheme) => {
      const { page } = await open(name, 1280, colorScheme);
      const { ratio, text } = (await page.evaluate(`(${worstContrast.toString()})()`)) as ReturnType<
        typeof worstContrast
      >;
      expect(ratio, text).toBeGreaterThan(4.5);
      await page.close();
    },
    30_000,
  );

  test('loads every picture in its figures', async () => {
    const { page } = await open(name, 1280, 'light');
    const loaded = (await page.evaluate(
      "Promise.all([...document.querySelectorAll('svg image')].map((image) => { const i = new Image(); " +
        "i.src = image.getAttribute('href'); return i.decode().then(() => i.naturalWidth); }))",
    )) as number[];
    expect(loaded.length).toBeGreaterThan(32);
    expect(Math.min(...loaded)).toBeGreaterThan(0);
    await page.close();
  }, 30_000);
});

test.each(['six', 'eight'])(
  'of %s tiles none stands alone in a row, and they fit',
  async (name) => {
    const { page } = await open(name, 1100, 'light');
    for (const width of [420, 500, 600, 700, 800, 900, 1000, 1100, 1300, 1600]) {
      await page.setViewportSize({ width, height: 900 });
      const places = (await page.evaluate(
        "[...document.querySelectorAll('.tiles > div')].map((e) => [e.offsetTop, e.getBoundingClientRect().right])",
      )) as [top: number, right: number][];
      const last = places.filter(([top]) => top === places.at(-1)![0]);
      expect(last.length, `${width} px`).toBeGreaterThan(1);
      expect(Math.max(...places.map(([, right]) => right)), `${width} px`).toBeLessThanOrEqual(width);
    }
    await page.close();
  },
  30_000,
);

test('opens in a sandboxed frame, as MLflow previews it', async () => {
  const html = renderReport(await reportOf(mnistExample()));
  const page = await browser.newPage({ viewport: { width: 800, height: 900 } });
  await page.setContent(`<iframe sandbox style="width:700px;height:800px" srcdoc="${escape(html)}"></iframe>`);
  const frame = page.frameLocator('iframe');
  expect(await frame.locator('h1').innerText()).toBe('mnist');
  expect(await frame.locator('figure svg').count()).toBe(6);
  expect((await frame.locator('figure svg').first().boundingBox())!.width).toBeGreaterThan(600);
  await page.close();
}, 30_000);

/** The text that stands out least from the paper, with its WCAG contrast ratio. Runs in the page. */
function worstContrast(): { ratio: number; text: string } {
  // @ts-expect-error The browser's globals are not Node's.
  const { document, getComputedStyle } = globalThis;
  const luminance = (colour: string): number => {
    const [r, g, b] = colour
      .match(/[\d.]+/g)!
      .map((v) => Number(v) / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const paper = luminance(getComputedStyle(document.querySelector('figure')).backgroundColor);
  let worst = { ratio: 21, text: '' };
  for (const element of document.querySelectorAll('text[fill], th, td, dt, dd, p, figcaption, h1, h2')) {
    const style = getComputedStyle(element);
    const ink = luminance(element.matches('text') ? style.fill : style.color);
    // Numbers in the strong cells of the confusion matrix are in the paper's own colour.
    if (element.getAttribute('fill') === '#ffffff') continue;
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (ratio < worst.ratio) worst = { ratio, text: element.outerHTML };
  }
  return worst;
}
