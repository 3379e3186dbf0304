import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { datasets } from '../../src/datasets/datasets.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { load } from '../../src/stages/load.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const rows = Array.from({ length: 40 }, (_, i) => ({ x: i, z: (i * 3) % 7, a: i % 2, b: (i >> 1) % 2 }));
const names = ['x', 'z', 'a', 'b'] as const;
writeFileSync(join(rig.folder, 't.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
writeFileSync(
  join(rig.folder, 't.csv'),
  `${names.join()}\n${rows.map((row) => `${names.map((name) => row[name]).join()}\n`).join('')}`,
);
writeFileSync(
  join(rig.folder, 'texts.csv'),
  `t,home,tags,y\n${rows.map(({ x, a }) => `${x},${a === 0 ? 'u' : 'v'},p;q,${x}\n`).join('')}`,
);

/** What is said of a source below a net that fits it. */
const toldOf = (source: string, layers = '[dense 4, dense 2 sigmoid]', loss = 'binaryCrossentropy') =>
  checkSource({
    name: join(rig.folder, 'p.yaml'),
    text: `name: p
data: { source: ${source}, split: { validation: 4 } }
model: { layers: ${layers} }
train: { optimizer: adam, loss: ${loss}, batchSize: 5, epochs: 1 }
`,
  }).diagnostics.map(({ code, message }) => `${code}: ${message}`);

test.each(['csv', 'jsonl'] as const)('labels in columns of %s are shown by these', async (type) => {
  const options = {
    file: `t.${type}`,
    targets: { t: { columns: ['a', 'b'] } },
    features: { input: ['x', 'z'] },
    test: 0.2,
  };
  const settled = datasets[type].settle!({ ...options, categories: {}, standardize: true }, rig.folder, {
    validation: 4,
    stratified: false,
  });
  const { shown } = await load({
    source: { type, options: settled as Readonly<Record<string, unknown>> },
    split: { validation: 4, stratified: false },
    seed: 1,
    folder: rig.folder,
  });
  expect(shown!.table!.columns).toEqual(['a', 'b', 'x', 'z']);
  for (const [a, b, x, z] of shown!.table!.cells)
    expect(rows.map((row) => [row.a, row.b, row.x, row.z].join())).toContain([a, b, x, z].join());
});

test('no cross is made of a label', () => {
  expect(toldOf('{ csv: { file: t.csv, targets: { t: { columns: [a, b] } }, cross: { q: [a, z] } } }')).toEqual([
    expect.stringMatching(/^wrong-cross: cross: `a` is a target/),
  ]);
});

test('a cell that is no list of labels is told with its line', () => {
  expect(toldOf('{ csv: { file: texts.csv, targets: { tags: { labels: fromData } } } }')).toEqual([
    "no-labels: texts.csv, line 2: tags is 'p;q', not a list of labels as JSON has it",
  ]);
});

test('a series has indices, and neither words nor crosses', () => {
  const series = (more: string) =>
    toldOf(
      '{ series: { file: texts.csv, time: t, window: 3, targets: { y: number }, ' +
        `features: { input: [home] }, ${more} } }`,
      '[embedding 3x4, flatten, dense 1]',
      'meanSquaredError',
    );
  expect(series('prepare: { home: index }')).toEqual([]);
  expect(series('prepare: { home: { words: { length: 3, vocabulary: 9 } } }')).toEqual([
    expect.stringMatching(/^wrong-preparation: `home`: a series is of numbers and categories/),
  ]);
  expect(series('cross: { c: [home, tags] }')).toEqual([expect.stringMatching(/^unknown-key: There is no `cross`/)]);
});

/** What asks a model of a table, as it is kept with the model. */
async function askedBy(text: string, options: object) {
  writeFileSync(join(rig.folder, 'own.csv'), text);
  const given = { file: 'own.csv', features: {}, categories: {}, test: 0.2, standardize: false, ...options };
  const settled = datasets.csv.settle!(given, rig.folder, { validation: 0, stratified: false });
  const { spec, preparation } = await datasets.csv.load(settled as never, rig.folder, 1);
  return datasets.csv.rows({
    options: settled as never,
    inputs: spec.inputs,
    targets: spec.targets,
    ...(preparation && { preparation }),
  });
}

test.each(['NA', 'nan', 'null'])('between separators %s says nothing of the labels, as in any cell', async (cell) => {
  const lines = (last: string) => `x,tags\n${['p;q', 'p', '', 'q', last].map((tags, i) => `${i},${tags}\n`).join('')}`;
  writeFileSync(join(rig.folder, 'na.csv'), lines(cell));
  expect(toldOf('{ csv: { file: na.csv, targets: { tags: { labels: fromData, separator: ; } } } }')).toEqual([
    `missing-values: na.csv has 1 missing value in 5 rows: tags 1 (the first on line 6, \`${cell}\`)`,
  ]);
  const { encode, files } = await askedBy(lines('q'), { targets: { tags: { labels: 'fromData', separator: ';' } } });
  expect(encode({ x: 1, tags: cell }, 'row').actual).toEqual([undefined]);
  expect(encode({ x: 1, tags: '' }, 'row').actual).toEqual([Uint8Array.of(0, 0)]);
  const [first] = files.csv!('a.csv', Buffer.from(`x,tags\n1,${cell}\n`));
  expect([first!.fault, first!.actual]).toEqual([undefined, [undefined]]);
  // Where it is one of the labels it is a label.
  const named = await askedBy(lines(cell), { targets: { tags: { labels: ['p', 'q', cell], separator: ';' } } });
  expect(named.encode({ x: 1, tags: cell }, 'row').actual).toEqual([Uint8Array.of(0, 0, 1)]);
});

test('a mark of a label that is none is told of a row that is asked about', async () => {
  const { encode, files } = await askedBy(
    `x,a,b\n${Array.from({ length: 8 }, (_, i) => `${i},${i % 2},true\n`).join('')}`,
    { targets: { t: { columns: ['a', 'b'] } } },
  );
  expect(encode({ x: 1, a: 0, b: true }, 'row').actual).toEqual([Uint8Array.of(0, 1)]);
  expect(encode({ x: 1, a: 'maybe', b: 1 }, 'row').fault!.message).toBe(
    "row: a is 'maybe', not a 0 or 1, nor true or false",
  );
  const rowsOf = [...files.csv!('m.csv', Buffer.from('x,a,b\n1,1,0\n2,,1\n3,1,2\n'))];
  expect(rowsOf.map(({ fault, actual }) => fault?.message ?? actual)).toEqual([
    [Uint8Array.of(1, 0)],
    [undefined],
    "m.csv, line 4: b is '2', not a 0 or 1, nor true or false",
  ]);
});

const rowsOfCross = (cell: string, other: string) => {
  const rowOf = (_: unknown, i: number) => `${i % 2 === 0 ? cell : '7'},${i % 3 ? 'u' : other},${i}\n`;
  return `n,k,y\n${Array.from({ length: 10 }, rowOf).join('')}`;
};

test.each([
  ['3.0', 3],
  ['3', 3],
  ['-0.50', -0.5],
  ['1200.', 1200],
])('a cross takes %s of a file and %f of a line of JSON for the same', async (cell, value) => {
  const reader = await askedBy(rowsOfCross(cell, 'v'), {
    targets: { y: 'number' },
    features: { input: ['both'] },
    cross: { both: ['n', 'k'] },
  });
  const [fromFile] = reader.files.csv!('a.csv', Buffer.from(`n,k\n${cell},u\n`));
  const { x } = reader.encode({ n: value, k: 'u' }, 'row');
  expect(x).toEqual(fromFile!.x);
  expect([...x![0]!].filter((one) => one === 1)).toHaveLength(1);
});

test('a number that begins with a zero is a text in a cross', async () => {
  const reader = await askedBy(rowsOfCross('007', 'u'), {
    targets: { y: 'number' },
    features: { input: ['both'] },
    cross: { both: ['n', 'k'] },
  });
  expect(reader.encode({ n: '007', k: 'u' }, 'row').x).not.toEqual(reader.encode({ n: 7, k: 'u' }, 'row').x);
});
