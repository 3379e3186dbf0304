import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { exportFiles, writeExport } from '../../src/models/export-model.ts';
import { packageModel } from '../../src/models/package/package-model.ts';
import { pythonEnvironment, programOf } from '../python-environment.ts';
import { Rig } from '../rig.ts';
import { runHere } from '../training/run-file.ts';

const root = join(import.meta.dirname, '../..');
const rig = new Rig();
afterAll(() => rig.remove());
const at = (path: string) => join(rig.folder, path);

const pipeline = `
name: birds
data:
  source:
    csv:
      file: birds.csv
      targets: { species: [Adelie, Chinstrap, Gentoo], body_mass_g: number }
      prepare:
        bill_length_mm: [missing: median, robust]
        bill_depth_mm: [missing: mean, standardize]
        flipper_length_mm: [missing: constant(200), minmax]
        island: oneHot
        sex: [missing: mode, oneHot]
        year: quantile
  split: { column: part }
model:
  layers:
    - { dense: { units: 16, activation: relu }, name: body }
    - { dense: { units: 3 }, name: species }
    - { dense: { units: 1 }, name: body_mass_g, from: body }
train:
  optimizer: adam(0.02)
  outputs: { species: { loss: softmaxCrossEntropy }, body_mass_g: { loss: meanSquaredError } }
  batchSize: 16
  epochs: 5
`;

/** Penguins whose mass is known, each with the part that it is of. */
const [header, ...lines] = readFileSync(join(root, 'pipelines/data/penguins-gaps.csv'), 'utf8').trim().split('\n');
const columns = header!.split(',');
const massAt = columns.indexOf('body_mass_g');
const cells = lines.map((line) => line.split(',')).filter((row) => row[massAt] !== 'NA');
const part = (k: number) => ['train', 'train', 'test', 'train', 'validation'][k % 5]!;

/** A row as a program has it. */
const rowOf = (row: readonly string[]) =>
  Object.fromEntries(
    columns.map((name, k) => [name, valueOf(name, row[k]!)] as const).filter(([name]) => !targets.has(name)),
  );

const targets = new Set(['species', 'body_mass_g']);

function valueOf(name: string, cell: string): string | number | null {
  if (cell === 'NA') return null;
  return name === 'island' || name === 'sex' ? cell : Number(cell);
}

interface Answer {
  readonly body_mass_g: number;
  readonly probabilities: { readonly species: Readonly<Record<string, number>> };
}

describe.skipIf(inject('kerasMissing') !== '')('a package, asked about raw rows', () => {
  test('says what Keras says of the exported net and what scikit-learn makes of the rows', async () => {
    rig.write('birds.csv', [`${header},part`, ...cells.map((row, k) => [...row, part(k)].join(','))].join('\n') + '\n');
    const { error, directory } = await runHere(rig, pipeline);
    if (error !== undefined) throw error;
    const model = join(directory, 'artifacts/model');
    writeExport(at('keras'), (await exportFiles(model, 'keras', () => undefined)).files);
    mkdirSync(at('node_modules'));
    symlinkSync(join(root, 'node_modules/@tensorflow'), at('node_modules/@tensorflow'));
    const made = await packageModel(model, { name: 'birds', runId: undefined, metrics: {} }, () => undefined);
    writeExport(at('node_modules/birds'), made.files);
    rig.write('rows.json', JSON.stringify(cells.map(rowOf)));
    rig.write(
      'ask.mjs',
      "import { readFileSync } from 'node:fs';\nimport { predictAll } from 'birds';\n" +
        "console.log(JSON.stringify(await predictAll(JSON.parse(readFileSync('rows.json', 'utf8')))));\n",
    );
    const asked = await promisify(execFile)(process.execPath, ['ask.mjs'], { cwd: rig.folder, maxBuffer: 1e8 });
    const python = programOf(pythonEnvironment('keras', join(import.meta.dirname, 'requirements.txt')), 'python');
    const judge = join(import.meta.dirname, 'asked-packages.py');
    const theirs = await promisify(execFile)(python, [judge, at('birds.csv'), at('keras/model.keras')]);
    const answers = JSON.parse(asked.stdout.trim().split('\n').at(-1)!) as readonly Answer[];
    const { shares, mass } = JSON.parse(theirs.stdout.trim().split('\n').at(-1)!) as {
      readonly shares: readonly (readonly number[])[];
      readonly mass: readonly number[];
    };
    expect(answers).toHaveLength(342);
    for (const [k, { body_mass_g: own, probabilities }] of answers.entries()) {
      Object.values(probabilities.species).forEach((share, i) =>
        expect(share, `row ${k}`).toBeCloseTo(shares[k]![i]!, 4),
      );
      expect(own / mass[k]!, `row ${k}`).toBeCloseTo(1, 4);
    }
  }, 300_000);
});
