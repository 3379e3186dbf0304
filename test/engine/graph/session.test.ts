import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scalar, Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type GraphSession, createGraphSession } from '../../../src/engine/graph/session.ts';
import { applyGradientDescent, applyMomentum } from '../../../src/engine/graph/updates.ts';
import { TraceRefusal } from '../../../src/engine/graph/trace-refusal.ts';
import type { InputSpec } from '../../../src/engine/graph/trace.ts';
import type { UserError } from '../../../src/base/diagnostics.ts';
import { model, nativeTf, numbers, oneHotLabels, trainingStep, valuesOf, variablesOf } from './rig.ts';

const tf = await nativeTf();
const backend = tf.backend() as unknown as { getNumOfTFTensors(): number; getNumOfSavedModels(): number };

const open: GraphSession[] = [];
afterEach(() => open.splice(0).forEach((session) => session.dispose()));

function sessionOver(...state: Variable[]): GraphSession {
  const session = createGraphSession({ tf }, { state });
  open.push(session);
  return session;
}

function variable(...values: number[]): Variable {
  return tf.variable(tf.tensor1d(values));
}

const vector = (size: number): InputSpec => ({ dtype: 'float32', shape: [size] });

/** A classifier of 6 numbers with its training, evaluation and the rate as an input. */
function classifier() {
  const made = model(tf, [
    tf.layers.dense({ units: 4, activation: 'relu', inputShape: [6] }),
    tf.layers.dense({ units: 3 }),
  ]);
  const session = sessionOver(...variablesOf(made));
  const shapes = (batch: number) => ({ x: [batch, 6], y: [batch, 3] });
  const inputs: Record<string, InputSpec> = {
    x: { dtype: 'float32', shape: [8, 6] },
    y: { dtype: 'float32', shape: [8, 3] },
  };
  const fn = trainingStep(tf, made, (weight, gradient, learningRate) =>
    applyGradientDescent(tf, { variable: weight, gradient, learningRate }),
  );
  const train = session.compile('train', fn, { ...inputs, rate: { dtype: 'float32', shape: [] } });
  const evaluate = session.compile(
    'evaluate',
    ({ x, y }) => {
      const logits = made.apply(x!) as Tensor2D;
      return { logits, loss: tf.losses.softmaxCrossEntropy(y!, logits) };
    },
    inputs,
  );
  const batch = (size: number, seed: number) => ({ x: numbers(size * 6, seed), y: oneHotLabels(size, 3, seed + 1) });
  return { made, session, train, evaluate, shapes, batch, fn };
}

describe('state', () => {
  test('lives in the graph until it is pulled, and takes over the variables when they are pushed', () => {
    const w = variable(1, 2, 3);
    const session = sessionOver(w);
    const step = session.compile(
      'step',
      ({ x }) => {
        w.assign(tf.add(w, x!));
        return { sum: tf.sum(w) };
      },
      { x: vector(3) },
    );
    expect([...w.dataSync()]).toEqual([1, 2, 3]);
    expect(step.run({ x: Float32Array.of(1, 1, 1) })).toEqual({ sum: Float32Array.of(9) });
    expect(step.run({ x: Float32Array.of(1, 1, 1) })).toEqual({ sum: Float32Array.of(12) });
    expect([...w.dataSync()]).toEqual([1, 2, 3]);
    session.pull();
    expect([...w.dataSync()]).toEqual([3, 4, 5]);
    w.assign(tf.tensor1d([0, 0, 7]));
    session.push();
    expect(step.run({ x: Float32Array.of(1, 0, 0) })).toEqual({ sum: Float32Array.of(8) });
  });

  test('of every type the step may hold', () => {
    const count = tf.variable(tf.scalar(5, 'int32'), false);
    const flags = tf.variable(tf.tensor1d([true, false], 'bool'), false);
    const session = sessionOver(count, flags);
    const step = session.compile(
      'step',
      () => {
        count.assign(tf.add(count, tf.scalar(1, 'int32')));
        flags.assign(tf.logicalNot(flags));
        return {};
      },
      {},
    );
    step.run({});
    session.pull();
    expect([count.dataSync()[0], [...flags.dataSync()]]).toEqual([6, [0, 1]]);
  });

  test('two variables of one value are two variables; a swap reads both before it writes', () => {
    const shared = tf.tensor1d([1, 1]);
    const [a, b] = [tf.variable(shared), tf.variable(shared)];
    const session = sessionOver(a, b);
    const step = session.compile(
      'step',
      ({ x }) => {
        const sum = tf.add(a, x!);
        a.assign(b as Tensor1D);
        b.assign(sum as Tensor1D);
        return {};
      },
      { x: vector(2) },
    );
    for (let k = 0; k < 3; k++) step.run({ x: Float32Array.of(10, 20) });
    session.pull();
    expect([...a.dataSync(), ...b.dataSync()]).toEqual([11, 21, 21, 41]);
  });

  test('what comes after a fused update sees the new value, what was kept before it the old one', () => {
    const [w, previous, rate] = [variable(1, -5), variable(0, 0), tf.scalar(1)];
    const session = sessionOver(w, previous);
    const step = session.compile(
      'step',
      ({ g }) => {
        const old = tf.clone(w);
        applyGradientDescent(tf, { variable: w, gradient: g!, learningRate: rate });
        w.assign(tf.relu(w) as Tensor1D);
        previous.assign(old as Tensor1D);
        return { after: w };
      },
      { g: vector(2) },
    );
    expect(step.run({ g: Float32Array.of(-2, -1) })).toEqual({ after: Float32Array.of(3, 0) });
    session.pull();
    expect([...w.dataSync(), ...previous.dataSync()]).toEqual([3, 0, 1, -5]);
  });

  test('two fused updates of one variable in one step happen in their order', () => {
    const [w, a] = [variable(0), variable(0)];
    const session = sessionOver(w, a);
    const step = session.compile(
      'step',
      ({ g, rate }) => {
        const learningRate = rate as Scalar;
        applyMomentum(tf, { variable: w, gradient: g!, learningRate, accumulation: a, momentum: 0.5, nesterov: false });
        applyMomentum(tf, {
          variable: w,
          gradient: tf.mul(w, 2),
          learningRate,
          accumulation: a,
          momentum: 0.5,
          nesterov: false,
        });
        return {};
      },
      { g: vector(1), rate: { dtype: 'float32', shape: [] } },
    );
    step.run({ g: Float32Array.of(4), rate: 1 });
    session.pull();
    // a = 4, w = -4; then a = 2 - 8 = -6, w = 2.
    expect([w.dataSync()[0], a.dataSync()[0]]).toEqual([2, -6]);
  });

  test('does not share the memory of an input that becomes state', () => {
    const last = variable(0, 0);
    const session = sessionOver(last);
    const step = session.compile(
      'step',
      ({ x }) => {
        last.assign(tf.reshape(x!, [2]) as Tensor1D);
        return {};
      },
      { x: { dtype: 'float32', shape: [1, 2] } },
    );
    const x = Float32Array.of(3, 4);
    step.run({ x });
    x.fill(0);
    session.pull();
    expect([...last.dataSync()]).toEqual([3, 4]);
  });
});

describe('what TensorFlow refuses while it runs', () => {
  const refused = (compute: (x: Tensor) => Tensor, x: readonly number[]) => {
    const step = sessionOver(variable(0)).compile('step', ({ x: given }) => ({ y: compute(given!) }), {
      x: vector(x.length),
    });
    try {
      step.run({ x: Float32Array.from(x) });
    } catch (error) {
      return (error as UserError).diagnostics[0];
    }
    throw new Error('nothing is refused');
  };

  test.each([
    [8, 7],
    [-1, 7],
  ])('an index of %i in a table of %i is told as one, never as memory', (index, rows) => {
    expect(refused((x) => tf.gather(tf.zeros([rows, 2]), tf.cast(x, 'int32')), [0, index])).toMatchObject({
      code: 'index-out-of-range',
      message:
        `a layer that reads indices, such as an embedding, was given ${index}, ` +
        `and knows those from 0 to below ${rows}`,
      hint: 'Make its table larger (`inputDim`), or correct what it reads.',
    });
  });

  test('anything else too is no matter of memory', () => {
    // The trace computes with other values.
    const { code, message, hint } = refused(
      (x) => tf.floorDiv(tf.onesLike(x).cast('int32'), tf.sub(7, x).cast('int32')),
      [1, 7],
    )!;
    expect(message).toMatch(/Integer division by zero/i);
    expect(code).toBe('graph-run');
    expect(hint).not.toMatch(/memory|batch/);
  });
});

describe('functions and shapes', () => {
  test('training, a partial batch and evaluation are bodies over the same weights', () => {
    const { made, session, train, evaluate, shapes, batch } = classifier();
    const start = valuesOf(variablesOf(made));
    const first = evaluate.run(batch(8, 3)).loss![0]!;
    for (let step = 0; step < 200; step++) train.run({ ...batch(8, 3), rate: 0.5 });
    const trained = evaluate.run(batch(8, 3)).loss![0]!;
    expect(trained).toBeLessThan(first * 0.8);
    train.run({ ...batch(5, 9), rate: 0.5 }, shapes(5));
    const { logits } = evaluate.run(batch(3, 3), shapes(3));
    expect(valuesOf(variablesOf(made))).toEqual(start);
    session.pull();
    const eager = tf.tidy(() => (made.predict(tf.tensor2d(numbers(18, 3), [3, 6])) as Tensor).dataSync());
    logits!.forEach((value, k) => expect(value).toBeCloseTo(eager[k]!, 5));
  });

  test('prepared shapes are in the first load, others are added by loading anew', () => {
    const { train, shapes, batch, session } = classifier();
    train.prepare(shapes(5));
    session.load();
    const { loss } = train.run({ ...batch(5, 1), rate: 0 }, shapes(5));
    expect(train.run({ ...batch(5, 1), rate: 0 }, shapes(5)).loss).toEqual(loss);
    expect(backend.getNumOfSavedModels()).toBe(1);
    train.run({ ...batch(2, 1), rate: 0 }, shapes(2));
    expect(backend.getNumOfSavedModels()).toBe(1);
  });

  test('bytes become float32 in the graph, with the result that floats have', () => {
    const session = sessionOver();
    const fn = ({ x }: Record<string, Tensor>) => ({ y: tf.div(x!, 255) });
    const asBytes = session.compile('bytes', fn, { x: { dtype: 'uint8', shape: [2, 3] } });
    const asFloats = session.compile('floats', fn, { x: { dtype: 'float32', shape: [2, 3] } });
    const values = [0, 1, 127, 128, 254, 255];
    const result = asBytes.run({ x: Uint8Array.from(values) });
    expect(result).toEqual(asFloats.run({ x: Float32Array.from(values) }));
    expect(result.y![5]).toBe(1);
  });

  test('an input that nothing uses, an output that is an input, one that is a constant, and one of JavaScript', () => {
    const table = tf.tensor1d([5, 6]);
    const session = sessionOver();
    const fn = session.compile('odd', ({ x }) => ({ x: x!, table, made: tf.scalar(3), n: tf.scalar(2, 'int32') }), {
      x: vector(1),
      unused: vector(2),
    });
    expect(fn.run({ x: Float32Array.of(8), unused: new Float32Array(2) })).toEqual({
      x: Float32Array.of(8),
      table: Float32Array.of(5, 6),
      made: Float32Array.of(3),
      n: Int32Array.of(2),
    });
  });

  test('embeddings train: their look at the indices is not a look at computed values', () => {
    const table = tf.variable(
      tf.tensor2d([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    );
    const session = sessionOver(table);
    const step = session.compile(
      'step',
      ({ rows, rate }) => {
        const { value, grads } = tf.variableGrads(
          () => tf.sum(tf.gather(table, tf.cast(tf.reshape(rows!, [-1]), 'int32') as Tensor1D)),
          [table],
        );
        applyGradientDescent(tf, { variable: table, gradient: grads[table.name]!, learningRate: rate as Scalar });
        return { loss: value };
      },
      { rows: { dtype: 'float32', shape: [1, 2] }, rate: { dtype: 'float32', shape: [] } },
    );
    expect(step.run({ rows: Float32Array.of(1, 1), rate: 1 })).toEqual({ loss: Float32Array.of(14) });
    session.pull();
    expect([...table.dataSync()]).toEqual([1, 2, 1, 2, 5, 6]);
    expect(() => step.run({ rows: Float32Array.of(1, 7), rate: 1 })).toThrow(
      'a layer that reads indices, such as an embedding, was given 7, and knows those from 0 to below 3',
    );
  });
});

describe('mistakes', () => {
  test.each([
    [{ x: new Float32Array(4) }, 'input x of f has shape [3] and takes 3 values, not 4'],
    [{ x: new Int32Array(3) }, 'input x of f takes Float32Array, not Int32Array'],
    [{}, 'input x of f is missing'],
    [{ x: new Float32Array(3), z: 1 }, 'f has no input z'],
  ])('%j: %s', (feed, message) => {
    const fn = sessionOver().compile('f', ({ x }) => ({ y: tf.neg(x!) }), { x: vector(3) });
    expect(() => fn.run(feed)).toThrow(message);
  });

  test('another engine is refused, so that the caller goes on without', () => {
    const other = { ...tf, backend: () => ({}) } as unknown as typeof tf;
    expect(() => createGraphSession({ tf: other }, { state: [] })).toThrow(TraceRefusal);
  });

  test('a name twice, an unknown shape, a session that is gone', () => {
    const session = sessionOver();
    const fn = session.compile('f', ({ x }) => ({ y: tf.neg(x!) }), { x: vector(3) });
    expect(() => session.compile('f', () => ({}), {})).toThrow('a function named f is compiled already');
    expect(() => fn.prepare({ y: [1] })).toThrow('f has no input y');
    session.dispose();
    expect(() => fn.run({ x: new Float32Array(3) })).toThrow('the session is disposed');
  });
});

describe('what is left behind', () => {
  test('no tensor over 200 steps, a pull and an evaluation each', () => {
    const { session, train, evaluate, batch } = classifier();
    const round = () => {
      train.run({ ...batch(8, 3), rate: 0.1 });
      evaluate.run(batch(8, 3));
      session.pull();
      session.push();
    };
    round();
    const before = { tensors: tf.memory().numTensors, native: backend.getNumOfTFTensors() };
    for (let k = 0; k < 200; k++) round();
    expect({ tensors: tf.memory().numTensors, native: backend.getNumOfTFTensors() }).toEqual(before);
  });

  test('no session, tensor or file after several sessions, and variables as the last pull left them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'graph-session-'));
    vi.stubEnv('TMPDIR', folder);
    const before = {
      tensors: tf.memory().numTensors,
      native: backend.getNumOfTFTensors(),
      sessions: backend.getNumOfSavedModels(),
    };
    for (let k = 0; k < 5; k++) {
      const { made, session, train, batch } = classifier();
      train.run({ ...batch(8, 3), rate: 0.1 });
      session.pull();
      session.dispose();
      session.dispose();
      expect(variablesOf(made).every((weight) => weight.dataSync().every(Number.isFinite))).toBe(true);
      made.dispose();
    }
    vi.unstubAllEnvs();
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
    expect({
      tensors: tf.memory().numTensors,
      native: backend.getNumOfTFTensors(),
      sessions: backend.getNumOfSavedModels(),
    }).toEqual(before);
  });
});
