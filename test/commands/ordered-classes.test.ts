import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { datasetRow } from '../../src/datasets/datasets.ts';
import { readSource } from '../../src/language/read-source.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
const marks = ['poor', 'fair', 'good', 'best'];

/** Rows of two numbers, whose sum decides. */
const rows = Array.from({ length: 160 }, (_, k) => {
  const [a, b] = [((k * 37) % 101) / 50 - 1, ((k * 53) % 97) / 48 - 1];
  return { a, b, level: [-0.7, 0, 0.7].filter((bound) => a + b > bound).length };
});

const pipeline = (targets: string, more = '[accuracy, meanAbsoluteError, { cohenKappa: { weights: quadratic } }]') =>
  `name: ratings
seed: 1
data: { source: { csv: { file: ratings.csv, features: { input: [a, b] }, targets: { ${targets} } } } }
model: { layers: [dense 8 relu, dense 3 sigmoid] }
train: { loss: binaryCrossentropy, optimizer: adam 0.05, epochs: 12, batchSize: 16 }
evaluate: { metrics: ${more} }
visualize: { figures: [confusionMatrix] }
`;

beforeAll(() => {
  const lines = rows.map(({ a, b, level }) => `${a},${b},${marks[level]!},${level + 1}\n`);
  rig.write('ratings.csv', `a,b,rating,stars\n${lines.join('')}`);
  rig.write('ratings.jsonl', rows.map(({ a, b, level }) => `${JSON.stringify({ a, b, stars: level + 1 })}\n`).join(''));
  const waiting = 'epochs: 12, earlyStopping: { monitor: val_mae, patience: 11 }';
  rig.write('ratings.yaml', pipeline(`rating: { ordinal: [${marks.join(', ')}] }`).replace('epochs: 12', waiting));
});
afterAll(() => rig.remove());

test('texts by their list and numbers by their size give the same samples', async () => {
  const listed = await load('csv', 'ratings.csv', { rating: { ordinal: marks } });
  expect(listed.spec.targets).toEqual([{ kind: 'class', name: 'rating', classes: marks, shape: [], ordinal: true }]);
  for (const [type, file] of [
    ['csv', 'ratings.csv'],
    ['jsonl', 'ratings.jsonl'],
  ] as const) {
    const numbers = await load(type, file, { stars: { ordinal: 'fromData' } });
    expect(numbers.spec.targets).toMatchObject([{ name: 'stars', classes: ['1', '2', '3', '4'], ordinal: true }]);
    expect([numbers.train, numbers.test]).toEqual([listed.train, listed.test]);
  }

  function load(type: string, file: string, targets: object) {
    const options = { file, targets, features: { input: ['a', 'b'] }, categories: {}, test: 0.2, standardize: true };
    return datasetRow(type).load(options, rig.folder, 1, undefined, { validation: 0, stratified: true });
  }
});

let runId = '';

test('a run measures by how many classes it is off', { timeout: 120_000 }, async () => {
  const { code, stdout } = await rig.run(['run', 'ratings.yaml', '--json']);
  expect(code).toBe(0);
  const epochs = eventsOf(stdout).filter(({ type }) => type === 'epoch-finished');
  expect(epochs.length).toBeGreaterThan(10);
  for (const { metrics: of } of epochs as { metrics: Record<string, number> }[]) {
    // Nobody is off by less than a class who is not right.
    expect(of['val_meanAbsoluteError']).toBeGreaterThanOrEqual(1 - of['val_accuracy']! - 1e-9);
    expect(of['val_meanAbsoluteError']).toBeLessThanOrEqual(3);
  }
  const { metrics, ...last } = eventsOf(stdout).at(-1) as { runId: string; metrics: Record<string, number> };
  ({ runId } = last);
  expect(metrics['test_accuracy']).toBeGreaterThan(0.7);
  expect(metrics['test_meanAbsoluteError']).toBeGreaterThanOrEqual(1 - metrics['test_accuracy']! - 1e-9);
  expect(metrics['test_meanAbsoluteError']).toBeLessThan(0.4);
  expect(metrics['test_cohenKappa_quadratic']).toBeGreaterThan(0.8);
});

test('a prediction is a class by its name, as certain as the table says', { timeout: 120_000 }, async () => {
  rig.write('new.csv', 'a,b,rating\n-0.9,-0.9,poor\n0.9,0.9,best\n0.1,0.1,so-so\n');
  const { stdout, stderr } = await rig.run(['predict', runId, 'new.csv']);
  const told = eventsOf(stdout) as unknown as readonly {
    readonly predicted: { readonly rating: string };
    readonly confidence: { readonly rating: number };
    readonly probabilities: { readonly rating: Readonly<Record<string, number>> };
  }[];
  expect(told.map(({ predicted }) => predicted.rating)).toEqual(['poor', 'best', 'good']);
  for (const { predicted, confidence, probabilities } of told) {
    expect(Object.keys(probabilities.rating)).toEqual(marks);
    expect(Object.values(probabilities.rating).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(confidence.rating).toBeCloseTo(probabilities.rating[predicted.rating]!, 6);
  }
  expect(stderr).toContain("rating is 'so-so', a label that training did not have");
  const own = await rig.run(['evaluate', runId, '--data', 'ratings.csv', '--json']);
  expect(own.code).toBe(0);
  expect(own.stdout).toContain('cohenKappa_quadratic');
});

const listed = `rating: { ordinal: [${marks.join(', ')}] }`;

test.each([
  ['rating: { ordinal: fromData }', undefined, 'unknown-order', "such as 'best'"],
  ['rating: { ordinal: [poor, good] }', undefined, 'unknown-category', 'fair'],
  [`rating: { ordinal: [poor, best], labels: fromData }`, undefined, 'wrong-target', '`ordinal` and `labels`'],
  ['rating: { ordinal: [poor, fair, good] }', undefined, 'unknown-category', "'best'"],
  [listed, '[auc]', 'metric-misfit', 'auc ranks samples class by class'],
  [listed, '[r2Score]', 'metric-misfit', 'r2Score is of numbers'],
  ['rating: fromData', '[meanAbsoluteError]', 'metric-misfit', 'the data has classes to predict'],
])('%s with %s is refused', (targets, metrics, code, words) => {
  const units = targets === 'rating: fromData' ? 'dense 4' : 'dense 3';
  expect(mistakesOf(pipeline(targets, metrics).replace('dense 3', units))).toEqual([
    expect.objectContaining({ code, message: expect.stringContaining(words) as string }),
  ]);
});

test.each([
  ['1,5 2,5 10 1.234,5', ''],
  ['1,234 12,345 999,999', ''],
  ['20 1,000 1,000,000', ''],
  ['1,000 20', "decimal: ','"],
  ['0,5 1 2.500,25', "decimal: ','"],
])('decimal commas of %s are in the order of their numbers', (values, more) => {
  const wanted = values.split(' ');
  const quoted = wanted.map((value, k) => `${k};2;${value}\n`).toReversed();
  rig.write('commas.csv', `a;b;stars\n${quoted.join('').repeat(8)}`);
  const options = { file: 'commas.csv', delimiter: ';', targets: { stars: { ordinal: 'fromData' } }, categories: {} };
  const settled = datasetRow('csv').settle!(
    { ...options, features: { input: ['a'] }, test: 0.2, standardize: true, ...(more !== '' && { decimal: ',' }) },
    rig.folder,
    { validation: 0, stratified: true },
  );
  expect(settled).toMatchObject({ targets: { stars: { ordinal: wanted } } });
});

test('what may be read in two orders is asked for', () => {
  rig.write('commas.csv', `a;b;stars\n${'1;2;1,000\n3;4;20\n'.repeat(8)}`);
  const [found] = mistakesOf(
    pipeline('stars: { ordinal: fromData }').replace('file: ratings.csv', "file: commas.csv, delimiter: ';'"),
  );
  expect(found).toMatchObject({ code: 'unknown-order', hint: expect.stringContaining("`decimal: ','`") as string });
});

test('a list of numbers is one mistake, which names the way to take them from the data', () => {
  for (const target of ['stars: { ordinal: [1, 2, 3, 4] }', 'stars: [1, 2, 3, 4]', 'stars: { labels: [1, 2] }']) {
    const found = mistakesOf(pipeline(target, '[accuracy]')).filter(({ code }) => code === 'wrong-type');
    expect(found).toEqual([expect.objectContaining({ hint: expect.stringContaining(': fromData`') as string })]);
    expect(found[0]!.hint).toContain("Put them in quotes: `['1', '2'");
  }
});

test('what is no metric of classes in order cannot be waited for', () => {
  const at = (monitor: string) =>
    mistakesOf(
      pipeline(listed, '[accuracy]').replace('epochs: 12', `epochs: 12, earlyStopping: { monitor: ${monitor} }`),
    );
  expect(at('val_r2Score')[0]!.message).toContain('r2Score is of numbers');
  expect(at('meanAbsoluteError')).toMatchObject([{ code: 'unmeasured-metric', hint: expect.any(String) }]);
  expect(at('val_cohenKappa')).toEqual([]);
});

test('one number that is written in two ways is refused', () => {
  rig.write('twice.csv', 'a,b,stars\n1,2,1\n2,1,1.0\n3,3,2\n4,1,2\n');
  const [found] = mistakesOf(pipeline('stars: { ordinal: fromData }').replace('ratings.csv', 'twice.csv'));
  expect(found!.message).toContain('the number 1 written in two ways');
});

function mistakesOf(text: string) {
  rig.write('wrong.yaml', text);
  return checkSource(readSource(join(rig.folder, 'wrong.yaml'))).diagnostics.filter(
    ({ severity }) => severity === 'error',
  );
}
