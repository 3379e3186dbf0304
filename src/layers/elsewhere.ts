const padded = 'It has no layer here: pad with zeros by `zeroPadding2d`, or prepare the data so.';
const augmentation = 'Pictures are not changed at random while training: prepare such pictures as data.';
const looked = 'Indices of words and categories are made by the data set: give them to `embedding` or `categoryEncoding`.';
const python = 'It wraps code of another program, and a pipeline file holds no code.';
const normalized = 'No layer does this here. `layerNormalization` and `groupNormalization` normalize each sample by itself.';
const listed = 'The layers of `model.layers` follow each other; `repeat` stacks them, and `blocks` names a part.';
const globalPool = (kind: string) => `For one value of each channel (output size 1) write \`global${kind}Pooling2d\`, in one dimension \`global${kind}Pooling1d\`; for other sizes \`${kind === 'Max' ? 'maxpool' : 'avgpool'} HEIGHTxWIDTH\`.`;
const transformer = 'Build it of `multiHeadAttention`, `add`, `layerNormalization` and `dense`: write them once in `blocks`.';
const noActivation = 'There is no such activation here. `pipeline list layer` shows those that there are.';

/**
 * How to say what Keras 3 and PyTorch have a layer for, and the tables no row; by their names in small letters. Without it
 * did-you-mean would offer a layer with a like name that does something else.
 */
export const otherwise: Readonly<Record<string, string>> = {
  linear: 'A fully connected layer is `dense UNITS`; the activation that changes nothing is `linear`.', lazylinear: 'Write `dense UNITS`.',
  bilinear: 'No layer multiplies two inputs by a learnt tensor; `dot` multiplies them with each other.', identity: 'Leave it out; where a layer is needed, `linear` changes nothing.',
  convtranspose1d: 'Use `reshape` and `conv2dTranspose`.', convtranspose2d: 'Write `conv2dTranspose`.', convtranspose3d: 'Write `conv3dTranspose`.',
  depthwiseconv1d: 'Use `reshape` and `depthwiseConv2d`.', convlstm1d: 'Use `reshape` and `convLstm2d`.', convlstm3d: 'There is `convLstm2d` alone.',
  syncbatchnorm: 'Write `batchNormalization`: training runs in one process.',
  instancenorm1d: 'Write `groupNormalization` with as many `groups` as there are channels.', instancenorm2d: 'Write `groupNormalization` with as many `groups` as there are channels.', instancenorm3d: 'Write `groupNormalization` with as many `groups` as there are channels.',
  instancenorm: 'Write `groupNormalization` with as many `groups` as there are channels.', instancenormalization: 'Write `groupNormalization` with as many `groups` as there are channels.',
  localresponsenorm: normalized, rmsnorm: normalized, rmsnormalization: normalized, unitnormalization: normalized,
  spectralnormalization: 'Weights are bounded by `kernelConstraint`, such as `maxNorm(2)`.', weightnorm: 'Weights are bounded by `kernelConstraint`, such as `unitNorm`.',
  normalization: 'The data set standardizes its numbers; `rescaling` divides pixels.',
  celu: 'Write `elu`, which is the same for an alpha of 1.', silu: 'Write `swish`, another name of the same.', hardswish: noActivation, hardtanh: noActivation, logsigmoid: noActivation, softmin: noActivation, softshrink: noActivation, hardshrink: noActivation, tanhshrink: noActivation, glu: noActivation,
  threshold: 'Write `thresholdedReLU`, which gives 0 below its threshold.',
  adaptiveavgpool1d: globalPool('Average'), adaptiveavgpool2d: globalPool('Average'), adaptiveavgpool3d: globalPool('Average'), adaptivemaxpool1d: globalPool('Max'), adaptivemaxpool2d: globalPool('Max'), adaptivemaxpool3d: globalPool('Max'),
  globalavgpool1d: 'Write `globalAveragePooling1d`.', globalavgpool2d: 'Write `globalAveragePooling2d`.', globalmaxpool1d: 'Write `globalMaxPooling1d`.', globalmaxpool2d: 'Write `globalMaxPooling2d`.',
  maxpool1d: 'Write `maxPooling1d`.', maxpool2d: 'Write `maxpool HEIGHTxWIDTH`.', maxpool3d: 'Write `maxPooling3d`.', avgpool1d: 'Write `averagePooling1d`.', avgpool2d: 'Write `avgpool HEIGHTxWIDTH`.', avgpool3d: 'Write `averagePooling3d`.',
  averagepool1d: 'Write `averagePooling1d`.', averagepool2d: 'Write `avgpool HEIGHTxWIDTH`.',
  lppool2d: 'There are `maxpool` and `avgpool` alone.', fractionalmaxpool2d: 'There are `maxpool` and `avgpool` alone.', maxunpool2d: 'Use `upSampling2d`.',
  dropout1d: 'Whole channels are dropped by `spatialDropout1d`.', dropout2d: 'Whole channels are dropped by `spatialDropout2D`.', dropout3d: 'Whole channels are dropped by `dropout` with `noiseShape: [null, 1, 1, 1, null]`.',
  droppath: 'Whole samples are dropped by `dropout` with `noiseShape`.', stochasticdepth: 'Whole samples are dropped by `dropout` with `noiseShape`.',
  unflatten: 'Write `reshape`.', embeddingbag: 'Write `embedding` and `globalAveragePooling1d`.', reversibleembedding: 'Write `embedding`.',
  lstmcell: 'Write `lstm`, or the cell in `rnn`.', grucell: 'Write `gru`, or the cell in `rnn`.', simplernncell: 'Write `simpleRNN`, or the cell in `rnn`.',
  transformer, transformerencoder: transformer, transformerencoderlayer: transformer, transformerdecoderlayer: transformer,
  groupqueryattention: 'Use `multiHeadAttention`.', additiveattention: 'Use `multiHeadAttention`.', positionalencoding: 'Use `positionEmbedding`, which learns it.',
  upsample: 'Write `upSampling2d`.', upsamplingnearest2d: 'Write `upSampling2d`.', upsamplingbilinear2d: 'Write `upSampling2d` with `interpolation: bilinear`.', pixelshuffle: 'Use `conv2dTranspose` or `upSampling2d`.', pixelunshuffle: 'Use `conv` with a stride.',
  zeropad2d: 'Write `zeroPadding2d`.', reflectionpad2d: padded, replicationpad2d: padded, constantpad2d: padded,
  input: 'The input has the shape of the data; layers refer to it as `input`.', sequential: listed, modulelist: listed, activityregularization: 'Use `kernelRegularizer` of the layer.',
  discretization: looked, hashing: looked, hashedcrossing: looked, stringlookup: looked, integerlookup: looked, textvectorization: looked,
  randomflip: augmentation, randomrotation: augmentation, randomzoom: augmentation, randomcrop: augmentation, randomtranslation: augmentation, randomcontrast: augmentation, randombrightness: augmentation, randomerasing: augmentation, mixup: augmentation, cutmix: augmentation, randaugment: augmentation, augmix: augmentation,
  tfsmlayer: python, jaxlayer: python, torchmodulewrapper: python, flaxlayer: python,
  cosinesimilarity: 'Write `dot` with `normalize: true`.',
};
