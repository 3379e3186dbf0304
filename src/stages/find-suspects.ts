import { dirname } from 'node:path';
import { type Diagnostic, UserError, warning } from '../base/diagnostics.ts';
import { showCount } from '../base/quantities.ts';
import { listed } from '../datasets/findings/data-warnings.ts';
import type { Origin, SamplePlace } from '../datasets/dataset.ts';
import { datasetRow } from '../datasets/datasets.ts';
import { showSamplePlace } from '../datasets/findings/examine-data.ts';
import type { SuspectLabels } from '../datasets/findings/suspect-labels.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { rankLabels } from '../training/label-margins.ts';
import { evaluateRows } from './evaluate-rows.ts';
import type { LoadedData } from './load.ts';
import type { StageContext } from './stage.ts';
import type { TrainOutput } from './train.ts';

/** Rows that a ranking has at most. */
const mostRanked = 1000;

/**
 * Ranks the labels of a training by their margins; the data is read once more for the places of those that are suspect,
 * as what knows them all was let go of.
 */
export async function findSuspects(
  { margins, history, evaluator }: Pick<TrainOutput, 'margins' | 'history' | 'evaluator'>,
  context: Pick<StageContext, 'checked' | 'data' | 'signal' | 'emit'>,
): Promise<readonly SuspectLabels[]> {
  const data = await context.data();
  const {
    dataset: { spec, train },
    split,
  } = data;
  const found: SuspectLabels[] = [];
  let places: ReadonlyMap<number, SamplePlace> | undefined;
  for (const [k, target] of spec.targets.entries()) {
    const sums = margins[k];
    if (sums === undefined || target.kind !== 'class') continue;
    const labels = train.labels(k);
    const { suspects, rows } = rankLabels(sums, labels, split.train, history.length);
    const told = { target: target.name, samples: split.train.length, suspects };
    if (suspects === 0) {
      found.push({ ...told, ranking: [] });
      continue;
    }
    const shown = rows.subarray(0, Math.min(mostRanked, Math.max(suspects, Math.ceil(rows.length / 100))));
    const judged = await evaluateRows(evaluator, { targets: spec.targets, source: train, rows: shown }, context.signal);
    places = await placesOf(shown, data, context);
    found.push({
      ...told,
      suspects: Math.min(suspects, shown.length),
      ranking: Array.from(shown, (row, i) => ({
        place: places!.get(row)!,
        row,
        label: target.classes[labels[row]!]!,
        predicted: target.classes[judged.outputs[k]!.predicted[i]!]!,
        margin: sums[row]! / history.length,
      })),
    });
  }
  return found;
}

/** Where these training samples stand; where that cannot be told any more, their numbers in the data set. */
async function placesOf(
  rows: Uint32Array,
  { dataset }: LoadedData,
  { checked, signal, emit }: Pick<StageContext, 'checked' | 'signal' | 'emit'>,
): Promise<ReadonlyMap<number, SamplePlace>> {
  const { pipeline, source } = checked;
  const { type, options } = pipeline.data.source;
  if (dataset.origin !== undefined) return placesBy(dataset.origin, rows);
  try {
    const again = await datasetRow(type).load(
      options,
      dirname(source.name),
      pipeline.seed,
      signal,
      pipeline.data.split,
    );
    const hashes = ({ files }: Pick<typeof dataset, 'files'>) => files.map(({ sha256 }) => sha256).join();
    if (again.origin !== undefined && hashes(again) === hashes(dataset)) return placesBy(again.origin, rows);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  const message = 'the data is no longer what was trained on: suspect labels are told by the numbers of their samples';
  emit({ type: 'diagnostic', diagnostic: warning('data-changed-meanwhile', message) });
  return new Map(Array.from(rows, (row) => [row, { file: dataset.name, sample: row + 1 }]));
}

/** In the order of the file, in which lines are counted on. */
function placesBy(origin: Origin, rows: Uint32Array): ReadonlyMap<number, SamplePlace> {
  return new Map(
    Array.from(
      rows.toSorted((a, b) => a - b),
      (row) => [row, origin.place('train', row)] as const,
    ),
  );
}

/** That labels are likely wrong; none where none is. */
export function suspectWarnings(all: readonly SuspectLabels[], { plan }: CheckedPipeline): readonly Diagnostic[] {
  return all.flatMap(({ target, samples, suspects, ranking }) => {
    if (suspects === 0) return [];
    const some = ranking
      .slice(0, Math.min(3, suspects))
      .map(({ place, label, predicted }) => `${showSamplePlace(place)} (${label}${says(label, predicted)})`);
    const of = plan.dataset.targets.length === 1 ? '' : ` of \`${target}\``;
    return [
      warning(
        'suspect-labels',
        `${showCount(suspects)} of ${showCount(samples)} labels${of} ${suspects === 1 ? 'is' : 'are'} likely wrong: ` +
          `${listed(some)}${suspects > 3 ? ' and others' : ''}.`,
        'data/suspect-labels.csv ranks them, and so does `pipeline data --run`: mend what is wrong, or leave it out.',
      ),
    ];
  });
}

const says = (label: string, predicted: string) => (label === predicted ? '' : `, the model says ${predicted}`);
