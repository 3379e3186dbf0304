import type { Tensor, Variable } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import type { NodeBackend } from '../../../src/engine/node-backend.ts';
import { TraceRefusal } from '../../../src/engine/graph/trace-refusal.ts';
import { createGraphSession } from '../../../src/engine/graph/session.ts';
import { type InputSpec, type StepFunction, traceFunction } from '../../../src/engine/graph/trace.ts';
import { privateParts } from '../../../src/engine/private-parts.ts';
import { model, nativeTf, numbers, valuesOf } from './rig.ts';

const tf = await nativeTf();
const inputs: Record<string, InputSpec> = { x: { dtype: 'float32', shape: [2, 3] } };

/** The reason why a function is not compiled. */
function refusal(fn: StepFunction, state: Variable[] = []): string {
  const session = createGraphSession({ tf }, { state });
  try {
    session.compile('f', fn, inputs);
  } catch (error) {
    if (error instanceof TraceRefusal) return error.reason;
    throw error;
  } finally {
    session.dispose();
  }
  return 'none';
}

test.each<[string, StepFunction, RegExp]>([
  [
    'dropout drawn in JavaScript',
    ({ x }) => ({ y: tf.dropout(x!, 0.5) }),
    /takes other numbers from JavaScript .*such as random ones/,
  ],
  [
    'noise drawn in JavaScript',
    ({ x }) => ({ y: tf.add(x!, tf.randomNormal([2, 3])) }),
    /takes other numbers from JavaScript .*Add/,
  ],
  [
    'a value read in the step',
    ({ x }) => ({ y: tf.sum(x!).dataSync()[0]! > 1 ? x! : tf.neg(x!) }),
    /reads computed values in JavaScript/,
  ],
  [
    'a value read last',
    ({ x }) => {
      tf.max(x!).arraySync();
      return { x: x! };
    },
    /reads computed values/,
  ],
  [
    'random numbers of TensorFlow',
    ({ x }) => ({ y: tf.multinomial(tf.softmax(x!) as never, 2, 5) }),
    /draws random numbers \(Multinomial\)/,
  ],
  ['strings', () => ({ y: tf.equal(tf.tensor1d(['a']), tf.tensor1d(['a'])) }), /works on strings/],
])('%s is refused', (_, fn, reason) => {
  expect(refusal(fn)).toMatch(reason);
});

test('a function that takes another way the second time is refused', () => {
  let calls = 0;
  expect(refusal(({ x }) => ({ y: calls++ % 2 === 0 ? tf.neg(x!) : tf.abs(x!) }))).toMatch(
    /computes something else when it runs again/,
  );
  let kept: Tensor = tf.keep(tf.zeros([2, 3]));
  expect(
    refusal(({ x }) => {
      kept = tf.keep(tf.add(kept, x!));
      return { kept };
    }),
  ).toMatch(/keeps tensors from one run to the next that are not variables/);
});

test('variables outside of the state are refused, whether read, written or made', () => {
  const other = tf.variable(tf.zeros([2, 3]), false, 'other');
  expect(refusal(({ x }) => ({ y: tf.add(x!, other) }))).toBe(
    'uses the variable other, which is not part of its state',
  );
  expect(
    refusal(({ x }) => {
      other.assign(x as never);
      return {};
    }),
  ).toBe('updates the variable other, which is not part of its state');
  expect([...other.dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
  const before = Object.keys(tf.engine().registeredVariables);
  expect(refusal(({ x }) => ({ y: tf.variable(x!, false, 'late') }))).toBe(
    'makes the variable late, which has to exist before',
  );
  expect(Object.keys(tf.engine().registeredVariables)).toEqual(before);
});

test('a trace changes no variable, also when the function throws', () => {
  const made = model(tf, [tf.layers.dense({ units: 3, inputShape: [3] })]);
  const state = made.weights.map((weight) => weight.read() as Variable);
  const before = valuesOf(state);
  const table = tf.tensor1d([1]);
  const tensors = tf.memory().numTensors;
  const session = createGraphSession({ tf }, { state });
  const changing: StepFunction = () => {
    for (const variable of state) variable.assign(tf.add(variable, 1));
    return { table, kept: tf.tidy(() => tf.keep(tf.neg(table))) };
  };
  session.compile('changes', changing, inputs);
  expect(() =>
    session.compile(
      'throws',
      (given) => {
        tf.dispose(changing(given)['kept']!);
        throw new TypeError('a bug');
      },
      inputs,
    ),
  ).toThrow(new TypeError('a bug'));
  expect(valuesOf(state)).toEqual(before);
  expect([...table.dataSync()]).toEqual([1]);
  expect(tf.memory().numTensors).toBe(tensors);
  session.dispose();
});

test('reading a constant of the function is fine', () => {
  const table = tf.tensor1d([4, 5]);
  expect(refusal(({ x }) => ({ y: tf.mul(x!, tf.add(table, 1).dataSync()[1]!) }))).toBe('none');
});

test('a graph that TensorFlow does not take is refused with its message', () => {
  const backend = tf.backend() as NodeBackend;
  const session = createGraphSession({ tf }, { state: [] });
  // The eager runtime infers the type attribute that a graph has to state.
  const fn = session.compile('f', ({ x }) => ({ y: backend.executeSingleOutput('Softsign', [], [x!]) }), inputs);
  expect(() => fn.run({ x: new Float32Array(6) })).toThrow(/makes a graph that TensorFlow does not take \(.*T/);
  session.dispose();
});

test("oneDNN's pooling ops of the eager path become the plain ones, with the same gradient", (context) => {
  const backend = tf.backend() as NodeBackend;
  const window = [1, 2, 2, 1];
  const attributes = (...more: { name: string; type: number; value: unknown }[]) => [
    { name: 'T', type: 4, value: 1 },
    { name: 'ksize', type: 1, value: window },
    { name: 'strides', type: 1, value: window },
    { name: 'padding', type: 0, value: 'VALID' },
    { name: 'data_format', type: 0, value: 'NHWC' },
    { name: '_kernel', type: 0, value: 'MklNameChangeOp' },
    { name: 'workspace_enabled', type: 3, value: true },
    ...more,
  ];
  const fn: StepFunction = ({ image }) => {
    const [pooled, workspace] = backend.executeMultipleOutputs('_MklNativeMaxPool', attributes(), [image!], 2);
    const gradient = backend.executeSingleOutput('_MklNativeMaxPoolGrad', attributes(), [
      image!,
      pooled!,
      tf.square(pooled!),
      workspace!,
    ]);
    return { pooled: pooled!, gradient };
  };
  try {
    tf.tidy(() => void fn({ image: tf.zeros([2, 4, 4, 3]) }));
  } catch {
    context.skip('this TensorFlow is built without oneDNN');
  }
  const session = createGraphSession({ tf }, { state: [] });
  const compiled = session.compile('pool', fn, { image: { dtype: 'float32', shape: [2, 4, 4, 3] } });
  const image = numbers(96, 5);
  const { pooled, gradient } = compiled.run({ image });
  const eager = tf.tidy(() => {
    const result = fn({ image: tf.tensor(image, [2, 4, 4, 3]) });
    return { pooled: result['pooled']!.dataSync(), gradient: result['gradient']!.dataSync() };
  });
  expect({ pooled, gradient }).toEqual(eager);
  session.dispose();
});

test('casts and reshapes without effect make no nodes, equal constants one; matrices are multiplied as such', () => {
  const fn: StepFunction = ({ x }) => {
    const same = tf.cast(tf.reshape(x!, [2, 3]), 'float32');
    return {
      flat: tf.reshape(same, [6]),
      again: tf.reshape(tf.neg(same), [6]),
      product: tf.matMul(same as never, x as never, false, true),
    };
  };
  const { nodes } = traceFunction({ tf, parts: privateParts(tf), prefix: 'f', fn, inputs, state: [], proved: false });
  expect(nodes.map(({ op }) => op).sort()).toEqual([
    'Const',
    'Const',
    'Identity',
    'Identity',
    'Identity',
    'MatMul',
    'Neg',
    'Placeholder',
    'Reshape',
    'Reshape',
  ]);
  const session = createGraphSession({ tf }, { state: [] });
  const x = Float32Array.of(1, 2, 3, 4, 5, 6);
  expect(session.compile('f', fn, inputs).run({ x })).toEqual({
    flat: x,
    again: x.map((value) => -value),
    product: Float32Array.of(14, 32, 32, 77),
  });
  session.dispose();
});

test('an op runs once for all with inputs of the same shapes; where that does not stand for others, each runs', () => {
  const ran: string[] = [];
  const parts = privateParts(tf);
  const binding: typeof parts.binding = Object.create(parts.binding, {
    executeOp: {
      value: (...call: Parameters<typeof parts.binding.executeOp>) => (
        ran.push(call[0]),
        parts.binding.executeOp(...call)
      ),
    },
  });
  const trace = (fn: StepFunction) =>
    traceFunction({ tf, parts: { ...parts, binding }, prefix: 'f', fn, inputs, state: [], proved: false });
  trace(({ x }) => ({ y: tf.square(tf.square(tf.square(x!))) }));
  expect(ran.filter((op) => op === 'Square')).toHaveLength(1);
  // The second indices would be the first, which the smaller table does not have.
  const [large, small] = [tf.tensor1d([0, 1, 2, 3, 4, 50, 60]), tf.tensor1d([7, 8])];
  const indices = (x: Tensor, offset: number) => tf.cast(tf.floor(tf.add(x, offset)), 'int32');
  ran.length = 0;
  const { nodes } = trace(({ x }) => ({
    large: tf.gather(large, indices(x!, 5)),
    small: tf.gather(small, indices(x!, 1)),
  }));
  expect(nodes.filter(({ op }) => op === 'GatherV2')).toHaveLength(2);
  // Once before the smaller table refuses; then three traces, as the tables are uploaded in the first one.
  expect(ran.filter((op) => op === 'Floor')).toHaveLength(1 + 3 * 2);
});
