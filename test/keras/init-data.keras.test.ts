import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { programOf, pythonEnvironment } from '../python-environment.ts';
import { oneIn } from '../draws.ts';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

describe.skipIf(inject('kerasMissing') !== '')('init --data on the data sets of scikit-learn', () => {
  beforeAll(async () => {
    const environment = pythonEnvironment('keras', join(import.meta.dirname, 'requirements.txt'));
    await promisify(execFile)(programOf(environment, 'python'), [
      join(import.meta.dirname, 'write-toys.py'),
      rig.folder,
    ]);
  });

  // By day one of each kind: classes, numbers, pictures, several labels.
  const sets = ['iris.csv', 'wine.csv', 'diabetes.csv', 'digits.csv', 'pictures.npz', 'wine.npz', 'several.csv'];
  test.each(oneIn(2, [...sets, 'breast_cancer.csv']))('%s: beats what it says', async (name) => {
    const written = await rig.run(['init', '--data', name, `${name}.yaml`]);
    expect([written.code, written.stderr]).toEqual([0, expect.any(String)]);
    const [, beat] = /To beat: an? (?:accuracy|mean absolute error) of ([\d.]+)/.exec(rig.read(`${name}.yaml`))!;
    const { code, stdout } = await rig.run(['run', `${name}.yaml`, '--json']);
    expect(code).toBe(0);
    const scores = eventsOf(stdout).at(-1)!['metrics'] as Record<string, number>;
    if (name === 'several.csv') {
      const [, common] = /subset accuracy of ([\d.]+)/.exec(rig.read(`${name}.yaml`).replaceAll('\n# ', ' '))!;
      expect(scores['test_accuracy']).toBeGreaterThan(Number(beat) + 0.05);
      expect(scores['test_subsetAccuracy']).toBeGreaterThan(Number(common) + 0.1);
    } else if (name === 'diabetes.csv') expect(scores['test_meanAbsoluteError']).toBeLessThan(0.9 * Number(beat));
    else expect(scores['test_accuracy']).toBeGreaterThan(Number(beat) + 0.2);
  });
});
