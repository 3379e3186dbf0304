// The nets of the bench in tfjs-node's own `model.fit`.
// usage: tfjs-fit.mjs WORK DATA_DIR --images N --epochs N --batch N
import { parseArgs } from 'node:util';
import { readIdx, tf } from './tfjs-node.mjs';

const {
  positionals: [work, folder],
  values,
} = parseArgs({
  allowPositionals: true,
  options: { images: { type: 'string' }, epochs: { type: 'string' }, batch: { type: 'string' } },
});
const [images, epochs, batchSize] = [values.images, values.epochs, values.batch].map(Number);
const { layers } = tf;

const nets = {
  mnist: () => {
    const conv = (filters, more) =>
      layers.conv2d({
        filters,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        useBias: false,
        kernelInitializer: tf.initializers.randomNormal({ stddev: 0.01 }),
        ...more,
      });
    const pool = () => layers.maxPooling2d({ poolSize: 2, padding: 'same' });
    return tf.sequential({
      layers: [
        conv(32, { inputShape: [28, 28, 1] }),
        pool(),
        conv(64),
        pool(),
        layers.flatten(),
        layers.dense({ units: 10 }),
      ],
    });
  },
  mlp: () =>
    tf.sequential({
      layers: [
        layers.flatten({ inputShape: [28, 28, 1] }),
        layers.dense({ units: 128, activation: 'relu' }),
        layers.dense({ units: 10 }),
      ],
    }),
  lstm: () =>
    tf.sequential({
      layers: [
        layers.reshape({ targetShape: [28, 28], inputShape: [28, 28, 1] }),
        layers.lstm({ units: 64, recurrentActivation: 'sigmoid' }),
        layers.dense({ units: 10 }),
      ],
    }),
  resnet8: () => resnet(1),
  resnet20: () => resnet(3),
};

/** As in keras_peer.py. */
function resnet(blocks) {
  const conv = (x, filters, kernelSize, strides) =>
    layers
      .batchNormalization()
      .apply(layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false }).apply(x));
  const relu = (x) => layers.reLU().apply(x);
  const block = (x, filters, strides) => {
    const y = conv(relu(conv(x, filters, 3, strides)), filters, 3, 1);
    return relu(layers.add().apply([y, strides === 1 ? x : conv(x, filters, 1, strides)]));
  };
  const input = tf.input({ shape: [32, 32, 3] });
  let x = relu(conv(input, 16, 3, 1));
  for (const [stage, filters] of [16, 32, 64].entries()) {
    for (let i = 0; i < blocks; i++) x = block(x, filters, stage > 0 && i === 0 ? 2 : 1);
  }
  return tf.model({
    inputs: input,
    outputs: layers.dense({ units: 10 }).apply(layers.globalAveragePooling2d({}).apply(x)),
  });
}

const [[, height, width, channels = 1], pixels] = readIdx(folder, 'train-images-idx3-ubyte');
const [, labels] = readIdx(folder, 'train-labels-idx1-ubyte');
const x = tf.tidy(() =>
  tf.div(
    tf.tensor(new Float32Array(pixels.subarray(0, images * height * width * channels)), [
      images,
      height,
      width,
      channels,
    ]),
    255,
  ),
);
const y = tf.tidy(() => tf.oneHot(tf.tensor1d(Int32Array.from(labels.subarray(0, images)), 'int32'), 10).toFloat());

const model = nets[work]();
model.compile({
  optimizer: tf.train.adam(0.001),
  loss: (label, logits) => tf.losses.softmaxCrossEntropy(label, logits),
});
let start = 0;
await model.fit(x, y, {
  batchSize,
  epochs,
  verbose: 0,
  callbacks: {
    onEpochBegin: () => {
      start = performance.now();
    },
    onEpochEnd: (_, { loss }) => {
      const samplesPerSecond = Math.round((images * 1000) / (performance.now() - start));
      process.stdout.write(`${JSON.stringify({ type: 'epoch-finished', loss, samplesPerSecond })}\n`);
    },
  },
});
