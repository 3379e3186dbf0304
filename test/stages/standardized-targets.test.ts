import * as plainTf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TrainingState } from '../../src/stages/training-state.ts';
import type { Engine, Tf } from '../../src/engine/tensorflow.ts';
import { CheckpointFolder } from '../../src/checkpoints/checkpoint-folder.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { loadLayersModel } from '../../src/layers/load-model.ts';
import { writeModel } from '../../src/layers/save-model.ts';
import type { ModelGraph } from '../../src/layers/build-model.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { graphOf } from '../../src/plan/plan-pipeline.ts';
import { train } from '../../src/stages/train.ts';
import { load } from '../../src/stages/load.ts';
import { numbers } from '../engine/graph/rig.ts';
import { type Learnt, type Regression, csvOf, learn, textOf } from '../regression.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});
afterAll(() => rig.remove());

const rows = 160;
const [a, b, noise] = [1, 2, 3].map((seed) => [...numbers(rows, seed)]) as [number[], number[], number[]];
/** About -2 to 2, and not linear in what it is to be predicted from. */
const plain = a.map((x, i) => x + Math.abs(b[i]!) + 0.1 * noise[i]!);
const table = (y: readonly number[]) => ({ a, b, y });
const of = (name: string) => (learnt: Learnt) => learnt.evaluation.metrics[`test_${name}`]!;
const [r2, mae] = [of('r2Score'), of('meanAbsoluteError')];
const inOtherUnit = (factor: number, offset: number) => plain.map((y) => factor * y + offset);

describe('the unit of a target changes nothing but its unit', () => {
  const losses = ['meanSquaredError', 'meanAbsoluteError', 'huberLoss', 'logcosh'];
  const units = fc.record({
    loss: fc.constantFrom(...losses),
    factor: fc
      .tuple(fc.constantFrom(-1, 1), fc.double({ min: -30, max: 30, noNaN: true }))
      .map(([sign, power]) => sign * 10 ** power),
    offset: fc.oneof(fc.constant(0), fc.double({ min: -1e6, max: 1e6, noNaN: true })),
    step: fc.constantFrom('compiled', 'eager'),
  });

  test('R2 and loss stay, errors grow with it', async () => {
    await fc.assert(
      fc.asyncProperty(units, async ({ loss, factor, offset, step }) => {
        const options = { epochs: 3, train: `loss: ${loss}, step: ${step}` };
        const ours = await learn(engine, rig, { ...options, table: table(plain) });
        const other = await learn(engine, rig, {
          ...options,
          table: table(inOtherUnit(Math.abs(factor), Math.abs(factor) * offset)),
        });
        expect(r2(other)).toBeCloseTo(r2(ours), 3);
        expect(mae(other) / Math.abs(factor)).toBeCloseTo(mae(ours), 3);
        other.history.forEach((epoch, i) => {
          expect(epoch['loss']).toBeCloseTo(ours.history[i]!['loss']!, 3);
          for (const name of ['meanAbsoluteError', 'val_meanAbsoluteError'])
            expect(epoch[name]! / Math.abs(factor), name).toBeCloseTo(ours.history[i]![name]!, 3);
        });
      }),
      { numRuns: 8 },
    );
  }, 240_000);

  test.each([
    ['1e25', 1e25, 0],
    ['1e-9', 1e-9, 0],
    ['-1e-30', -1e-30, 0],
    ['around 1e9, deviation 1', 1, 1e9],
    ['around -1e30, deviation 1e22', 1e22, -1e30],
  ])(
    '%s is learnt with defaults',
    async (_, factor, offset) => {
      const learnt = await learn(engine, rig, { table: table(inOtherUnit(factor, offset)) });
      expect(r2(learnt)).toBeGreaterThan(0.9);
      expect(mae(learnt) / Math.abs(factor)).toBeLessThan(0.3);
      expect(learnt.history.at(-1)!['val_meanAbsoluteError']! / Math.abs(factor)).toBeLessThan(0.3);
    },
    60_000,
  );
});

test('the scale is that of the rows trained on, and what is recorded is in the unit of the file', async () => {
  const y = inOtherUnit(1000, 5000);
  const {
    scales,
    outputs: [output],
    evaluation,
    history,
  } = await learn(engine, rig, {
    table: table(y),
    source: 'targets: { y: number }, test: 0.2',
    split: '{ validation: 0.25, order: time }',
  });
  const trained = y.slice(0, 96);
  const mean = trained.reduce((sum, value) => sum + value, 0) / 96;
  expect(scales).toEqual([
    [
      {
        mean: expect.closeTo(mean, 6) as number,
        deviation: expect.closeTo(
          Math.sqrt(trained.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 96),
          6,
        ) as number,
      },
    ],
  ]);
  expect([...output!.actual]).toEqual(y.slice(128));
  const error = output!.actual.reduce((sum, value, i) => sum + Math.abs(value - output!.predicted[i]!), 0) / 32;
  expect(evaluation.metrics['test_meanAbsoluteError']).toBeCloseTo(error, 9);
  // Minimized, and told, is the loss of standardized numbers.
  expect(evaluation.metrics['test_loss']).toBeCloseTo(
    evaluation.metrics['test_meanSquaredError']! / scales[0]![0]!.deviation ** 2,
    4,
  );
  expect(history.at(-1)!['val_loss']).toBeLessThan(1);
});

test('each of several targets has its own', async () => {
  const given = {
    table: { a, b, y: inOtherUnit(1e6, 1e7), z: a.map((x) => 1e-6 * x), n: a.map((x) => Math.round(5 + 4 * x)) },
    source: 'targets: { y: number, z: number, n: number }, features: { input: [a, b] }',
    layers:
      '[{ dense: { units: 16, activation: relu }, name: all }, { dense: { units: 1 }, name: y }, ' +
      '{ dense: { units: 1 }, name: z, from: all }, { dense: { units: 1, activation: softplus }, name: n, from: all }]',
    train: 'outputs: { y: { loss: meanSquaredError }, z: { loss: huberLoss }, n: { loss: poisson } }',
  };
  const learnt = await learn(engine, rig, given);
  expect(learnt.scales).toEqual([[expect.any(Object)], [expect.any(Object)], null]);
  for (const name of ['y', 'z', 'n']) expect(of(`${name}_r2Score`)(learnt), name).toBeGreaterThan(0.8);
  const said = await predictions(engine.tf, learnt);
  learnt.outputs.forEach(({ predicted }, k) => expectNear(said[k]!, predicted));
});

test('a target of one number alone is learnt, with a warning', async () => {
  const learnt = await learn(engine, rig, { table: table(a.map(() => 7e20)) });
  expect(learnt.warnings).toContain('constant-target');
  expect(learnt.scales).toEqual([[{ mean: 7e20, deviation: 1 }]]);
  expect(mae(learnt)).toBeLessThan(1e6);
});

/** What the saved model says of the test rows. */
async function predictions(tf: Tf, { saved, inputs: [values] }: Learnt): Promise<readonly Float32Array[]> {
  writeModel(join(rig.folder, 'model'), saved, {});
  const model = await loadLayersModel(tf, join(rig.folder, 'model'));
  const given = tf.tensor2d(values!, [values!.length / 2, 2]);
  const said = [model.predict(given)].flat().map((tensor) => tensor.dataSync() as Float32Array);
  model.dispose();
  return said;
}

function expectNear(said: Float32Array, expected: Float64Array): void {
  expect(said).toHaveLength(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  said.forEach((value, i) => expect(Math.abs(value - expected[i]!) / largest).toBeLessThan(1e-5));
}

describe('the saved model', () => {
  test('gives numbers in the unit of the file, in any TensorFlow.js', async () => {
    const learnt = await learn(engine, rig, { table: table(inOtherUnit(-1e12, 1e13)) });
    const { predicted } = learnt.outputs[0]!;
    for (const tf of [engine.tf, plainTf as unknown as Tf]) expectNear((await predictions(tf, learnt))[0]!, predicted);
    const onDisk = await engine.tf.loadLayersModel(`file://${join(rig.folder, 'model')}/model.json`);
    const given = engine.tf.tensor2d(learnt.inputs[0]!, [learnt.inputs[0]!.length / 2, 2]);
    expectNear((onDisk.predict(given) as typeof given).dataSync() as Float32Array, predicted);
  });

  test('has the weights that were trained, under their names, and no others', async () => {
    const own = await learn(engine, rig, { table: table(inOtherUnit(1e12, 0)) });
    const same = await learn(engine, rig, {
      table: table(inOtherUnit(1e12, 0)),
      source: 'targets: { y: number }, standardize: [a, b]',
    });
    const names = ({ saved }: Learnt) =>
      (saved.description['weightsManifest'] as { weights: { name: string }[] }[])[0]!.weights.map(({ name }) => name);
    expect(names(own)).toEqual(names(same));
    expect(own.saved.weights).toHaveLength(same.saved.weights.length);
  });
});

describe('numbers are trained on as they are', () => {
  const plan = (given: Omit<Regression, 'table'>) => {
    rig.write('table.csv', csvOf(table(plain)));
    const { checked, diagnostics } = checkSource({ name: join(rig.folder, 'numbers.yaml'), text: textOf(given) });
    return {
      why: checked?.plan.asTheyAre[0],
      codes: diagnostics.map(({ code }) => code),
      message: diagnostics[0]?.message,
    };
  };
  const end = (activation: string, loss = 'meanSquaredError') => ({
    layers: `[dense 4 relu, dense 1 ${activation}]`,
    train: `loss: ${loss}`,
  });

  test.each(['linear', 'leakyReLU', 'meanAbsoluteError', 'huberLoss', 'logcosh'])('not with %s', (one) => {
    const given =
      one === 'leakyReLU'
        ? { layers: '[dense 4 relu, dense 1, leakyReLU]' }
        : end('linear', one === 'linear' ? 'meanSquaredError' : one);
    expect(plan(given)).toMatchObject({ why: null, codes: [] });
  });
  test.each(['relu', 'relu6', 'sigmoid', 'tanh', 'softplus', 'softsign', 'elu', 'selu', 'swish', 'hardSigmoid'])(
    'after %s',
    (activation) => {
      expect(plan(end(activation)).why).toContain(activation);
    },
  );
  test.each([
    ['meanAbsolutePercentageError', 'linear'],
    ['meanSquaredLogarithmicError', 'linear'],
    ['poisson', 'softplus'],
  ])('by %s', (loss, activation) => {
    expect(plan(end(activation, loss)).why).toContain(loss);
  });
  test.each(['false', '[a, b]'])('with standardize: %s', (standardize) => {
    expect(plan({ source: `targets: { y: number }, standardize: ${standardize}` }).why).toContain('`standardize`');
  });
  test('after a layer that brings them to their unit', () => {
    expect(plan({ layers: '[dense 4 relu, dense 1, { rescaling: { scale: 100, offset: 4200 } }]' }).why).toBe(
      '`rescaling_1` brings it to its unit',
    );
  });
  test('and so is what the loss, the metrics and the saved model say', async () => {
    const learnt = await learn(engine, rig, {
      table: table(plain),
      source: 'targets: { y: number }, standardize: [a, b]',
    });
    expect(learnt.scales).toEqual([null]);
    expect(of('loss')(learnt)).toBeCloseTo(of('meanSquaredError')(learnt), 5);
    expectNear((await predictions(engine.tf, learnt))[0]!, learnt.outputs[0]!.predicted);
  });
  test('but a list that names a target is a mistake where it cannot be done', () => {
    expect(
      plan({ ...end('softplus', 'poisson'), source: 'targets: { y: number }, standardize: [a, b, y]' }),
    ).toMatchObject({
      codes: ['loss-misfit'],
      message: expect.stringContaining('`y` cannot be standardized, as `standardize` asks: poisson'),
    });
    expect(plan({ source: 'targets: { y: number }, standardize: [a, b, y]' })).toMatchObject({ why: null, codes: [] });
  });
  test('a bias in the unit of the file is warned of where they are standardized', () => {
    const layers = '[dense 4 relu, { dense: { units: 1, biasInitializer: { constant: { value: 4200 } } } }]';
    expect(plan({ layers })).toMatchObject({ why: null, codes: ['far-bias'] });
    expect(plan({ layers, source: 'targets: { y: number }, standardize: false' }).codes).toEqual([]);
  });
  test('and so is a delta', () => {
    const of = (delta: number, source = 'targets: { y: number }') =>
      plan({ source, train: `loss: { huberLoss: { delta: ${delta} } }` });
    expect(of(100)).toMatchObject({
      why: null,
      codes: ['far-delta'],
      message: expect.stringContaining('`delta` is 100, but `y` is standardized'),
    });
    expect(of(3).codes).toEqual([]);
    expect(of(100, 'targets: { y: number }, standardize: false').codes).toEqual([]);
    expect(
      plan({
        layers: '[dense 4 relu, { dense: { units: 1 }, name: y }]',
        train: 'outputs: { y: { loss: { huberLoss: { delta: 100 } } } }',
      }).codes,
    ).toEqual(['far-delta']);
  });
});

test('a training goes on to the same bits, but not from one in another unit', async () => {
  const given: Regression = { table: table(inOtherUnit(1e7, 1e8)), epochs: 2, train: 'loss: huberLoss' };
  const { weightsSha256 } = await learn(engine, rig, given);
  const { pipeline, plan } = checkSource({ name: join(rig.folder, 'numbers.yaml'), text: textOf(given) }).checked!;
  const data = await load({ ...pipeline.data, seed: pipeline.seed, folder: rig.folder });
  const trainFor = async (epochs: number, graph: ModelGraph) => {
    const checkpoints = new CheckpointFolder<TrainingState>(
      join(rig.folder, 'checkpoints'),
      { everySteps: 1, keep: 1 },
      () => expect.unreachable(),
    );
    const trained = await train({
      engine,
      data,
      graph,
      ...pipeline.train,
      epochs,
      checkpoints,
      wanted: [],
      seed: pipeline.seed,
      emit: () => {},
      signal: new AbortController().signal,
    });
    trained.dispose();
    return trained.weightsSha256;
  };
  const graph = graphOf(plan);
  await trainFor(1, graph);
  expect(await trainFor(2, graph)).toBe(weightsSha256);
  await expect(trainFor(2, { ...graph, standardized: [false] })).rejects.toThrow('cannot go on');
});
