import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installEnvironment, programOf, pythonEnvironment } from '../python-environment.ts';
import { openUi } from './open-ui.ts';

const environment = pythonEnvironment('mlflow', join(import.meta.dirname, 'requirements-2.txt'));
const directory = mkdtempSync(join(tmpdir(), 'layerline-ui-'));
beforeAll(() => installEnvironment(environment));
afterAll(() => rmSync(directory, { recursive: true }));

test.each(['plain', 'a%20b #?'])(
  'MLflow 2 shows runs and artifacts of a folder named %j, those of before run_uuid too',
  async (name) => {
    const folder = join(directory, name);
    mkdirSync(folder);
    expect(await openUi(programOf(environment, 'mlflow'), folder)).toEqual(['name: mnist\n', 'name: mnist\n']);
  },
);
