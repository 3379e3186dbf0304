import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';

/** A table with two targets, a class and a number whose name has the sign that joins names. */
const several = (waiting: string) => `
name: penguins
data:
  source: { csv: { file: penguins.csv, targets: { species: [Adelie, Chinstrap, Gentoo], body_mass_g: number }, \
features: { input: [bill_length_mm, flipper_length_mm] } } }
model:
  layers:
    - { dense: { units: 8 }, name: both }
    - { dense: { units: 3 }, name: species, from: both }
    - { dense: { units: 1 }, name: body_mass_g, from: both }
train: { optimizer: adam, \
outputs: { species: { loss: softmaxCrossEntropy }, body_mass_g: { loss: meanSquaredError } }, epochs: 2, ${waiting} }
`;
const one = (waiting: string) => `
name: mnist
data: { source: mnist, split: { validation: 1000 } }
model: { layers: [flatten, dense 10] }
train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 2, ${waiting} }
`;

/** What is wrong with a file that waits for this metric, and where it says so. */
function wrongWith(file: (waiting: string) => string, monitor: string, split = '') {
  const places = [`earlyStopping: { monitor: ${monitor} }`, `schedule: { reduceOnPlateau: { monitor: ${monitor} } }`];
  const found = places.map((waiting) => {
    const text = file(waiting).replace('\nmodel:', `${split}\nmodel:`);
    const { diagnostics } = checkSource({
      name: fileURLToPath(new URL('../../pipelines/data/x.yaml', import.meta.url)),
      text,
    });
    return diagnostics.map(({ code, message, hint, range }) => ({
      code,
      message,
      hint,
      at: text.slice(range!.start, range!.end),
    }));
  });
  expect(found[1]).toEqual(found[0]);
  expect(found[0]!.map(({ at }) => at)).toEqual(found[0]!.map(() => monitor));
  return found[0]!.map(({ code, message, hint }) => `${code}: ${message} ${hint ?? ''}`);
}

const [validated, unvalidated] = ['\n  split: { validation: 0.2 }', '\n  split: { validation: 0.001 }'];

describe('with several outputs', () => {
  test.each([
    'loss',
    'val_loss',
    'species_loss',
    'species_accuracy',
    'val_species_accuracy',
    'val_species_f1',
    'val_body_mass_g_mae',
    'val_body_mass_g_meanAbsoluteError',
    'body_mass_g_loss',
    'val_body_mass_g_r2Score',
    'val_species_logLoss',
  ])('%s can be waited for', (monitor) => {
    expect(wrongWith(several, monitor, validated)).toEqual([]);
  });

  test.each([
    [
      'val_accuracy',
      'unmeasured-metric: val_accuracy is never measured: ' +
        'the data has several targets Name the output: `val_species_accuracy`.',
    ],
    [
      'val_f1',
      'unmeasured-metric: val_f1 is never measured: the data has several targets Name the output: `val_species_f1`.',
    ],
    [
      'mae',
      'unmeasured-metric: meanAbsoluteError is never measured: the data has several targets Name the output: ' +
        '`body_mass_g_meanAbsoluteError`.',
    ],
    [
      'species_val_accuracy',
      'unmeasured-metric: species_val_accuracy is never measured Did you mean `val_species_accuracy`?',
    ],
    ['val_specis_f1', 'unmeasured-metric: val_specis_f1 is never measured Did you mean `val_species_f1`?'],
    ['val_species_r2Score', 'unmeasured-metric: val_species_r2Score is never measured Did you mean'],
    ['val_species_acuracy', 'bad-text: `monitor` must be a metric such as `val_loss`, `accuracy` or `val_f1`, not'],
  ])('%s cannot', (monitor, said) => {
    const [first, ...more] = wrongWith(several, monitor, validated);
    expect(first).toContain(said);
    expect(more).toEqual([]);
  });

  test('nor anything of a validation that is not there', () => {
    expect(wrongWith(several, 'val_species_f1', unvalidated)).toEqual([
      expect.stringContaining('the split leaves no sample for validation'),
    ]);
    expect(wrongWith(several, 'species_accuracy', unvalidated)).toEqual([]);
  });
});

describe('with one', () => {
  test.each(['loss', 'val_accuracy', 'val_top5', 'val_f1'])('%s can be waited for', (monitor) =>
    expect(wrongWith(one, monitor)).toEqual([]),
  );

  test.each([
    ['val_mae', 'meanAbsoluteError is of numbers, but the data has classes to predict'],
    ['val_r2Score', 'r2Score is of numbers, but the data has classes to predict'],
    ['val_label_accuracy', 'Did you mean `val_accuracy`?'],
    ['val_acuracy', 'Did you mean `val_accuracy`?'],
    ['val_los', 'Did you mean `val_loss`?'],
    ['f1', 'Did you mean `val_f1`?'],
    ['test_accuracy', 'never measured'],
  ])('%s cannot', (monitor, said) => expect(wrongWith(one, monitor)).toEqual([expect.stringContaining(said)]));
});
