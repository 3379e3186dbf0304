import { augmentedBatches } from '../datasets/augment/augment-batches.ts';
import type { Batch } from '../datasets/batches.ts';
import { epochOrder } from './epoch-order.ts';
import type { TrainInput } from './train-input.ts';

/**
 * The training batches of an epoch in its own order, augmented where the file asks for it. Each is there until the next
 * is asked for.
 *
 * @param epoch counted from 1 @param first the batch to begin with, counted from 0 @param rows what epochOrder gives
 */
export function trainingBatches(
  input: Pick<TrainInput, 'data' | 'batchSize' | 'seed' | 'augment' | 'sampling'>,
  epoch: number,
  first: number,
  rows = epochOrder(input, epoch),
): AsyncIterable<Batch> {
  const {
    data: { dataset, split },
    batchSize,
    seed,
    augment,
  } = input;
  const wanted = { rows, size: batchSize, from: first, passing: true };
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
