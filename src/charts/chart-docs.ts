/**
 * What every figure shows, by the name that users write, in the order of the report: all that a file is checked
 * against.
 */
export const chartDocs = {
  learningCurves:
    'Loss and accuracy (or error) per epoch, on the training and the validation split, beside published figures.',
  confusionMatrix:
    'Which class is taken for which: test samples (of masks pixels, of texts characters) by actual ' +
    'and predicted class, coloured by share of the row.',
  perClassScores: 'Precision, recall and F1 of each class or label, as points on a common scale.',
  predictedVersusActual:
    'Numbers as predicted over what they are, test sample by test sample; on the line they are equal.',
  masks: 'Test pictures picked by the seed, each with its mask and the one that the model gives.',
  reconstructions:
    'Test pictures from all over the data, each above what the model makes of it, with its mean squared error.',
  imageGrid:
    'Test images picked by the seed, or recordings as their spectrograms, each with its label and the prediction.',
  misclassified: 'The wrong predictions that the model was most sure of.',
  sampleImage: 'One test image picked by the seed, or recording as its spectrogram, with its label and the prediction.',
  trainingSamples:
    'Training samples of each class, drawn by the seed: pictures as they are, recordings as their spectrograms, or ' +
    'rows of the table.',
  augmentedSamples:
    'Training images picked by the seed, or recordings as their spectrograms, as they are and as `train.augment` ' +
    'made them in some of the epochs.',
} as const;
