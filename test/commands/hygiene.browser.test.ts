import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StageCache } from '../../src/cache/stage-cache.ts';
import { drawnForm } from '../../src/stages/visualize.ts';
import { HOSTILE } from '../charts/edge-examples.ts';
import { Rig, digitsPipeline } from '../rig.ts';
import { launchChromium } from '../launch-chromium.ts';

const rig = new Rig();
let browser: Browser;
beforeAll(async () => {
  rig.writeDigits(200, 100);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  rig.remove();
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

test('a report of hostile names runs no script and asks nobody for anything', async () => {
  const names = HOSTILE.map((name) => JSON.stringify(name.replaceAll(/[\u0000-\u001f\ud800]/g, '?').slice(0, 100)));
  const classes = Array.from({ length: 10 }, (_, i) => names[i] ?? `"plain ${i}"`);
  const text = digitsPipeline({ epochs: 1, layers: '[flatten, dense 10]', figures: true });
  rig.write(
    'hostile.yaml',
    text
      .replace('name: digits', 'name: "</title><script>alert(1)</script>"')
      .replace('t10k-labels }', `t10k-labels, classes: [${classes.join(', ')}] }`) + '# <img src=x onerror=alert(2)>\n',
  );
  const { code, stderr } = await rig.run(['run', 'hostile.yaml', '--runs', 'hostile']);
  expect([code, stderr]).toEqual([0, '']);
  const report = filesBelow(join(rig.folder, 'hostile')).find((file) => file.endsWith('report.html'))!;
  await withReport(report, async (page, found) => {
    expect(
      await page.evaluate(
        'document.querySelectorAll("script, img, iframe, object, embed, [onerror], [onload], [onclick]").length',
      ),
    ).toBe(0);
    expect(await page.title()).toContain('<script>alert(1)</script>');
    expect(await page.locator('td, th').filter({ hasText: '<script>alert(1)</script>' }).count()).toBeGreaterThan(0);
    expect(found).toEqual([]);
  });
}, 90_000);

test('a kept figure from elsewhere brings no markup into a report', async () => {
  rig.write(
    'planted.yaml',
    digitsPipeline({ epochs: 1, layers: '[flatten, dense 10]', figures: '[confusionMatrix, misclassified]' }),
  );
  const run = () => rig.run(['run', 'planted.yaml', '--runs', 'planted']);
  expect((await run()).code).toBe(0);
  const cache = new StageCache(join(rig.folder, '.layerline/cache/planted'), ({ message }) =>
    expect.unreachable(message),
  );
  const { fingerprint } = cache.list('visualize')[0]!;
  const { figures, leftOut } = cache.find(fingerprint, drawnForm)!.outcome;
  const hostile = [
    '<script>alert(1)</script>',
    '</svg><img src="x" onerror="alert(2)">',
    '<foreignObject><iframe src="http://127.0.0.1:9/z"></iframe></foreignObject><g onload="alert(3)"/>' +
      '<image href="http://127.0.0.1:9/x.png"/>',
  ];
  const elsewhere = 'e'.repeat(32);
  for (const piece of hostile) {
    cache.keep(fingerprint, elsewhere, {
      figures: figures.map((figure) => ({ ...figure, svg: figure.svg.replace('</svg>', `${piece}</svg>`) })),
      leftOut,
    });
    const { code, stdout } = await run();
    expect([code, stdout.match(/warning cache-damaged: the kept outcome of visualize/g)]).toEqual([
      0,
      [expect.anything()],
    ]);
  }
  // What is text stays text.
  const name = '<script>alert(6)</script>';
  cache.keep(fingerprint, elsewhere, {
    figures: figures.map((figure) => ({ ...figure, title: name, caption: name })),
    leftOut: [{ name, needs: name }],
  });
  expect((await run()).stdout).toContain(elsewhere);
  const reports = filesBelow(join(rig.folder, 'planted')).filter((file) => file.endsWith('report.html'));
  expect(reports).toHaveLength(hostile.length + 2);
  for (const report of reports) {
    const html = readFileSync(report, 'utf8');
    for (const piece of [...hostile, name]) expect(html).not.toContain(piece);
    await withReport(report, async (page, found) => {
      expect(await page.evaluate(anyMarkup)).toBe(0);
      expect(await page.locator('figure svg').count()).toBe(figures.length);
      expect(found).toEqual([]);
    });
  }
}, 120_000);

/** How much there is that runs, or loads something. */
const anyMarkup =
  'document.querySelectorAll("script, img, iframe, object, embed, foreignObject, a, [onerror], ' +
  '[onload], [onclick]").length';

/**
 * Opens a report without its own policy: what is in it must do no harm by itself.
 *
 * @param look is also told of all that the page asked for or said
 */
async function withReport(
  report: string,
  look: (page: Page, found: readonly string[]) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const found: string[] = [];
    page.on('dialog', (dialog) => {
      found.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith('data:') && request.url() !== pathToFileURL(report).href) found.push(request.url());
    });
    page.on('console', (message) => found.push(message.text()));
    await page.route(
      '**/*',
      async (route) =>
        route.fulfill({
          contentType: 'text/html',
          body: readFileSync(report, 'utf8').replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''),
        }),
      { times: 1 },
    );
    await page.goto(pathToFileURL(report).href);
    await look(page, found);
  } finally {
    await context.close();
  }
}
