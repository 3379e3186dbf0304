import { type Split, type SplitOptions, afterTest } from '../datasets/splits/split.ts';
import type { Chosen } from '../base/row.ts';
import { inTurns } from '../base/turns.ts';
import type { ShownSamples } from '../charts/chart.ts';
import { type BatchSource, arraySource } from '../datasets/batch-source.ts';
import { fitChannels, standardizesChannels } from '../datasets/pictures/channel-scales.ts';
import { constantTargets, dataWarnings } from '../datasets/findings/data-warnings.ts';
import { allowedMemory, arePacked } from '../datasets/files/data-memory.ts';
import type { DataWarning, Dataset, DatasetSpec, Origin } from '../datasets/dataset.ts';
import { type DataFacts, type DataFinding, examineData } from '../datasets/findings/examine-data.ts';
import { datasetRow, piecesOf, tableOf } from '../datasets/datasets.ts';
import { inMemory } from '../datasets/pieces.ts';
import { isReconstruction, learnsInput, reconstructing } from '../datasets/reconstruction.ts';
import { type SampleView, viewOf } from '../datasets/findings/sample-view.ts';
import { type Fitted, fitTarget } from '../datasets/scale.ts';
import { splitSamples } from '../datasets/splits/split-samples.ts';
import { fitWhitening, whitens } from '../datasets/pictures/whitening.ts';
import { loadPacked } from './load-packed.ts';
import { shownIn } from './shown-samples.ts';

/** What the load stage is told. */
export interface LoadInput {
  readonly source: Chosen;
  readonly split: SplitOptions;
  readonly seed: number;
  /** The folder that paths count from. */
  readonly folder: string;
  /** What `data.memory` says. */
  readonly memory?: string | undefined;
  readonly signal?: AbortSignal | undefined;
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
export async function load({ source, split, seed, folder, memory, signal }: LoadInput): Promise<LoadedData> {
  const { dataset: whole, view, ...read } = await readData({ source, split, seed, folder, memory, signal });
  const { spec, train } = whole;
  const divided = whole.split ?? splitSamples(stratifiable(spec, train), spec.targets, afterTest(split, spec), seed);
  const dataset = await withFittedInputs(whole, source.options, divided.train, signal);
  const fitted = fitTargets({ dataset, split: divided });
  const looked = { ...dataset, ...read };
  const shown = shownIn(looked, divided, seed);
  const { facts, findings } = await inTurns(examineData(looked, divided, view), signal);
  const found = [
    ...dataWarnings(dataset, divided, view),
    ...constantTargets(dataset.spec.targets, fitted, divided.train.length),
    ...findings,
  ];
  // What reading alone has told, such as of pictures whose heads were whole.
  const { warnings: ofReading = [] } = spec;
  return {
    dataset,
    split: divided,
    fitted,
    facts,
    ...(shown && { shown }),
    warnings: [...ofReading.filter((one) => found.every(({ code }) => code !== one.code)), ...found],
  };
}

/** What its inputs are standardized and whitened by, where the options say so, by the rows that are trained on. */
async function withFittedInputs(
  dataset: Dataset<BatchSource>,
  options: object,
  rows: Uint32Array,
  signal: AbortSignal | undefined,
): Promise<Dataset<BatchSource>> {
  let fitted = dataset;
  const having = (inputs: DatasetSpec['inputs']) => ({ ...fitted, spec: { ...fitted.spec, inputs } });
  if (standardizesChannels(options)) fitted = having(await fitChannels(fitted, rows, signal));
  if (whitens(options)) fitted = having(await fitWhitening(fitted, rows, signal));
  return fitted;
}

interface ReadData {
  readonly dataset: Dataset<BatchSource>;
  readonly view: SampleView;
  /** Where samples come from, where that is known: it may hold the files, and is let go of. */
  readonly origin?: Origin;
}

async function readData(input: LoadInput): Promise<ReadData> {
  const read = await readSamples(input);
  if (!learnsInput(input.source.options)) return read;
  // Whatever labels there are, one input has one answer: itself.
  return { ...read, dataset: reconstructing(read.dataset), view: { ...read.view, haveOneAnswer: () => true } };
}

async function readSamples({ source, split, seed, folder, memory, signal }: LoadInput): Promise<ReadData> {
  const pieces = piecesOf(source.type)?.open(source.options, folder, seed, split);
  if (pieces !== undefined && arePacked(pieces.spec, memory)) return loadPacked(pieces, allowedMemory(memory), signal);
  const table = await inTurns(openTable({ source, split, seed, folder, memory }), signal);
  if (table !== undefined && arePacked(table.spec, memory))
    return loadPacked(await inTurns(table.pieces(), signal), allowedMemory(memory), signal);
  const { origin, ...whole } =
    pieces === undefined
      ? await datasetRow(source.type).load(source.options, folder, seed, signal, split)
      : await inMemory(pieces, signal);
  return {
    dataset: { ...whole, train: arraySource(whole.train), test: arraySource(whole.test) },
    view: viewOf(whole),
    ...(origin && { origin }),
  };
}

function* openTable({ source, split, seed, folder, memory }: Omit<LoadInput, 'signal'>) {
  const maker = tableOf(source.type);
  if (maker === undefined) return undefined;
  return yield* maker.open(source.options, folder, seed, split, allowedMemory(memory));
}

/** What a split by classes asks: of masks it knows none, and they may be more than memory holds. */
function stratifiable({ targets }: DatasetSpec, train: BatchSource) {
  const none = new Uint8Array();
  return {
    count: train.count,
    targets: targets.map(({ shape }, k) => (shape.length === 0 ? train.labels(k) : none)),
  };
}

/** See LoadedData.fitted. */
export function fitTargets({
  dataset: { train, spec },
  split,
}: Pick<LoadedData, 'dataset' | 'split'>): LoadedData['fitted'] {
  return spec.targets.map((target, k) =>
    target.kind === 'number' && !isReconstruction(target)
      ? fitTarget(train.labels(k) as Float64Array, target.shape, split.train)
      : undefined,
  );
}
