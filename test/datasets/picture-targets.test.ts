import { readFileSync } from 'node:fs';
import { encode } from 'fast-png';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { isUnfetched } from '../../src/datasets/dataset.ts';
import { datasetRow } from '../../src/datasets/datasets.ts';
import { rowsOf } from '../../src/models/read-inputs.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { load } from '../../src/stages/load.ts';
import { Rig } from '../rig.ts';

/** What scikit-learn makes of the table: see picture-targets.py. */
const judge = JSON.parse(readFileSync(new URL('picture-targets.json', import.meta.url), 'utf8')) as {
  readonly table: string;
  readonly labels: readonly string[];
  readonly marks: readonly (readonly number[])[];
  readonly states: readonly number[];
  readonly rents: readonly number[];
  readonly mean: number;
  readonly deviation: number;
};

const rig = new Rig();
const states = ['bad', 'fair', 'good'];
const tags = { labels: 'fromData', separator: '|' };

beforeAll(() => {
  // A picture's values are its number.
  for (let k = 0; k < 44; k++) {
    const picture = encode({ width: 2, height: 2, channels: 1, data: new Uint8Array(4).fill(k) });
    rig.write(`${k}.png`, picture);
    rig.write(`folders/${states[judge.states[k % 40]!]!}/${k}.png`, picture);
  }
  rig.write('a.csv', judge.table);
  const lines = [40, 41, 42, 43].map((k) => `${k}.png,cat|owl,${k},${states[k % 3]!},${(k % 3) + 1}\n`);
  rig.write('test.csv', `file,tags,rent,state,stars\n${lines.join('')}`);
});
afterAll(() => rig.remove());

const split = { validation: 0, stratified: true };
const optionsOf = (more: object) => ({ table: 'a.csv', classes: [], test: 'test.csv', onError: 'fail', ...more });
const loaded = (more: object) =>
  load({ source: { type: 'images', options: optionsOf(more) }, split, seed: 1, folder: rig.folder });
const settled = (more: object) =>
  datasetRow('images').settle!(optionsOf(more), rig.folder, split) as { readonly targets: object };

test('labels, numbers and marks of a table are those that scikit-learn reads', async () => {
  const targets = { tags, rent: 'number', state: { ordinal: states } };
  expect(settled({ targets }).targets).toEqual({ ...targets, tags: { labels: judge.labels, separator: '|' } });
  const { dataset, fitted, facts } = await loaded({ targets });
  expect(dataset.spec.targets).toEqual([
    {
      kind: 'class',
      name: 'tags',
      classes: ['no', 'yes'],
      shape: [3],
      several: { labels: judge.labels, separator: '|' },
    },
    { kind: 'number', name: 'rent', shape: [1] },
    { kind: 'class', name: 'state', classes: states, shape: [], ordinal: true },
  ]);
  expect([dataset.train.count, dataset.test.count]).toEqual([40, 4]);
  expect([...dataset.train.labels(0)]).toEqual(judge.marks.flat());
  expect([...dataset.train.labels(1)]).toEqual(judge.rents);
  expect([...dataset.train.labels(2)]).toEqual(judge.states);
  expect([...dataset.test.labels(1)]).toEqual([40, 41, 42, 43]);
  for await (const { x } of dataset.train.batches({ rows: Uint32Array.of(7, 39), size: 2 }))
    expect([...x[0]!]).toEqual([7, 7, 7, 7, 39, 39, 39, 39]);
  expect(fitted[1]![0]!.scale.mean).toBeCloseTo(judge.mean, 9);
  expect(fitted[1]![0]!.scale.deviation).toBeCloseTo(judge.deviation, 9);
  expect(facts.targets).toMatchObject([
    { several: true },
    { smallest: 40, largest: judge.rents.at(-1) },
    { ordinal: true },
  ]);
});

test('a share for the test has the share of each class, and what its seed says', async () => {
  const given = { targets: { stars: { ordinal: 'fromData' } }, test: 0.25 };
  const { dataset } = await loaded(given);
  const counts = [0, 1, 2].map((mark) => [...dataset.test.labels(0)].filter((one) => one === mark).length);
  expect([dataset.train.count, ...counts]).toEqual([30, 4, 3, 3]);
  const again = await loaded(given);
  expect(again.dataset.test.labels(0)).toEqual(dataset.test.labels(0));
  expect(again.dataset.files).toEqual(dataset.files);
  expect(dataset.files.map(({ name }) => name)).toEqual(['a.csv', 'folder of images']);
  const described = datasetRow('images').describe(optionsOf(given), rig.folder, { split, seed: 1 });
  if (isMisfit(described) || isUnfetched(described)) throw new Error('it is not described');
  expect(described).toMatchObject({ count: dataset.spec.count, packs: 'files' });
});

test('folders of classes may have an order', async () => {
  const given = { table: undefined, folder: 'folders', test: 0.25, targets: { state: { ordinal: states } } };
  const { dataset } = await loaded(given);
  expect(dataset.spec.targets).toEqual([{ kind: 'class', name: 'state', classes: states, shape: [], ordinal: true }]);
  for await (const { x, y } of dataset.train.batches({ rows: Uint32Array.of(0, 20, 30), size: 3 }))
    expect([...y[0]!]).toEqual([0, 4, 8].map((at) => judge.states[x[0]![at]! % 40]));
});

test('a table of pictures is read for predictions, with what is right of each', async () => {
  const options = optionsOf({ targets: { tags: { labels: judge.labels, separator: '|' }, rent: 'number' } });
  const { dataset } = await loaded(options);
  const reader = datasetRow('images').rows({ options, inputs: dataset.spec.inputs, targets: dataset.spec.targets });
  const file = rig.write('ask/new.csv', 'file,rent,tags\n../0.png,1,cat\na.png,,cat|cow\nb.png,12.5,owl\n');
  rig.write('ask/a.png', readFileSync(`${rig.folder}/1.png`));
  rig.write('ask/b.png', readFileSync(`${rig.folder}/2.png`));
  const rows = [...rowsOf(reader, [{ name: file, isFolder: false }])];
  expect(rows.map(({ place }) => place['line'])).toEqual([2, 3, 4]);
  expect(rows[0]!.fault).toMatchObject({ code: 'picture-path-outside' });
  expect(rows[1]).toMatchObject({ fault: { code: 'unknown-label' }, x: [Uint8Array.of(1, 1, 1, 1)] });
  expect(rows[2]).toMatchObject({ actual: [Uint8Array.of(0, 0, 1), Float64Array.of(12.5)] });
});

const pipeline = (source: string, more = '') => `name: a
seed: 1
data: { source: { images: { ${source} } }${more} }
model: { layers: [flatten, dense 3 sigmoid] }
train: { loss: binaryCrossentropy, optimizer: adam, epochs: 1, batchSize: 8 }
`;

test.each([
  ['table: a.csv, label: state, targets: { rent: number }', 'targets-said-twice', 'targets'],
  ['folder: folders, targets: { rent: number }', 'targets-need-table', 'targets'],
  ['folder: folders, targets: { state: { ordinal: fromData } }', 'unknown-order', 'state'],
  ['table: a.csv, targets: { rant: number }', 'unknown-column', 'rant'],
  ['table: a.csv, targets: { state: number }', 'not-a-number', 'state'],
  ['table: a.csv, targets: { tags: { labels: [cat, dog], separator: "|" } }', 'unknown-category', 'tags'],
  ['table: gaps.csv, targets: { rent: number }', 'missing-label', 'rent'],
])('%s: %s', (source, code, word) => {
  rig.write('gaps.csv', 'file,rent\n1.png,3\n2.png,\n3.png,4\n');
  const text = pipeline(source);
  const [first] = checkSource({ name: rig.write('a.yaml', text), text }).diagnostics;
  expect(first).toMatchObject({ code, severity: 'error' });
  expect(first!.hint).not.toContain('prepare');
  const written = text.slice(first!.range?.start, first!.range?.end);
  const before = text.slice(0, first!.range?.start);
  expect(written === word || before.endsWith(`${word}: `)).toBe(true);
});

test('labels that do not fit in memory are no mistake: they are packed', () => {
  const source = 'table: a.csv, targets: { tags: { labels: fromData, separator: "|" } }';
  const text = pipeline(source, ', memory: 100B');
  const told = checkSource({ name: rig.write('b.yaml', text), text }).diagnostics;
  expect(told.filter(({ severity }) => severity === 'error')).toEqual([]);
});
