import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readKeys } from '../../src/tracking/store/read-run.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
const pipeline = `name: lines
seed: 1
data:
  source: { csv: { file: d.csv, targets: { y: number }, test: 0.25 } }
  split: { validation: 0.2 }
model: { layers: [dense 4 relu, dense 1] }
train: { optimizer: adam, loss: meanSquaredError, batchSize: 4, epochs: 2 }
evaluate: { metrics: [meanAbsoluteError, r2Score] }
visualize: { figures: [] }
`;
/** A run of the file as it is. */
let plain: Awaited<ReturnType<typeof run>>;
beforeAll(async () => {
  rig.write('d.csv', `a,b,y\n${Array.from({ length: 40 }, (_, i) => `${i},${(i * 7) % 11},${3 * i + 1}\n`).join('')}`);
  rig.write('p.yaml', pipeline);
  rig.write('over.yaml', 'extends: p.yaml\ntrain: { batchSize: 10 }\n');
  plain = await run('p.yaml');
});
afterAll(() => rig.remove());

/** The folder of the newest run in a store. */
function newestRun(store: string): string {
  const folder = join(rig.folder, store);
  const runs = readdirSync(folder)
    .filter((name) => /^[1-9]\d*$/.test(name))
    .flatMap((experiment) =>
      readdirSync(join(folder, experiment))
        .filter((name) => /^[0-9a-f]{32}$/.test(name))
        .map((run) => join(folder, experiment, run)),
    );
  const started = (run: string) => Number(/^start_time: (\d+)/m.exec(readFileSync(join(run, 'meta.yaml'), 'utf8'))![1]);
  return runs.toSorted((one, other) => started(other) - started(one))[0]!;
}

async function run(
  ...args: readonly string[]
): Promise<{ readonly stdout: string; readonly folder: string; readonly report: string }> {
  const { code, stdout, stderr } = await rig.run(['run', ...args]);
  expect([code, stderr]).toEqual([0, '']);
  const at = args.indexOf('--runs');
  const folder = newestRun(at === -1 ? 'runs' : args[at + 1]!);
  return { stdout, folder, report: readFileSync(join(folder, 'artifacts/report.html'), 'utf8') };
}

const codeIn = (report: string) =>
  [...report.matchAll(/<pre><code>(.*?)<\/code>/gs)].map(([, text]) => text!.replaceAll('&quot;', '"'));

test('the report shows the configuration that ran', async () => {
  expect(codeIn(plain.report)).toEqual([pipeline]);

  const set = await run('p.yaml', '--set', 'train.epochs=3');
  expect(set.report).toContain('<p>Set: <code>train.epochs=3</code></p>');
  expect(codeIn(set.report)[0]).toContain('\n  epochs: 3\n');
  expect(codeIn(set.report)[0]).toBe(readFileSync(join(set.folder, 'artifacts/config/resolved.yaml'), 'utf8'));

  const extended = await run('over.yaml');
  expect(codeIn(extended.report)[0]).toContain('\n  batchSize: 10\n  epochs: 2\n');
  expect(codeIn(extended.report)[1]).toContain('extends: p.yaml');
}, 60_000);

test('the epoch whose weights the model has is marked, where it is the best one', async () => {
  const { folder, report } = await run(
    'p.yaml',
    '--runs',
    'best',
    '--set',
    'train.epochs=100',
    '--set',
    'train.optimizer.adam.learningRate=0.3',
    '--set',
    'train.earlyStopping={ patience: 3 }',
    '--set',
    'visualize.figures=[learningCurves]',
  );
  const losses = readFileSync(join(folder, 'metrics/val_loss'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Number(line.split(' ')[1]));
  const best = losses.indexOf(Math.min(...losses)) + 1;
  expect(best).toBeLessThan(losses.length);
  expect(readFileSync(join(folder, 'tags/best_epoch'), 'utf8')).toBe(String(best));
  expect(report).toContain(`<dt>Best epoch</dt><dd>${best}</dd>`);
  expect(report).toContain(`>weights of epoch ${best}<`);
  expect(readFileSync(join(folder, 'tags/mlflow.note.content'), 'utf8')).toContain(
    `- weights and values of epoch ${best} of ${losses.length}, the best`,
  );

  const last = await run('p.yaml', '--runs', 'last', '--set', 'visualize.figures=[learningCurves]');
  expect(existsSync(join(last.folder, 'tags/best_epoch'))).toBe(false);
  expect(last.report).not.toContain('weights of epoch');
}, 60_000);

test.each([
  [['--smoke'], 'smoke', 'one batch of each part for one epoch (--smoke): its numbers say nothing of the model'],
  [
    ['--overfit', '2', '--set', 'train.optimizer.adam.learningRate=0.1'],
    'overfit-2',
    '2 training samples, which the test is of too (--overfit): its numbers say nothing of other samples',
  ],
])(
  'a trial says so everywhere: %j',
  async (options, name, what) => {
    const { stdout, folder, report } = await run('p.yaml', '--runs', name, ...options);
    expect(stdout).toMatch(new RegExp(`^${name} run [0-9a-f]{32} of lines$`, 'm'));
    expect(stdout).toContain(`trial          ${what}`);
    expect(report).toContain(`<p class="trial">A trial with ${what}.</p>`);
    const tag = (key: string) => readFileSync(join(folder, 'tags', key), 'utf8');
    expect(tag('pipeline.trial')).toBe(name);
    expect(tag('mlflow.runName')).toContain(name);
    expect(tag('mlflow.note.content')).toContain(`- a trial with ${what}`);
  },
  60_000,
);

test('a run in earnest is no trial', () => {
  const { stdout, report } = plain;
  expect(stdout).toMatch(/^run [0-9a-f]{32} of lines$/m);
  expect(`${stdout}${report.replace(/<style>.*?<\/style>/s, '')}`).not.toContain('trial');
});

test('status compares with runs of the same file', async () => {
  const store = ['--runs', 'status'];
  rig.write('other.yaml', pipeline.replace('dense 4 relu', 'dense 5 relu').replace('epochs: 2', 'epochs: 3'));
  rig.write('twin.yaml', pipeline.replace('name: lines', 'name: twin'));
  const status = async (...args: readonly string[]) => (await rig.run(['status', ...args, ...store])).stdout;
  await run('other.yaml', ...store);
  // The other file's data are the same, so that its outcome of load is taken; nothing else is compared with it.
  expect(await status('p.yaml')).toMatch(/^load +fresh.*\n(\w+ +runs +nothing is kept of it\n){3}$/);
  expect(await status('p.yaml', '--set', 'seed=7')).toMatch(/^(\w+ +runs +nothing is kept of it\n){4}$/);

  await run('p.yaml', ...store);
  expect(await status('p.yaml', '--set', 'model.layers[0]=dense 5 relu')).toMatch(
    /train +runs +model\.layers\.dense_1\.dense\.units: 4 -> 5\nevaluate/,
  );
  expect(await status('other.yaml', '--set', 'train.batchSize=5')).toMatch(
    /train +runs +train\.batchSize: 4 -> 5\nevaluate/,
  );
  expect(await status('p.yaml', '--set', 'seed=7')).toMatch(/^load +runs +seed: 1 -> 7\n/);

  // All that a twin is run with is kept from another file; it is its own from then on.
  await run('twin.yaml', ...store);
  expect(await status('twin.yaml', '--set', 'seed=8')).toMatch(
    /^load +runs +seed: 1 -> 8\ntrain +runs +load changed\nevaluate +runs +train changed\nvisualize +runs +evaluate changed\n$/,
  );
  expect(await status('p.yaml')).toMatch(/^(\w+ +fresh.*\n){4}$/);
}, 120_000);

test.each([['val_mae'], ['val_meanAbsoluteError']])(
  'a number has one name in a run, whatever waits for it: %s',
  async (monitor) => {
    const { folder, stdout } = await run(
      'p.yaml',
      '--runs',
      monitor,
      '--set',
      `train.earlyStopping={ monitor: ${monitor}, patience: 1 }`,
    );
    expect(
      readdirSync(join(folder, 'metrics'))
        .filter((name) => /mae|absolute/i.test(name))
        .toSorted(),
    ).toEqual([
      'meanAbsoluteError',
      'test_meanAbsoluteError',
      'test_meanAbsoluteError_ci_high',
      'test_meanAbsoluteError_ci_low',
      'val_meanAbsoluteError',
    ]);
    expect(stdout).toMatch(
      /loss \S+ {2}meanAbsoluteError \S+ {2}val_loss \S+ {2}val_meanAbsoluteError \S+ {2}\d+ samples/,
    );
    expect(readFileSync(join(folder, 'metrics/val_meanAbsoluteError'), 'utf8').trim().split('\n')).toHaveLength(2);
  },
  60_000,
);

test('what a run costs stands apart from what it learns, and is read back as such', async () => {
  const { folder, stdout } = plain;
  expect(readKeys(join(folder, 'metrics')).toSorted()).toEqual([
    'loss',
    'meanAbsoluteError',
    'system/samples_per_second',
    'system/seconds_evaluate',
    'system/seconds_load',
    'system/seconds_train',
    'system/seconds_visualize',
    'test_loss',
    'test_meanAbsoluteError',
    'test_meanAbsoluteError_ci_high',
    'test_meanAbsoluteError_ci_low',
    'test_r2Score',
    'val_loss',
    'val_meanAbsoluteError',
  ]);
  const replayed = await rig.run(['replay', /run ([0-9a-f]{32})/.exec(stdout)![1]!]);
  expect([replayed.code, replayed.stdout]).toEqual([
    0,
    expect.stringContaining('all 2 epochs are the same to the bit, and so are the weights'),
  ]);
}, 60_000);

test('runs are called by what was set, or by their given name', async () => {
  const nameOf = async (...args: readonly string[]) => {
    const { folder } = await run('p.yaml', '--runs', 'names', ...args);
    const tag = readFileSync(join(folder, 'tags/mlflow.runName'), 'utf8');
    expect(parse(readFileSync(join(folder, 'meta.yaml'), 'utf8'))).toMatchObject({ run_name: tag });
    return tag;
  };
  expect(await nameOf('--set', 'train.epochs=3')).toBe('lines epochs=3');
  expect(await nameOf('--name', 'a try: "mine"', '--set', 'train.epochs=3')).toBe('a try: "mine"');
  expect(await nameOf('--smoke')).toMatch(/^lines smoke \d{4}-\d\d-\d\dT\d{6}$/);
  for (const name of ['', '  ', 'x'.repeat(251)])
    expect((await rig.run(['run', 'p.yaml', '--name', name])).code).toBe(2);
}, 90_000);

test.each([
  [['--tracking-uri', 'elsewhere/my runs'], "'elsewhere/my runs'"],
  [['--runs', 'shown/runs'], 'shown/runs'],
])(
  'the command that opens the UI names the store that the run is in: %j',
  async (options, named) => {
    const { code, stdout } = await rig.run(['run', 'p.yaml', ...options]);
    expect(code).toBe(0);
    expect(stdout).toContain(`compare runs   npx pipeline ui --runs ${named}\n`);
    const report = /^report +(.*)$/m.exec(stdout)![1]!;
    expect(readFileSync(join(rig.folder, report), 'utf8')).toContain(
      `<code>npx pipeline ui --runs ${named.replaceAll("'", '&#39;')}</code>`,
    );
    // Without an MLflow it says so of its own accord, and nothing of a folder without runs.
    const opened = await rig.run(['ui', '--runs', named.replaceAll("'", '')], { PATH: rig.folder, MLFLOW_BIN: '' });
    expect([opened.code, opened.stderr]).toEqual([1, expect.not.stringContaining('no-runs')]);
  },
  60_000,
);
