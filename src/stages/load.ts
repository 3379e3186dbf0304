import type { Chosen } from '../base/row.ts';
import { type Split, type SplitOptions, splitSamples } from '../datasets/batches.ts';
import { dataWarnings } from '../datasets/data-warnings.ts';
import type { DataWarning, Dataset } from '../datasets/dataset.ts';
import { datasetRow } from '../datasets/datasets.ts';

/** What the load stage is told. */
export interface LoadInput {
  readonly source: Chosen;
  readonly split: SplitOptions;
  readonly seed: number;
  /** The folder that paths count from. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/** Data in memory, checked and divided. */
export interface LoadedData {
  readonly dataset: Dataset;
  readonly split: Split;
  /** What is strange about it. */
  readonly warnings: readonly DataWarning[];
}

/**
 * Reads the data, checks each file, divides the training samples.
 *
 * @throws UserError when a file is missing, damaged, or does not fit the others; the signal's reason when it is aborted
 */
export async function load({ source, split, seed, folder, signal }: LoadInput): Promise<LoadedData> {
  const dataset = await datasetRow(source.type).load(source.options, folder, seed, signal, split);
  const divided = dataset.split ?? splitSamples(dataset.train, dataset.spec.targets, split, seed);
  return { dataset, split: divided, warnings: dataWarnings(dataset, divided) };
}
