import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, eventsOf } from '../rig.ts';
import { startServe } from './model-server.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const penguins = readFileSync(join(import.meta.dirname, '../../pipelines/data/penguins.csv'), 'utf8');
const [header, ...lines] = penguins.trim().split('\n') as [string, ...string[]];
const notes = ['A small bird', 'BIG bird!', ''];
let runId = '';
let recorded = { runId: '', experimentId: '' };

beforeAll(async () => {
  const rows = lines.map((line, k) => {
    const cells = line.split(',');
    if (k % 7 === 3) cells[2] = 'NA';
    if (k % 11 === 5) cells[6] = '';
    return [...cells, `2024-${String((k % 12) + 1).padStart(2, '0')}-15`, notes[k % 3]].join(',');
  });
  rig.write('gaps.csv', [`${header},seen,note`, ...rows, ''].join('\n'));
  rig.write(
    'gaps.yaml',
    `name: gaps
data:
  source:
    csv:
      file: gaps.csv
      targets: { species: fromData }
      categories: { island: fromData }
      cross: { home: [sex, island], found: [island, year] }
      prepare:
        home: [missing: mode, oneHot]
        found: [hash: 16]
        sex: [missing: mode, oneHot]
        bill_*: [missing: indicator, missing: median, robust]
        flipper_length_mm: { quantile: normal }
        body_mass_g: [log, standardize]
        year: { hash: 8 }
        seen: [dateParts: [month], cyclic: 12]
        note: [missing: constant(-), words: { length: 3, vocabulary: 5 }]
model: { layers: [dense 16 relu, dense 3] }
train: { optimizer: adam(0.02), loss: softmaxCrossEntropy, epochs: 4 }
visualize: { figures: [] }
`,
  );
  const { code, stdout, stderr } = await rig.run(['run', 'gaps.yaml', '--json']);
  expect(code, stderr).toBe(0);
  recorded = eventsOf(stdout).at(-1)! as unknown as typeof recorded;
  ({ runId } = recorded);
}, 60_000);

interface Told {
  readonly predicted: Readonly<Record<string, string>>;
  readonly probabilities: Readonly<Record<string, Readonly<Record<string, number>>>>;
}
const asked = [
  { island: 'Dream', bill_length_mm: null, bill_depth_mm: 17.9, flipper_length_mm: 192, body_mass_g: 3500 },
  { island: 'Biscoe', bill_length_mm: 46.1, bill_depth_mm: 13.2, flipper_length_mm: 211, body_mass_g: 4500 },
].map((row, k) => ({
  ...row,
  sex: k === 0 ? '' : 'male',
  year: 2007 + k,
  seen: '2024-03-15',
  note: k === 0 ? null : 'Big - odd one',
}));
const columns = Object.keys(asked[0]!);
const csv = [
  columns.join(','),
  ...asked.map((row) =>
    Object.values(row)
      .map((cell) => cell ?? 'NA')
      .join(','),
  ),
  '',
];

test('what a prepared table has learnt is the same in evaluate, predict, serve and its package', async () => {
  const [evaluated, , packaged] = [
    await rig.run(['evaluate', runId, '--json']),
    rig.write('new.csv', csv.join('\n')),
    await rig.run(['package', runId, '--out', 'own']),
  ];
  expect(evaluated.code, evaluated.stderr).toBe(0);
  const { experimentId } = recorded;
  const resolved = rig.read(`runs/${experimentId}/${runId}/artifacts/config/resolved.yaml`);
  expect(resolved).not.toContain('fromData');
  expect(resolved).toMatch(/species:\n\s+- Adelie\n\s+- Chinstrap\n\s+- Gentoo/);
  expect(packaged.code, packaged.stderr).toBe(0);
  rig.write('new.jsonl', asked.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const said = async (file: string) =>
    eventsOf((await rig.run(['predict', runId, file])).stdout).map((one) => {
      const { predicted, probabilities } = one as unknown as Told;
      return { predicted, probabilities };
    });
  const expected = await said('new.csv');
  expect(expected.length).toBe(2);
  expect(await said('new.jsonl')).toEqual(expected);

  const server = await startServe(rig, [runId]);
  const answer = await server.post('/invocations', { dataframe_records: asked });
  const wrong = await server.post('/invocations', { dataframe_records: [{ ...asked[0]!, island: 'Drem' }] });
  await server.stop();
  const { predictions } = answer.json() as { readonly predictions: readonly Told[] };
  expect(predictions.map(({ predicted }) => predicted)).toEqual(expected.map(({ predicted }) => predicted));
  expect(wrong.json()).toMatchObject({ message: expect.stringMatching(/Did you mean `Dream`/) as string });

  const types = rig.read('own/index.d.ts');
  expect(types).toContain("readonly island: 'Biscoe' | 'Dream' | 'Torgersen';");
  expect(types).toContain("readonly sex: 'female' | 'male' | null;");
  expect(types).toContain('readonly bill_length_mm: number | null;');
  expect(types).toContain('readonly body_mass_g: number;');
  expect(types).toContain('readonly seen: string;');
  expect(types).not.toContain('home');
  expect(types).toContain('readonly note: string | null;');
  mkdirSync(join(rig.folder, 'node_modules'));
  symlinkSync(
    join(import.meta.dirname, '../../node_modules/@tensorflow'),
    join(rig.folder, 'node_modules/@tensorflow'),
  );
  rig.write(
    'ask.mjs',
    `import { predictAll } from './own/index.js';
console.log(JSON.stringify(await predictAll(${JSON.stringify(asked)})));
await predictAll([${JSON.stringify({ ...asked[0], body_mass_g: 0 })}]).catch((error) => console.log(error.message));
`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, ['ask.mjs'], { cwd: rig.folder });
  const [all, refused] = stdout.trim().split('\n').slice(-2) as [string, string];
  const answers = JSON.parse(all) as readonly Readonly<Record<string, unknown>>[];
  for (const [k, one] of answers.entries()) {
    expect(one['species']).toBe(expected[k]!.predicted['species']);
    const { species } = one['probabilities'] as Told['probabilities'];
    for (const [name, share] of Object.entries(species!))
      expect(share).toBeCloseTo(expected[k]!.probabilities['species']![name]!, 4);
  }
  expect(refused).toMatch(/body_mass_g is '0', of which `log` makes no number/);
}, 60_000);

test('a value that training did not have is refused with the nearest, and its line', async () => {
  rig.write('wrong.csv', csv.join('\n').replace('Dream', 'Drem').replace('4500', '-1'));
  const { stdout, stderr } = await rig.run(['predict', runId, 'wrong.csv']);
  expect(stdout + stderr).toMatch(/wrong.csv, line 2: island is 'Drem', which is none of Biscoe, Dream, Torgersen/);
  expect(stdout + stderr).toMatch(/Did you mean `Dream`/);
  expect(stdout + stderr).toMatch(/wrong.csv, line 3: body_mass_g is '-1', of which `log` makes no number/);
});
