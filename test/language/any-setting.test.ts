import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { printDiagnostics } from '../../src/base/print-diagnostics.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { tables } from '../../src/language/schema/pipeline-schema.ts';
import { draws } from '../draws.ts';

const folder = join(import.meta.dirname, '../../pipelines');
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

/** Paths of all that a file holds, as `--set` writes them. */
function pathsIn(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const below = path === '' ? key : `${path}.${key}`;
    const here = Array.isArray(value) ? `${path}[${key}]` : below;
    return [here, ...pathsIn(inner, here)];
  });
}

/** A file that is right, or mistakes that can be printed; soon, and never an exception. */
function holds(source: { readonly name: string; readonly text: string }, settings: readonly string[]): void {
  const { checked, diagnostics } = checkSource(source, settings);
  expect(checked !== undefined || diagnostics.some(({ severity }) => severity === 'error'), settings.join(' ')).toBe(
    true,
  );
  for (const { range } of diagnostics)
    expect(
      range!.start >= 0 && range!.end >= range!.start && range!.end <= range!.source.text.length,
      settings.join(' '),
    ).toBe(true);
  expect(printDiagnostics(diagnostics, { color: false, cwd: '/' })).not.toMatch(/undefined|\[object/);
}

const rows = Object.values(tables).flatMap((table) => Object.entries(table));
const words = [...new Set(rows.flatMap(([name, { options }]) => [name, ...Object.keys(options.properties)]))];
const strange = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'x', '0', '-'];
const values = fc.oneof(
  fc.constantFrom(
    '1',
    '-1',
    '1e12',
    '0.5',
    'null',
    'true',
    '[]',
    '{}',
    'x',
    'input',
    '[a, b]',
    '{ x: 1 }',
    '{ __proto__: 1 }',
    'conv 3x3x8',
    'adam',
    '~',
    '""',
  ),
  fc.constantFrom(...rows.map(([name]) => name)),
  fc.string(),
);

test.each(files)(
  '%s with any settings',
  (file) => {
    const source = { name: join(folder, file), text: readFileSync(join(folder, file), 'utf8') };
    const key = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...words) },
      fc.constantFrom(...strange),
      fc.constantFrom('[0]', '[1]', '[99999999]', '[99999999999999999999]'),
    );
    // A place of the file, with more of it or less.
    const path = fc
      .tuple(fc.constantFrom(...pathsIn(parse(source.text))), fc.array(key, { maxLength: 3 }))
      .map(([start, more]) => [start, ...more].join('.').replaceAll('.[', '['));
    const setting = fc.tuple(path, values).map(([at, value]) => `${at}=${value}`);
    fc.assert(
      fc.property(fc.array(setting, { minLength: 1, maxLength: 3 }), (settings) => holds(source, settings)),
      { numRuns: draws(75) },
    );
  },
  60_000,
);

const digits = {
  name: 'x.yaml',
  text:
    'name: x\ndata: { source: { csv: { file: t.csv, targets: { y: number } } } }\n' +
    'model: { layers: [relu, dense 1] }\ntrain: { optimizer: adam, loss: meanSquaredError, epochs: 1 }\n',
};

test.each([
  ['an option of another source', ['data.source.idx.trainImages=x']],
  ['another source without its options', ['data.source.idx=null']],
  ['an option of an option', ['data.source.csv.file.url=x']],
  ['a key of a name', ['model.layers[0].name.x=1']],
  ['a place of a name', ['model.layers[0].name[0]=1']],
  ['a key below null', ['train.schedule=null', 'train.schedule.step.every=1']],
  ['a path of 3,000 parts', [`${'a.'.repeat(3000)}b=1`]],
  ['a path of 3,000 places', [`model.layers${'[0]'.repeat(3000)}=1`]],
  ['one setting a thousand times', Array.from({ length: 1000 }, (_, i) => `train.epochs=${i + 1}`)],
  ['a place far behind the last', ['model.layers[99999999]=relu']],
  ['what objects inherit', ['__proto__.x=1', 'train.constructor=1', 'data.source.csv.targets.__proto__=number']],
])('%s', (_, settings) => {
  const start = performance.now();
  holds(digits, settings);
  expect(performance.now() - start).toBeLessThan(5000);
});

test('a path may be as deep as a file', () => {
  expect(checkSource(digits, [`${'a.'.repeat(64)}b=1`]).diagnostics.map(({ code }) => code)).toContain(
    'setting-too-deep',
  );
  expect(checkSource(digits, [`${'a.'.repeat(63)}b=1`]).diagnostics.map(({ code }) => code)).not.toContain(
    'setting-too-deep',
  );
});
