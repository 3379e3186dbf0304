import { augmentedSamples } from './augmented-samples.ts';
import type { Chart } from './chart.ts';
import type { chartDocs } from './chart-docs.ts';
import { confusionMatrix } from './confusion-matrix.ts';
import { imageGrid } from './image-grid.ts';
import { learningCurves } from './learning-curves.ts';
import { masks } from './masks.ts';
import { misclassified } from './misclassified.ts';
import { perClassScores } from './per-class-scores.ts';
import { predictedVersusActual } from './predicted-versus-actual.ts';
import { reconstructions } from './reconstructions.ts';
import { sampleImage } from './sample-image.ts';
import { trainingSamples } from './training-samples.ts';

/** Every figure by the name that users write, in the order of the report. */
export const charts = {
  learningCurves,
  confusionMatrix,
  perClassScores,
  predictedVersusActual,
  masks,
  reconstructions,
  imageGrid,
  misclassified,
  sampleImage,
  trainingSamples,
  augmentedSamples,
} as const satisfies Record<keyof typeof chartDocs, Chart>;
