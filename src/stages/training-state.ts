import type { RunEvent } from '../base/events.ts';
import { type Form, list, number, object, oneOf, optional, record, such, text, whole } from '../base/json-form.ts';
import type { StepKind } from '../engine/install/engine-site.ts';
import { type Tally, newTally } from '../training/epoch-metrics.ts';

/** What is told of an epoch when it ends. */
export type FinishedEpoch = Omit<Extract<RunEvent, { type: 'epoch-finished' }>, 'type' | 'epochs'>;

/** How far a training has come: with the variables, all that its next step depends on. */
export interface Progress {
  readonly finished: FinishedEpoch[];
  /** Milliseconds that the steps of finished epochs took. */
  trainingMs: number;
  /** How its steps ran so far; more than one where it went on the other way. */
  readonly ranAs: readonly StepKind[];
  /** The epoch under way. */
  now: EpochProgress;
}

/** How far an epoch has come. */
export interface EpochProgress {
  /** Batches that were trained on; all of them while the epoch is being validated. */
  batch: number;
  /** What their steps told. */
  readonly tally: Tally;
  ms: number;
}

/** What a checkpoint says besides the values of variables. */
export interface TrainingState {
  /** Versions before this one did not say how steps ran. */
  readonly progress: Omit<Progress, 'ranAs'> & Partial<Pick<Progress, 'ranAs'>>;
  /** SHA-256 of what is trained on. */
  readonly data: string;
}

const count = such(whole, (value) => value >= 0);
// JSON has no NaN: null stands for it until the training goes on.
const measured: Form<number> = (value) => (value === null ? undefined : number(value));

/** What a checkpoint of a training has to say: it may come from elsewhere. */
export const trainingStateForm: Form<TrainingState> = object({
  progress: object({
    finished: such(
      list(
        object({
          epoch: count,
          metrics: such(record(measured), (metrics) => Object.hasOwn(metrics, 'loss')),
          samplesPerSecond: measured,
          seconds: number,
        }),
      ),
      (finished) => finished.every(({ epoch }, i) => epoch === i + 1),
    ) as Form<FinishedEpoch[]>,
    trainingMs: number,
    ranAs: optional(list(oneOf('compiled', 'eager'))),
    now: object({
      batch: count,
      tally: object({
        seen: count,
        loss: measured,
        losses: list(measured),
        scores: list(measured),
        absent: optional(list(count)),
      }),
      ms: number,
    }) as Form<EpochProgress>,
  }),
  data: text(/^[0-9a-f]{64}$/),
});

/** The beginning of an epoch. */
export function newEpoch(): EpochProgress {
  return { batch: 0, tally: newTally(), ms: 0 };
}
