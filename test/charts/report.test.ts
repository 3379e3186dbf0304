import { beforeAll, describe, expect, test } from 'vitest';
import { renderReport, type ReportInput } from '../../src/charts/report.ts';
import { HOSTILE, hostileExample, masksExample } from './edge-examples.ts';
import { mnistExample } from './mnist-example.ts';
import { reportOf } from './report-example.ts';

let input: ReportInput;
let html: string;
beforeAll(async () => {
  input = await reportOf(mnistExample());
  html = renderReport(input);
});

test('has every section', () => {
  const headings = [...html.matchAll(/<h[12]>(.*?)<\/h[12]>/g)].map(([, text]) => text);
  expect(headings).toEqual([
    'mnist',
    'How sure',
    'Beside published numbers',
    'Classes',
    'Epochs',
    'Model',
    'Pipeline file',
    'Made from',
    'See it in MLflow',
  ]);
  const tiles = [...html.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)].map(([, name, value]) => `${name}: ${value}`);
  expect(tiles).toEqual([
    'Test accuracy: 0.9874',
    'Test loss: 0.04120',
    'Epochs: 15',
    'Parameters: 63,050',
    'Images/s: 5,812',
    'Duration: 2 min 51 s',
    'Seed: 42',
  ]);
  expect(html.match(/<figcaption>/g)).toHaveLength(6);
  expect(html.match(/<svg [^>]*role="img" aria-label="/g)).toHaveLength(6);
});

test('shows figures in their own size, so that their titles are alike', () => {
  for (const { width } of input.figures) expect(html).toContain(`max-width:${width}px`);
});

test('says what the run was made from and where it is recorded', () => {
  for (const text of [
    input.weightsSha256,
    input.dataFiles[0]!.sha256,
    't10k-images-idx3-ubyte',
    '2.21.0',
    input.tracking.runId,
    'npx pipeline ui',
    '28\u00a0×\u00a028\u00a0×\u00a032',
    '- conv 3x3x32 same relu',
  ])
    expect(html).toContain(text);
});

test('has all test metrics where there are more than tiles, those asked for first, and huge numbers short', () => {
  expect(html).not.toContain('Test metrics');
  const metrics = {
    test_loss: 2.4673e11,
    test_kind_loss: 0.5,
    test_price_loss: 173_180,
    test_kind_meanIoU: 0.9,
    test_price_r2Score: -0.05,
  };
  const several = renderReport({ ...input, evaluation: { ...input.evaluation, metrics } });
  const tiles = [...several.matchAll(/<dt>(Test.*?)<\/dt><dd>(.*?)<\/dd>/g)].map(
    ([, name, value]) => `${name}: ${value}`,
  );
  expect(tiles).toEqual([
    'Test kind mean IoU: 0.9000',
    'Test price r2 score: -0.05000',
    'Test kind loss: 0.5000',
    'Test loss: 2.467e+11',
  ]);
  for (const name of Object.keys(metrics).slice(1)) expect(several).toContain(`<th scope="row">${name}</th>`);
});

test('says which stages an earlier run made', () => {
  expect(html).not.toContain('kept from run');
  const kept = renderReport({
    ...input,
    run: {
      ...input.run,
      kept: [
        { stage: 'load', runId: 'aa01' },
        { stage: 'train', runId: 'aa02' },
      ],
    },
  });
  expect([...kept.matchAll(/<p class="about">(.*?)<\/p>/g)].map(([, text]) => text).slice(1)).toEqual([
    'load: kept from run <code>aa01</code>',
    'train: kept from run <code>aa02</code>',
  ]);
});

test('shows the configuration that ran, and what was set, where the file alone does not say it', () => {
  expect(html).not.toContain('as it ran');
  const set = renderReport({
    ...input,
    pipeline: { ...input.pipeline, settings: ['train.epochs=3', 'seed=<7>'], resolved: 'train:\n  epochs: 3\n' },
  });
  const [section] = /<h2>Pipeline as it ran.*?<\/section>/s.exec(set)!;
  expect([...section.matchAll(/<p>Set: <code>(.*?)<\/code>/g)].map(([, text]) => text)).toEqual([
    'train.epochs=3',
    'seed=&lt;7&gt;',
  ]);
  const [ran, written] = [...section.matchAll(/<pre><code>(.*?)<\/code>/gs)].map(([, text]) => text);
  expect([ran, written]).toEqual(['train:\n  epochs: 3\n', expect.stringContaining('epochs: 15')]);
  expect(section).toMatch(/<details><summary>The file alone/);
});

test('counts pixels and characters as such', async () => {
  const masks = await reportOf(masksExample());
  expect(renderReport(masks)).toContain('>Test pixels</th>');
  const outputs = masks.evaluation.outputs.map((result) => ({ ...result, shape: [256] }));
  expect(renderReport({ ...masks, evaluation: { ...masks.evaluation, outputs } })).toContain('>Test characters</th>');
  expect(html).toContain('>Test samples</th>');
});

test('says that it is of a trial', () => {
  expect(html).not.toContain('A trial');
  expect(renderReport({ ...input, run: { ...input.run, trial: 'one batch' } })).toContain(
    '<p class="trial">A trial with one batch.</p>',
  );
});

test('says whose epoch the weights are', () => {
  expect(html).not.toContain('weights of epoch');
  const best = renderReport({ ...input, best: 7 });
  expect(best).toContain('<dt>Best epoch</dt><dd>7</dd>');
  expect(best).toContain('15 epochs as numbers; the model has the weights of epoch 7</summary>');
  expect([...best.matchAll(/<th scope="row" class="number">(\d+ \(best\))</g)].map(([, text]) => text)).toEqual([
    '7 (best)',
  ]);
});

test('counts what the data consists of', () => {
  expect(renderReport({ ...input, run: { ...input.run, pace: { perSecond: 12_000, samples: 'samples' } } })).toContain(
    '<dt>Samples/s</dt><dd>12,000</dd>',
  );
});

test('puts our number beside each published one', () => {
  const published = html.slice(html.indexOf('Beside published numbers'));
  const rows = [...published.matchAll(/<tr><th scope="row">(loss, epoch \d+|test_accuracy)<\/th>(.*?)<\/tr>/g)].map(
    ([, name, cells]) => [
      name,
      ...cells!
        .replace(/<[^>]+>/g, ' ')
        .trim()
        .split(/\s+/),
    ],
  );
  expect(rows).toEqual([
    ['loss, epoch 1', '0.3500', '0.342', '+0.008'],
    ['loss, epoch 15', '0.01358', '0.0147', '−0.0011'],
    ['test_accuracy', '0.9874', '0.9872', '+0.0002'],
  ]);
});

test('has no comparison without a reference, and survives a run that diverged', () => {
  const { reference: _, ...alone } = input;
  const diverged = renderReport({
    ...alone,
    history: [{ loss: NaN, accuracy: 0.1 }],
    evaluation: { ...input.evaluation, metrics: { test_loss: NaN } },
  });
  expect(diverged).not.toContain('Beside published numbers');
  expect(diverged).toContain('<dt>Test loss</dt><dd>NaN</dd>');
});

test('needs nothing from outside', () => {
  expect(html).toContain(
    '<meta http-equiv="Content-Security-Policy" ' +
      `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
  );
  expect(html).not.toMatch(/<(script|link|iframe|object|embed|base|a)\b/i);
  expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', '').replaceAll(/xmlns:xlink="[^"]*"/g, '')).not.toMatch(
    /https?:|url\(|@import/,
  );
});

test('every table names its columns and rows', () => {
  for (const [table] of html.matchAll(/<table.*?<\/table>/gs)) {
    expect(table).toMatch(/^<table aria-label="[^"]+"><thead><tr>(<th scope="col"[^>]*>[^<]+<\/th>)+<\/tr><\/thead>/);
    expect(table.match(/<th scope="row"/g)).toHaveLength(table.match(/<tr>/g)!.length - 1);
  }
});

describe.each(HOSTILE)('with %j for every text', (text) => {
  test('stays text', async () => {
    const hostile = renderReport(everyText(await reportOf(hostileExample()), text));
    const tags = (page: string): Set<string> =>
      new Set([...page.matchAll(/<(?!!)\/?([^\s/>]+)/g)].map(([, tag]) => tag!));
    expect([...tags(hostile)].filter((tag) => !tags(html).has(tag))).toEqual([]);
    expect(hostile).not.toMatch(/<[^>"]*(?:"[^"]*"[^>"]*)*\son\w+=/);
    // oxlint-disable-next-line no-control-regex
    expect(hostile).not.toMatch(/[\u0000\u001b\u202e]/);
  });
});

/** The report's input with every text that a user or a file can choose replaced. */
function everyText(report: ReportInput, text: string): ReportInput {
  return {
    ...report,
    name: text,
    run: { ...report.run, name: text, startedAt: text, trial: text },
    evaluation: {
      metrics: { ...report.evaluation.metrics, [text]: 1 },
      outputs: report.evaluation.outputs.map((result) => ({
        ...result,
        name: text,
        ...(result.kind === 'class' ? { perClass: result.perClass.map((c) => ({ ...c, name: text })) } : {}),
      })),
    },
    leftOut: [{ name: text, needs: text }],
    reference: { label: text, epochs: { [text]: { 1: 0.5 } }, metrics: { [text]: 0.5 } },
    history: report.history.map((epoch) => ({ ...epoch, [text]: 1 })),
    figures: report.figures.map((figure) => ({ ...figure, title: text, caption: text })),
    layers: report.layers.map((layer) => ({ ...layer, name: text, type: text })),
    pipeline: { file: text, text, settings: [text], resolved: text },
    weightsSha256: text,
    dataFiles: report.dataFiles.map((file) => ({ ...file, name: text, sha256: text })),
    versions: { [text]: text },
    tracking: { where: text, experimentId: text, runId: text, open: text },
  };
}
