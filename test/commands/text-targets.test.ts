import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const months = 'January February March April May June July August September October November December'.split(' ');
/** A date as people write it and as programs do, some of them shorter than others. */
const date = (k: number) => {
  const drawn = Math.imul(k + 1, 2_654_435_761) >>> 0;
  const [day, month, year] = [((drawn >>> 3) % 28) + 1, (drawn >>> 11) % 12, 2000 + ((drawn >>> 19) % 30)];
  return [`${day} ${months[month]} ${year}`, `${year}-${month + 1}-${day}`] as const;
};
const table = (from: number, to: number) =>
  ['date,iso', ...Array.from({ length: to - from }, (_, k) => date(from + k).join(',')), ''].join('\n');

interface Line {
  readonly predicted: { readonly iso: string };
  readonly confidence: { readonly iso: number };
  readonly actual?: { readonly iso: string };
}
let runId = '';
let measured: Readonly<Record<string, number>> = {};

beforeAll(async () => {
  rig.write('dates.csv', table(0, 1000));
  rig.write('more.csv', table(1000, 1100));
  rig.write(
    'dates.yaml',
    `name: dates
seed: 1
data:
  source:
    csv:
      file: dates.csv
      targets: { iso: { characters: { length: 11, vocabulary: 14 } } }
      prepare: { date: { words: { length: 3, vocabulary: 80 } } }
  split: { validation: 0.1 }
model: { layers: [embedding 80x16, flatten, dense 128 relu, dense 154, reshape 11x14] }
train: { optimizer: adam(0.01), loss: softmaxCrossEntropy, batchSize: 50, epochs: 15 }
evaluate: { metrics: [accuracy, perplexity, f1] }
visualize: { figures: [] }
`,
  );
  const { code, stdout, stderr } = await rig.run(['run', 'dates.yaml', '--json']);
  expect(code, stderr).toBe(0);
  ({ runId, metrics: measured } = eventsOf(stdout).at(-1)! as unknown as { runId: string; metrics: typeof measured });
}, 120_000);

test('dates are learnt with their ends, and predicted as texts', async () => {
  expect(measured['test_accuracy']).toBeGreaterThan(0.97);
  rig.write(
    'one.jsonl',
    '{"date":"3 march 2021"}\n{"date":"28 December 2009","iso":"2009-12-28"}\n{"date":7,"iso":[]}\n',
  );
  const { stdout, stderr } = await rig.run(['predict', runId, 'one.jsonl', 'more.csv']);
  const lines = eventsOf(stdout) as unknown as readonly Line[];
  expect(lines[0]!.predicted.iso, stderr).toBe('2021-3-3');
  expect(lines[0]!.actual).toBeUndefined();
  expect(lines[1]).toMatchObject({ predicted: { iso: '2009-12-28' }, actual: { iso: '2009-12-28' } });
  expect(stderr).toContain('one.jsonl, line 3: iso is a list, not a text');
  const asked = lines.slice(-100);
  expect(asked.filter(({ predicted, actual }) => predicted.iso === actual!.iso).length).toBeGreaterThan(80);
  for (const { confidence } of asked) expect(confidence.iso).toBeLessThanOrEqual(1);
}, 120_000);

test('data tells its tokens without the padding', async () => {
  const { code, stdout, stderr } = await rig.run(['data', 'dates.yaml', '--json']);
  expect(code, stderr).toBe(0);
  const { targets } = JSON.parse(stdout) as {
    targets: readonly { classes: readonly { name: string; training: number; validation: number; test: number }[] }[];
  };
  const classes = new Map(targets[0]!.classes.map(({ name, ...counts }) => [name, counts] as const));
  expect([...classes.keys()].sort()).toEqual(['-', ...'0123456789', '[end]']);
  expect(classes.get('[end]')).toEqual({ training: 720, validation: 80, test: 200 });
}, 120_000);
