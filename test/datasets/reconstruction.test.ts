import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { printDiagnostics } from '../../src/base/print-diagnostics.ts';
import { UserError } from '../../src/base/diagnostics.ts';
import { isMisfit } from '../../src/base/row.ts';
import { datasetRow } from '../../src/datasets/datasets.ts';
import { bytesOf, isUnfetched } from '../../src/datasets/dataset.ts';
import { checkFile } from '../../src/plan/check-pipeline.ts';
import { ReconstructionJudge } from '../../src/stages/judge-reconstruction.ts';
import { load } from '../../src/stages/load.ts';
import { metricRow } from '../../src/training/metrics.ts';
import { Rig, digitsPipeline } from '../rig.ts';

const rig = new Rig();
beforeAll(() => {
  rig.writeDigits(200, 60);
  const rows = Array.from({ length: 60 }, (_, k) => `${(k * 37) % 101},${(k * 53) % 97},${['big', 'flat'][k % 2]!}\n`);
  rig.write('rows.csv', `a,b,kind\n${rows.join('')}`);
});
afterAll(() => rig.remove());

const digits = {
  trainImages: 'data/train-images',
  trainLabels: 'data/train-labels',
  testImages: 'data/t10k-images',
  testLabels: 'data/t10k-labels',
  classes: [...'0123456789'],
};
const table = { file: 'rows.csv', features: {}, categories: { kind: ['big', 'flat'] }, test: 0.2, standardize: true };
const split = { validation: 10, stratified: true };

test.each([
  ['idx', { ...digits, targets: 'input' }, [28, 28, 1], 'shares'],
  ['csv', { ...table, targets: 'input' }, [4], 'numbers'],
] as const)('%s: batches have their input as their target, as the model takes it', async (type, options, shape, of) => {
  const described = datasetRow(type).describe(options, rig.folder, { split, seed: 1 });
  if (isMisfit(described) || isUnfetched(described)) throw new Error('it is not described');
  expect(described.targets).toEqual([{ kind: 'number', name: 'reconstruction', shape, reconstructs: of }]);
  // The data is held once.
  expect(bytesOf(described)).toBe(bytesOf({ ...described, targets: [] }));
  const { dataset, fitted, facts, warnings } = await load({
    source: { type, options },
    split,
    seed: 1,
    folder: rig.folder,
  });
  const [{ scale }] = dataset.spec.inputs as [(typeof dataset.spec.inputs)[0]];
  expect(dataset.spec.targets).toEqual(described.targets);
  expect([fitted, facts.targets, warnings]).toEqual([[undefined], [], []]);
  for await (const { x, y } of dataset.train.batches({ rows: Uint32Array.of(7, 0, 3), size: 3 })) {
    const factor = Math.fround(scale);
    expect([...y[0]!]).toEqual(Array.from(x[0]!, (value) => Math.fround(value * factor)));
    expect(Math.max(...y[0]!)).toBeGreaterThan(0.9);
  }
});

test('a table with an input that is to be learnt lists its categories as any', () => {
  const settled = datasetRow('csv').settle!(
    { ...table, categories: { kind: 'fromData' }, targets: 'input' },
    rig.folder,
    split,
  );
  expect(settled).toMatchObject({ targets: 'input', categories: { kind: ['big', 'flat'] } });
});

test('sums over numbers are the metrics of them', () => {
  const numbers = fc.array(fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.integer({ min: -4, max: 4 })), {
    minLength: 2,
    maxLength: 40,
  });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 7 }), (pairs, size) => {
      const predicted = Float64Array.from(pairs, ([one]) => one);
      const actual = Float64Array.from(pairs, ([, one]) => one);
      const judge = new ReconstructionJudge({ kind: 'number', name: 'x', shape: [1] }, pairs.length);
      for (let done = 0; done < pairs.length; done += size)
        judge.add({ predicted: predicted.slice(done, done + size) }, actual.slice(done, done + size), done);
      const { sums, errors, rows, predicted: shown } = judge.judged();
      for (const name of ['meanSquaredError', 'meanAbsoluteError', 'meanAbsolutePercentageError', 'r2Score']) {
        const row = metricRow(name);
        if (row.of !== 'number') throw new Error('it is of numbers');
        const whole = row.compute({ kind: 'number', predicted, actual }, {});
        expect(row.compute({ kind: 'number', sums }, {}) / whole).toBeCloseTo(whole === 0 ? Number.NaN : 1, 8);
      }
      expect(errors).toEqual(predicted.map((one, i) => (one - actual[i]!) ** 2));
      expect([...shown]).toEqual(rows.map((row) => Math.fround(predicted[row]!)));
    }),
    { numRuns: 30 },
  );
});

const pictures = digitsPipeline({ layers: '[flatten, dense 784 sigmoid, reshape 28x28x1]' })
  .replace('t10k-labels }', 't10k-labels, targets: input }')
  .replace('softmaxCrossEntropy', 'binaryCrossentropy');
const rowsAlone = (more: string) => `name: rows
data: { source: { csv: { file: rows.csv, targets: input, ${more} } } }
model: { layers: [dense 4] }
train: { loss: meanSquaredError, optimizer: adam, epochs: 1, batchSize: 16 }
`;
const coded = 'categories: { kind: fromData }';

test.each([
  ['pictures', pictures, [], ''],
  ['a table', rowsAlone(coded), [], ''],
  ['a net of another shape', pictures, ['model.layers=[flatten, dense 10]'], '`dense 784` and `reshape 28x28x1`'],
  [
    'a loss of classes',
    pictures,
    ['train.loss=softmaxCrossEntropy'],
    '`reconstruction` is the input, which is numbers',
  ],
  ['shares of a table', rowsAlone(coded), ['train.loss=binaryCrossentropy'], 'meanAbsoluteError or huberLoss'],
  ['what moves things', pictures, ['train.augment=[flip]'], 'flip moves what is in the picture'],
  ['what mixes labels', pictures, ['train.augment=[mixup]'], '`reconstruction` is a number'],
  ['a metric of classes', pictures, ['evaluate.metrics=[accuracy]'], 'accuracy is of classes'],
  ['several inputs', rowsAlone('features: { one: [a], two: [b] }'), [], ':2:51 error not-reconstructable'],
  [
    'indices',
    rowsAlone('features: { input: [kind] }, prepare: { kind: [index] }'),
    [],
    ':2:51 error not-reconstructable',
  ],
  ['another word', rowsAlone(coded).replace('input', 'inputs'), [], 'Did you mean `input`?'],
])('%s', async (_, text, settings, said) => {
  const file = rig.write('checked.yaml', text);
  const told = await checkFile(file, settings).then(
    () => '',
    (error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      return printDiagnostics(error.diagnostics, { color: false, cwd: rig.folder });
    },
  );
  if (said === '') expect(told).toBe('');
  else expect(told).toContain(said);
});
