import type { Emit } from '../base/events.ts';
import type { Form } from '../base/json-form.ts';
import type { DataHashes, Dependencies, Fingerprint } from '../cache/fingerprints.ts';
import type { EntryFacts } from '../cache/stage-cache.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import type { TrackedRun } from '../tracking/tracker.ts';
import type { LoadedData } from './load.ts';
import type { TrainOutput } from './train.ts';

/**
 * A part of a run whose outcome is kept, and taken in its place by later runs in which nothing that it depends on is
 * other. What it is made from is what it names itself, and the outcomes of all stages before it.
 */
export interface Stage<Name extends string = string, Outcome = unknown> {
  readonly name: Name;
  readonly dependsOn: Dependencies;
  /** Stages whose work it needs in memory, and not their outcomes alone. */
  readonly needs: readonly Stage[];
  /** Whether it runs on TensorFlow. */
  readonly usesEngine: boolean;
  /** What a kept outcome has to say to be one of the pipeline: it may come from elsewhere. */
  form(checked: CheckedPipeline): Form<Outcome>;
  /** @param beginning the kept outcome that `beginning` found */
  run(context: StageContext, beginning: Outcome | undefined): Promise<Outcome>;
  /** One short line for people. */
  summarize(outcome: Outcome, checked: CheckedPipeline): string;
  /** Records what came out, whether the stage ran or was taken from an earlier run. */
  record(outcome: Outcome, context: StageContext, taken: boolean): void;
  /** Seconds that it will take. */
  estimate(calibration: Calibration, checked: CheckedPipeline): number;
  /**
   * Brings its work into memory from its kept outcome, for a stage that needs it. Left out: it runs again for that.
   *
   * @returns false where that outcome gives no such thing, and the stage has to run
   */
  revive?(outcome: Outcome, context: StageContext): Promise<boolean>;
  /** Frees what it holds in memory, where it does; called once no stage needs it, and at the end. */
  free?(live: LiveParts): void;
  /** How its steps ran, which may be otherwise than expected: what it and the stages after it are kept under. */
  ranAs?(outcome: Outcome): string;
  /** Whether an outcome has all that is to be kept of it; left out: always. */
  isWhole?(outcome: Outcome): boolean;
  /** The kept outcome that the stage goes on from, and after how many epochs. */
  beginning?(checked: CheckedPipeline, fingerprint: Fingerprint, entries: readonly EntryFacts[]): Beginning | undefined;
}

/** A kept outcome that a stage goes on from. */
export interface Beginning {
  readonly entry: EntryFacts;
  readonly epochs: number;
}

/** What stages work with. */
export interface StageContext {
  readonly checked: CheckedPipeline;
  readonly run: TrackedRun;
  /** The folder of the run's checkpoints; undefined for a trial, which is over soon. */
  readonly checkpoints: string | undefined;
  /** The epoch at whose end training pauses; undefined: none. */
  readonly untilEpoch: number | undefined;
  /** What the data files were when the run began, under which outcomes are kept; undefined where none are. */
  readonly dataFiles: DataHashes | undefined;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** As much of the data as the run is for. */
  readonly limit: (data: LoadedData) => LoadedData;
  /** The data in memory, read when it is first asked for. */
  readonly data: () => Promise<LoadedData>;
  /** What stages hold in memory for later ones. */
  readonly live: LiveParts;
  /** What the last event tells: filled as stages come to know it. */
  readonly result: RunResult;
  /** What came out of a stage before. */
  outcomeOf<Outcome>(stage: Stage<string, Outcome>): Outcome;
}

/** See StageContext.live. */
export interface LiveParts {
  trained?: Pick<TrainOutput, 'model' | 'evaluator' | 'dispose'> | undefined;
}

/** See StageContext.result. */
export interface RunResult {
  metrics: Record<string, number>;
  weightsSha256: string | null;
  samplesPerSecond: number | null;
  step: string | null;
}

/** What a pipeline's stages took on a machine when that was measured. */
export interface Calibration {
  readonly measuredAt: string;
  readonly seconds: {
    /** Loading TensorFlow. */
    readonly start: number;
    readonly load: number;
    /** Building the model and compiling its steps. */
    readonly prepare: number;
    /** One training step. */
    readonly step: number;
    /** Evaluating one sample. */
    readonly evaluation: number;
    readonly visualize: number;
  };
  readonly samples: { readonly train: number; readonly test: number };
  /** Largest resident memory of the process, in bytes. */
  readonly memory: number;
}
