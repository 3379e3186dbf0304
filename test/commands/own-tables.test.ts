import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

beforeAll(async () => {
  cpSync(join(import.meta.dirname, '../datasets/tables'), join(rig.folder, 'data'), { recursive: true });
  rig.write(
    'p.yaml',
    `
name: own
seed: 1
data:
  source: { csv: { file: 'data/part-*.csv', targets: { y: number }, features: { input: [x, n] } } }
  split: { validation: 2 }
model: { layers: [dense 1] }
train: { loss: meanSquaredError, optimizer: adam, batchSize: 8, epochs: 1 }
visualize: { figures: [] }
`,
  );
  expect(await rig.run(['run', 'p.yaml', '--json'])).toMatchObject({ code: 0 });
}, 60_000);

interface Row {
  readonly file: string;
  readonly row?: number;
  readonly line?: number;
  readonly predicted: { readonly y: number };
}

test('a model is asked by a table in any format, whichever it learnt from, with the same bits', async () => {
  const files = ['zstd.parquet', 'packed.csv.gz', 'tab.tsv', 'windows.csv'].map((name) => `data/${name}`);
  const { stdout, code } = await rig.run(['predict', 'last', ...files]);
  expect(code).toBe(0);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  const answers = files.map((file) => rows.filter((row) => row.file === file).map(({ predicted }) => predicted.y));
  expect(answers[0]).toHaveLength(24);
  expect(answers.slice(1)).toEqual(answers.slice(1).map(() => answers[0]));
  expect(rows[1]).toMatchObject({ file: 'data/zstd.parquet', row: 2 });
}, 30_000);

test('one more file that a pattern fits is other data', async () => {
  const states = async () => (await rig.run(['status', 'p.yaml'])).stdout;
  expect(await states()).toMatch(/^load +fresh/);
  rig.write('data/part-4.csv', 'x,n,colour,y\n1,2,a,3\n');
  expect(await states()).toMatch(/^load +runs +file\["data\/part-4\.csv"\] is new/);
}, 30_000);
