import type { Diagnostic } from './diagnostics.ts';

/** How a run ended, as MLflow spells it. */
export type RunStatus = 'FINISHED' | 'FAILED' | 'KILLED';

/** What throughput counts, as people call the samples. */
export type SampleNoun = 'images' | 'recordings' | 'samples';

/**
 * Everything a run tells the outside. Work emits these; the terminal, the NDJSON log and the tests listen.
 * `--json` prints each as one line, so a field's name is a promise to users.
 */
export type RunEvent =
  /**
   * `samples` is what `samplesPerSecond` of later events counts; `trial` is `smoke` or such as `overfit-10`, left out
   * for a run in earnest.
   */
  | {
      readonly type: 'run-started';
      readonly name: string;
      readonly file: string;
      readonly runId: string;
      readonly experimentId: string;
      readonly samples: SampleNoun;
      readonly trial?: string;
    }
  /** `stage` is a stage's name: `load`, `train`, `evaluate` or `visualize`. */
  | { readonly type: 'stage-started'; readonly stage: string }
  /** `summary` is one short line for people. */
  | { readonly type: 'stage-finished'; readonly stage: string; readonly seconds: number; readonly summary: string }
  /** A stage that did not run, as a run before made the same; `summary` is what that one said. */
  /** `from`: the address that its outcome was fetched from; left out: it was kept here. */
  | {
      readonly type: 'stage-skipped';
      readonly stage: string;
      readonly runId: string;
      readonly summary: string;
      readonly from?: string;
    }
  /** How training steps are computed: `compiled`, or `eager (why)`. */
  | { readonly type: 'step-chosen'; readonly step: string }
  /**
   * Sent some ten times a second in training. `batch` counts from 1 within the epoch; `loss` is the epoch's mean so
   * far; `etaSeconds` are those to the end of the last epoch's validation.
   */
  | {
      readonly type: 'progress';
      readonly epoch: number;
      readonly epochs: number;
      readonly batch: number;
      readonly batches: number;
      readonly loss: number;
      readonly samplesPerSecond: number;
      readonly etaSeconds: number;
    }
  /** Sent as often while the validation samples of an epoch are measured, `done` of `count` so far. */
  | {
      readonly type: 'validation-progress';
      readonly epoch: number;
      readonly epochs: number;
      readonly done: number;
      readonly count: number;
      readonly etaSeconds: number;
    }
  /**
   * `metrics` has Keras' names: loss, accuracy, val_loss, val_accuracy; under a schedule also learning_rate, that of
   * the epoch's last step.
   */
  | {
      readonly type: 'epoch-finished';
      readonly epoch: number;
      readonly epochs: number;
      readonly metrics: Readonly<Record<string, number>>;
      readonly samplesPerSecond: number;
      readonly seconds: number;
    }
  /**
   * The state after `step` steps of the whole training, `batch` of them in the epoch under way, can no longer be lost.
   */
  | {
      readonly type: 'checkpoint-written';
      readonly epoch: number;
      readonly batch: number;
      readonly step: number;
      readonly seconds: number;
    }
  /** A run that was interrupted goes on after so many steps; the events of the epochs before follow once more. */
  | { readonly type: 'training-resumed'; readonly epoch: number; readonly batch: number; readonly step: number }
  | { readonly type: 'artifact'; readonly path: string }
  | { readonly type: 'engine-progress'; readonly phase: string; readonly fraction: number }
  /**
   * A file of data is being fetched; `fraction` of it, 0 to 1, is there, as far as the server told how much there is.
   */
  | { readonly type: 'fetch-progress'; readonly url: string; readonly fraction: number }
  | { readonly type: 'diagnostic'; readonly diagnostic: Diagnostic }
  | RunFinished;

/** The last event of every run that started. */
export interface RunFinished {
  readonly type: 'run-finished';
  readonly status: RunStatus;
  readonly runId: string;
  /** The id that the MLflow server has it under; left out where it is the same, or no server has it. */
  readonly serverRunId?: string;
  readonly experimentId: string;
  /** Of a run that paused, those of its last epoch. */
  readonly metrics: Readonly<Record<string, number>>;
  /** How many epochs are trained, where the run was to pause after them: it is KILLED, and goes on when run again. */
  readonly pausedAfter?: number;
  /** SHA-256 over names, shapes and bytes of all weights, in the model's order; null when training did not end. */
  readonly weightsSha256: string | null;
  /** Training throughput over all epochs, validation excluded. */
  readonly samplesPerSecond: number | null;
  /** `compiled`, or `eager (why)`; null when training did not start. */
  readonly step: string | null;
}

/** Receives events; must not throw. */
export type Emit = (event: RunEvent) => void;
