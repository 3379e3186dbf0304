import { permutation, seedFor } from '../base/seeds.ts';
import { augmentedBatches } from '../datasets/augment/augment-batches.ts';
import type { Batch } from '../datasets/batches.ts';
import type { TrainInput } from './train-input.ts';

/** The rows of the source in the order in which an epoch trains on them. @param epoch counted from 1 */
export function orderOf({ data: { split }, seed }: Pick<TrainInput, 'data' | 'seed'>, epoch: number): Uint32Array {
  return permutation(split.train.length, seedFor(seed, 'data', 'order', epoch)).map((i) => split.train[i]!);
}

/**
 * The training batches of an epoch in its own order, augmented where the file asks for it.
 *
 * @param epoch counted from 1 @param first the batch to begin with, counted from 0 @param rows what orderOf gives
 */
export function trainingBatches(
  input: Pick<TrainInput, 'data' | 'batchSize' | 'seed' | 'augment'>,
  epoch: number,
  first: number,
  rows = orderOf(input, epoch),
): AsyncIterable<Batch> {
  const {
    data: { dataset, split },
    batchSize,
    seed,
    augment,
  } = input;
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
