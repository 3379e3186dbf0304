import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { diagnosticToJson, printDiagnostics } from '../../src/base/print-diagnostics.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { draws } from '../draws.ts';

const valid = readFileSync(new URL('../../pipelines/mnist.yaml', import.meta.url), 'utf8');

const withBlocks = `name: x
data: { source: mnist }
model:
  blocks:
    Unit:
      parameters: { filters: 4, stride: 1, depth: }
      layers:
        - conv 3x3x$filters/$stride same
        - repeat: { times: $depth, layers: [{ conv: { filters: $filters, kernelSize: 1 } }, relu] }
        - { add: {}, from: [input, repeat_1] }
    Stage:
      layers: [{ Unit: { depth: 2 }, name: inner }, { Unit: { filters: 4, depth: 1 }, from: inner }]
  layers:
    - conv 3x3x4 same
    - Stage
    - { repeat: { times: 2, layers: [Stage, relu] }, name: deep, from: conv2d_1 }
    - { concatenate: {}, from: [Stage_1, deep] }
    - flatten
    - dense 10
train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }
`;

test('both files are valid', () => {
  for (const text of [valid, withBlocks]) expect(checkSource({ name: 'x.yaml', text }).diagnostics).toEqual([]);
});

/** A pipeline or diagnostics, printable, each in the text; never a throw. */
function holds(text: string): void {
  const { checked, diagnostics } = checkSource({ name: 'x.yaml', text });
  expect(checked !== undefined || diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
  for (const diagnostic of diagnostics) {
    const { start, end } = diagnostic.range!;
    expect(start >= 0 && end >= start && end <= text.length, JSON.stringify({ diagnostic, text })).toBe(true);
    expect(diagnosticToJson(diagnostic).line).toBeGreaterThan(0);
  }
  expect(printDiagnostics(diagnostics, { color: false, cwd: '/' })).not.toMatch(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/,
  );
}

const snippet = fc.constantFrom(
  '\t',
  '\r\n',
  '  ',
  ':',
  ': ',
  '- ',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '|\n',
  '>',
  '&a ',
  '*a',
  '!!str ',
  '#',
  ',',
  '__proto__',
  'null',
  '~',
  '0',
  '-1',
  '1e999',
  '.nan',
  'conv',
  'conv(',
  'dense 10',
  '\u0000',
  '\u202e',
  '\ufeff',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '? ',
  '<<: ',
  '日本',
);

test.each([
  ['mnist.yaml', valid],
  ['blocks', withBlocks],
])('%s cut, doubled or mixed with anything', (_, whole) => {
  const edit = fc.record({
    at: fc.nat(whole.length),
    drop: fc.nat(12),
    put: fc.oneof(
      snippet,
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.nat(whole.length).map((from) => whole.slice(from, from + 30)),
    ),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      holds(edits.reduce((text, { at, drop, put }) => text.slice(0, at) + put + text.slice(at + drop), whole));
    }),
    { numRuns: draws(400) },
  );
});

test('any text', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(snippet).map((parts) => parts.join('')),
      ),
      holds,
    ),
    { numRuns: draws(400) },
  );
});

test.each([
  ['mnist.yaml', valid],
  ['blocks', withBlocks],
])('values of %s deleted, renamed or of another type', (_, whole) => {
  const tree: unknown = parse(whole);
  const anything = fc.anything({
    maxDepth: 2,
    withNullPrototype: false,
    withBigInt: false,
    values: [
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('relu', 'adam', 'normal(0.1)', 'conv 3x3x8'),
    ],
  });
  fc.assert(
    fc.property(
      fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
      fc.constantFrom('delete', 'rename', 'retype', 'wrap'),
      anything,
      fc.string({ minLength: 1 }),
      (steps, how, value, key) => {
        holds(stringify(mutate(tree, steps, how, value, key), { aliasDuplicateObjects: false }));
      },
    ),
    { numRuns: draws(400) },
  );
});

test('any setting', () => {
  const path = fc
    .array(
      fc.constantFrom(
        'train',
        'epochs',
        'optimizer',
        'adam',
        'model',
        'layers',
        '[0]',
        '[99]',
        'conv',
        'conv2d',
        'filters',
        'blocks',
        'Unit',
        'name',
        'seed',
        '__proto__',
        'x',
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((parts) => parts.join('.').replaceAll('.[', '['));
  const setting = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.tuple(path, fc.oneof(snippet, fc.string())).map(([at, value]) => `${at}=${value}`),
  );
  fc.assert(
    fc.property(
      fc.array(setting, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(valid, withBlocks),
      (settings, text) => {
        const { checked, diagnostics } = checkSource({ name: 'x.yaml', text }, settings);
        expect(checked !== undefined || diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
        for (const { range } of diagnostics)
          expect(range!.start >= 0 && range!.end >= range!.start && range!.end <= range!.source.text.length).toBe(true);
        expect(printDiagnostics(diagnostics, { color: false, cwd: '/' })).not.toMatch(/undefined|\[object/);
      },
    ),
    { numRuns: draws(600) },
  );
});

function mutate(node: unknown, [step, ...rest]: readonly number[], how: string, value: unknown, key: string): unknown {
  if (step === undefined || typeof node !== 'object' || node === null) return how === 'wrap' ? { [key]: node } : value;
  const entries = Object.entries(node);
  const at = entries.length === 0 ? 0 : step % entries.length;
  const changed = entries.flatMap(([name, child], i): [string, unknown][] => {
    if (i !== at) return [[name, child]];
    if (rest.length > 0) return [[name, mutate(child, rest, how, value, key)]];
    return how === 'delete' ? [] : [[how === 'rename' ? key : name, how === 'rename' ? child : value]];
  });
  return Array.isArray(node) ? changed.map(([, child]) => child) : Object.fromEntries(changed);
}

// Shapes that break parsers: quadratic or recursive ones. Each must be answered at once.
test.each([
  ['brackets', '['.repeat(200_000)],
  ['braces with keys', '{a: '.repeat(50_000)],
  ['dashes', '- '.repeat(100_000)],
  ['question marks', '? '.repeat(100_000)],
  ['deep blocks', Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ['quotes', '"'.repeat(draws(250_000))],
  ['tags', '!'.repeat(250_000)],
  ['parentheses', `name: x\nmodel: { layers: ["conv ${'('.repeat(100_000)}"] }`],
  ['words', `name: x\nmodel: { layers: ["conv ${'a '.repeat(50_000)}"] }`],
  ['a long unknown key', `${'k'.repeat(200_000)}: 1`],
  [
    'placeholders',
    'name: x\nmodel: { blocks: { B: { parameters: { a: 2 }, ' +
      `layers: ["dense ${'${a}'.repeat(50_000)}"] } }, layers: [B] }`,
  ],
  ['many keys', Array.from({ length: 15_000 }, (_, i) => `key${i}: 1`).join('\n')],
  ['unknown layers', `model:\n  layers:\n${'    - cnov 3x3\n'.repeat(15_000)}`],
  ['aliases of one anchor', `a: &a [1]\nb: [${'*a, '.repeat(50_000)}]`],
  ['10 MB', 'name: x\n'.repeat(1_300_000)],
])('%s', (_, text) => {
  const start = performance.now();
  holds(text);
  expect(performance.now() - start).toBeLessThan(10_000);
});
