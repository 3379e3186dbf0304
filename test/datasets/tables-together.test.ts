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
