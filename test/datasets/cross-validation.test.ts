import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { checkAndFetch } from '../../src/plan/check-pipeline.ts';
import { load } from '../../src/stages/load.ts';
import { Rig } from '../rig.ts';
import { takeRows } from '../take-all.ts';
import { png } from './png.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const count = 47;
const rows = Array.from({ length: count }, (_, i) => `${i},p${i >> 2},${['a', 'b', 'c'][(i % 7) % 3]}`);
rig.write('t.csv', `x,who,y\n${rows.join('\n')}\n`);
rig.write('own.csv', 'x,who,y\n1000,q,a\n1001,q,b\n1002,q,c\n');
for (let i = 0; i < count; i++) {
  const picture = (values: readonly number[]) => png({ width: 2, depth: 8, color: 0, rows: [values, values] });
  rig.write(`pictures/${i % 3 === 0 ? 'odd' : 'even'}/${i}.png`, picture([5 * i, 5 * i]));
  rig.write(`whole/${i}.png`, picture([5 * i, 5 * i]));
  rig.write(`masks/${i}.png`, picture([0, 255]));
}

/** The first value of each sample of a part, which tells the samples apart, and its class. */
async function partsOf(data: string, layers = '[dense 3]') {
  const text = `name: t
data: ${data}
model: { layers: ${layers} }
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 8, epochs: 1 }
`;
  const { pipeline, source, plan } = await checkAndFetch({ name: join(rig.folder, 't.yaml'), text });
  const { seed, data: given } = pipeline;
  const { dataset, split } = await load({ ...given, seed, folder: dirname(source.name) });
  expect(plan.samples).toEqual({
    train: split.train.length,
    validation: split.validation.length,
    test: dataset.test.count,
  });
  const keys = async (part: 'train' | 'test', some?: Uint32Array) => {
    const { x, y, count: size } = await takeRows(dataset[part], some);
    const each = x[0]!.length / size;
    return Array.from({ length: size }, (_, k) => ({ key: x[0]![k * each]!, label: y[0]![k]! }));
  };
  return {
    train: await keys('train', split.train),
    validation: split.validation.length === 0 ? [] : await keys('train', split.validation),
    test: await keys('test'),
  };
}

const table = '{ csv: { file: t.csv, targets: { y: fromData }, features: { x: [x] }, standardize: false } }';

test.each([
  ['a table', `source: ${table}`, '[dense 3]'],
  ['folders of pictures', 'source: { images: { folder: pictures } }', '[flatten, dense 2]'],
  [
    'masks',
    'source: { masks: { images: whole, masks: masks, classes: { no: 0, yes: 255 } } }, split: { stratified: false }',
    '[conv 1x1x2]',
  ],
])(
  'each sample of %s is in the test of one fold, and trained on or validated in the others',
  async (_, data, layers) => {
    const folds = await Promise.all([1, 2, 3, 4, 5].map((k) => partsOf(`{ ${data}, folds: 5, fold: ${k} }`, layers)));
    const tested = folds.flatMap((fold) => fold.test.map(({ key }) => key));
    expect(new Set(tested).size).toBe(count);
    expect(tested).toHaveLength(count);
    expect(folds.map((fold) => fold.test.length)).toEqual([10, 10, 9, 9, 9]);
    for (const { train, validation, test: held } of folds)
      expect(new Set([...train, ...validation, ...held].map(({ key }) => key)).size).toBe(count);
    if (layers.startsWith('[conv')) return;
    for (const label of new Set(folds[0]!.train.map((one) => one.label))) {
      const each = folds.map((fold) => fold.test.filter((one) => one.label === label).length);
      expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
    }
  },
);

test('no group is on both sides of a fold', async () => {
  for (const k of [1, 2, 3]) {
    const {
      train,
      validation,
      test: held,
    } = await partsOf(`{ source: ${table}, split: { group: who, validation: 0.2 }, folds: 3, fold: ${k} }`);
    const groups = (part: typeof train) => new Set(part.map(({ key }) => key >> 2));
    const [a, b, c] = [groups(train), groups(validation), groups(held)];
    expect(a.size + b.size + c.size).toBe(new Set([...a, ...b, ...c]).size);
    expect(held.length).toBeGreaterThanOrEqual(14);
  }
});

test('where the test is given, folds take turns in validating, and the test stays', async () => {
  const own = table.replace('t.csv,', 't.csv, test: own.csv,');
  const folds = await Promise.all([1, 2, 3].map((k) => partsOf(`{ source: ${own}, folds: 3, fold: ${k} }`)));
  expect(new Set(folds.flatMap((fold) => fold.validation.map(({ key }) => key))).size).toBe(count);
  expect(folds.map((fold) => fold.validation.length)).toEqual([16, 16, 15]);
  for (const { test: held } of folds) expect(held.map(({ key }) => key)).toEqual([1000, 1001, 1002]);
});

test.each([
  [`{ source: ${table}, folds: 50 }`, 'too-many-folds'],
  [`{ source: ${table}, split: { group: who }, folds: 13 }`, 'too-many-folds'],
  [`{ source: ${table.replace('t.csv,', 't.csv, test: own.csv, validation: own.csv,')}, folds: 3 }`, 'split-conflict'],
])('%s is refused', async (data, code) => {
  const error = await partsOf(data).catch((reason: unknown) => reason);
  expect((error as UserError).diagnostics.map((one) => one.code)).toContain(code);
});
