import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fewClasses } from '../../src/base/class-indices.ts';
import type { TargetSpec } from '../../src/datasets/dataset.ts';
import { datasets } from '../../src/datasets/datasets.ts';
import { isWholeText } from '../../src/datasets/texts/whole-texts.ts';
import { writeExport } from '../../src/models/export-model.ts';
import { readTrainedModel } from '../../src/models/load-trained-model.ts';
import { packageModel } from '../../src/models/package/package-model.ts';
import type { Prediction } from '../../src/models/prediction.ts';
import { loadPredictor } from '../../src/models/predictor.ts';
import { rowsOf } from '../../src/models/read-inputs.ts';
import { writeData } from '../models/packages/kinds-data.ts';
import { kinds, pipelineOf } from '../models/packages/kinds.ts';
import { Rig } from '../rig.ts';
import { runHere } from '../training/run-file.ts';

const root = join(import.meta.dirname, '../..');
const rig = new Rig();
afterAll(() => rig.remove());
const at = (path: string) => join(rig.folder, path);

/** What is known of a kind when all is trained, packaged and asked. */
interface Made {
  readonly name: string;
  readonly model: string;
  /** What `pipeline predict` says of each row. */
  readonly predicted: readonly Prediction[];
}
const made = new Map<string, Made>();
/** By backend and title: what the package says of each row, and of the wrong ones. */
let said: Readonly<Record<string, Readonly<Record<string, Answer>>>>;
interface Answer {
  readonly rows?: readonly unknown[];
  readonly failed?: string;
  readonly wrong: readonly string[];
}

beforeAll(async () => {
  writeData(rig);
  mkdirSync(at('node_modules'));
  symlinkSync(join(root, 'node_modules/@tensorflow'), at('node_modules/@tensorflow'));
  rig.write('package.json', '{ "type": "module" }');
  for (const [title, kind] of Object.entries(kinds)) {
    const { error, directory } = await runHere(rig, pipelineOf(kind, title));
    if (error !== undefined) throw new Error(title, { cause: error });
    const [name, model] = [`kind-${made.size}`, join(directory, 'artifacts/model')];
    const { files } = await packageModel(model, { name, runId: undefined, metrics: {} }, () => undefined);
    writeExport(at(`node_modules/${name}`), files);
    const file = rig.write(`asked-${name}.jsonl`, kind.asked.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const { reader, predict, dispose } = await loadPredictor(model);
    const predicted: Prediction[] = [];
    for await (const { fault, prediction } of predict(rowsOf(reader, [{ name: file, isFolder: false }]))) {
      expect(fault, title).toBeUndefined();
      predicted.push(prediction!);
    }
    dispose();
    made.set(title, { name, model, predicted });
  }
  const asked = [...made].map(([title, { name }]) => [title, name, kinds[title]!.asked, wrongRows(title)] as const);
  rig.write('asked.json', JSON.stringify(asked));
  rig.write('ask.js', program);
  said = JSON.parse(await node('ask.js')) as typeof said;
}, 600_000);

const program = `
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
tf.enableProdMode();
const asked = JSON.parse(readFileSync('asked.json', 'utf8'));
const told = {};
for (const backend of ['cpu', 'wasm']) {
  await tf.setBackend(backend);
  told[backend] = {};
  for (const [title, name, rows, wrongs] of asked) {
    const { predict, predictAll } = await import(name);
    const answer = (told[backend][title] = { wrong: [] });
    try {
      answer.rows = await predictAll(rows);
    } catch (error) {
      answer.failed = String(error);
    }
    for (const wrong of wrongs) answer.wrong.push(await predict(wrong).then(() => 'taken', String));
  }
}
console.log(JSON.stringify(told));
`;

async function node(...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: rig.folder, maxBuffer: 1e8 });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`${stdout}${stderr}`, { cause: error });
  }
}

/** What a column of such values does not take. */
const unitOf = (value: unknown) => (typeof value === 'number' || value === null ? 'many' : [7]);

/** Rows that a program with types cannot give: one of another unit, and one with a misspelt column. */
function wrongRows(title: string): readonly unknown[] {
  const [row] = kinds[title]!.asked;
  if (typeof row === 'string') return [7];
  if (Array.isArray(row)) return ['text', JSON.parse(JSON.stringify(row).replaceAll(/[\d.]+/g, '"x"'))];
  const [[name, value], ...others] = Object.entries(row as Readonly<Record<string, unknown>>) as [
    [string, unknown],
    ...[string, unknown][],
  ];
  const unit = Array.isArray(value) ? 'text' : unitOf(value);
  const rest = Object.fromEntries(others);
  return [
    { [name]: unit, ...rest },
    { [`${name}_`]: value, ...rest },
  ];
}

const isWasm = (title: string) => !title.includes('WebAssembly');

describe.each(Object.keys(kinds))('%s', (title) => {
  const expected = () =>
    made.get(title)!.predicted.map(({ predicted, confidence, probabilities, error }) => {
      const sure = Object.entries(confidence).filter(([name]) => !Object.hasOwn(probabilities, name));
      return near({
        ...predicted,
        ...(sure.length > 0 && { confidence: Object.fromEntries(sure) }),
        ...(Object.keys(probabilities).length > 0 && { probabilities }),
        ...(error && { error }),
      });
    });

  test('the package says of raw inputs what `pipeline predict` says', () => {
    expect(said['cpu']![title]!.failed).toBeUndefined();
    expect(said['cpu']![title]!.rows).toEqual(expected());
    const { rows, failed } = said['wasm']![title]!;
    if (isWasm(title)) expect(rows, failed).toEqual(expected());
    else expect(failed).toMatch(/^Error: TensorFlow.js computes \w+ wrongly on wasm: take another backend/);
  });

  test('what is no input of it is a TypeError that says why', () => {
    for (const line of said['cpu']![title]!.wrong) expect(line).toMatch(/^TypeError: the input\b.{10}/);
  });
});

/** Numbers within the tolerance of golden rows. */
function near(value: unknown): unknown {
  if (typeof value === 'number') return expect.closeTo(value, 5 - Math.ceil(Math.log10(Math.max(2, Math.abs(value)))));
  if (Array.isArray(value)) return value.map(near);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, near(one)]));
}

test('every source is among them', () => {
  const sources = Object.values(kinds).map(({ source }) => /^(?:\{ )?(\w+)/.exec(source)![1]!);
  expect(new Set(sources)).toEqual(new Set(Object.keys(datasets)));
});

test('`npm test` of each computes the golden rows again, on plain JavaScript and on WebAssembly', async () => {
  const names = [...made.values()].map(({ name }) => name);
  rig.write('all.test.js', names.map((name) => `await import('./node_modules/${name}/test.js');\n`).join(''));
  const stdout = await node('--test', '--test-reporter=tap', 'all.test.js');
  expect(stdout).toContain(`# pass ${2 * names.length - 1}\n`);
  for (const name of names) expect(rig.read(`node_modules/${name}/package.json`)).toContain('node --test test.js');
});

test('programs that fit the types compile, and no misspelt column, wrong unit or class that is gone', async () => {
  const files: string[] = [];
  for (const [title, { name, model }] of made) {
    const { targets } = readTrainedModel(model).metadata;
    const json = (value: unknown) => JSON.stringify(value);
    const lines = [
      `import { type Input, type Prediction, predict, predictAll } from '${name}';`,
      `export const asked: Promise<Prediction> = predict(${json(kinds[title]!.asked[0])});`,
      `export const all: Promise<readonly Prediction[]> = predictAll(${json(kinds[title]!.asked)});`,
      `export const told: readonly Prediction[] = ${json(said['cpu']![title]!.rows)};`,
      ...wrongRows(title).map((row, k) => `// @ts-expect-error\nexport const wrong${k}: Input = ${json(row)};`),
      ...targets.flatMap((target, k) => {
        const gone = goneOf(target);
        return gone === undefined
          ? []
          : [`// @ts-expect-error\nexport const gone${k}: Prediction[${json(target.name)}] = ${json(gone)};`];
      }),
      '',
    ];
    rig.write(`${name}.ts`, lines.join('\n'));
    files.push(`${name}.ts`);
  }
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--types', ''];
  await node(tsc, ...options, '--module', 'nodenext', ...files);
});

/** What no model says any more; undefined where its words are too many to be types. */
function goneOf(target: TargetSpec): unknown {
  const nested = (depth: number, value: unknown): unknown => (depth === 0 ? value : [nested(depth - 1, value)]);
  if (target.kind === 'number') return nested(target.shape.length, 'many');
  if (target.several !== undefined) return ['gone'];
  if (isWholeText(target)) return 7;
  return nested(target.shape.length, target.classes.length > fewClasses ? 7 : 'gone');
}

test('nothing is left beside the packages', () => {
  expect(readdirSync(at('node_modules')).filter((name) => name.includes('.tmp'))).toEqual([]);
  expect(existsSync(at('node_modules/layerline'))).toBe(false);
});
