import type { Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { buildModel } from '../../src/layers/build-model.ts';
import { trainingStep, evaluationStep } from '../../src/training/step.ts';
import { losses } from '../../src/training/losses.ts';
import { optimizers } from '../../src/training/optimizers.ts';
import { exampleTraining } from '../contract/row-examples.ts';
import { sidesOf } from '../contract/training.ts';
import { eitherMask, joinedMask } from '../../src/layers/padding-masks.ts';
import { layersOf, modelOf } from './layer-rig.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine();
});

/** What a layer makes of ones in a training step. */
function inStep(text: string, shape: number[], step: number, seed = 1): Float32Array {
  const { tf } = engine;
  const model = modelOf(engine, shape, text, seed);
  const values = tf.tidy(
    () => model.forward([tf.ones([20, ...shape])], { step: tf.scalar(step, 'int32') })[0]!.dataSync() as Float32Array,
  );
  model.dispose();
  return values;
}

const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: Float32Array) => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

describe.each([
  ['dropout 0.4', [10, 10, 10], 1, Math.sqrt(0.4 / 0.6)],
  ['spatialDropout1d 0.4', [5, 800], 1, Math.sqrt(0.4 / 0.6)],
  ['spatialDropout2d 0.4', [2, 2, 800], 1, Math.sqrt(0.4 / 0.6)],
  ['gaussianNoise 0.3', [10, 10, 10], 1, 0.3],
  ['gaussianDropout 0.4', [10, 10, 10], 1, Math.sqrt(0.4 / 0.6)],
] as const)('%s', (text, shape, expectedMean, expectedDeviation) => {
  test('has the noise it says, from the seed and the step alone', () => {
    const values = inStep(`[${text}]`, [...shape], 7);
    expect(mean(values)).toBeCloseTo(expectedMean, 1);
    expect(deviation(values) / expectedDeviation).toBeCloseTo(1, 1);
    expect(inStep(`[${text}]`, [...shape], 7)).toEqual(values);
    expect(inStep(`[${text}]`, [...shape], 8)).not.toEqual(values);
    expect(inStep(`[${text}]`, [...shape], 7, 2)).not.toEqual(values);
  });

  test('does nothing outside training', () => {
    const model = modelOf(engine, [...shape], `[${text}]`);
    expect(new Set(model.forward([engine.tf.ones([2, ...shape])])[0]!.dataSync())).toEqual(new Set([1]));
  });
});

/** Dropout of ones and its second use, then both for a part of the batch: what comes out of each place. */
function sharedInStep(
  text: string,
  shape: number[],
  step: number,
  rows?: { first: number; count: number; total: number },
): Float32Array[] {
  const { tf } = engine;
  const [layer] = layersOf(text);
  const graph = {
    inputs: [{ name: 'input', shape }],
    layers: [layer!, { ...layer!, name: 'again', shares: 0 }],
    outputs: [0, 1],
  };
  const model = buildModel(engine, graph, 1);
  const outputs = tf.tidy(() =>
    model
      .forward([tf.ones([rows?.count ?? 6, ...shape])], { step: tf.scalar(step, 'int32'), ...(rows && { rows }) })
      .map((output) => output.dataSync() as Float32Array),
  );
  model.dispose();
  return outputs;
}

describe.each([
  ['dropout 0.4', [50]],
  ['{ dropout: { rate: 0.4, noiseShape: [1, null] } }', [50]],
  ['{ alphaDropout: { rate: 0.4, noiseShape: [1, null] } }', [50]],
  ['gaussianNoise 0.3', [50]],
  ['timeDistributed dropout(0.4)', [3, 50]],
  ['{ lstm: { units: 4, dropout: 0.4, recurrentDropout: 0.4 } }', [3, 50]],
  ['{ bidirectional: { layer: { gru: { units: 4, dropout: 0.4 } } } }', [3, 50]],
  ['{ multiHeadAttention: { numHeads: 2, keyDim: 3, dropout: 0.4, biasInitializer: ones } }', [3, 50]],
  ['{ convLstm2d: { filters: 2, kernelSize: 2, dropout: 0.4 } }', [2, 3, 3, 2]],
])('%s, used twice', (text, shape) => {
  test('draws anew at each use, as a shared layer of Keras does, and the same in each run of a step', () => {
    const [first, second] = sharedInStep(`[${text}]`, shape, 7);
    expect(second).not.toEqual(first);
    expect(sharedInStep(`[${text}]`, shape, 7)).toEqual([first, second]);
    // By itself it draws what it drew before it was shared.
    const alone = modelOf(engine, shape, `[${text}]`);
    expect(
      engine.tf.tidy(() =>
        alone.forward([engine.tf.ones([6, ...shape])], { step: engine.tf.scalar(7, 'int32') })[0]!.dataSync(),
      ),
    ).toEqual(first);
    alone.dispose();
  });

  test.each([6, 3, 1])('in %d parts of the batch as in one', (parts) => {
    const count = 6 / parts;
    const whole = sharedInStep(`[${text}]`, shape, 7);
    const cut = Array.from({ length: parts }, (_, part) =>
      sharedInStep(`[${text}]`, shape, 7, { first: part * count, count, total: 6 }),
    );
    whole.forEach((values, place) => {
      const joined = cut.flatMap((one) => [...one[place]!]);
      expect(Math.max(...joined.map((value, i) => Math.abs(value - values[i]!)))).toBeLessThan(1e-6);
    });
  });
});

test('spatialDropout2d drops whole channels', () => {
  const values = engine.tf.tensor(inStep('[spatialDropout2d 0.5]', [3, 3, 8], 1), [20, 9, 8]);
  expect(
    engine.tf.max(engine.tf.abs(engine.tf.sub(values, engine.tf.mean(values, 1, true)))).dataSync()[0],
  ).toBeLessThan(1e-6);
});

test('alphaDropout keeps mean and variance of what selu gives', () => {
  const { tf } = engine;
  const model = modelOf(engine, [5000], '[alphaDropout 0.2]');
  const output = model
    .forward([tf.randomNormal([10, 5000], 0, 1, 'float32', 5)], { step: tf.scalar(3, 'int32') })[0]!
    .dataSync() as Float32Array;
  expect(mean(output)).toBeCloseTo(0, 1);
  expect(deviation(output)).toBeCloseTo(1, 1);
});

test.each(['lstm', 'gru', 'simpleRNN', 'rnn'])(
  '%s drops the same values at each repetition of a step, and others at the next',
  (type) => {
    const options =
      type === 'rnn'
        ? { cells: [{ lstmCell: { units: 4, dropout: 0.5 } }, { gruCell: { units: 4, recurrentDropout: 0.5 } }] }
        : { units: 4, dropout: 0.5, recurrentDropout: 0.5 };
    const text = JSON.stringify([{ [type]: options }]);
    expect(inStep(text, [3, 5], 1)).toEqual(inStep(text, [3, 5], 1));
    expect(inStep(text, [3, 5], 1)).not.toEqual(inStep(text, [3, 5], 2));
    const { tf } = engine;
    const model = modelOf(engine, [3, 5], text);
    const run = (step: number) =>
      tf.tidy(() => model.forward([tf.ones([2, 3, 5])], { step: tf.scalar(step, 'int32') })[0]!.dataSync());
    const first = run(1);
    expect(run(2)).not.toEqual(first);
    expect(run(1)).toEqual(first);
    const before = tf.memory().numTensors;
    run(3);
    expect(tf.memory().numTensors).toBe(before);
  },
);

test('a bidirectional layer starts its two halves differently', () => {
  const [forward, , , backward] = modelOf(
    engine,
    [4, 3],
    '[bidirectional lstm(5)]',
  ).layersModel.getWeights() as Tensor[];
  expect(forward!.shape).toEqual(backward!.shape);
  expect(forward!.dataSync()).not.toEqual(backward!.dataSync());
});

test.each(['masking', 'embedding'])('steps masked by %s do not count', (source) => {
  const { tf } = engine;
  const first =
    source === 'masking'
      ? ['masking 0', 'dense 3 nobias']
      : [{ embedding: { inputDim: 9, outputDim: 3, maskZero: true } }];
  const text = JSON.stringify([...first, 'bidirectional lstm(4)', 'dense 2']);
  const steps =
    source === 'masking'
      ? [
          [1, 2],
          [3, 4],
        ]
      : [5, 7];
  const pause =
    source === 'masking'
      ? [
          [0, 0],
          [0, 0],
        ]
      : [0, 0];
  const shape = source === 'masking' ? [2] : [];
  const short = modelOf(engine, [2, ...shape], text).forward([tf.tensor([steps] as number[][])])[0]!;
  const long = modelOf(engine, [4, ...shape], text).forward([tf.tensor([[...steps, ...pause]] as number[][])])[0]!;
  expect(tf.max(tf.abs(tf.sub(short, long))).dataSync()[0]).toBeLessThan(1e-6);
});

const net = (kernelRegularizer: string | null) =>
  JSON.stringify([
    { timeDistributed: { layer: { dense: { units: 3, kernelRegularizer } } } },
    { bidirectional: { layer: { lstm: { units: 2, kernelRegularizer, recurrentRegularizer: kernelRegularizer } } } },
    { dense: { units: 3, kernelRegularizer } },
  ]);

test('each penalty is in the loss once, in training and evaluation', () => {
  const { tf } = engine;
  const batch = {
    x0: tf.ones([2, 4, 3]),
    y0: tf.tensor1d([0, 2], 'int32'),
    learningRate: tf.scalar(0),
    step: tf.scalar(1, 'int32'),
  };
  const lossesOf = (text: string) => {
    const model = modelOf(engine, [4, 3], text);
    const optimizer = optimizers.sgd.create(
      tf,
      model.trainable,
      exampleTraining(optimizers.sgd).optimizer.options as never,
    );
    const parts = { engine, model, optimizer, ...sidesOf([], 3, { row: losses.softmaxCrossEntropy, options: {} }, 1) };
    const trained = trainingStep(parts)(batch)['loss']!.dataSync()[0]!;
    const evaluated = tf.mean(evaluationStep(parts)(batch)['loss']!).dataSync()[0]!;
    const weights = Object.fromEntries(
      model.layersModel.weights.map((weight) => [weight.name, tf.sum(tf.square(weight.read())).dataSync()[0]!]),
    );
    return { trained, evaluated, weights, penalties: model.penalties().length };
  };
  const plain = lossesOf(net(null));
  const penalized = lossesOf(net('l2(0.01)'));
  const kernels = Object.entries(penalized.weights).filter(([name]) => name.includes('kernel'));
  expect(kernels).toHaveLength(6);
  expect([plain.penalties, penalized.penalties]).toEqual([0, 6]);
  const penalty = 0.01 * kernels.reduce((sum, [, squares]) => sum + squares, 0);
  expect(penalized.trained - plain.trained).toBeCloseTo(penalty, 4);
  expect(penalized.evaluated - plain.evaluated).toBeCloseTo(penalty, 4);
});

test('constraints hold after each update', () => {
  const { tf } = engine;
  const model = modelOf(
    engine,
    [3],
    '[{ dense: { units: 4, kernelConstraint: unitNorm, biasConstraint: nonNeg, ' +
      'biasInitializer: { constant: { value: -1 } } } }, { dense: { units: 3 } }]',
  );
  const optimizer = optimizers.sgd.create(
    tf,
    model.trainable,
    exampleTraining(optimizers.sgd).optimizer.options as never,
  );
  const parts = { engine, model, optimizer, ...sidesOf([], 3, { row: losses.softmaxCrossEntropy, options: {} }, 1) };
  trainingStep(parts)({
    x0: tf.ones([2, 3]),
    y0: tf.tensor1d([0, 2], 'int32'),
    learningRate: tf.scalar(0.5),
    step: tf.scalar(1, 'int32'),
  });
  const [kernel, bias] = model.layersModel.getWeights();
  for (const norm of tf.norm(kernel!, 'euclidean', 0).dataSync()) expect(norm).toBeCloseTo(1, 4);
  expect(Math.min(...bias!.dataSync())).toBeGreaterThanOrEqual(0);
});

test('identity starts as a diagonal, stretched over kernels with more axes', () => {
  const [kernel] = modelOf(engine, [2, 2], '[conv1d 2x3 identity(2)]').layersModel.getWeights();
  expect(Array.from(kernel!.dataSync())).toEqual([2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0]);
});

const joins = ['add', 'subtract', 'multiply', 'average', 'maximum', 'minimum', 'concatenate'];
const joined = (join: string, first: boolean, second: boolean) => {
  const table = (name: string, maskZero: boolean) =>
    `{ embedding: { inputDim: 9, outputDim: 3, maskZero: ${maskZero} }, from: input, name: ${name} }`;
  return `[${table('a', first)}, ${table('b', second)}, { ${join}: {}, from: [a, b] }, { lstm: { units: 4 } }]`;
};
const afterSteps = (text: string, steps: readonly number[]) =>
  modelOf(engine, [steps.length], text).forward([engine.tf.tensor([[...steps]])])[0]!;

test.each(joins)('steps that are masked in both inputs of %s do not count', (join) => {
  const { tf } = engine;
  expect(
    tf
      .max(
        tf.abs(
          tf.sub(afterSteps(joined(join, true, true), [5, 7, 0, 0]), afterSteps(joined(join, true, true), [5, 7])),
        ),
      )
      .dataSync()[0],
  ).toBeLessThan(1e-6);
});

test.each(joins.filter((join) => !['multiply', 'maximum', 'minimum'].includes(join)))(
  'beside an input without a mask all steps of %s count, as in Keras',
  (join) => {
    for (const [first, second] of [
      [true, false],
      [false, true],
    ] as const) {
      expect(afterSteps(joined(join, first, second), [5, 7, 0, 0]).dataSync()).toEqual(
        afterSteps(joined(join, false, false), [5, 7, 0, 0]).dataSync(),
      );
    }
  },
);

test('a step that one input has counts, as in Keras', () => {
  const { tf } = engine;
  const masks = [
    [true, false, false],
    [false, true, false],
  ].map((mask) => tf.tensor2d([mask], undefined, 'bool'));
  const inputs = [tf.ones([1, 3, 2]), tf.ones([1, 3, 4])];
  expect([...eitherMask(tf, inputs, masks)!.dataSync()]).toEqual([1, 1, 0]);
  expect([...joinedMask(tf, inputs, masks, 2)!.dataSync()]).toEqual([1, 1, 0]);
  expect([...joinedMask(tf, [inputs[0]!, inputs[0]!], [null, masks[1]!], 1)!.dataSync()]).toEqual([1, 1, 1, 0, 1, 0]);
});
