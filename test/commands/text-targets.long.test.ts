import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, eventsOf } from '../rig.ts';
import { startServe } from './model-server.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const reversed = (text: string) => [...text].toReversed().join('');
/** Numbers of one to three digits in an order of their own, each with itself read backwards, in two formats. */
const numbers = Array.from({ length: 1000 }, (_, k) => String((k * 387) % 1000));
const lines = (some: readonly string[]) =>
  some.map((digits) => `${JSON.stringify({ digits: `${digits}!`, back: reversed(digits) })}\n`).join('');

const pipeline = `name: back
seed: 3
data:
  source:
    jsonl:
      file: numbers.jsonl
      targets: { back: { characters: { length: 5, vocabulary: 12 } } }
      prepare: { digits: { characters: { length: 5, vocabulary: 13 } } }
      test: 0.15
  split: { validation: 50 }
model:
  layers:
    - embedding 13x16
    - lstm 64
    - repeatVector 5
    - lstm 64 sequences
    - dense 12
train: { optimizer: adam(0.01), loss: softmaxCrossEntropy, batchSize: 40, epochs: 28, checkpoint: { everySteps: 10 } }
visualize: { figures: [] }
`;

interface Told {
  readonly predicted: { readonly back: string };
  readonly confidence: { readonly back: number };
}
let runId = '';
let measured: Readonly<Record<string, number>> = {};

beforeAll(async () => {
  rig.write('numbers.jsonl', lines(numbers));
  rig.write('back.yaml', pipeline);
  const { code, stdout, stderr } = await rig.run(['run', 'back.yaml', '--json']);
  expect(code, stderr).toBe(0);
  ({ runId, metrics: measured } = eventsOf(stdout).at(-1)! as unknown as { runId: string; metrics: typeof measured });
}, 180_000);

test('an encoder and a decoder read numbers backwards, of any length', () => {
  expect(measured['test_accuracy']).toBeGreaterThan(0.95);
});

test('another file is measured as the test was, and written as a table', async () => {
  rig.write('more.jsonl', lines(numbers.slice(100, 300)));
  const { code, stdout, stderr } = await rig.run(['evaluate', runId, '--data', 'more.jsonl', '--json']);
  expect(code, stderr).toBe(0);
  const { metrics } = eventsOf(stdout).at(-1)! as unknown as { metrics: Readonly<Record<string, number>> };
  const out = await rig.run(['predict', runId, 'more.jsonl', '--out', 'out.csv']);
  expect(out.code, out.stderr).toBe(0);
  // Places behind the end count neither here nor there.
  const accuracy = /back: accuracy ([\d.]+)/.exec(out.stdout + out.stderr)![1];
  expect(Number(accuracy)).toBeCloseTo(metrics['test_accuracy'] ?? Number.NaN, 3);
  expect(rig.read('out.csv').split('\n')[0]).toBe('file,line,back,back_confidence,back_actual');
}, 120_000);

test('server and package say the texts that predict says', async () => {
  const asked = ['7!', '42!', '805!', '999!'].map((digits) => ({ digits }));
  rig.write('asked.jsonl', asked.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const { stdout, stderr } = await rig.run(['predict', runId, 'asked.jsonl']);
  const expected = eventsOf(stdout) as unknown as readonly Told[];
  const texts = expected.map(({ predicted }) => predicted.back);
  expect(texts.slice(1, 3), stderr).toEqual(['24', '508']);
  const server = await startServe(rig, [runId]);
  const answer = await server.post('/invocations', { dataframe_records: asked });
  const wrong = await server.post('/invocations', { dataframe_records: [{ digits: null }] });
  await server.stop();
  const { predictions } = answer.json() as { readonly predictions: readonly Told[] };
  expect(predictions.map(({ predicted }) => predicted.back)).toEqual(texts);
  for (const [k, { confidence }] of predictions.entries())
    expect(confidence.back).toBeCloseTo(expected[k]!.confidence.back, 4);
  expect(wrong.json()).toMatchObject({ message: expect.stringContaining('digits is empty') as string });

  const packaged = await rig.run(['package', runId, '--out', 'own']);
  expect(packaged.code, packaged.stderr).toBe(0);
  expect(rig.read('own/index.d.ts')).toMatch(
    /readonly back: string;[^}]*readonly confidence: \{\s+readonly back: number;/,
  );
  mkdirSync(join(rig.folder, 'node_modules'));
  symlinkSync(
    join(import.meta.dirname, '../../node_modules/@tensorflow'),
    join(rig.folder, 'node_modules/@tensorflow'),
  );
  rig.write(
    'ask.mjs',
    `import { predictAll } from './own/index.js';
console.log(JSON.stringify(await predictAll(${JSON.stringify(asked)})));
`,
  );
  const said = JSON.parse(
    execFileSync(process.execPath, ['ask.mjs'], {
      cwd: rig.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .trim()
      .split('\n')
      .at(-1)!,
  ) as readonly { readonly back: string; readonly confidence: { readonly back: number } }[];
  expect(said.map(({ back }) => back)).toEqual(texts);
  for (const [k, { confidence }] of said.entries())
    expect(confidence.back).toBeCloseTo(expected[k]!.confidence.back, 4);
}, 120_000);

test('a training that is killed goes on to the same weights', async () => {
  const few = pipeline
    .replace('epochs: 28', 'epochs: 2')
    .replace(/layers:[^]*train/, 'layers: [embedding 13x16, flatten, dense 60, reshape 5x12]\ntrain');
  rig.write('few.yaml', few);
  const { code, stdout, stderr } = await rig.run(['verify-resume', 'few.yaml']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/\nthe same to the bit: [0-9a-f]{64}\n$/);
}, 120_000);
