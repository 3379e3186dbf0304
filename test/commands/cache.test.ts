import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, Rig, digitsPipeline } from '../rig.ts';
import { last, ran, stagesOf } from './told-stages.ts';

const rig = new Rig();
const text = `${digitsPipeline({ epochs: 2, figures: '[confusionMatrix]' })}evaluate: { metrics: [accuracy] }\n`;
let first: Ended;
beforeAll(async () => {
  rig.writeDigits();
  rig.write('digits.yaml', text);
  first = await rig.run(['run', 'digits.yaml', '--json']);
}, 60_000);
afterAll(() => rig.remove());

const runJson = (...args: readonly string[]) => rig.run(['run', 'digits.yaml', '--json', ...args]);
const status = async (...args: readonly string[]) => (await rig.run(['status', 'digits.yaml', ...args])).stdout;
/** The folder of a run in the store. */
const folderOf = (ended: Ended) => {
  const { experimentId, runId } = last(ended);
  return join(rig.folder, 'runs', String(experimentId), String(runId));
};
const entriesOf = (stage: string) =>
  readdirSync(join(rig.folder, '.layerline/cache/runs', stage)).map((name) =>
    join(rig.folder, '.layerline/cache/runs', stage, name),
  );

describe('a file that nothing changed in', () => {
  test('skips every stage without an engine, and has a whole run of its own that names the one before', async () => {
    // No engine, and no program to make one with.
    const again = await rig.run(['run', 'digits.yaml', '--json'], { XDG_CACHE_HOME: rig.folder, PATH: rig.folder });
    expect([again.code, again.stderr]).toEqual([0, '']);
    expect(stagesOf(again, 'stage-skipped')).toEqual(['load', 'train', 'evaluate', 'visualize']);
    expect(ran(again)).toEqual([]);
    const [{ runId: before, ...expected }, { runId, ...outcome }] = [last(first), last(again)];
    expect(outcome).toEqual(expected);
    expect(runId).not.toBe(before);
    const [one, two] = [folderOf(first), folderOf(again)];
    for (const stage of ['load', 'train', 'evaluate', 'visualize'])
      expect(readFileSync(join(two, `tags/pipeline.cached.${stage}`), 'utf8')).toBe(before);
    const values = (folder: string, key: string) =>
      readFileSync(join(folder, 'metrics', key), 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(' ').slice(1).join(' '));
    for (const key of ['loss', 'val_accuracy', 'system/samples_per_second', 'test_loss'])
      expect(values(two, key), key).toEqual(values(one, key));
    const files = (folder: string) =>
      readdirSync(join(folder, 'artifacts'), { recursive: true, encoding: 'utf8' }).toSorted();
    expect(files(two)).toEqual(files(one));
    for (const file of [
      'model/weights.bin',
      'model/model.json',
      'figures/confusionMatrix.png',
      'evaluation/evaluation.json',
    ])
      expect(readFileSync(join(two, 'artifacts', file)), file).toEqual(readFileSync(join(one, 'artifacts', file)));
    expect(readdirSync(join(two, 'params'))).toEqual(readdirSync(join(one, 'params')));
    const reports = [one, two].map((folder) => readFileSync(join(folder, 'artifacts/report.html'), 'utf8'));
    expect(reports[1]).toContain(String(runId));
    expect(reports.map((html) => html.match(/\w+: kept from run <code>[0-9a-f]{32}/g) ?? [])).toEqual([
      [],
      ['load', 'train', 'evaluate', 'visualize'].map((stage) => `${stage}: kept from run <code>${String(before)}`),
    ]);
    expect(readFileSync(join(two, 'tags/mlflow.note.content'), 'utf8')).toContain(
      `- train: kept from run \`${String(before)}\``,
    );
  });

  test('says so to people, and status does', async () => {
    const { stdout } = await rig.run(['run', 'digits.yaml']);
    expect(stdout).toMatch(/\ntrain: 2 epochs, compiled, loss \S+, \d+ images\/s \(kept from run [0-9a-f]{32}\)\n/);
    expect(await status()).toMatch(/^(\w+ +fresh {2}as in run [0-9a-f]{32} of \d{4}-\d\d-\d\d \d\d:\d\d UTC\n){4}$/);
    // A comment, another order and the full form are the same pipeline.
    rig.write('digits.yaml', `# a comment\n${text.replace('adam', '{ adam: { learningRate: 0.001 } }')}`);
    expect(await status()).not.toContain('runs');
    rig.write('digits.yaml', text);
  });
});

describe('what changed', () => {
  const figures = ['--set', 'visualize.figures=[misclassified]'];
  const metrics = ['--set', 'evaluate.metrics=[accuracy, f1]'];

  test('an option of the figures: visualize runs alone', async () => {
    expect(await status(...figures)).toMatch(
      /^load +fresh.*\ntrain +fresh.*\nevaluate +fresh.*\nvisualize +runs +visualize\.figures: \["confusionMatrix"\] -> \["misclassified"\]\n$/,
    );
    const ended = await runJson(...figures);
    expect(await status('--set', 'train.clipNorm=1')).toMatch(/\ntrain +runs +train\.clipNorm is new: 1\n/);
    // The figures need the data in memory.
    expect(ran(ended)).toEqual(['load', 'visualize']);
    expect(await status(...figures)).toContain(`load       fresh  as in run ${String(last(first)['runId'])}`);
    expect(last(ended)['weightsSha256']).toBe(last(first)['weightsSha256']);
    expect(readdirSync(join(folderOf(ended), 'artifacts/figures'))).toEqual(['misclassified.png']);
  }, 30_000);

  test('the metrics: evaluate and visualize run, with the weights that were kept', async () => {
    expect(await status(...metrics)).toMatch(
      /train +fresh.*\nevaluate +runs +evaluate\.metrics: \[\{"accuracy":\{\}\}\] -> \[\{"accuracy":\{\}\},\{"f1":\{\}\}\]\nvisualize +runs +evaluate changed\n$/,
    );
    const ended = await runJson(...metrics);
    expect(ran(ended)).toEqual(['load', 'evaluate', 'visualize']);
    expect(last(ended)['metrics']).toEqual({ ...(last(first)['metrics'] as object), test_f1: expect.any(Number) });
  }, 30_000);

  test('epochs and metrics, after another pipeline was run: outcomes of one pipeline are compared', async () => {
    rig.write('other.yaml', digitsPipeline({ epochs: 1, layers: '[flatten, dense 10]' }));
    expect((await rig.run(['run', 'other.yaml', '--set', 'evaluate.metrics=[logLoss]'])).code).toBe(0);
    const told = await status('--set', 'train.epochs=9', '--set', 'evaluate.metrics=[balancedAccuracy]');
    expect(told).toMatch(
      /evaluate +runs +train changed\n +evaluate\.metrics: \[\{"accuracy":\{\}\}(,\{"f1":\{\}\})?\] -> \[\{"balancedAccuracy":\{\}\}\]\n/,
    );
  }, 30_000);

  test('the name and the tracker: nothing runs', async () => {
    const ended = await runJson('--set', 'name=other', '--set', 'tracking.experiment=elsewhere');
    expect(ran(ended)).toEqual([]);
    const description = JSON.parse(readFileSync(join(folderOf(ended), 'artifacts/model/model.json'), 'utf8')) as {
      userDefinedMetadata: object;
    };
    expect(description.userDefinedMetadata).toMatchObject({
      pipeline: 'other',
      weightsSha256: last(first)['weightsSha256'],
    });
  }, 30_000);

  test('a byte of the data: everything runs', async () => {
    const path = join(rig.folder, 'data/train-images');
    const bytes = readFileSync(path);
    const before = bytes[5000]!;
    bytes[5000] = before ^ 1;
    writeFileSync(path, bytes);
    const told = await status();
    expect(told).toMatch(/^load +runs +file\.data\/train-images: [0-9a-f]{8} -> [0-9a-f]{8} \(its bytes/);
    expect(told).toMatch(/train +runs +load changed\n/);
    bytes[5000] = before;
    writeFileSync(path, bytes);
    expect(await status()).not.toContain('runs');
  });

  test('the threads and the learning rate: status says both, in JSON too', async () => {
    const { stdout } = await rig.run(
      ['status', 'digits.yaml', '--json', '--set', 'train.optimizer.adam.learningRate=0.01'],
      { TF_NUM_INTRAOP_THREADS: '7' },
    );
    const { stages } = JSON.parse(stdout) as {
      stages: { stage: string; fresh: boolean; run: { runId: string }; changes: unknown[] }[];
    };
    expect(stages.map(({ stage, fresh }) => [stage, fresh])).toEqual([
      ['load', true],
      ['train', false],
      ['evaluate', false],
      ['visualize', false],
    ]);
    expect(stages[1]!.changes).toEqual([
      {
        name: 'threads',
        before: expect.any(String),
        now: expect.stringContaining('7 threads'),
        reason: expect.stringContaining('rounding'),
      },
      { name: 'train.optimizer.adam.learningRate', before: '0.001', now: '0.01', reason: expect.any(String) },
    ]);
  });
});

test('a trial neither takes nor keeps anything', async () => {
  const before = entriesOf('train').length;
  expect(ran(await runJson('--smoke'))).toHaveLength(4);
  expect(entriesOf('train')).toHaveLength(before);
}, 30_000);

test('clean removes what is kept, within limits, and no run', async () => {
  expect((await rig.run(['clean', '--max-size', '1GB', '--max-age', '1d'])).stdout).toMatch(
    /^removed 0 kept outcomes \(0 B\); \d+ kept outcomes \(\d+\.\d [kM]B\) left\n$/,
  );
  const before = readdirSync(join(rig.folder, 'runs'), { recursive: true }).length;
  expect((await rig.run(['clean', '--dry-run'])).stdout).toMatch(
    /^would remove \d+ kept outcomes \(\d+\.\d [kM]B\); 0 kept outcomes \(0 B\) left\n$/,
  );
  expect(await status()).not.toContain('runs  ');
  const { stdout } = await rig.run(['clean', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    left: { outcomes: { files: 0, bytes: 0 }, fetched: { files: 0 }, leftovers: { files: 0 } },
  });
  expect(readdirSync(join(rig.folder, 'runs'), { recursive: true })).toHaveLength(before);
  expect(await status()).toMatch(/^(\w+ +runs +nothing is kept of it\n){4}$/);
  for (const [flag, value, said] of [
    ['--max-size', '2', 'It must be a size such as `2GB` or `500KB`.\n'],
    ['--max-size', '2 gigs', 'Did you mean `2GB`?'],
    ['--max-age', '3 years', 'It must be a time such as `90s`, `10m` or `1h30m`.\n'],
    ['--max-age', '90 secs', 'Did you mean `90s`?'],
    ['--max-age=-1d', undefined, 'It must be a time'],
  ] as const) {
    const wrong = await rig.run(['clean', flag, ...(value === undefined ? [] : [value])]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining(said)]);
  }
  expect(existsSync(join(rig.folder, '.layerline/cache/runs/.gitignore'))).toBe(true);
});
