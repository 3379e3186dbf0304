import { mkdirSync, symlinkSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, eventsOf } from '../rig.ts';
import { startServe } from './model-server.ts';

const rig = new Rig();
afterAll(() => rig.remove());

/** Two shops whose sales rise by one a day and swing by the week. */
const sold = (shop: number, day: number) => 1000 + 200 * shop + day + 40 * Math.sin((2 * Math.PI * day) / 7);
const dateOf = (day: number) => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
const header = 'day,shop,sold,rain';
const rows = ['north', 'south'].flatMap((shop, k) =>
  Array.from({ length: 120 }, (_, day) => `${dateOf(day)},${shop},${sold(k, day)},${day % 5 === 2 ? '' : day % 3}`),
);
let runId = '';
let measured: Readonly<Record<string, number>> = {};

beforeAll(async () => {
  rig.write('shops.csv', [header, ...rows, ''].join('\n'));
  rig.write(
    'shops.yaml',
    `name: shops
data:
  source:
    series:
      file: shops.csv
      time: day
      entity: shop
      targets: { sold: number }
      prepare: { rain: [missing: median, minmax] }
      window: 14
      horizon: 2
      season: 7
  split: { validation: 20 }
model: { layers: [flatten, dense 2] }
train: { optimizer: adam(0.02), loss: meanSquaredError, epochs: 30 }
visualize: { figures: [] }
`,
  );
  const { code, stdout, stderr } = await rig.run(['run', 'shops.yaml', '--json']);
  expect(code, stderr).toBe(0);
  const last = eventsOf(stdout).at(-1)! as unknown as { runId: string; metrics: typeof measured };
  ({ runId, metrics: measured } = last);
}, 180_000);

interface Told {
  readonly line: number;
  readonly entity: string;
  readonly time: string;
  readonly predicted: { readonly sold: readonly number[] };
  readonly actual?: { readonly sold: readonly number[] };
}
const told = (stdout: string) => eventsOf(stdout) as unknown as readonly Told[];
const lastRows = [...rows.slice(104, 120), ...rows.slice(224)];

test('the evaluation tells what a naive forecast would have been', () => {
  // The last value is off by the week and the day; a week before by a week's rise alone.
  expect(measured['test_meanAbsoluteError_season_before']).toBeCloseTo(7, 6);
  expect(measured['test_meanAbsoluteError_last_value']).toBeGreaterThan(15);
  expect(measured['test_meanAbsoluteError']).toBeLessThan(20);
});

test('rows of a file, lines of JSON, the server and the package get the same forecast', async () => {
  rig.write('last.csv', [header, ...lastRows, ''].join('\n'));
  const [predicted, packaged] = [
    await rig.run(['predict', runId, 'last.csv']),
    await rig.run(['package', runId, '--out', 'own']),
  ];
  expect(predicted.code, predicted.stderr).toBe(0);
  expect(packaged.code, packaged.stderr).toBe(0);
  const found = told(predicted.stdout);
  expect(found.map(({ line, entity, time, actual }) => [line, entity, time, actual !== undefined])).toEqual([
    [15, 'north', '2024-04-27', true],
    [17, 'north', '2024-04-29', false],
    [31, 'south', '2024-04-27', true],
    [33, 'south', '2024-04-29', false],
  ]);
  const ahead = found[3]!.predicted.sold;
  expect(Math.abs(ahead[0]! - sold(1, 120))).toBeLessThan(60);
  expect(found[0]!.actual!.sold).toEqual([sold(0, 118), sold(0, 119)]);

  const cells = lastRows.slice(18).map((row) => row.split(','));
  const window = {
    sold: cells.map((row) => Number(row[2])),
    rain: cells.map((row) => (row[3] === '' ? null : Number(row[3]))),
  };
  const server = await startServe(rig, [runId]);
  const [records, file] = await Promise.all([
    server.post('/invocations', { dataframe_records: [window] }),
    server.post('/invocations', [header, ...lastRows.slice(16), ''].join('\n'), { 'content-type': 'text/csv' }),
  ]);
  await server.stop();
  const said = (answer: Awaited<ReturnType<typeof server.post>>) =>
    (answer.json() as { readonly predictions: readonly Pick<Told, 'predicted'>[] }).predictions.at(-1)!.predicted.sold;
  expect(said(records)).toEqual(ahead);
  expect(said(file)).toEqual(ahead);

  expect(rig.read('own/index.d.ts')).toContain('readonly rain: readonly (number | null)[];');
  expect(rig.read('own/README.md')).toContain('and 13 more, the oldest first');
  mkdirSync(join(rig.folder, 'node_modules'));
  symlinkSync(
    join(import.meta.dirname, '../../node_modules/@tensorflow'),
    join(rig.folder, 'node_modules/@tensorflow'),
  );
  rig.write(
    'ask.mjs',
    `import { predict } from './own/index.js';
console.log(JSON.stringify(await predict(${JSON.stringify(window)})));
await predict({ sold: [1], rain: [1] }).catch((error) => console.log(error.message));
`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, ['ask.mjs'], { cwd: rig.folder });
  const [answer, refused] = stdout.trim().split('\n').slice(-2) as [string, string];
  const { sold: own } = JSON.parse(answer) as { readonly sold: readonly number[] };
  expect(own.map((value, k) => Math.abs(value - ahead[k]!) < 0.01)).toEqual([true, true]);
  expect(refused).toMatch(/sold is a list of 1, not a list of 14 values/);
}, 180_000);

test('a file is evaluated by all that is known in it, and rows that do not make a window are named', async () => {
  rig.write('held.csv', [header, ...lastRows, ''].join('\n'));
  rig.write('short.csv', [header, ...lastRows.slice(0, 16), ...rows.slice(237), ''].join('\n'));
  const evaluated = await rig.run(['evaluate', runId, '--data', 'held.csv', '--json']);
  expect(evaluated.code, evaluated.stderr).toBe(0);
  const { code, stdout, stderr } = await rig.run(['predict', runId, 'short.csv']);
  expect(code).toBe(1);
  expect(stdout + stderr).toContain('short.csv has 3 rows of `south`, and a window takes 14');
}, 180_000);
