import { afterAll, expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { quietSecondsOf } from '../processor-time.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const right = `name: digits
seed: 42
data: { source: mnist }
model:
  layers:
    - conv 3x3x4 relu
    - flatten
    - dense 10
train:
  optimizer: { adam: { learningRate: 0.001 } }
  loss: softmaxCrossEntropy
  batchSize: 100
  epochs: 1
`;
const found = (text: string, settings: readonly string[] = []) =>
  checkSource({ name: 'x.yaml', text }, settings).diagnostics.map(({ severity, message, hint, range }) => ({
    severity,
    message,
    fix: /(?<=^Write `)[^`]*/.exec(hint ?? '')?.[0],
    at: range!.start,
  }));

test.each<[string, string, string, string]>([
  ['mnist', '“mnist”', '“', '"mnist"'],
  ['mnist', '‘mnist’', '‘', "'mnist'"],
  ['mnist', '„mnist“', '„', '"mnist"'],
  ['name', '“name”', '“', '"name"'],
  ['- dense 10', '- “dense 10”', '“', '"dense 10"'],
  ['conv 3x3x4 relu', 'conv 3x3x4 ‘relu’', '‘', 'relu'],
  ['{ adam', '{ “adam”', '“', '"adam"'],
  ['mnist', '{ csv: { file: “a.csv”, targets: { y: number } } }', '“', '"a.csv"'],
  ['{ source: mnist }', '{ source: “mnist: x” }', '“', 'data: { source: "mnist: x" }'],
  ['    - flatten', '    – flatten', '–', '- flatten'],
  ['    - conv', '    – conv', '–', '- conv 3x3x4 relu'],
  ['    - dense', '    — dense', '—', '- dense 10'],
  [
    '    - conv 3x3x4 relu\n    - flatten\n    - dense 10',
    '    – conv 3x3x4 relu\n    – flatten\n    – dense 10',
    '–',
    '- conv 3x3x4 relu',
  ],
  ['0.001', '1e−3', '−', '1e-3'],
  ['seed: 42', 'seed: –42', '–', '-42'],
  ['batchSize', 'batch‑size', '‑', 'batch-size'],
  ['3x3x4', '3×3×4', '×', '3x3x4'],
  ['seed: 42', 'seed：42', '：', 'seed: 42'],
  ['name: digits', 'name：digits', '：', 'name: digits'],
  ['epochs: 1', 'epochs ： 1', '：', 'epochs: 1'],
  ['learningRate: 0.001', 'learningRate： 0.001', '：', 'learningRate: 0.001'],
  ['conv 3x3x4 relu', 'conv2d: { filters: 4, kernelSize: [3，3] }', '，', '[3, 3]'],
  ['{ adam: { learningRate: 0.001 } }', 'adam，0.001', '，', 'adam 0.001'],
  ['conv 3x3x4 relu', 'conv 3x3x4， relu', '，', '3x3x4'],
  ['batchSize: 100', 'batchSize: １００', '１', '100'],
  ['3x3x4 relu', '3x3x4 normal（0.1）', '（', 'normal(0.1)'],
  [
    '{ adam: { learningRate: 0.001 } }',
    '｛ adam: { learningRate: 0.001 } }',
    '｛',
    'optimizer: { adam: { learningRate: 0....',
  ],
])('%j written as %j is told at the character, with the way to write it', (plain, written, character, fix) => {
  const text = right.replace(plain, written);
  const code = `(U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')})`;
  expect(found(text)).toEqual([
    {
      severity: 'error',
      message: expect.stringContaining(`\`${character}\` ${code} is a`),
      fix,
      at: text.indexOf(character),
    },
  ]);
});

test.each(['    - dense 10 …', '    …\n    - dense 10', '    - …\n    - dense 10'])(
  'an ellipsis (%j) stands for nothing',
  (written) => {
    const text = right.replace('    - dense 10', written);
    expect(found(text)).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('`…` (U+2026) is an ellipsis'),
        at: text.indexOf('…'),
      }),
    ]);
  },
);

test('a quote that is never closed has no text to write', () => {
  expect(checkSource({ name: 'x', text: right.replace('- flatten', '- “flatten') }).diagnostics).toEqual([
    expect.objectContaining({ hint: expect.stringMatching(/^Remove it, or put straight quotes around the text/) }),
  ]);
});

test('on the command line too', () => {
  expect(found(right, ['train.loss=“hinge”', 'train.optimizer.learningRate=1e−3'])).toEqual([
    { severity: 'error', message: expect.stringContaining('`“` (U+201C)'), fix: '"hinge"', at: 'train.loss='.length },
    {
      severity: 'error',
      message: expect.stringContaining('`−` (U+2212)'),
      fix: '1e-3',
      at: 'train.optimizer.learningRate=1e'.length,
    },
  ]);
});

test('what is text of the user stays what it is', () => {
  const rows = Array.from({ length: 20 }, (_, row) => `${row},${(row * 7) % 5},${['a–b', 'a…'][row % 2]}`);
  rig.write('d – 1.csv', `“x”,价格（元）,k\n${rows.join('\n')}\n`);
  const source = (column: string) =>
    `{ csv: { file: d – 1.csv, features: { input: [${column}, 价格（元）] }, targets: { k: [a–b, a…] } } }`;
  const text = (column: string) =>
    right
      .replace('mnist', source(column))
      .replace('- conv 3x3x4 relu\n    - flatten', '- relu')
      .replace('dense 10', 'dense 2')
      .replace('digits', "a – b … 'c' # “comment”");
  const check = (one: string) =>
    checkSource({ name: rig.write('p.yaml', one), text: one })
      .diagnostics.filter(({ severity, code }) => severity === 'error' || code === 'odd-character')
      .map(({ severity, code, hint }) => `${severity} ${code} ${hint}`);
  expect(check(text("'“x”'"))).toEqual([]);
  expect(check(text('“x”'))).toEqual([
    'warning odd-character Write `"x"`; where the quotes belong to the text, `\'“x”\'`.',
  ]);
  // What is wrong with it is not its characters.
  expect(
    checkSource({ name: rig.write('q.yaml', ''), text: text("'“x”'").replace('[a–b, a…]', '[a–b, c…]') })
      .diagnostics[0]!.code,
  ).not.toBe('odd-character');
  expect(check(text("'“x”'").replace('k: [a–b, a…]', 'k: a–b'))).toEqual([expect.stringMatching(/^error not-one-of/)]);
});

test('a name between such quotes has them', () => {
  expect(found(right.replace('digits', '“digits”'))).toEqual([
    {
      severity: 'warning',
      message: expect.stringContaining('`“` (U+201C) is a typographic quote'),
      fix: '"digits"',
      at: 6,
    },
  ]);
});

test('very many are answered at once', async () => {
  for (const text of [
    `name: x\nmodel: { layers: [${'–“’ '.repeat(50_000)}] }\n`,
    `${'–'.repeat(200_000)}\nx: 1\n`,
    `“${'a“'.repeat(100_000)}: b: c\n`,
    `name: x\nseed: ${'“1” '.repeat(50_000)}\n`,
    `a:\n${'  - “b”\n'.repeat(15_000)}`,
  ]) {
    expect(await quietSecondsOf(() => checkSource({ name: 'x', text }))).toBeLessThan(4);
  }
});
