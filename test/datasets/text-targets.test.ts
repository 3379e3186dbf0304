import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { csv } from '../../src/datasets/tables/csv.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const write = (rows: readonly string[]) => rig.write('t.csv', ['x,y', ...rows, ''].join('\n'));
const optionsOf = (target: object, test: number | string = 0.25) => ({
  file: 't.csv',
  targets: { y: target },
  features: {},
  categories: {},
  prepare: { x: { words: { length: 2 } } },
  test,
  standardize: false,
});
const quarter = { validation: 0.25, stratified: true };

test('numbers are those of the vocabulary of the rows trained on, and come back as the texts of a row', async () => {
  write(Array.from({ length: 40 }, (_, row) => `one two,"All w${row}, end"`));
  const options = optionsOf({ words: { length: 4, vocabulary: 300 } });
  const { spec, train, split } = await csv.load(options, rig.folder, 1, undefined, quarter);
  expect(csv.describe(options, rig.folder, { split: quarter, seed: 1 })).toMatchObject({ targets: spec.targets });
  const [target] = spec.targets;
  expect(target).toMatchObject({ kind: 'class', shape: [4], tokens: 'words', wholeText: { lowerCase: true } });
  const classes = target!.kind === 'class' ? target!.classes : [];
  // Of equally frequent ones the last by its letters comes first.
  expect(classes.slice(0, 4)).toEqual(['[end]', '[unknown]', 'end', 'all']);
  expect(classes).toHaveLength(300);
  const known = classes.filter((one) => one.startsWith('w'));
  expect([split!.train.length, known.length]).toEqual([23, 23]);
  const values = train.targets[0]!;
  expect(values).toBeInstanceOf(Int32Array);
  for (const row of split!.validation) expect([...values.subarray(4 * row, 4 * row + 4)]).toEqual([3, 1, 2, 0]);
  for (const row of split!.train) expect(classes[values[4 * row + 1]!]).toMatch(/^w/);
  // As a model has it: through JSON.
  const targets = JSON.parse(JSON.stringify(spec.targets)) as typeof spec.targets;
  const { preparation } = await csv.load(options, rig.folder, 1, undefined, quarter);
  const { encode, files } = csv.rows({ options, inputs: spec.inputs, targets, preparation: preparation! });
  expect([...encode({ x: 'one', y: 'END all' }, 'row').actual![0]!]).toEqual([2, 3, 0, 0]);
  expect(encode({ x: 'one', y: '' }, 'row').actual).toEqual([undefined]);
  expect(encode({ x: 'one', y: ['a'] }, 'row').fault).toMatchObject({
    code: 'wrong-shape',
    message: 'row: y is a list, not a text',
  });
  const [asked] = files.csv!('a.csv', Buffer.from('x,y\none,all all all all all\n'));
  expect([...asked!.actual![0]!]).toEqual([3, 3, 3, 3]);
});

const pipeline = (parts: Readonly<Record<string, string>> = {}) => {
  const said = {
    target: '{ characters: { length: 6, vocabulary: 8 } }',
    layers: '[embedding 10000x4, flatten, dense 48, reshape 6x8]',
    loss: 'softmaxCrossEntropy',
    more: '',
    metrics: '[accuracy]',
    ...parts,
  };
  return `name: t
seed: 1
data:
  source: { csv: { file: t.csv, targets: { y: ${said.target} }, prepare: { x: { words: { length: 2 } } } } }
  split: { validation: 0.25 }
model: { layers: ${said.layers} }
train: { optimizer: adam, loss: ${said.loss}, epochs: 1${said.more} }
evaluate: { metrics: ${said.metrics} }
`;
};
const told = (text: string) =>
  checkSource({ name: join(rig.folder, 'p.yaml'), text }).diagnostics.map(
    ({ code, message, range }) => [code, message, range && text.slice(range.start, range.end)] as const,
  );

test('what cannot be learnt is refused where it stands', () => {
  write(Array.from({ length: 40 }, (_, row) => `one two,${'abcdef'.slice(row % 6)}`));
  expect(told(pipeline())).toEqual([]);
  expect(told(pipeline({ metrics: '[accuracy, { f1: { of: a } }, topK(3), perplexity]' }))).toEqual([]);
  const of = (parts: Parameters<typeof pipeline>[0]) => told(pipeline(parts)).map(([code, message]) => [code, message]);
  expect(of({ layers: '[embedding 10000x4, flatten, dense 8]' })).toEqual([
    ['loss-misfit', expect.stringContaining('one of 8 classes at each of 6 places')],
  ]);
  expect(of({ loss: 'binaryCrossentropy' })).toEqual([['loss-misfit', expect.any(String)]]);
  expect(of({ more: ', classWeights: balanced' })).toEqual([
    ['not-classes', 'classWeights are for a few classes, but `y` is a text'],
  ]);
  expect(of({ more: ', sampling: balanced' })).toEqual([['not-classes', expect.stringContaining('sampling')]]);
  expect(of({ metrics: '[meanAbsoluteError]' })).toEqual([['metric-misfit', expect.any(String)]]);
  expect(of({ target: '{ characters: { length: 6 }, words: { length: 6 } }' })).toEqual([
    ['wrong-target', expect.stringContaining('says `words` and `characters`')],
  ]);
});

test('texts that are missing or too long are told with the first line', () => {
  write(['a,abc', 'b,abcdefgh', 'c,', 'd,abc', ...Array.from({ length: 20 }, () => 'e,ab')]);
  const [[code, message]] = told(pipeline()) as [readonly [string, string, string]];
  expect([code, message]).toEqual(['missing-label', 't.csv has 1 row without a text in `y`, the first on line 4']);
  write(['a,abc', 'b,abcdefgh', 'd,abc', ...Array.from({ length: 20 }, () => 'e,ab')]);
  expect(told(pipeline()).map(([one, problem]) => [one, problem])).toEqual([
    [
      'answers-cut',
      expect.stringContaining(
        't.csv: 1 of 23 texts of `y`, which is to be predicted, have more than 6 characters, the first on line 3',
      ),
    ],
  ]);
});
