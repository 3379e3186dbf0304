import { join } from 'node:path';
import { type TrainingState, trainingStateForm } from './training-state.ts';
import { historyForm } from '../base/results.ts';
import type { SampleNoun } from '../base/events.ts';
import {
  anyNumber,
  either,
  type Form,
  list,
  nothing,
  number,
  object,
  optional,
  such,
  text,
  whole,
} from '../base/json-form.ts';
import { showMeasure, showPace } from '../base/quantities.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import { type Checkpoint, namedArrayForm } from '../checkpoints/checkpoint-file.ts';
import type { Checkpoints } from '../checkpoints/checkpoint-folder.ts';
import { type Engine, nameEngine } from '../engine/tensorflow.ts';
import { type SavedModel, modelFiles, saveModel, savedModelForm, writeModel } from '../layers/save-model.ts';
import { type SuspectLabels, suspectLabelsForm, suspectsAsCsv } from '../datasets/findings/suspect-labels.ts';
import type { TrackedRun } from '../tracking/tracker.ts';
import { writeArtifact } from '../tracking/write-artifact.ts';
import type { TrainOutput } from './train.ts';

/** A trained model without TensorFlow, and how it came to be. */
export interface TrainOutcome extends Pick<
  TrainOutput,
  'history' | 'epoch' | 'weightsSha256' | 'scales' | 'samplesPerSecond' | 'ranAs'
> {
  /** `compiled`, or `eager (why)`. */
  readonly step: string;
  /** Kind and version of the engine that trained it. */
  readonly engine: string;
  readonly model: SavedModel;
  /** What it tells of the labels that it watched; earlier versions watched none. */
  readonly suspects?: readonly SuspectLabels[];
  /** Where a longer training goes on; left out where it could not be kept. */
  readonly end?: Checkpoint<TrainingState>;
}

/** What is kept of a training has to say. */
export const trainOutcomeForm: Form<TrainOutcome> = such(
  object({
    history: historyForm,
    epoch: whole,
    weightsSha256: text(/^[0-9a-f]{64}$/),
    scales: list(either(nothing, list(object({ mean: number, deviation: number })))),
    samplesPerSecond: anyNumber,
    ranAs: text(),
    step: text(),
    engine: text(),
    model: savedModelForm,
    suspects: optional(suspectLabelsForm),
    end: optional(object({ state: trainingStateForm, arrays: list(namedArrayForm) })),
  }),
  ({ history, epoch, end }) => {
    const isWithin = epoch >= 1 && epoch <= history.length;
    return isWithin && (end === undefined || end.state.progress.finished.length === history.length);
  },
);

/** What is kept of a training. */
export async function outcomeOfTraining(
  engine: Engine,
  { model, step, history, epoch, weightsSha256, scales, samplesPerSecond, ranAs }: TrainOutput,
  checkpoints: Checkpoints<TrainingState> | undefined,
  suspects: readonly SuspectLabels[],
): Promise<TrainOutcome> {
  const newest = checkpoints?.newest();
  // Where the disk was full, it is an earlier one.
  const end = newest?.state.progress.finished.length === history.length ? { end: newest } : {};
  return {
    history,
    epoch,
    weightsSha256,
    scales,
    samplesPerSecond,
    ranAs,
    step,
    engine: nameEngine(engine),
    model: await saveModel(engine.tf, model, scales),
    suspects,
    ...end,
  };
}

/** One line for people: epochs, step, loss, pace. */
export function describeTraining(
  { history, epoch, step, samplesPerSecond }: TrainOutcome,
  samples: SampleNoun,
): string {
  const epochs = `${history.length} ${history.length === 1 ? 'epoch' : 'epochs'}`;
  const best = epoch < history.length ? ` (best: ${epoch})` : '';
  const loss = showMeasure(history[epoch - 1]!['loss']!);
  return `${epochs}${best}, ${step}, loss ${loss}, ${showPace(samplesPerSecond, samples)}`;
}

/** The trained model. */
export function recordModel(run: TrackedRun, model: SavedModel, metadata: Readonly<Record<string, unknown>>): void {
  writeModel(join(run.artifactDirectory, 'model'), model, hideSecretsIn(metadata));
  for (const file of modelFiles) run.artifact(`model/${file}`);
  run.tags({ 'pipeline.weights_sha256': String(metadata['weightsSha256']) });
}

/** The ranking of suspect labels where there is one: for people as CSV, for programs as JSON. */
export function recordSuspects(run: TrackedRun, suspects: readonly SuspectLabels[]): void {
  const told = hideSecretsIn(suspects);
  if (told.length > 0) run.tags({ [suspectsTag]: String(told.reduce((sum, { suspects: count }) => sum + count, 0)) });
  if (told.every(({ ranking }) => ranking.length === 0)) return;
  writeArtifact(run, 'data/suspect-labels.csv', suspectsAsCsv(told));
  writeArtifact(run, suspectsFile, `${JSON.stringify(told)}\n`);
}

/** How many labels are suspect; of a run that watched none, there is no such tag. */
export const suspectsTag = 'pipeline.suspect_labels';

/** The artifact that has them for programs. */
export const suspectsFile = 'data/suspect-labels.json';
