import type { History } from '../base/results.ts';
import { type UserError, failure } from '../base/diagnostics.ts';
import { firstRows, subsetOf } from '../datasets/batch-source.ts';
import { permutation, seedFor } from '../base/seeds.ts';
import { type LoadedData, fitTargets } from '../stages/load.ts';
import { trainStage } from '../stages/train-stage.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';

/** A run that tries a pipeline out: one batch through every stage, or a few samples that are to be learnt by heart. */
export type Trial = { readonly kind: 'smoke' } | { readonly kind: 'overfit'; readonly samples: number };

/** Below this, a loss that has 0 as its smallest value counts as zero: every sample is predicted with 99 % and more. */
const zeroLoss = 0.01;

/** Epochs that learning by heart may take. */
const overfitEpochs = 500;

/** How a run's tags and name call it. */
export function nameTrial(trial: Trial): string {
  return trial.kind === 'smoke' ? 'smoke' : `overfit-${trial.samples}`;
}

/** What a trial is, for people who look at what came of it. */
export function describeTrial(trial: Trial): string {
  if (trial.kind === 'smoke')
    return 'one batch of each part for one epoch (--smoke): its numbers say nothing of the model';
  return (
    `${trial.samples} training ${trial.samples === 1 ? 'sample' : 'samples'}, ` +
    'which the test is of too (--overfit): its numbers say nothing of other samples'
  );
}

/** The pipeline as its trial trains it. */
export function forTrial(checked: CheckedPipeline, trial: Trial): CheckedPipeline {
  const { pipeline } = checked;
  if (trial.kind === 'smoke') return { ...checked, pipeline: { ...pipeline, train: { ...pipeline.train, epochs: 1 } } };
  // What is tied to the number of epochs, or to validation, would get in the way.
  const overEpochs = trainStage.dependsOn['train']?.section?.overEpochs ?? [];
  const train = { ...pipeline.train };
  // Samples that are others in each epoch are not learnt by heart.
  for (const option of [...overEpochs, 'augment', 'sampling']) Reflect.deleteProperty(train, option);
  return {
    ...checked,
    pipeline: {
      ...pipeline,
      train: {
        ...train,
        epochs: overfitEpochs,
        batchSize: Math.min(train.batchSize, trial.samples),
        endsAtLoss: zeroLoss,
      },
    },
  };
}

/** The data as a trial sees it: one batch of each part; or a few training samples, which are the test too. */
export function limitData(
  { dataset, split, fitted, ...rest }: LoadedData,
  trial: Trial,
  { batchSize, seed }: { readonly batchSize: number; readonly seed: number },
): LoadedData {
  if (trial.kind === 'smoke') {
    const test = subsetOf(dataset.test, firstRows(Math.min(batchSize, dataset.test.count)));
    return {
      ...rest,
      fitted,
      dataset: { ...dataset, test },
      split: { train: split.train.slice(0, batchSize), validation: split.validation.slice(0, batchSize) },
    };
  }
  const rows = permutation(split.train.length, seedFor(seed, 'data', 'overfit'))
    .slice(0, trial.samples)
    .map((i) => split.train[i]!);
  const limited: LoadedData = {
    ...rest,
    fitted,
    dataset: { ...dataset, test: subsetOf(dataset.train, rows) },
    split: { train: rows, validation: new Uint32Array() },
  };
  // By that of all rows, samples near each other would have a loss of almost zero before anything is learnt.
  return { ...limited, fitted: fitTargets(limited) };
}

/** The end of a run that was to learn its samples by heart and did not; undefined where it did. */
export function overfitFailure(trial: Trial, history: History, samples: number): UserError | undefined {
  const loss = history.at(-1)!['loss']!;
  if (trial.kind === 'smoke' || loss <= zeroLoss) return undefined;
  const problem =
    `after ${history.length} epochs the loss on ${samples} ${samples === 1 ? 'sample' : 'samples'} is still ` +
    `${loss.toPrecision(3)}: the model does not learn them by heart`;
  return failure(
    'not-overfitted',
    problem,
    'Look for a learning rate that is too small or too large, a missing activation, labels that do not belong ' +
      'to their samples; take out dropout, noise, regularizers and label smoothing for this trial.',
  );
}
