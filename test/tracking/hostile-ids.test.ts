import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { contentOf } from './outside.ts';
import { experiment, hostileIds, proper, run, runId, server } from './answering-server.ts';

describe('a project beside something else', () => {
  let root: string;
  let runs: string;
  let before: readonly string[];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'layerline-hostile-'));
    runs = join(root, 'home/project/runs');
    mkdirSync(runs, { recursive: true });
    for (const folder of ['home/x', 'home/project/x', 'x']) {
      mkdirSync(join(root, folder, 'params'), { recursive: true });
      writeFileSync(join(root, folder, 'params/precious'), 'precious');
    }
    before = besideRuns();
  });
  /** All but the store, which is what a run is to change. */
  const besideRuns = () => contentOf(root).filter((line) => !line.startsWith(runs));
  const close = (): void => {
    expect(besideRuns()).toEqual(before);
    rmSync(root, { recursive: true });
  };
  const start = (env = {}) =>
    chooseTracker({ uri: server.address, runsDirectory: runs, warn: () => undefined, env }).start({
      experiment: 'e',
      runName: 'r',
      startTime: 1,
      tags: {},
    });
  const answerRun = (info: object) => ({ ...proper, createRun: { run: { info: { ...run.info, ...info } } } });

  test.each([...hostileIds, '../../x', '../../../x', () => join(root, 'x')])(
    'the run id %j makes no path',
    async (id) => {
      server.answers = answerRun({ run_id: typeof id === 'function' ? id() : id });
      const error = await start().then(
        () => expect.unreachable(),
        (reason: UserError) => reason,
      );
      expect(error.diagnostics).toMatchObject([
        {
          code: 'tracker-refused',
          message: expect.stringContaining('answered createRun without a proper run.info.run_id'),
        },
      ]);
      expect(
        readdirSync(runs, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('params')),
      ).toEqual([]);
      close();
    },
  );

  test.each(hostileIds)('the experiment id %j makes no path', async (id) => {
    server.answers = { ...proper, getExperimentByName: { experiment: { ...experiment, experiment_id: id } } };
    // Some are ids to other servers than MLflow's own; none is a folder here.
    const started = await start().catch((error: UserError) => error);
    if (started instanceof UserError)
      expect(started.message).toContain('answered getExperimentByName without a proper experiment.experiment_id');
    else await started.finish('FAILED', 1);
    close();
  });

  test.each([
    'file:///ROOT/x',
    '/ROOT/x',
    '/ROOT/x/../home/x',
    `/ROOT/x/1/${'b'.repeat(32)}/artifacts`,
    `/ROOT/home/../x/1/${runId}/artifacts`,
    'file:///%2',
    'mlflow-artifacts:/../../x',
    'mlflow-artifacts:/%2e%2e/x',
    'mlflow-artifacts:/%',
    'mlflow-artifacts:////etc',
    '',
  ])('the artifact_uri %j gets nothing', async (uri) => {
    server.answers = answerRun({ artifact_uri: uri.replace('/ROOT', root) });
    const started = await start();
    writeFileSync(join(started.artifactDirectory, 'a.txt'), 'a');
    started.artifact('a.txt');
    const undelivered = await started.finish('FINISHED', 5);
    expect(undelivered.map(({ message }) => message).join()).toMatch(
      /artifacts \(a\.txt\): .*cannot be reached from here/,
    );
    expect(server.asked.filter((request) => request.startsWith('PUT'))).toEqual([]);
    close();
  });

  test('an id that is given twice takes nothing from the run that has it', async () => {
    const first = await start();
    expect(first.runId).toBe(runId);
    await first.finish('FINISHED', 5);
    const made = contentOf(first.directory);
    const second = await start();
    expect(second.runId).not.toBe(runId);
    await second.finish('FINISHED', 6);
    expect(contentOf(first.directory)).toEqual(made);
    close();
  });

  test('an id with dashes, as GitLab gives, is told to the server, and none here', async () => {
    const dashed = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa';
    const told = {
      info: { ...run.info, run_id: dashed, status: 'FINISHED' },
      data: { tags: [{ key: 'mlflow.runName', value: 'r' }] },
    };
    server.answers = { ...answerRun({ run_id: dashed }), getRun: { run: told } };
    const started = await start();
    expect(started.runId).toMatch(/^[0-9a-f]{32}$/);
    expect(await started.finish('FINISHED', 5)).toEqual([]);
    expect(readFileSync(join(started.directory, 'journal'), 'utf8')).toContain(dashed);
    close();
  });

  test('where the run cannot be written, only what was made of it goes', async () => {
    // The journal of the run is written beside it, the run's folder is not: a file of its name lies there.
    server.answers = answerRun({ run_id: runId });
    const { directory } = await start();
    const store = join(directory, '..');
    rmSync(directory, { recursive: true });
    for (const name of readdirSync(store)) if (name.startsWith(runId)) rmSync(join(store, name));
    mkdirSync(directory);
    writeFileSync(join(directory, 'precious'), 'precious');
    const second = await start();
    await second.finish('FAILED', 1);
    expect(readFileSync(join(directory, 'precious'), 'utf8')).toBe('precious');
    expect(existsSync(join(directory, 'meta.yaml'))).toBe(false);
    close();
  });
});
