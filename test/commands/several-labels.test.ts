import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { datasetRow } from '../../src/datasets/datasets.ts';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
const labels = ['far', 'red', 'round'];

/** Rows of two numbers, and what holds of them. */
const rows = Array.from({ length: 120 }, (_, k) => {
  const [a, b] = [((k * 37) % 101) / 50 - 1, ((k * 53) % 97) / 48 - 1];
  const tags = labels.filter((_, label) => [a * a + b * b > 0.8, a > 0, b > 0.2][label]);
  return { a, b, tags };
});
const ones = (tags: readonly string[]) => labels.map((label) => Number(tags.includes(label)));

const source = "{ csv: { file: lists.csv, targets: { tags: { labels: fromData, separator: '|' } } } }";

const pipeline = (source: string, more = '') => `name: tags
seed: 1
data: { source: ${source} }
model: { layers: [dense 16 relu, dense 3 sigmoid] }
train: { loss: binaryCrossentropy, optimizer: adam 0.02, epochs: 12, batchSize: 16 }
evaluate: { metrics: [accuracy, subsetAccuracy, f1, { f1: { of: red } }] }
${more}`;

beforeAll(() => {
  rig.write('lists.csv', `a,b,tags\n${rows.map(({ a, b, tags }) => `${a},${b},${tags.join('|')}\n`).join('')}`);
  rig.write('tags.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  rig.write(
    'columns.csv',
    `a,b,far,red,round\n${rows.map(({ a, b, tags }) => `${[a, b, ...ones(tags)].join()}\n`).join('')}`,
  );
  rig.write('lists.yaml', pipeline(source, 'visualize: { figures: [perClassScores] }\n'));
});
afterAll(() => rig.remove());

let runId = '';

test('lists, lists of JSON and columns of 0 and 1 give the same samples', async () => {
  const folder = rig.folder;
  const split = { validation: 0, stratified: true };
  const lists = await load('csv', { tags: { labels: 'fromData', separator: '|' } }, 'lists.csv');
  expect(lists.spec.targets).toEqual([
    { kind: 'class', name: 'tags', classes: ['no', 'yes'], shape: [3], several: { labels, separator: '|' } },
  ]);
  expect(lists.spec.inputs[0]!.shape).toEqual([2]);
  for (const other of [
    await load('jsonl', { tags: { labels: 'fromData' } }, 'tags.jsonl'),
    await load('csv', { tags: { columns: labels } }, 'columns.csv'),
  ])
    expect([other.train, other.test]).toEqual([lists.train, lists.test]);
  const whole = [lists.train, lists.test].flatMap((part) => [...part.targets[0]!]);
  expect(whole.reduce((sum, one) => sum + one, 0)).toBe(rows.flatMap(({ tags }) => tags).length);

  function load(type: string, targets: object, file: string) {
    const options = { file, targets, features: {}, categories: {}, test: 0.2, standardize: true };
    return datasetRow(type).load(options, folder, 1, undefined, split);
  }
});

test('a run tells each label by itself', { timeout: 120_000 }, async () => {
  const { code, stdout } = await rig.run(['run', 'lists.yaml', '--json']);
  expect(code).toBe(0);
  const last = eventsOf(stdout).at(-1) as { runId: string; metrics: Record<string, number> };
  ({ runId } = last);
  const { metrics } = last;
  expect(metrics['test_accuracy']).toBeGreaterThan(0.8);
  expect(metrics['test_subsetAccuracy']).toBeLessThanOrEqual(metrics['test_accuracy']!);
  expect(Object.keys(metrics)).toEqual(expect.arrayContaining(['test_f1', 'test_f1_red']));
  const reports = readdirSync(join(rig.folder, 'runs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('report.html'))
    .map((file) => rig.read(join('runs', file)));
  expect(reports.length).toBe(1);
  expect(reports[0]).toContain('Scores of each label');
});

test('a prediction lists the labels that a row has, with the probability of each', { timeout: 120_000 }, async () => {
  rig.write(
    'new.jsonl',
    '{"a":0.9,"b":0.9,"tags":["red"]}\n{"a":-0.3,"b":-0.3,"tags":[]}\n{"a":0,"b":0,"tags":["rond"]}\n',
  );
  const { stdout, stderr } = await rig.run(['predict', runId, 'new.jsonl']);
  const [first, second] = eventsOf(stdout) as unknown as readonly {
    readonly predicted: { readonly tags: readonly string[] };
    readonly probabilities: { readonly tags: Readonly<Record<string, number>> };
    readonly actual: object;
  }[];
  expect(first!.predicted.tags).toEqual(labels);
  expect(Object.keys(first!.probabilities.tags)).toEqual(labels);
  expect([first!.actual, second!.actual]).toEqual([{ tags: ['red'] }, { tags: [] }]);
  for (const [label, share] of Object.entries(second!.probabilities.tags))
    expect(second!.predicted.tags.includes(label)).toBe(share > 0.5);
  expect(stderr).toContain("tags is 'rond', a label that training did not have");
  const own = await rig.run(['evaluate', runId, '--data', 'lists.csv', '--json']);
  expect(own.code).toBe(0);
});

test.each([
  ['tags: {}', 'wrong-target'],
  ['tags: { columns: [far, red], separator: a }', 'wrong-target'],
  ['tags: { labels: fromData }', 'no-labels'],
  ["tags: { labels: [far, red], separator: '|' }", 'unknown-category'],
  ['tag: { columns: [tags, b] }', 'no-labels'],
  ['tags: { columns: [a, c] }', 'unknown-column'],
])('%s is refused', async (targets, code) => {
  rig.write('wrong.yaml', pipeline(`{ csv: { file: lists.csv, targets: { ${targets} } } }`));
  const { code: exit, stderr } = await rig.run(['validate', 'wrong.yaml']);
  expect(exit).toBe(2);
  expect(stderr).toContain(`error ${code}`);
  expect(stderr).not.toContain('Please report it');
});

test('rows are not divided by a column of a label', async () => {
  const columns =
    '{ csv: { file: columns.csv, targets: { tags: { columns: [far, red, round] } } } }, split: { group: red }';
  rig.write('group.yaml', pipeline(columns));
  expect((await rig.run(['validate', 'group.yaml'])).stderr).toContain('error dividing-column');
});
