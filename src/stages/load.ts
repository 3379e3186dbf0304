import type { Split, SplitOptions } from '../datasets/split.ts';
import type { Chosen } from '../base/row.ts';
import { inTurns } from '../base/turns.ts';
import type { ShownSamples } from '../charts/chart.ts';
import { type BatchSource, arraySource } from '../datasets/batch-source.ts';
import { constantTargets, dataWarnings } from '../datasets/data-warnings.ts';
import type { DataWarning, Dataset } from '../datasets/dataset.ts';
import { type DataFacts, type DataFinding, examineData } from '../datasets/examine-data.ts';
import { datasetRow } from '../datasets/datasets.ts';
import { type Fitted, fitTarget } from '../datasets/scale.ts';
import { splitSamples } from '../datasets/split-samples.ts';
import { shownIn } from './shown-samples.ts';

/** What the load stage is told. */
export interface LoadInput {
  readonly source: Chosen;
  readonly split: SplitOptions;
  readonly seed: number;
  /** The folder that paths count from. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}

/** Data, checked and divided. */
export interface LoadedData {
  readonly dataset: Dataset<BatchSource>;
  readonly split: Split;
  /** For each target that is numbers, the scale of each of its components on the rows trained on. */
  readonly fitted: readonly (readonly Fitted[] | undefined)[];
  /** What it holds, in numbers. */
  readonly facts: DataFacts;
  /** Some of its samples, for who looks at it; left out where they are neither pictures nor rows. */
  readonly shown?: ShownSamples;
  /** What is strange about it. */
  readonly warnings: readonly (DataWarning & Partial<Pick<DataFinding, 'places'>>)[];
}

/**
 * Reads the data, checks each file, divides the training samples.
 *
 * @throws UserError when a file is missing, damaged, or does not fit the others; the signal's reason when it is aborted
 */
export async function load({ source, split, seed, folder, signal }: LoadInput): Promise<LoadedData> {
  const whole = await datasetRow(source.type).load(source.options, folder, seed, signal, split);
  const { origin: _, ...read } = whole;
  const dataset = { ...read, train: arraySource(read.train), test: arraySource(read.test) };
  const divided = read.split ?? splitSamples(read.train, read.spec.targets, split, seed);
  const fitted = fitTargets({ dataset, split: divided });
  const shown = shownIn(whole, divided, seed);
  const { facts, findings } = await inTurns(examineData(whole, divided), signal);
  return {
    dataset,
    split: divided,
    fitted,
    facts,
    ...(shown && { shown }),
    warnings: [
      ...dataWarnings(read, divided),
      ...constantTargets(dataset.spec.targets, fitted, divided.train.length),
      ...findings,
    ],
  };
}

/** See LoadedData.fitted. */
export function fitTargets({
  dataset: { train, spec },
  split,
}: Pick<LoadedData, 'dataset' | 'split'>): LoadedData['fitted'] {
  return spec.targets.map(({ kind, shape }, k) =>
    kind === 'number' ? fitTarget(train.labels(k) as Float64Array, shape, split.train) : undefined,
  );
}
