import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Row } from '../../src/base/row.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { losses } from '../../src/training/losses.ts';
import { metrics } from '../../src/training/metrics.ts';
import { optimizers } from '../../src/training/optimizers.ts';
import { schedules } from '../../src/training/schedules.ts';

const rows: [string, string, Row][] = Object.entries({ optimizers, losses, schedules, metrics }).flatMap(
  ([table, members]) => Object.entries(members).map(([name, row]) => [table, name, row] as [string, string, Row]),
);

test.each(rows)('%s: the example of %s is right, and its options say what they are', (table, name, row) => {
  const said = parse(row.example) as Record<string, unknown>;
  const train = { optimizer: 'sgd', loss: 'softmaxCrossEntropy', epochs: 1, ...(table === 'metrics' ? {} : said) };
  const file = {
    name: 'example',
    data: { source: 'mnist' },
    model: { layers: ['flatten', 'dense 10'] },
    train,
    ...(table === 'metrics' ? { evaluate: said } : {}),
  };
  const { pipeline, diagnostics } = readPipeline({ name: 'example.yaml', text: JSON.stringify(file) });
  expect(diagnostics).toEqual([]);
  const {
    optimizer,
    outputs: [output],
    schedule,
  } = pipeline!.train;
  expect([
    optimizer.type,
    output!.loss.type,
    schedule?.type,
    ...(pipeline!.evaluate.metrics ?? []).map(({ type }) => type),
  ]).toContain(name);
  expect(row.doc).toMatch(/\.$/);
  for (const option of Object.values(row.options.properties))
    expect((option as { description?: string }).description).toMatch(/[.)]$/);
});
