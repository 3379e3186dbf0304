import { sizeOf } from '../base/tensor-shape.ts';
import type { EpochMetrics } from '../base/results.ts';
import type { TargetSpec } from '../datasets/dataset.ts';
import type { StepResult } from './trainer.ts';

/** What a split says of one output. */
export interface OutputScore {
  readonly target: TargetSpec;
  /** Mean over the samples; under a mask, over the places that are there. */
  readonly loss: number;
  /** Of classes: the share that is predicted right; of numbers: the mean absolute error. */
  readonly score: number;
}

/**
 * What an epoch is judged by, by Keras' names: `loss` and `accuracy` (classes) or `meanAbsoluteError` (numbers); with
 * several outputs also `digit_loss`, `digit_accuracy`, ...
 */
export function epochMetrics({
  loss,
  outputs,
}: {
  readonly loss: number;
  readonly outputs: readonly OutputScore[];
}): EpochMetrics {
  const several = outputs.length > 1;
  const each = outputs.flatMap(({ target, loss: own, score }) => {
    const prefix = several ? `${target.name}_` : '';
    return [...(several ? [[`${prefix}loss`, own] as const] : []), [`${prefix}${scoreName(target)}`, score] as const];
  });
  return { loss, ...Object.fromEntries(each) };
}

/** What `score` of a target is called. */
export function scoreName({ kind }: TargetSpec): 'accuracy' | 'meanAbsoluteError' {
  return kind === 'class' ? 'accuracy' : 'meanAbsoluteError';
}

/** Sums of what the steps of an epoch tell, over the samples so far. Plain numbers: checkpoints keep them. */
export interface Tally {
  seen: number;
  loss: number;
  /** Of each output. */
  readonly losses: number[];
  readonly scores: number[];
  /** How many of its classes or numbers a mask left out; versions before this one did not say. */
  absent?: number[];
}

/** A tally of nothing. */
export function newTally(): Tally {
  return { seen: 0, loss: 0, losses: [], scores: [], absent: [] };
}

/** Adds what one step tells of so many samples. */
export function addStep(tally: Tally, { loss, losses, scores, absent }: StepResult, samples: number): void {
  tally.seen += samples;
  tally.absent = absent.map((count, k) => count + (tally.absent?.[k] ?? 0));
  tally.loss += loss * samples;
  scores.forEach((score, k) => {
    tally.losses[k] = (tally.losses[k] ?? 0) + (losses[k] ?? loss) * samples;
    tally.scores[k] = (tally.scores[k] ?? 0) + score;
  });
}

/** Means over the samples so far. */
export function tallied(
  { seen, loss, losses, scores, absent = [] }: Tally,
  targets: readonly TargetSpec[],
): EpochMetrics {
  return epochMetrics({
    loss: loss / seen,
    outputs: targets.map((target, k) => ({
      target,
      loss: losses[k]! / seen,
      score: scores[k]! / (seen * sizeOf(target.shape) - (absent[k] ?? 0)),
    })),
  });
}
