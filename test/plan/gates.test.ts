import { expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { gatesOf, judge } from '../../src/training/gates.ts';
import { moreIsBetter } from '../../src/training/monitor.ts';

const found = (required: string) =>
  checkSource({
    name: 'p.yaml',
    text: `name: shapes
data: { source: { shapes: { train: 64, test: 32 } } }
model: { layers: [conv 3x3x2 same, { conv: { filters: 4, kernelSize: 1 } }] }
train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1, batchSize: 16 }
evaluate:
  metrics: [accuracy, f1, logLoss, { f1: { mean: weighted } }]
  require: ${required}
`,
  }).diagnostics.filter(({ severity }) => severity === 'error');

test.each([
  '{ test_accuracy: ">= 0.98", msPerSample: "<= 2" }',
  '{ test_f1_weighted: "> 0.5", test_logLoss: "<0.1", test_loss: "<= 1e-1" }',
  '{ test_accuracy: ">= 1" }',
  'null',
])('%s is what a model may have to reach', (text) => {
  expect(found(text).map(({ message }) => message)).toEqual([]);
});

test.each([
  ['{ test_f2: ">= 0.9" }', /`test_f2` is not measured/, /`test_f1`/],
  ['{ test_logLoss_last_value: "<= 1" }', /is of the naive forecast/, /`test_logLoss`/],
  ['{ val_accuracy: ">= 0.9" }', /`val_accuracy` is not measured/, /`test_accuracy`/],
  ['{ test_f1: "<= 0.9" }', /more of test_f1 is better/, /`>= 0\.9`/],
  ['{ test_loss: ">= 0.9" }', /less of test_loss is better/, /`<= 0\.9`/],
  ['{ test_logLoss: "> 1" }', /less of test_logLoss is better/, /`<= 1`/],
  ['{ msPerSample: ">= 2" }', /less of msPerSample is better/, /`<= 2`/],
  ['{ test_accuracy: ">= 98" }', /test_accuracy is 1 at most/, /`>= 0\.98`/],
  ['{ test_accuracy: "> 1" }', /test_accuracy is 1 at most/, /Require less/],
  ['{ test_accuracy: 0.98 }', /must be a bound such as `>= 0\.98`/, /^$/],
  ['{ test_accuracy: "=> 0.98" }', /must be a bound/, /^$/],
  ['{ test_accuracy: ">= 0,98" }', /must be a bound/, /^$/],
  ['{ test_accuracy: ">= 98%" }', /must be a bound/, /^$/],
  ['{}', /at least 1 key/, /./],
  ['[test_accuracy]', /must be a map/, /./],
])('%s is told at its place', (text, message, hint) => {
  const [mistake, ...more] = found(text);
  expect(more).toEqual([]);
  expect(mistake).toMatchObject({ message: expect.stringMatching(message) as unknown });
  expect(mistake!.hint ?? '').toMatch(hint);
  const { start, source } = mistake!.range!;
  expect(source.text.slice(0, start).split('\n')).toHaveLength(7);
});

test('values are held against each bound, and what is missed is told by how much', () => {
  const gates = gatesOf({ a: '>= 0.98', b: '< 2', c: '> -1e-3', d: '<= 0' });
  expect(judge(gates, { a: 0.98, b: 1.9999, c: 0, d: 0 })).toEqual({
    tags: {
      'pipeline.gates': 'passed',
      'pipeline.gate.a': 'passed: 0.98 >= 0.98',
      'pipeline.gate.b': 'passed: 1.9999 < 2',
      'pipeline.gate.c': 'passed: 0 > -0.001',
      'pipeline.gate.d': 'passed: 0 <= 0',
    },
  });
  const { tags, failed } = judge(gates, { a: 0.97125, b: 2, c: Number.NaN });
  expect(tags['pipeline.gates']).toBe('failed');
  expect(failed!.exitCode).toBe(1);
  expect(failed!.diagnostics.map(({ message }) => message)).toEqual([
    'a is 0.97125, 0.00875 below what is required: `evaluate.require` says >= 0.98',
    'b is 2: `evaluate.require` says < 2',
    'c is NaN: `evaluate.require` says > -0.001',
    'd is NaN: `evaluate.require` says <= 0',
  ]);
  expect(judge([], {})).toEqual({ tags: {} });
});

test.each([
  ['val_accuracy', true],
  ['test_digit_accuracy', true],
  ['test_f1_fraud', true],
  ['test_f1_weighted', true],
  ['test_top5', true],
  ['val_r2Score', true],
  ['loss', false],
  ['val_loss', false],
  ['accuracy_loss', false],
  ['test_logLoss', false],
  ['val_f1_meanAbsoluteError', false],
  ['system/seconds_train', false],
  ['learning_rate', false],
  ['constructor', false],
])('whether more of %s is better: %s', (name, more) => {
  expect(moreIsBetter(name)).toBe(more);
});
