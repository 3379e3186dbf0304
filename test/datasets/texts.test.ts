import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { csv } from '../../src/datasets/tables/csv.ts';
import type { AskedRow } from '../../src/datasets/dataset.ts';
import { TokenCounter, tokenOptions, tokensOf } from '../../src/datasets/preparations/tokens.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const write = (file: string, texts: readonly string[]) =>
  rig.write(file, ['x,y', ...texts.map((text, row) => `${quoted(text)},${row}`), ''].join('\n'));

const optionsOf = (steps: unknown, testFile: string | number = 'asked.csv') => ({
  file: 't.csv',
  targets: { y: 'number' },
  features: {},
  categories: {},
  prepare: { x: steps },
  test: testFile,
  standardize: false,
  delimiter: ',',
});

/** Trains on some texts; gives the numbers of others as a batch has them, and what asks the model. */
async function trained(steps: unknown, texts: readonly string[], asked: readonly string[]) {
  write('t.csv', texts);
  write('asked.csv', asked);
  const options = optionsOf(steps);
  const { spec, test: samples, preparation } = await csv.load(options, rig.folder, 1);
  const [input] = spec.inputs;
  const length = input!.shape[0]!;
  const values = samples.inputs[0]!;
  // As a model has it: through JSON.
  const kept = JSON.parse(JSON.stringify(preparation)) as { input: [{ vocabulary: string[] }] };
  const { encode, files } = csv.rows({ options, inputs: spec.inputs, targets: spec.targets, preparation: kept });
  return {
    input,
    vocabulary: kept.input[0].vocabulary,
    values: asked.map((_, row) => [...values.subarray(row * length, (row + 1) * length)]),
    encode,
    inFile: (text: string) => [...files.csv!('a.csv', Buffer.from(text))],
  };
}
const numbersOf = ({ x }: Pick<AskedRow, 'x'>) => [...x![0]!];

interface Judged {
  readonly name: string;
  readonly step: Readonly<Record<string, { readonly length: number; readonly vocabulary: number }>>;
  readonly texts: readonly string[];
  readonly vocabulary: readonly string[];
  readonly asked: readonly string[];
  readonly expected: readonly (readonly number[])[];
}
const judged = JSON.parse(readFileSync(join(import.meta.dirname, 'texts.json'), 'utf8')) as readonly Judged[];
// An empty cell is no text, but one to be filled.
const filled = (step: unknown) => [{ missing: 'constant( )' }, step];

test(`${judged.length} vocabularies and numbers are those of scikit-learn and Keras, also when asked`, async () => {
  for (const { name, step, texts, vocabulary, asked, expected } of judged) {
    const made = await trained(filled(step), texts, asked);
    const about = `${name}, ${JSON.stringify(step)}`;
    expect(made.vocabulary, about).toEqual(vocabulary);
    expect(made.values, about).toEqual(expected);
    for (const [row, text] of asked.entries()) {
      expect(numbersOf(made.encode({ x: text }, 'row'))).toEqual(expected[row]);
      expect(numbersOf(made.inFile(`x\n${quoted(text)}\n`)[0]!)).toEqual(expected[row]);
    }
  }
});

test('any text becomes numbers of the vocabulary, with zeros behind the last alone', async () => {
  const anything = fc.string({ unit: 'binary', maxLength: 40 });
  const made = await trained(filled({ words: { length: 5, vocabulary: 4 } }), ['a b c', 'c d'], ['c']);
  fc.assert(
    fc.property(anything, (text) => {
      const values = numbersOf(made.encode({ x: text }, 'row'));
      expect(values).toHaveLength(5);
      expect(Math.max(...values)).toBeLessThan(4);
      const used = values.findIndex((value) => value === 0);
      if (used >= 0) expect(values.slice(used)).toEqual(values.slice(used).map(() => 0));
    }),
    { numRuns: 40 },
  );
  for (const kind of ['words', 'characters'] as const)
    fc.assert(
      fc.property(anything, (text) => {
        const how = { kind, lowerCase: true };
        const tokens = [...tokensOf(text, how)];
        expect([...tokensOf(text.normalize('NFD'), how)]).toEqual(tokens);
        if (kind === 'words')
          expect(tokens).toEqual(
            text
              .toLowerCase()
              .normalize('NFC')
              .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [],
          );
      }),
      { numRuns: 40 },
    );
});

test('capital letters stay where the file says so', async () => {
  const made = await trained({ words: { length: 2, lowerCase: false } }, ['A a', 'A'], ['A a', 'b A']);
  expect(made.vocabulary).toEqual(['A', 'a']);
  expect(made.values).toEqual([
    [2, 3],
    [1, 2],
  ]);
});

test('the vocabulary is of the rows trained on alone', async () => {
  write(
    't.csv',
    Array.from({ length: 40 }, (_, row) => `all w${row}`),
  );
  const options = optionsOf({ words: { length: 2, vocabulary: 1000 } }, 0.25);
  const { preparation, split, train } = await csv.load(options, rig.folder, 1, undefined, {
    validation: 0.2,
    stratified: false,
  });
  const { vocabulary } = (preparation as { input: [{ vocabulary: string[] }] }).input[0];
  expect([split!.validation.length, train.count]).toEqual([6, 30]);
  // 24 rows, each with a word of its own.
  expect(vocabulary).toHaveLength(25);
  const values = train.inputs[0]!;
  for (const row of split!.validation) expect([...values.subarray(2 * row, 2 * row + 2)]).toEqual([2, 1]);
});

test('a word of millions of letters is one, and no part of a vocabulary', () => {
  const counter = new TokenCounter();
  for (const token of tokensOf(`и ${'ж'.repeat(3e6)} 😀`, { kind: 'words', lowerCase: true })) counter.add(token);
  expect(counter.vocabulary(10)).toEqual(['и']);
});

test('what is left out is 10,000 words, or 256 characters, in small letters', () => {
  expect(tokenOptions('words', { length: 3 })).toEqual({ length: 3, vocabulary: 10_000, lowerCase: true });
  expect(tokenOptions('characters', { length: 3 })).toEqual({ length: 3, vocabulary: 256, lowerCase: true });
});

test('a model is told what is no text, and a gap is filled where the file says by what', async () => {
  const strict = await trained({ words: { length: 2 } }, ['a', 'b'], ['a']);
  for (const [given, code] of [
    [null, 'missing-values'],
    ['NA', 'missing-values'],
    [['a'], 'wrong-shape'],
    [{}, 'wrong-shape'],
  ] as const)
    expect(() => strict.encode({ x: given }, 'row')).toThrow(
      expect.objectContaining({ diagnostics: [expect.objectContaining({ code })] }),
    );
  expect(numbersOf(strict.encode({ x: 7 }, 'row'))).toEqual([1, 0]);
  expect(strict.inFile('x\na\n""\nb\n').map(({ x, fault }) => fault?.code ?? [...x![0]!])).toEqual([
    [3, 0],
    'missing-values',
    [2, 0],
  ]);
  const lenient = await trained([{ missing: 'constant(b)' }, { words: { length: 2 } }], ['a a', 'b', ''], ['']);
  // Both stand there twice: the last by code points comes first.
  expect(lenient.values).toEqual([[2, 0]]);
  expect(numbersOf(lenient.encode({ x: null }, 'row'))).toEqual([2, 0]);
});

const net = '[embedding 50x2, flatten, dense 2]';

/** @param prepare as YAML has it @param more options of the source */
function check(prepare: string, layers = net, more = '') {
  const text = `name: t
data:
  source: { csv: { file: c.csv, targets: { kind: fromData }, ${more}prepare: { x: ${prepare} } } }
model: { layers: ${layers} }
train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }
`;
  const { checked, diagnostics } = checkSource({ name: join(rig.folder, 'p.yaml'), text });
  const told = diagnostics.map(({ code, message, range, hint }) => ({
    code,
    message,
    at: text.slice(range!.start, range!.end),
    hint,
  }));
  return { checked, told };
}
const rows = (cell: (row: number) => string) =>
  rig.write(
    'c.csv',
    ['x,n,kind', ...Array.from({ length: 40 }, (_, k) => `${cell(k)},${k % 7},${k % 2}`), ''].join('\n'),
  );

test('the plan knows how many numbers there are, and that 0 fills up', () => {
  rows((k) => `some words ${k % 5}`);
  const words = '{ words: { length: 6, vocabulary: 50 } }';
  const alone = 'features: { input: [x] }, ';
  const { checked, told } = check(
    words,
    '[embedding: { inputDim: 50, outputDim: 2, maskZero: true }, lstm 3, dense 2]',
    alone,
  );
  expect(told).toEqual([]);
  expect(checked!.plan.dataset.inputs).toEqual([
    { name: 'input', shape: [6], dtype: 'float32', scale: 1, indices: 50, padded: true },
  ]);
  expect(check(words, '[embedding 49x2, flatten, dense 2]', alone).told).toMatchObject([
    { code: 'index-out-of-range', hint: 'Make it 50.' },
  ]);
  expect(check(words).told).toMatchObject([
    { code: 'not-indices', message: expect.stringMatching(/`x` is in one input with columns that are none/) as string },
  ]);
  const two = 'features: { a: [x], b: [n] }, ';
  const branches =
    '[{ embedding: { inputDim: 50, outputDim: 2 }, from: a }, { flatten: {}, name: f }, ' +
    '{ dense: { units: 2 }, from: b, name: d }, { concatenate: {}, from: [f, d] }, dense 2]';
  expect(check(words, branches, two).told).toEqual([]);
});

test.each<[string, string, object]>([
  ['a step behind', '[words: { length: 3 }, index]', { code: 'wrong-preparation', at: 'index' }],
  ['a step before', '[{ hash: 3 }, words: { length: 3 }]', { code: 'wrong-preparation' }],
  ['a mean of texts', '[missing: mean, words: { length: 3 }]', { code: 'wrong-preparation' }],
  ['no length', '{ words: { vocabulary: 9 } }', { code: 'missing-key' }],
  ['a vocabulary of nothing', '{ words: { length: 3, vocabulary: 2 } }', { at: '2' }],
  ['an unknown option', '{ words: { length: 3, lowercase: true } }', { code: 'unknown-key' }],
])('%s is a mistake at its place', (_, prepare, expected) => {
  rows(() => 'a b');
  expect(check(prepare, net, 'features: { input: [x] }, ').told).toMatchObject([expected]);
});

test('an empty cell is told with a step that fills it, and texts without a word with the way out', () => {
  const words = '{ words: { length: 3, vocabulary: 50 } }';
  const alone = 'features: { input: [x] }, ';
  rows((k) => (k === 3 ? '' : 'a b'));
  expect(check(words, net, alone).told).toMatchObject([
    {
      code: 'missing-values',
      message: expect.stringMatching(/x 1 \(the first on line 5\)/) as string,
      hint: expect.stringMatching(/x: \[missing: constant\(-\), words: \.\.\.\]/) as string,
    },
  ]);
  expect(check('[missing: constant(-), words: { length: 3, vocabulary: 50 }]', net, alone).told).toEqual([]);
  rows(() => '!?');
  expect(check(words, net, alone).told).toMatchObject([{ code: 'no-vocabulary', at: 'x' }]);
});
