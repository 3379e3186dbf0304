import { permutation, seedFor } from '../base/seeds.ts';
import type { AugmentedPictures } from '../charts/chart.ts';
import { augmentedBatches } from '../datasets/augment/augment-batches.ts';
import type { BatchSource } from '../datasets/batch-source.ts';
import type { Pipeline } from '../language/pipeline.ts';
import type { LoadedData } from './load.ts';
import { picturesIn } from './pictures.ts';

/** How many are shown at most. */
const [mostSamples, mostEpochs] = [6, 5];

/**
 * Some of the training pictures, as they are and as epochs of the training saw them; undefined where nothing is
 * augmented or there are no pictures of bytes.
 *
 * @param trained how many epochs there were
 */
export function augmentedIn(
  { dataset: { spec, train }, split }: LoadedData,
  { seed, train: { augment } }: Pick<Pipeline, 'seed' | 'train'>,
  trained: number,
): AugmentedPictures | undefined {
  if (augment === undefined) return undefined;
  const columns = Math.min(mostEpochs, trained);
  const epochs = Array.from(
    { length: columns },
    (_, i) => 1 + Math.round(((trained - 1) * i) / Math.max(1, columns - 1)),
  );
  const samples = permutation(split.train.length, seedFor(seed, 'augmentedSamples'))
    .slice(0, mostSamples)
    .map((i) => split.train[i]!);
  const shown: BatchSource = {
    count: samples.length * (epochs.length + 1),
    labels: (target) => train.labels(target),
    async *batches({ rows }) {
      for (const row of rows) {
        const wanted = { rows: samples.subarray(Math.floor(row / (epochs.length + 1))).subarray(0, 1), size: 1 };
        const epoch = epochs[(row % (epochs.length + 1)) - 1];
        yield* epoch === undefined
          ? train.batches(wanted)
          : augmentedBatches(train, wanted, { augment, inputs: spec.inputs, seed, epoch, partners: split.train });
      }
    },
  };
  const pictures = picturesIn({ spec, test: shown });
  const asTheyAre = picturesIn({ spec, test: train });
  if (pictures === undefined || asTheyAre === undefined) return undefined;
  // Noise leaves no ground empty.
  return { pictures: { ...pictures, areDrawings: asTheyAre.areDrawings }, samples: samples.length, epochs };
}
