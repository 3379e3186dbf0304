import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { oneIn } from '../draws.ts';
import { openUi } from './open-ui.ts';
import { mlflowProgram } from './setup.ts';

const directory = mkdtempSync(join(tmpdir(), 'layerline-ui-'));
afterAll(() => rmSync(directory, { recursive: true }));

test.each(oneIn(3, ['a b?c ä日', 'a%20b', 'a%2Fb#%']))(
  'pipeline ui shows runs and artifacts of a folder named %j',
  async (name) => {
    const folder = join(directory, name);
    mkdirSync(folder);
    expect(await openUi(mlflowProgram, folder, { MLFLOW_TRACKING_URI: 'databricks' })).toEqual([
      'name: mnist\n',
      'name: mnist\n',
    ]);
  },
);
