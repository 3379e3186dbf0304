// The bound of the reference net: its convolutions alone, forward and both gradients, each at its measured speed.
// usage: convolutions.mjs --batch N --rounds N       prints one line per round, as if it were an epoch
import { parseArgs } from 'node:util';
import { tf } from './tfjs-node.mjs';

const { values } = parseArgs({ options: { batch: { type: 'string' }, rounds: { type: 'string' } } });
const [batch, rounds] = [Number(values.batch), Number(values.rounds)];
const calls = 20;
const conv = { strides: 1, pad: 'same', dataFormat: 'NHWC' };
const run = (kernel, inputs, attributes) =>
  tf.engine().runKernel(kernel, inputs, { ...conv, dimRoundingMode: undefined, ...attributes });

/** Milliseconds of one call. An eager op of tfjs-node has ended when its call returns. */
function time(work) {
  const start = performance.now();
  for (let i = 0; i < calls; i++) tf.dispose(work());
  return (performance.now() - start) / calls;
}

/** The three computations of one convolution; the first of a net needs no gradient of its input. */
function convolution(name, size, before, after, first) {
  const x = tf.randomUniform([batch, size, size, before]);
  const filter = tf.randomNormal([3, 3, before, after]);
  const dy = tf.randomUniform([batch, size, size, after]);
  return {
    [`${name} forward`]: () => run('Conv2D', { x, filter }, { dilations: 1 }),
    [`${name} filter gradient`]: () => run('Conv2DBackpropFilter', { x, dy }, { filterShape: filter.shape }),
    ...(first
      ? {}
      : { [`${name} input gradient`]: () => run('Conv2DBackpropInput', { dy, filter }, { inputShape: x.shape }) }),
  };
}

const works = { ...convolution('conv1', 28, 1, 32, true), ...convolution('conv2', 14, 32, 64, false) };
for (let round = 0; round < rounds; round++) {
  const milliseconds = Object.fromEntries(Object.entries(works).map(([name, work]) => [name, time(work)]));
  const total = Object.values(milliseconds).reduce((sum, value) => sum + value, 0);
  process.stdout.write(
    `${JSON.stringify({ type: 'epoch-finished', samplesPerSecond: Math.round((batch * 1000) / total), milliseconds })}\n`,
  );
}
