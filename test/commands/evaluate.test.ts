import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encode } from 'fast-png';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const row = (i: number) => {
  const [a, b] = [(i * 37) % 101, (i * i) % 53];
  return [a, b, ['red', 'green', 'blue'][i % 3], a > 50 ? 'much' : 'little'].join();
};
const table = (from: number, to: number, head = 'a,b,colour,k') =>
  `${head}\n${Array.from({ length: to - from }, (_, i) => row(from + i)).join('\n')}\n`;
const rows = `name: rows
seed: 3
data:
  source: { csv: { file: d.csv, test: t.csv, targets: { k: [little, much] }, \
categories: { colour: [red, green, blue] } } }
  split: { validation: 25 }
model: { layers: [dense 8 relu, dense 2] }
train: { optimizer: adam(0.01), loss: softmaxCrossEntropy, epochs: 3, batchSize: 16 }
evaluate: { metrics: [accuracy, f1] }
visualize: { figures: [confusionMatrix] }
`;
const pictures = `name: pictures
seed: 3
data: { source: { images: { folder: pics } }, split: { validation: 0 } }
model: { layers: [flatten, dense 2] }
train: { optimizer: adam(0.01), loss: softmaxCrossEntropy, epochs: 2, batchSize: 4 }
visualize: { figures: [] }
`;
/** The metrics of the run of rows. */
let finished: Readonly<Record<string, number>>;
let runId = '';

function writePictures(folder: string, classes: readonly string[]): void {
  const size = 4;
  for (const [label, name] of classes.entries())
    for (let i = 0; i < 8; i++) {
      const data = Uint8Array.from({ length: size * size }, (_, k) => (label === 0 ? 20 + i : 200 - ((i * k) % 9)));
      rig.write(`${folder}/${name}/${i}.png`, encode({ width: size, height: size, data, channels: 1 }));
    }
}

beforeAll(async () => {
  rig.write('d.csv', table(0, 128));
  rig.write('t.csv', table(128, 160));
  rig.write('rows.yaml', rows);
  rig.write('pictures.yaml', pictures);
  writePictures('pics', ['dark', 'light']);
  const trained = await rig.run(['run', 'pictures.yaml']);
  expect(trained.stderr).toBe('');
  const { stdout, stderr } = await rig.run(['run', 'rows.yaml', '--json']);
  expect(stderr).toBe('');
  const last = eventsOf(stdout).at(-1) as { metrics: typeof finished; runId: string };
  [finished, runId] = [last.metrics, last.runId];
}, 60_000);

const evaluate = (...args: readonly string[]) => rig.run(['evaluate', ...args]);

interface Told {
  readonly runId: string;
  readonly evaluates: string;
  readonly samples: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly passed: boolean;
}

const tested = () => Object.fromEntries(Object.entries(finished).filter(([name]) => name.startsWith('test_')));
const told = (stdout: string) => JSON.parse(stdout) as Told;

/** The folder of a run in the local store. */
function folderOf(run: string): string {
  const store = join(rig.folder, 'runs');
  return readdirSync(store)
    .map((experiment) => join(store, experiment, run))
    .find(existsSync)!;
}
const countRuns = () =>
  readdirSync(join(rig.folder, 'runs'), { recursive: true }).filter((path) => /^\d+\/[0-9a-f]{32}$/.test(String(path)))
    .length;
const tag = (run: string, key: string) => readFileSync(join(folderOf(run), 'tags', key), 'utf8');

describe('the own samples of a run', () => {
  test('are measured to the same bits, and recorded as a run of its own that names it', async () => {
    const { code, stdout, stderr } = await evaluate('last', '--json');
    expect([code, stderr]).toEqual([0, '']);
    const { evaluates, samples, metrics, passed, runId: recorded } = told(stdout);
    expect({ evaluates, samples, metrics, passed }).toEqual({
      evaluates: runId,
      samples: 32,
      metrics: tested(),
      passed: true,
    });
    expect([tag(recorded, 'pipeline.evaluates'), tag(recorded, 'mlflow.parentRunId')]).toEqual([runId, runId]);
    expect(Number(readFileSync(join(folderOf(recorded), 'metrics/test_f1'), 'utf8').split(' ')[1])).toBe(
      finished['test_f1'],
    );
    const artifact = (run: string, path: string) => readFileSync(join(folderOf(run), 'artifacts', path));
    for (const path of ['evaluation/evaluation.json', 'figures/confusionMatrix.png'])
      expect(artifact(recorded, path).equals(artifact(runId, path)), path).toBe(true);
    // It is none that a model could be had of.
    expect((await evaluate(recorded)).stderr).toMatch(/evaluates another and has no model[\s\S]*name that: /);
  });

  test('of another split, by other metrics', async () => {
    const { stdout } = await evaluate(
      runId.slice(0, 8),
      '--split',
      'validation',
      '--metrics',
      'accuracy,logLoss',
      '--json',
    );
    const { samples, metrics } = told(stdout);
    expect(samples).toBe(25);
    const bounds = ['val_accuracy_ci_low', 'val_accuracy_ci_high'];
    expect(Object.keys(metrics)).toEqual(['val_loss', 'val_accuracy', 'val_logLoss', ...bounds]);
    expect([metrics['val_loss'], metrics['val_accuracy']]).toEqual([finished['val_loss'], finished['val_accuracy']]);
  });

  test('that are no longer what they were are refused; a record names none outside', async () => {
    const before = rig.read('d.csv');
    rig.write('d.csv', before.replace('green', 'blue'));
    expect(await evaluate('last')).toMatchObject({ code: 1, stderr: expect.stringMatching(/error other-data/) });
    rig.write('d.csv', before);
    cpSync(join(rig.folder, 'runs'), join(rig.folder, 'stolen'), { recursive: true });
    const resolved = folderOf(runId).replace('/runs/', '/stolen/');
    const path = join(resolved, 'artifacts/config/resolved.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('d.csv', '../../../../etc/passwd'));
    const { code, stderr } = await evaluate(runId, '--runs', 'stolen');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/error data-elsewhere/)]);
  });
});

describe('other samples', () => {
  test('of a table are prepared as the model learnt it, whatever they are themselves', async () => {
    // Fitted to these rows alone, means and scales would be others.
    const lines = rig.read('t.csv').trimEnd().split('\n');
    rig.write(
      'more.csv',
      `more,${lines[0]}\n${lines
        .slice(1)
        .map((line) => `x,${line}`)
        .join('\n')}\n`,
    );
    const { code, stdout, stderr } = await evaluate('last', '--data', 'more.csv');
    expect([code, stderr]).toEqual([
      0,
      'warning unused-columns: more.csv has columns that the model does not take: `more`\n',
    ]);
    expect(stdout).toMatch(/^rows .*, run [0-9a-f]{32}, on 32 samples\n\ntest_loss +\d/);
    const recorded = /recorded in +runs \(run (\w+)\)/.exec(stdout)![1]!;
    for (const [key, value] of Object.entries(tested()))
      expect(readFileSync(join(folderOf(recorded), 'metrics', key), 'utf8').split(' ')[1]).toBe(String(value));
  }, 30_000);

  test('of pictures are a folder with one for each class', async () => {
    writePictures('more', ['dark']);
    const { stdout, stderr } = await evaluate('pictures.yaml', '--data', 'more', '--json');
    expect(stderr).toBe('');
    expect(told(stdout)).toMatchObject({ samples: 8, metrics: { test_accuracy: expect.any(Number) as number } });
  }, 30_000);

  test.each([
    [['--data', 'none.csv'], 2, /error data-file-missing/],
    [['--data', 'lacks.csv'], 1, /error missing-input: lacks\.csv has no `b`, which the model takes/],
    [['--data', 'd.csv', '--split', 'test'], 2, /error split-of-other-data/],
    [['--data', 't.csv', '--metrics', 'r2Score'], 2, /--metrics:1:1 error metric-misfit/],
    [['--metrics', 'accuracy,f2'], 2, /--metrics:1:10 error unknown-metric/],
    [['--split', 'none'], 2, /choices are test, validation, train/],
  ])('%j is told what is wrong, and nothing is recorded', async (args, code, message) => {
    rig.write('lacks.csv', table(0, 20, 'a,c,colour,k'));
    const before = countRuns();
    const ended = await evaluate('last', ...args);
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([code, '', expect.stringMatching(message)]);
    expect(countRuns()).toBe(before);
  });
});

test('the folder of a model is enough: in the store it is its run, elsewhere itself', async () => {
  const model = join(folderOf(runId), 'artifacts/model');
  cpSync(model, join(rig.folder, 'bare'), { recursive: true });
  for (const [folder, evaluates] of [
    [model, runId],
    [folderOf(runId), runId],
    ['bare', 'bare'],
  ] as const) {
    const { code, stdout, stderr } = await evaluate(folder, '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(told(stdout)).toMatchObject({ evaluates, metrics: tested() });
  }
  const { stdout, stderr } = await evaluate('bare', '--data', 't.csv', '--json');
  expect(stderr).toBe('');
  expect(told(stdout).metrics).toEqual(tested());
  expect(await evaluate('bare/model.json')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/error no-model: bare\/model\.json is a file of a model[\s\S]*name the folder: bare/),
  });
}, 60_000);

test('what another version recorded, and this one cannot read, is told with both versions', async () => {
  cpSync(join(folderOf(runId), 'artifacts/model'), join(rig.folder, 'older'), { recursive: true });
  // What proves that nobody has changed them.
  rmSync(join(rig.folder, 'older/golden'), { recursive: true });
  const [path, text] = [join(rig.folder, 'older/model.yaml'), rig.read('older/model.yaml')];
  const said = /Layerline 0\.0\.1 recorded it, and this is \d\S+: use that version, or train again/;
  for (const [version, hint] of [
    ['0.0.1', said],
    ['0.1.0', /^(?![\s\S]*recorded it)/],
  ] as const) {
    writeFileSync(path, text.replace(/^layerline: .*$/m, `layerline: ${version}`).replace('  model:', '  modell:'));
    const { code, stderr } = await rig.run(['predict', 'older', 't.csv']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/older\/model\.yaml:\d+:\d+ error/)]);
    expect(stderr).toMatch(hint);
  }
  // One that it can read is none to tell of.
  writeFileSync(path, text.replace(/^layerline: .*$/m, 'layerline: 0.0.1'));
  expect(await rig.run(['predict', 'older', 't.csv'])).toMatchObject({ code: 0 });
}, 60_000);

test('a model that is damaged, and a run without one', async () => {
  const folder = join(rig.folder, 'copy');
  cpSync(join(folderOf(runId), 'artifacts'), folder, { recursive: true });
  expect((await evaluate('copy', '--json')).code).toBe(0);
  const path = join(folder, 'model/weights.bin');
  const bytes = readFileSync(path);
  bytes[3]! ^= 1;
  writeFileSync(path, bytes);
  expect((await evaluate('copy')).stderr).toMatch(/error model-damaged/);
  rmSync(join(folder, 'model/model.json'));
  expect((await evaluate('copy')).stderr).toMatch(/error no-model: copy holds no model/);
});

describe('what a model must reach', () => {
  const requiring = (text: string) => ['--set', `evaluate.require=${text}`];

  test('fails its run after all is recorded, and is told by how much', async () => {
    const { code, stderr } = await rig.run([
      'run',
      'rows.yaml',
      ...requiring('{ test_f1: ">= 0.999", msPerSample: "<= 5000" }'),
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /error gate-failed: test_f1 is 0\.\d+, 0\.\d+ below what is required: `evaluate\.require` says >= 0\.999/,
    );
    const listed = JSON.parse((await rig.run(['runs', '--json', '--limit', '1'])).stdout) as {
      runs: { runId: string; state: string }[];
    };
    const [{ runId: failed, state }] = listed.runs as [{ runId: string; state: string }];
    expect(state).toBe('FAILED');
    expect([
      tag(failed, 'pipeline.gates'),
      tag(failed, 'pipeline.gate.test_f1'),
      tag(failed, 'pipeline.gate.msPerSample'),
    ]).toEqual([
      'failed',
      `failed: ${finished['test_f1']} >= 0.999`,
      expect.stringMatching(/^passed: [\d.]+ <= 5000$/),
    ]);
    for (const path of ['report.html', 'model/model.json', 'figures/confusionMatrix.png'])
      expect(existsSync(join(folderOf(failed), 'artifacts', path)), path).toBe(true);
    // Nothing is trained again where less is required, and it is no run that goes on.
    const { code: then, stdout } = await rig.run(['run', 'rows.yaml', ...requiring('{ test_f1: ">= 0.1" }')]);
    expect(then).toBe(0);
    expect(stdout).toMatch(/train: .*kept from run/);
    expect(stdout).toMatch(/evaluate: .*kept from run/);
    expect(stdout).not.toContain(failed);
    // It holds for other data, too.
    rig.write(
      'wrong.csv',
      table(0, 60).replaceAll('much', 'MUCH').replaceAll('little', 'much').replaceAll('MUCH', 'little'),
    );
    const other = await evaluate('last', '--data', 'wrong.csv', '--json');
    expect([other.code, told(other.stdout).passed, other.stderr]).toEqual([
      1,
      false,
      expect.stringMatching(/gate-failed: test_f1 is [\d.]+, [\d.]+ below/),
    ]);
    expect(tag(told(other.stdout).runId, 'pipeline.gates')).toBe('failed');
  }, 30_000);
});
