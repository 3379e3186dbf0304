import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

/** A count that goes round: each word says which comes next. 300 of them are more than a byte tells apart. */
const count = (from: number, length: number) =>
  Array.from({ length }, (_, i) => `Word${((from + i) * 7) % 300}`).join(', ');

const artifact = (...path: string[]) => readFileSync(join(rig.folder, 'runs', ...path), 'utf8');
let [runId, experiment] = ['', ''];
let measured: Readonly<Record<string, number>> = {};

beforeAll(async () => {
  rig.write('count.txt', `${count(0, 6000)}.\n`);
  rig.write('more.txt', count(11, 48));
  rig.write(
    'count.yaml',
    `name: count
seed: 1
data: { source: { text: { file: count.txt, steps: 8, words: { vocabulary: 310 } } }, split: { validation: 40 } }
model: { layers: [embedding 310x16, lstm 32 sequences, dense 310] }
train: { optimizer: adam(0.03), loss: softmaxCrossEntropy, batchSize: 20, epochs: 5 }
evaluate: { metrics: [accuracy, perplexity, f1] }
`,
  );
  const { code, stdout, stderr } = await rig.run(['run', 'count.yaml', '--json']);
  expect(code, stderr).toBe(0);
  const last = eventsOf(stdout).at(-1)! as unknown as { runId: string; metrics: typeof measured };
  ({ runId, metrics: measured } = last);
  experiment = readdirSync(join(rig.folder, 'runs')).find((one) => existsSync(join(rig.folder, 'runs', one, runId)))!;
}, 180_000);

test('the next word is learnt, and no table of all pairs of words is written', async () => {
  expect(measured['test_accuracy']).toBeGreaterThan(0.9);
  expect(measured['test_perplexity']).toBeLessThan(2);
  const [output] = (
    JSON.parse(artifact(experiment, runId, 'artifacts/evaluation/evaluation.json')) as {
      outputs: readonly { tokens: string; confusion?: object; perClass: readonly object[] }[];
    }
  ).outputs;
  expect(output!.tokens).toBe('words');
  expect(output).not.toHaveProperty('confusion');
  expect(output!.perClass).toHaveLength(300);
  const report = artifact(experiment, runId, 'artifacts/report.html');
  expect(report).toContain('The 100 most frequent of 310.');
  expect(report).toContain('Test words');
  // The evaluation is kept with its indices of four bytes.
  const again = await rig.run(['run', 'count.yaml', '--json']);
  expect(eventsOf(again.stdout).at(-1)).toMatchObject({ metrics: measured });
  expect(again.stdout).toContain('"stage-skipped","stage":"evaluate"');
}, 120_000);

test('a text is asked about word by word', async () => {
  const { code, stdout, stderr } = await rig.run(['predict', runId, 'more.txt']);
  expect(code, stderr).toBe(0);
  const rows = eventsOf(stdout) as unknown as readonly {
    readonly word: number;
    readonly predicted: { readonly next: readonly string[] };
    readonly actual?: { readonly next: readonly string[] };
  }[];
  expect(rows.map(({ word }) => word)).toEqual([1, 9, 17, 25, 33, 41]);
  expect(rows[0]!.predicted.next.slice(1)).toEqual(rows[0]!.actual!.next.slice(1));
  expect(rows.at(-1)!.actual).toBeUndefined();
  rig.write('few.jsonl', '"word7 word14 word21"\n');
  const few = await rig.run(['predict', runId, 'few.jsonl']);
  expect(few.code).toBe(1);
  expect(few.stderr).toContain('few.jsonl, line 1: expected 8 words, got 3');
  const evaluated = await rig.run(['evaluate', runId, '--data', 'more.txt', '--json']);
  // What comes after the last of the six is not known.
  expect(evaluated.stdout, evaluated.stderr).toContain('"samples":5,');
  rig.write('one.txt', count(3, 8));
  const one = await rig.run(['evaluate', runId, '--data', 'one.txt']);
  expect(one.stderr).toContain('one.txt, word 1 does not say what `next` is');
}, 120_000);

test('its words are counted, those that the vocabulary lacks under a name of their own', async () => {
  const { code, stdout } = await rig.run(['data', 'count.yaml', '--json']);
  expect(code).toBe(0);
  const { targets } = JSON.parse(stdout) as { targets: readonly { classes: readonly { name: string }[] }[] };
  expect(targets[0]!.classes).toHaveLength(300);
}, 60_000);
