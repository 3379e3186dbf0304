import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

/** What is to be beaten, as the written file says; and the scores of the test. */
async function scoresOf(file: string): Promise<{ readonly beat: number; readonly scores: Record<string, number> }> {
  const { code, stdout, stderr } = await rig.run(['run', file, '--json']);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const beat = Number(/To beat: an? (?:accuracy|mean absolute error) of ([\d.]+)/.exec(rig.read(file))![1]);
  return { beat, scores: eventsOf(stdout).at(-1)!['metrics'] as Record<string, number> };
}

test('a table with classes: what is written is valid, runs, and beats the largest class', async () => {
  rig.write('data/penguins.csv', readFileSync(join(import.meta.dirname, '../../pipelines/data/penguins.csv')));
  const { code, stdout, stderr } = await rig.run(['init', '--data', 'data/penguins.csv', 'files/penguins.yaml']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(
    'looked at all 333 rows of penguins.csv\nwrote files/penguins.yaml\n' +
      'to beat: an accuracy of 0.4384: `Adelie` is right for 146 of 333 samples\n' +
      'next: npx pipeline run files/penguins.yaml\n',
  );
  expect((await rig.run(['validate', 'files/penguins.yaml'])).stdout).toBe('ok files/penguins.yaml\n');
  const { beat, scores } = await scoresOf('files/penguins.yaml');
  expect(scores['test_accuracy']).toBeGreaterThan(beat + 0.3);
  const again = await rig.run(['init', '--data', 'data/penguins.csv', 'files/penguins.yaml']);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('exists already')]);
});

test('a table in Parquet, with gaps, dates and texts', async () => {
  const data = (one: (k: number) => unknown) => Array.from({ length: 90 }, (_, k) => one(k));
  const columnData = [
    { name: 'built', data: data((k) => new Date(Date.UTC(2024, 0, 1 + ((k * 7) % 60)))) },
    { name: 'size', data: data((k) => (k % 9 === 4 ? null : (k % 13) + 0.5)) },
    { name: 'kind', data: data((k) => ['a', 'b', 'c'][k % 3]) },
    { name: 'works', data: data((k) => k % 3 === 0) },
  ];
  rig.write('own.parquet', new Uint8Array(parquetWriteBuffer({ columnData })));
  const { code, stdout, stderr } = await rig.run(['init', '--data', 'own.parquet', 'own.yaml']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('looked at all 90 rows of own.parquet');
  for (const line of [
    'parquet:',
    'works: fromData # the last column, and it has 2 values alone; 2 classes: false 60, true 30',
    '- size # numbers, 0.5 to 12.5; 10 gaps, the first in row 5',
    '# `built` is left out: it holds dates',
  ])
    expect(rig.read('own.yaml')).toContain(line);
});

test('what only the check of the proposed file finds is told with its lines, and nothing is written', async () => {
  const rows = Array.from({ length: 10_100 }, (_, k) => `${k === 10_050 ? 'oops' : k % 9},${k % 7},${k % 2}`);
  rig.write('late.csv', `a,,y\n${rows.join('\n')}\n`);
  const { code, stderr } = await rig.run(['init', '--data', 'late.csv', 'late.yaml']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^late\.yaml \(proposed\):\d+:9 error not-a-number: late\.csv, line 10052: a is 'oops'/);
  expect(stderr).toContain('numbers: { missing: median }');
  expect(stderr).toContain('Nothing was written: mend the data');
  rig.write('late.csv', `a,,y\n${rows.slice(0, 100).join('\n')}\n`);
  expect((await rig.run(['init', '--data', 'late.csv', 'late.yaml'])).code).toBe(0);
  expect(rig.read('late.yaml')).toContain('# column 2, which has no name, is left out');
});

test('photos of any format and size', async () => {
  const colours = { red: [200, 40, 40], blue: [40, 60, 200] } as const;
  for (const [name, [r, g, b]] of Object.entries(colours))
    for (let k = 0; k < 12; k++) {
      const picture = sharp({
        create: { width: 20 + k, height: 24, channels: 3, background: { r: r - k, g, b: b - k } },
      });
      rig.write(
        `photos/${name}/${k}.${k % 2 === 0 ? 'jpg' : 'png'}`,
        await picture[k % 2 === 0 ? 'jpeg' : 'png']().toBuffer(),
      );
    }
  const { code, stderr } = await rig.run(['init', '--data', 'photos', 'photos.yaml']);
  expect([code, stderr]).toEqual([0, '']);
  expect(rig.read('photos.yaml')).toContain('resize: { width: 26, height: 24 } # they are 20 to 31 wide');
});

test.each([
  [['--data', 'nothing.csv'], 1, 'nothing.csv does not exist'],
  [['--data', 'data/penguins.csv', '--target', 'specie', 'x.yaml'], 2, 'Did you mean `species`?'],
  [['--data', 'data/penguins.csv', 'classifier'], 2, 'is a kind of starter'],
  [['--target', 'species'], 2, 'there is no table'],
  [['--data', 'data/penguins.csv', 'x.json'], 2, 'Write x.yaml.'],
])('init %j', async (args, code, said) => {
  const ended = await rig.run(['init', ...args]);
  expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(said)]);
});
