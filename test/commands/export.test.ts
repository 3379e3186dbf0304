import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formats } from '../../src/models/formats/formats.ts';
import { readSafetensors } from '../../src/models/formats/safetensors.ts';
import { pipelineIn } from '../../src/models/model-yaml.ts';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

let [id, model] = ['', ''];
beforeAll(async () => {
  rig.writeDigits();
  rig.write('digits.yaml', digitsPipeline({ epochs: 1 }));
  ({ id, model } = await rig.train('digits.yaml'));
}, 60_000);

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .toSorted();

const contentOf = (folder: string) => filesOf(folder).map((file) => [file, readFileSync(join(folder, file))] as const);

test('a run records its model in all that others read, and what proves it', () => {
  expect(filesOf(model)).toEqual([
    'MLmodel',
    'conda.yaml',
    'golden/golden.json',
    'golden/inputs.safetensors',
    'golden/outputs.safetensors',
    'input_example.json',
    'model.json',
    'model.onnx',
    'model.yaml',
    'python_env.yaml',
    'requirements.txt',
    'serving_input_example.json',
    'weights.bin',
    'weights.safetensors',
  ]);
  const golden = JSON.parse(readFileSync(join(model, 'golden/golden.json'), 'utf8')) as {
    rows: string[];
    labels: Record<string, unknown[]>;
  };
  expect(golden.rows).toEqual([
    ...Array<string>(8).fill('test'),
    ...Array<string>(4).fill('least sure'),
    'normal',
    'normal',
    'zeros',
    'ones',
  ]);
  // The first test digits of MNIST.
  expect(golden.labels['label']!.slice(0, 8)).toEqual([7, 2, 1, 0, 4, 1, 4, 9]);
  expect(golden.labels['label']!.slice(12)).toEqual([null, null, null, null]);
  const [input] = readSafetensors(readFileSync(join(model, 'golden/inputs.safetensors')))!;
  expect(input).toMatchObject({ name: 'input', shape: [16, 28, 28, 1], dtype: 'float32' });
  expect(Math.max(...input!.values.slice(0, 8 * 784))).toBe(1);
  expect(new Set(input!.values.slice(14 * 784, 15 * 784))).toEqual(new Set([0]));
  expect(new Set(input!.values.slice(15 * 784))).toEqual(new Set([1]));
  const yaml = { name: 'model.yaml', text: readFileSync(join(model, 'model.yaml'), 'utf8') };
  expect(pipelineIn(yaml)!.text.trimStart()).toBe(readFileSync(join(model, '../config/resolved.yaml'), 'utf8'));
});

test('the same run gives the same files, kept or trained again', async () => {
  for (const more of [[], ['--force', 'train']]) {
    const { model: other } = await rig.train('digits.yaml', more);
    expect(other).not.toBe(model);
    expect(contentOf(other)).toEqual(contentOf(model));
  }
}, 60_000);

test('each format is written, told with the way to load it, and the same again', async () => {
  for (const to of Object.keys(formats)) {
    const { code, stdout, stderr } = await rig.run(['export', id, '--to', to]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')[0]).toMatch(new RegExp(`^digits .*, run ${id} exported to digits-${to}$`));
    expect(stdout).toMatch(new RegExp(`^load it +.*digits-${to}`, 'm'));
    const first = contentOf(join(rig.folder, `digits-${to}`));
    for (const [file] of first) expect(stdout).toContain(file);
    if (to !== 'keras') continue;
    expect((await rig.run(['export', id, '--to', to])).stdout).toContain(`is exported already, in digits-${to}`);
    await rig.run(['export', model, '--to', to, '--out', 'again']);
    expect(contentOf(join(rig.folder, 'again'))).toEqual(first);
  }
}, 120_000);

test('what is there already is not replaced, nor written half', async () => {
  mkdirSync(join(rig.folder, 'empty'));
  expect((await rig.run(['export', id, '--to', 'tfjs', '--out', 'empty'])).code).toBe(0);
  rig.write('mine/notes.txt', 'mine');
  rig.write('file', 'mine');
  for (const out of ['mine', 'file', 'file/below']) {
    const { code, stderr } = await rig.run(['export', id, '--to', 'npz', '--out', out]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error export-(exists|not-written): /);
    expect(stderr).toContain(out);
  }
  expect(filesOf(join(rig.folder, 'mine'))).toEqual(['notes.txt']);
  expect(readdirSync(rig.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
}, 60_000);

test('a damaged model is refused', async () => {
  const copy = join(rig.folder, 'copy');
  const damages: Readonly<Record<string, (bytes: Buffer) => Uint8Array>> = {
    'weights.bin': (bytes) => bytes.fill(1, 8, 12),
    'model.json': (bytes) => Buffer.concat([bytes, Buffer.from(' ')]),
    'golden/golden.json': () => Buffer.from('{}'),
    'golden/outputs.safetensors': (bytes) => bytes.fill(1, bytes.length - 4),
    'golden/inputs.safetensors': () => Buffer.alloc(0),
    'model.yaml': (bytes) => bytes.subarray(0, 200),
  };
  for (const [file, damage] of Object.entries(damages)) {
    cpSync(model, copy, { recursive: true });
    writeFileSync(join(copy, file), damage(readFileSync(join(copy, file))));
    const { code, stdout, stderr } = await rig.run(['export', 'copy', '--to', 'safetensors', '--out', 'damaged']);
    expect({ code, stdout }, file).toEqual({ code: 1, stdout: '' });
    expect(stderr, file).toMatch(/^error (model|golden)-damaged: /);
    expect(stderr, file).toContain(basename(file));
    expect(existsSync(join(rig.folder, 'damaged'))).toBe(false);
    rmSync(copy, { recursive: true });
  }
}, 60_000);

test('verify-export replays the golden rows in all that is there', async () => {
  for (const [of, there] of [
    [id, ['tfjs plain JavaScript', 'tfjs wasm', 'tfjs-node', 'ONNX Runtime']],
    ['digits-tfjs', ['tfjs plain JavaScript', 'tfjs wasm', 'tfjs-node']],
    ['digits-onnx', ['ONNX Runtime']],
  ] as const) {
    const { code, stdout } = await rig.run(['verify-export', of, '--json'], { PATH: '/nowhere', VIRTUAL_ENV: '' });
    expect(code, of).toBe(0);
    const rows = eventsOf(stdout);
    expect(rows).toHaveLength(7);
    expect(rows.filter(({ verdict }) => verdict === 'ok').map(({ runtime }) => runtime)).toEqual(there);
    for (const row of rows.filter(({ verdict }) => verdict === 'ok'))
      expect(row['worst'] as number).toBeLessThan(row['tolerance'] as number);
    for (const row of rows.filter(({ verdict }) => verdict !== 'ok')) expect(row['reason']).toMatch(/the folder|PATH/);
  }
  expect((await rig.run(['verify-export', 'digits-onnx'])).stdout).toMatch(/^16 golden rows are compared\n/);
  const nothing = await rig.run(['verify-export', 'digits-npz']);
  expect(nothing.code).toBe(1);
  expect(nothing.stderr).toMatch(/^error nothing-verified: /);
}, 60_000);

test('verify-export tells which golden rows were left out, and why', async () => {
  const lines = Array.from({ length: 20 }, (_, k) => `${1 + (k % 3)},${k % 4},${2 * k}`);
  rig.write('few.csv', `a,b,y\n${lines.join('\n')}\n`);
  const indices = 'as a layer reads indices, and which there are is known of those of the data alone';
  const none = 'of which no step may be there: their mean is 0 here, and no number in Keras';
  for (const [layers, rows, made] of [
    ['[dense 1]', 8, ''],
    ['[embedding 4x2, flatten, dense 1]', 5, `; normal numbers, ${indices}; ones, for the same reason`],
    [
      '[{ embedding: { inputDim: 4, outputDim: 2, maskZero: true } }, globalAveragePooling1d, dense 1]',
      4,
      `; normal numbers, ${indices}; zeros and ones, ${none}`,
    ],
  ] as const) {
    rig.write(
      'few.yaml',
      `name: few
data: { source: { csv: { file: few.csv, targets: { y: number }, standardize: false, test: 0.2 } } }
model: { layers: ${layers} }
train: { optimizer: adam, loss: meanSquaredError, batchSize: 8, epochs: 1 }
visualize: { figures: [] }
`,
    );
    const run = await rig.run(['run', 'few.yaml', '--runs', 'few']);
    expect(run.code, run.stderr).toBe(0);
    const { code, stdout } = await rig.run(['verify-export', 'last', '--runs', 'few'], {
      PATH: '/nowhere',
      VIRTUAL_ENV: '',
    });
    expect(code, stdout).toBe(0);
    const said = `${rows} golden rows are compared; left out: 8 of the test split, which has 4${made}`;
    expect(stdout.split('\n')[0]).toBe(said);
    const json = await rig.run(['verify-export', 'last', '--runs', 'few', '--json'], {
      PATH: '/nowhere',
      VIRTUAL_ENV: '',
    });
    for (const row of eventsOf(json.stdout)) expect(row['rows']).toBe(rows);
    expect((eventsOf(json.stdout)[0]!['leftOut'] as string[]).join('; ')).toBe(said.slice(said.indexOf('8 of')));
  }
}, 120_000);

test('verify-export ends with 1 where a model computes something else, or its golden rows are damaged', async () => {
  const copy = join(rig.folder, 'other');
  cpSync(join(rig.folder, 'digits-tfjs'), copy, { recursive: true });
  const weights = readFileSync(join(copy, 'weights.bin'));
  weights.writeFloatLE(weights.readFloatLE(400 * 4) + 0.01, 400 * 4);
  writeFileSync(join(copy, 'weights.bin'), weights);
  const differs = await rig.run(['verify-export', 'other']);
  expect(differs.code).toBe(1);
  expect(differs.stdout).toMatch(/^tfjs-node \S+ +differs +worst difference \S+, tolerance \S+$/m);
  expect(differs.stderr).toMatch(/^error export-differs: .*tfjs plain JavaScript, tfjs wasm, tfjs-node\n/);
  writeFileSync(join(copy, 'golden/outputs.safetensors'), weights);
  const damaged = await rig.run(['verify-export', 'other']);
  expect(damaged).toMatchObject({ code: 1, stdout: '' });
  expect(damaged.stderr).toMatch(/^error golden-damaged: .*outputs\.safetensors does not have the SHA-256/);
}, 60_000);
