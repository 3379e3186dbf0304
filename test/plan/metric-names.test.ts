import { afterAll, expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

/** What is wrong with a file of these targets, which are all predicted, and where it says so. */
function wrongWith(
  targets: Readonly<Record<string, 'number' | readonly string[]>>,
  metrics = 'accuracy',
  waits = '',
): readonly string[] {
  const names = Object.keys(targets);
  const row = (k: number) =>
    [k, ...names.map((name) => (targets[name] === 'number' ? k : targets[name]![k % targets[name]!.length]))].join(',');
  rig.write('d.csv', [['f', ...names].join(','), ...Array.from({ length: 20 }, (_, k) => row(k))].join('\n'));
  const units = (name: string) => (targets[name] === 'number' ? 1 : targets[name]!.length);
  const loss = (name: string) => (targets[name] === 'number' ? 'meanSquaredError' : 'softmaxCrossEntropy');
  const each = names.map((name) => `${name}: { layer: at_${name}, loss: ${loss(name)} }`);
  const predicts = names.length > 1 ? `outputs: { ${each.join(', ')} }` : `loss: ${loss(names[0]!)}`;
  const text = `
name: names
data: { source: { csv: { file: d.csv, targets: ${JSON.stringify(targets)} } }, split: { validation: 4 } }
model:
  layers:
    - { dense: { units: 4 }, name: body }
${names.map((name) => `    - { dense: { units: ${units(name)} }, name: at_${name}, from: body }`).join('\n')}
train: { optimizer: adam, ${predicts}, epochs: 1${waits} }
evaluate: { metrics: [${metrics}] }
`;
  return checkSource({ name: rig.write('p.yaml', text), text })
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, message, range }) => `${code} ${text.slice(range!.start, range!.end).slice(0, 30)}: ${message}`);
}

const [kinds, number] = [['x', 'y', 'z'], 'number'] as const;

test.each<[string, Parameters<typeof wrongWith>, RegExp]>([
  [
    'validation',
    [{ val: number, kind: kinds }],
    /`val_loss` would be the loss of the output `val` in training and the loss of all outputs in validation/,
  ],
  [
    'the test',
    [{ test: number, kind: kinds }],
    /`test_loss` would be the loss of the output `test` in training and the loss of all outputs in test/,
  ],
  [
    'validation, by its beginning',
    [{ val_kind: number, kind: kinds }],
    /the output `val_kind` in training would begin with `val_`/,
  ],
  [
    'the test of another',
    [{ test_kind: number, kind: kinds }],
    /`test_kind_loss` would be the loss of the output `test_kind` in training and the loss of the output `kind` in test/,
  ],
  [
    'another output with one more word',
    [{ a: ['accuracy', 'y', 'z'], a_f1: kinds }, '{ f1: { of: accuracy } }, accuracy'],
    /`test_a_f1_accuracy` would be evaluate\.metrics\[0\] of the output `a` in test and evaluate\.metrics\[1\] of the output `a_f1` in test/,
  ],
  [
    'another metric of its own',
    [{ kind: ['macro', 'y', 'z'] }, '{ f1: { of: macro } }, { f1: { mean: macro } }'],
    /`test_f1_macro` would be evaluate\.metrics\[0\] of all outputs in test and evaluate\.metrics\[1\]/,
  ],
])('an output that shares a name with %s is refused', (_, given, message) => {
  expect(wrongWith(...given)).toEqual([expect.stringMatching(message)]);
  expect(wrongWith(...given)[0]).toMatch(/^shared-metric-name (val|test|a|evaluate|- |\{)/);
});

test.each<[string, Parameters<typeof wrongWith>]>([
  ['the only output, whatever its name', [{ val: kinds }, 'accuracy', ', earlyStopping: { monitor: val_f1 }']],
  ['the only output named test', [{ test: kinds }, 'accuracy, f1, auc']],
  [
    'loss, train and the like',
    [
      { loss: number, train: kinds, accuracy: kinds, learning_rate: number, value: number },
      'accuracy, f1, meanSquaredError',
      ', earlyStopping: { monitor: val_train_f1 }',
    ],
  ],
  [
    'names that begin with each other',
    [{ a: kinds, a_b: kinds, test_score: number }, 'accuracy, f1, { f1: { mean: macro } }'],
  ],
  [
    'the loss of one',
    [
      { a: kinds, b: number },
      'accuracy, logLoss',
      ', earlyStopping: { monitor: val_a_accuracy }, schedule: { reduceOnPlateau: { monitor: val_a_accuracy } }',
    ],
  ],
])('%s is let pass', (_, given) => expect(wrongWith(...given)).toEqual([]));

test.each<[string, Parameters<typeof wrongWith>, RegExp]>([
  [
    'a misspelt class',
    [{ kind: ['fraud', 'honest'] }, '{ f1: { of: fruad } }'],
    /^unknown-class fruad: the data has no class `fruad`/,
  ],
  [
    'a class of no target',
    [{ kind: kinds, other: ['fraud', 'honest'] }, '{ recall: { of: frau } }'],
    /^unknown-class frau: the data has no class `frau`/,
  ],
  [
    'a class and a mean',
    [{ kind: kinds }, '{ recall: { of: x, mean: macro } }'],
    /^metric-misfit .*: recall is of one class or a mean, not both/,
  ],
])('%s is a mistake', (_, given, message) => expect(wrongWith(...given)).toEqual([expect.stringMatching(message)]));

test('a class of one target is measured there', () =>
  expect(wrongWith({ kind: kinds, other: ['fraud', 'honest'] }, '{ f1: { of: fraud } }')).toEqual([]));
