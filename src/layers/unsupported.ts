/**
 * What the TensorFlow.js Layers API or Keras has and the tables do not, with the reason and a way out. By kind of row,
 * or `option` for options of rows; each reason is a sentence or two.
 */
export const leftOut: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  layer: {
    randomWidth: 'TensorFlow.js gives it another width at each step and none that layers below could be built for.',
    randomHeight:
      'It is in the source of TensorFlow.js, but not in what it publishes, ' +
      'and has no height that layers below could be built for.',
    einsumDense:
      'It is in the source of TensorFlow.js, but not in what it publishes. Use `dense`, `permute` and `reshape`.',
    transformerDecoder:
      'It is in the source of TensorFlow.js, but not in what it publishes. ' +
      'Use `multiHeadAttention` with `causal: true`, `layerNormalization` and `dense`.',
    cachedMultiHeadAttention:
      'It is in the source of TensorFlow.js, but not in what it publishes. Use `multiHeadAttention`.',
    convLstm2dCell: 'TensorFlow.js runs it inside of `convLstm2d` alone. Use that layer.',
    stackedRNNCells: 'Use `rnn` with several `cells`, which stacks them.',
    lambda: 'A pipeline file holds no code, and TensorFlow.js no such layer.',
    inputLayer: 'The input has the shape of the data; layers refer to it as `input`.',
    attention: 'TensorFlow.js has no such layer. Use `multiHeadAttention`.',
    spatialDropout3d: 'TensorFlow.js has no such layer. Use `dropout` with `noiseShape: [null, 1, 1, 1, null]`.',
    conv1dTranspose: 'TensorFlow.js has no such layer. Use `reshape` and `conv2dTranspose`.',
    separableConv1d: 'TensorFlow.js has no such layer. Use `reshape` and `separableConv2d`.',
    cropping1d: 'TensorFlow.js has no such layer. Use `reshape` and `cropping2D`.',
    cropping3d: 'TensorFlow.js has no such layer.',
    zeroPadding1d: 'TensorFlow.js has no such layer. Use `reshape` and `zeroPadding2d`.',
    zeroPadding3d: 'TensorFlow.js has no such layer.',
    upSampling1d: 'TensorFlow.js has no such layer. Use `reshape` and `upSampling2d`.',
    upSampling3d: 'TensorFlow.js has no such layer. Use `conv3dTranspose`.',
    globalMaxPooling3d: 'TensorFlow.js has no such layer. Use `maxPooling3d` with the whole volume as window.',
    globalAveragePooling3d: 'TensorFlow.js has no such layer. Use `averagePooling3d` with the whole volume as window.',
  },
  option: {
    dataFormat:
      'Channels come last throughout: TensorFlow computes nothing else on a CPU. ' +
      'Use `permute` for data with channels first.',
    dilationRate: 'TensorFlow.js has no gradient of dilated convolutions: they could not be trained.',
    activityRegularizer: 'TensorFlow.js refuses to run layers that have one. Use `kernelRegularizer`.',
    returnState: 'A layer has one output here, and the state would be others. Use `returnSequences`.',
    stateful: 'TensorFlow.js needs batches of one size for it, and the last one of an epoch may be smaller.',
    unroll: 'TensorFlow.js ignores it; compiled steps are unrolled anyway.',
    implementation: 'TensorFlow.js ignores it: there is one implementation.',
    resetAfter: 'TensorFlow.js knows no other GRU than the one with the reset gate before the product.',
    inputLength: 'Shapes are checked without it.',
    inputShape: 'The first layer takes the shape of the data, each other one that of the layer it follows.',
    attentionAxes: 'Attention goes along the steps of [steps, features]. Use `permute` and `reshape` for other axes.',
    cropToAspectRatio: 'TensorFlow.js does something else for it than it says. Use `centerCrop` above.',
    seed: "Random numbers come from the file's one `seed` and the layer's name.",
    trainable: 'All weights are trained.',
  },
};

/** Why a name is left out, and what to use; undefined for one that nobody has. Case does not count. */
export function leftOutReason(kind: string, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(leftOut[kind] ?? {}).find(([key]) => key.toLowerCase() === wanted)?.[1];
}
