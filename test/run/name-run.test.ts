import { expect, test } from 'vitest';
import type { CheckedPipeline } from '../../src/plan/check-pipeline.ts';
import { longestRunName, nameRun } from '../../src/run/name-run.ts';
import type { Trial } from '../../src/run/trial.ts';

const name = (settings: readonly string[], trial?: Trial) =>
  nameRun({ pipeline: { name: 'mnist' }, settings } as unknown as CheckedPipeline, trial, new Date(0));

test.each([
  [[], 'mnist 1970-01-01T000000'],
  [['train.epochs=3'], 'mnist epochs=3'],
  [['train.epochs=3', 'seed=7'], 'mnist epochs=3 seed=7'],
  [['model.layers[0]=conv 5x5x32'], 'mnist layers[0]=conv 5x5x32'],
  [['train.outputs.a.weight=1', 'train.outputs.b.weight=2'], 'mnist train.outputs.a.weight=1 train.outputs.b.weight=2'],
  [['train.loss={\n  huberLoss:\n}'], 'mnist loss={ huberLoss: }'],
  [['tracking.uri=http://u:secret-word@host'], 'mnist 1970-01-01T000000'],
  [['data.source.csv.file=https://u:secret-word@host/a.csv'], 'mnist file=...'],
  [
    ['data.source.csv.file={ url: "https://host/a.csv?sig=secret-word", sha256: 12 }', 'seed=7'],
    'mnist file=... seed=7',
  ],
  [['data.source={ csv: { file: { url: "https:\\x2f\\x2fhost/secret-word" } } }'], 'mnist source=...'],
  [['data.source={ csv: { ? https://host/secret-word : 1 } }'], 'mnist source=...'],
  [['data.source.csv.file=\n  https:\n  //host/a.csv'], 'mnist file=...'],
  [['tracking={ uri: "http://u:secret-word@host" }', 'seed=7'], 'mnist seed=7'],
  [['tracking={ uri: "http:\\/\\/u:secret-word@host" }'], 'mnist 1970-01-01T000000'],
  [['tracking.experiment=a', 'tracking.uri=./secret-word'], 'mnist 1970-01-01T000000'],
])('%j', (settings, expected) => expect(name(settings)).toBe(expected));

test('a trial says so, and nothing is longer than MLflow has room for', () => {
  expect(name(['seed=7'], { kind: 'smoke' })).toBe('mnist smoke seed=7');
  expect(name([`train.epochs=${'1'.repeat(300)}`])).toHaveLength('mnist '.length + 60);
  expect(name(Array.from({ length: 40 }, (_, i) => `model.parameters.p${i}=1234567`))).toHaveLength(longestRunName);
});
