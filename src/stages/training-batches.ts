import { permutation, seedFor } from '../base/seeds.ts';
import { augmentedBatches } from '../datasets/augment/augment-batches.ts';
import type { Batch } from '../datasets/batches.ts';
import type { TrainInput } from './train-input.ts';

/**
 * The training batches of an epoch in its own order, augmented where the file asks for it.
 *
 * @param epoch counted from 1 @param first the batch to begin with, counted from 0
 */
export function trainingBatches(
  { data: { dataset, split }, batchSize, seed, augment }: Pick<TrainInput, 'data' | 'batchSize' | 'seed' | 'augment'>,
  epoch: number,
  first: number,
): AsyncIterable<Batch> {
  const rows = permutation(split.train.length, seedFor(seed, 'data', 'order', epoch)).map((i) => split.train[i]!);
  const wanted = { rows, size: batchSize, from: first };
  return augment === undefined
    ? dataset.train.batches(wanted)
    : augmentedBatches(dataset.train, wanted, {
        augment,
        inputs: dataset.spec.inputs,
        seed,
        epoch,
        partners: split.train,
      });
}
