import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { type Learnt, type Regression, learn } from '../regression.ts';
import { Rig } from '../rig.ts';
import { answered, judge } from './judge.ts';

/** What scikit-learn and Keras make of the same rows. */
interface Judged {
  /** Of our predictions. */
  readonly metrics: Readonly<Record<string, number>>;
  /** R2 of nets of the same size, their targets standardized. */
  readonly nets: readonly number[];
  readonly linear: number;
}

type Columns = Readonly<Record<string, readonly number[]>>;

const rig = new Rig();
let engine: Engine;
const learnt: Record<string, Learnt> = {};
const judged: Record<string, Judged> = {};

const epochs = 40;
const units = [16];

/** The penguins in numbers: what the body mass is to be predicted from. */
function penguins(): Columns {
  const [head, ...lines] = readFileSync(join(import.meta.dirname, '../../pipelines/data/penguins.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const column = (name: string) => lines.map((cells) => cells[head!.indexOf(name)]!);
  const numeric = Object.fromEntries(
    ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm'].map((name) => [name, column(name).map(Number)]),
  );
  return {
    ...numeric,
    female: column('sex').map((sex) => Number(sex === 'female')),
    gentoo: column('species').map((one) => Number(one === 'Gentoo')),
    y: column('body_mass_g').map(Number),
  };
}

beforeAll(async () => {
  if (inject('kerasMissing') !== '') return;
  engine = await loadEngine();
  const [table] = await judge<{ readonly columns: Columns }>([{ kind: 'table', name: 'diabetes' }]);
  const tables: Readonly<Record<string, Columns>> = { diabetes: answered(table).columns, penguins: penguins() };
  for (const [name, columns] of Object.entries(tables)) {
    const given: Regression = {
      table: columns,
      layers: `[${units.map((count) => `dense ${count} relu`).join()}, dense 1]`,
      epochs,
      source: 'targets: { y: number }, test: 0.3',
      split: '{ validation: 0 }',
    };
    learnt[name] = await learn(engine, rig, given);
  }
  const cases = Object.entries(learnt).map(
    ([
      ,
      {
        training,
        inputs: [testX],
        outputs: [output],
      },
    ]) => {
      const rows = (values: Float32Array, count: number) =>
        Array.from({ length: count }, (_, row) => [
          ...values.subarray((row * values.length) / count, ((row + 1) * values.length) / count),
        ]);
      return {
        kind: 'regression',
        units,
        epochs,
        x: rows(training.inputs, training.targets.length),
        y: [...training.targets],
        testX: rows(testX!, output!.actual.length),
        testY: [...output!.actual],
        predicted: [...output!.predicted],
      };
    },
  );
  const answers = await judge<Judged>(cases);
  Object.keys(learnt).forEach((name, k) => (judged[name] = answered(answers[k])));
}, 300_000);
afterAll(() => rig.remove());

describe.skipIf(inject('kerasMissing') !== '').each(['diabetes', 'penguins'])('%s', (name) => {
  test('metrics are those that scikit-learn computes of the predictions', () => {
    const { metrics } = learnt[name]!.evaluation;
    for (const [metric, value] of Object.entries(judged[name]!.metrics))
      expect(metrics[`test_${metric}`]! / value, metric).toBeCloseTo(1, 9);
  });

  test('is learnt as well as by nets of scikit-learn and Keras that standardize their targets', () => {
    const { nets, linear } = judged[name]!;
    const ours = learnt[name]!.evaluation.metrics['test_r2Score']!;
    process.stdout.write(
      `${name}: R2 ${ours.toFixed(3)}, of others ${nets.map((one) => one.toFixed(3)).join(' ')}, ` +
        `linear ${linear.toFixed(3)}\n`,
    );
    expect(ours).toBeGreaterThan(Math.min(...nets) - 0.05);
  });
});
