/** What Keras and PyTorch call losses that did-you-mean does not find, in small letters, and what they are here. */
export const lossesElsewhere: Readonly<Record<string, string>> = {
  bce: 'binaryCrossentropy',
  bceloss: 'binaryCrossentropy',
  bcewithlogitsloss: 'sigmoidCrossEntropy',
  cce: 'categoricalCrossentropy',
  crossentropyloss: 'softmaxCrossEntropy',
  kld: 'kullbackLeiblerDivergence',
  kldivloss: 'kullbackLeiblerDivergence',
  l1loss: 'meanAbsoluteError',
  mseloss: 'meanSquaredError',
  poissonnllloss: 'poisson',
  scce: 'sparseCategoricalCrossentropy',
  smoothl1loss: 'huberLoss',
};
