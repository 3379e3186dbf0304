import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { firstRows } from '../../src/datasets/batch-source.ts';
import type { AskedRow } from '../../src/datasets/dataset.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { loadTrainedModel } from '../../src/models/load-trained-model.ts';
import { loadModel } from '../../src/models/model-for-programs.ts';
import { type PredictedRow, type Predictor, loadPredictor } from '../../src/models/predictor.ts';
import { proveKinds, rowsOf } from '../../src/models/read-inputs.ts';
import { evaluateRows } from '../../src/stages/evaluate-rows.ts';
import { load } from '../../src/stages/load.ts';
import { draws, oneIn } from '../draws.ts';
import { Rig, eventsOf } from '../rig.ts';
import { header, lines, trainModels, works } from './asked-models.ts';

const rig = new Rig();
afterAll(() => rig.remove());
const at = (path: string) => join(rig.folder, path);

const models: Record<string, string> = {};

beforeAll(async () => {
  Object.assign(models, await trainModels(rig));
}, 240_000);

async function all(predictor: Predictor, rows: Iterable<AskedRow>): Promise<PredictedRow[]> {
  const told: PredictedRow[] = [];
  for await (const one of predictor.predict(rows)) told.push(one);
  return told;
}

const printedKinds = oneIn(3, Object.keys(works));
const folders = new Set(['asked/pictures', 'kinds-tested']);

/** The rows of inputs in the rig's folder. */
function* rowsAt(predictor: Predictor, names: readonly string[]): Generator<AskedRow> {
  const inputs = names.map((name) => ({ name: at(name), isFolder: folders.has(name) }));
  proveKinds(predictor.reader, inputs);
  yield* rowsOf(predictor.reader, inputs);
}

describe.each(Object.entries(works))('a model of %s', (kind, { write: writeAsked }) => {
  test('says of the test split what the evaluation of its run said, to the bit, and prints it', async () => {
    const trained = await loadTrainedModel(models[kind]!);
    const { pipeline, evaluator } = trained;
    const { dataset } = await load({ ...pipeline.data, seed: pipeline.seed, folder: rig.folder });
    const { test: source, spec } = dataset;
    const judged = await evaluateRows(
      evaluator,
      { targets: spec.targets, source, rows: firstRows(source.count) },
      new AbortController().signal,
    );
    trained.dispose();
    const predictor = await loadPredictor(models[kind]!);
    const names = await writeAsked(rig, source, spec);
    const told = await all(predictor, rowsAt(predictor, names));
    expect(told.flatMap(({ fault }) => fault ?? [])).toEqual([]);
    // The program prints what the predictor says, of whatever kind: of some kinds it is asked, all by night.
    if (printedKinds.includes(kind)) {
      const { code, stdout, stderr } = await rig.run(['predict', models[kind]!, ...names]);
      expect(code, stderr).toBe(0);
      const printed = eventsOf(stdout);
      expect(
        printed.map(({ predicted, confidence, probabilities }) => ({ predicted, confidence, probabilities })),
      ).toEqual(told.map(({ prediction }) => prediction));
    }
    const rows = told.slice(0, source.count);
    expect(rows).toHaveLength(source.count);
    for (const [k, output] of judged.outputs.entries()) {
      const said = rows.flatMap(({ values }) => [...values![k]!.predicted]);
      expect(said).toEqual([...output.predicted]);
      const { name, kind: of } = spec.targets[k]!;
      if (of === 'class') {
        const confidence = rows.flatMap(({ prediction }) => [prediction!.confidence[name]].flat(9));
        const there = output.there ?? output.predicted.map(() => 1);
        expect(confidence).toEqual(Array.from(output.confidence, (value, i) => (there[i] === 0 ? null : value)));
      }
      const right = rows.flatMap(({ actual }) => (actual?.[k] === undefined ? [] : [...actual[k]!]));
      if (right.length > 0) expect(right).toEqual([...output.actual]);
      expect(right.length > 0).toBe(/^(csv.*|images|text)$/.test(kind));
    }
    predictor.dispose();
  }, 60_000);
});

test('however rows are put together, good ones and bad ones, each is told the same in its place', async () => {
  const predictor = await loadPredictor(models['csv']!);
  const good = [...rowsAt(predictor, ['tested.csv'])];
  const alone = await all(predictor, good);
  const bad: AskedRow = { place: { file: 'x' }, fault: { code: 'bad-json', severity: 'error', message: 'x' } };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: -20, max: good.length - 1 }), { maxLength: 400 }), async (picks) => {
      const told = await all(
        predictor,
        picks.map((pick) => (pick < 0 ? bad : good[pick]!)),
      );
      expect(told.map(({ place }) => place)).toEqual(picks.map((pick) => (pick < 0 ? bad : good[pick]!).place));
      expect(told.map(({ prediction }) => prediction?.predicted['k'])).toEqual(
        picks.map((pick) => (pick < 0 ? undefined : alone[pick]!.prediction!.predicted['k'])),
      );
    }),
    { numRuns: draws(40) },
  );
  predictor.dispose();
});

test.each([
  ['csv', 'images/0.png', 'is a picture, and the model takes rows with the columns a, b, colour'],
  ['csv', 'asked/pictures', 'is a folder, and the model takes rows with the columns a, b, colour'],
  [
    'pairs',
    'asked/pictures',
    'is a folder, and the model takes pictures of 28 x 28 x 1 (PNG, JPEG, WebP, TIFF or GIF) for each of left and ' +
      'right, in lines of JSON such as {"left":"left.png","right":"right.png"}',
  ],
  ['text', 'many.npy', 'is an array of numbers, and the model takes text in sequences of 5 characters'],
])('a model of %s is not asked about %s', async (kind, name, message) => {
  const predictor = await loadPredictor(models[kind]!);
  expect(() => [...rowsAt(predictor, [name])]).toThrow(`${at(name)} ${message}`);
  predictor.dispose();
});

describe('from a program', () => {
  test('rows of a table, of numbers and of texts, are told as the same rows of a file', async () => {
    const model = await loadModel(models['csv']!);
    const predictor = await loadPredictor(models['csv']!);
    const ofFile = await all(predictor, rowsAt(predictor, ['tested.csv']));
    predictor.dispose();
    const columns = header.trim().split(',');
    const texts = lines(300, 47)
      .split('\n')
      .map((line) => Object.fromEntries(line.split(',').map((cell, k) => [columns[k]!, cell])));
    const numbers = texts.map((one) => ({ ...one, a: Number(one['a']), b: Number(one['b']) }));
    expect(await model.predict(texts)).toEqual(ofFile.map(({ prediction }) => prediction));
    expect(await model.predict(numbers)).toEqual(ofFile.map(({ prediction }) => prediction));
    expect(await model.predict([])).toEqual([]);
    const [first] = await model.predict(numbers.slice(0, 1));
    expect(first).toEqual({
      predicted: { y: expect.any(Number), k: expect.stringMatching(/^(little|much)$/) },
      confidence: { k: expect.any(Number) },
      probabilities: { k: { little: expect.any(Number), much: expect.any(Number) } },
    });
    expect(model.signature.targets.map(({ name }) => name)).toEqual(['y', 'k']);
    model.dispose();
    model.dispose();
    await expect(model.predict(numbers)).rejects.toThrow('disposed');
  });

  test('numbers in texts are written as in the file that was trained on', async () => {
    const model = await loadModel(models['csv with decimal commas']!);
    const row = { b: 2, colour: 'red' };
    const [number, text, large, grouped] = await model.predict([
      { ...row, a: 0.5 },
      { ...row, a: '0,5' },
      { ...row, a: 1234 },
      { ...row, a: '1.234' },
    ]);
    expect(text).toEqual(number);
    expect(grouped).toEqual(large);
    expect(large).not.toEqual(number);
    await expect(model.predict([{ ...row, a: '0.5' }])).rejects.toThrow("rows[0]: a is '0.5', not a number");
    model.dispose();
  });

  test('a model whose preparation is not what it was is told of, and leaves nothing behind', async () => {
    const { tf } = await loadEngine();
    for (const [kind, change] of [
      ['csv', (said: string) => said.replace('"column":"b"', '"column":7')],
      ['csv', (said: string) => said.replace('"blue"', '"blue","white"')],
      ['csv', (said: string) => said.replace('"preparation"', '"prepared"')],
      ['text', (said: string) => said.replace('"characters"', '"letters"')],
    ] as const) {
      const copy = at('damaged');
      cpSync(join(models[kind]!, '../..'), copy, { recursive: true });
      const file = join(copy, 'artifacts/model/model.json');
      const said = JSON.stringify(JSON.parse(readFileSync(file, 'utf8')));
      expect(change(said)).not.toBe(said);
      writeFileSync(file, change(said));
      const before = tf.memory().numTensors;
      await expect(loadModel(join(copy, 'artifacts/model'))).rejects.toMatchObject({
        diagnostics: [{ code: 'model-damaged' }],
      });
      expect(tf.memory().numTensors).toBe(before);
      rmSync(copy, { recursive: true });
    }
  });

  test('a picture is a path, the bytes of a file, pixels in lists or in one array', async () => {
    const model = await loadModel(models['images']!);
    const path = at('kinds-tested/bee/3.png');
    const predictor = await loadPredictor(models['images']!);
    const [{ x }] = [...rowsAt(predictor, ['kinds-tested/bee/3.png'])] as [AskedRow];
    predictor.dispose();
    const pixels = x![0] as Uint8Array;
    const listed = Array.from({ length: 4 }, (_, y) =>
      Array.from({ length: 5 }, (__, column) => [...pixels.subarray((y * 5 + column) * 3, (y * 5 + column) * 3 + 3)]),
    );
    const told = await model.predict([path, readFileSync(path), pixels, listed, { input: listed }]);
    for (const one of told) expect(one).toEqual(told[0]);
    model.dispose();
  });

  test.each<[string, string, unknown, string, string]>([
    ['csv', 'another kind of row', 3, 'wrong-shape', 'rows[1] is a number, not an object'],
    ['csv', 'a missing column', { a: 1, b: 2, color: 'red' }, 'missing-input', 'rows[1] has no `colour`'],
    ['csv', 'not a number', { a: Number.NaN, b: 2, colour: 'red' }, 'missing-values', "rows[1]: a is 'NaN'"],
    ['csv', 'infinity', { a: 1, b: 1e39, colour: 'red' }, 'number-too-large', 'rows[1]: b is'],
    ['csv', 'true', { a: true, b: 1, colour: 'red' }, 'not-a-number', "rows[1]: a is 'true', not a number"],
    ['csv', 'a list', { a: [1], b: 1, colour: 'red' }, 'wrong-shape', 'rows[1]: a is a list, not a text or a number'],
    ['csv', 'a category', { a: 1, b: 1, colour: 'rad' }, 'unknown-category', "rows[1]: colour is 'rad'"],
    ['csv', 'a category without a value', { a: 1, b: 1, colour: null }, 'unknown-category', 'rows[1]: colour is empty'],
    ['images', 'another shape', [[[1, 2, 3]]], 'wrong-shape', 'rows[1]: expected 4 x 5 x 3, got 1 x 1 x 3'],
    ['images', 'uneven lists', [[[1], [2, 3]]], 'wrong-shape', 'rows[1]: expected 4 x 5 x 3, got a list'],
    ['images', 'too few pixels', new Uint8Array(59), 'wrong-shape', 'rows[1]: expected 4 x 5 x 3, got 59'],
    ['images', 'out of range', new Int16Array(60).fill(256), 'wrong-value', 'rows[1]: [0][0][0] is 256'],
    ['images', 'shares of 1', new Float32Array(60).fill(0.5), 'wrong-value', 'rows[1]: [0][0][0] is 0.5'],
    ['images', 'no file', 'nowhere.png', 'data-file-missing', 'nowhere.png does not exist'],
    ['pairs', 'one picture', [[1]], 'missing-input', 'rows[1] is a list, not an object with `left` and `right`'],
    ['text', 'another length', 'ab', 'wrong-shape', 'rows[1]: expected 5 characters, got 2'],
    ['text', 'an unknown character', 'abcz ', 'unknown-category', 'rows[1]: the character "z"'],
    ['text', 'no text', 7, 'wrong-shape', 'rows[1] is a number, not a text'],
  ])('%s: %s is told with the row', async (kind, _, wrong, code, message) => {
    const model = await loadModel(models[kind]!);
    const good: Readonly<Record<string, unknown>> = {
      csv: { a: 1, b: 2, colour: 'red' },
      images: new Uint8Array(60),
      pairs: { left: new Uint8Array(784), right: new Uint8Array(784) },
      text: 'abcab',
    };
    const error: unknown = await model.predict([good[kind], wrong, good[kind]]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    const { diagnostics } = error as UserError;
    expect(diagnostics.map((one) => one.code)).toEqual([code]);
    expect(diagnostics[0]!.message).toContain(message);
    model.dispose();
  });
});
