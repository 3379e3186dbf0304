import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { oneIn } from '../draws.ts';
import { readRuns, realServer } from './real-mlflow.ts';
import { recordArtifacts, sampleStart } from './sample-run.ts';
import setUpMlflow from './setup.ts';

beforeAll(setUpMlflow, 600_000);

const inFiles = (folder: string) => join(folder, 'mlruns');

test.each(
  oneIn(4, [
    [
      'a database, and no folder before the first artifact',
      undefined,
      (folder: string) => ['--default-artifact-root', join(folder, 'mlartifacts')],
    ],
    [
      'a database, and an address of a file',
      undefined,
      (folder: string) => ['--default-artifact-root', `file://${join(folder, 'ml artifacts')}`],
    ],
    ['a store of files', inFiles, () => []],
    ['a store of files that is the local one', (folder: string) => join(folder, 'runs'), () => []],
  ]),
)(
  'a server that takes no artifacts finds them in its folder: %s',
  async (_, store, options) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'layerline-artifacts-')));
    const server = await realServer(folder, store?.(folder), ['--no-serve-artifacts', ...options(folder)]);
    try {
      await server.start();
      const run = await chooseTracker({
        uri: server.address,
        runsDirectory: join(folder, 'runs'),
        warn: (warning) => expect.unreachable(JSON.stringify(warning)),
        env: {},
      }).start(sampleStart);
      const artifacts = recordArtifacts(run);
      expect(await run.finish('FINISHED', 1_790_000_100_000)).toEqual([]);
      const { runs } = await readRuns(server.address, sampleStart.experiment);
      expect(runs.find(({ run_id }) => run_id === run.runId || runs.length > 1)).toMatchObject({
        status: 'FINISHED',
        artifacts,
      });
    } finally {
      await server.kill();
      rmSync(folder, { recursive: true });
    }
  },
  180_000,
);
