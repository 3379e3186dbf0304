import type { Diagnostic } from '../base/diagnostics.ts';
import type { RunStatus } from '../base/events.ts';

/** What is known of a run when it starts. */
export interface RunStart {
  /** Experiment name; made when it does not exist. */
  readonly experiment: string;
  readonly runName: string;
  /** Its id in the local store, where it was begun on another machine; left out: a new one. Servers give their own. */
  readonly runId?: string;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** One value of one metric. NaN and the infinities are values like any other. */
export interface Metric {
  readonly key: string;
  readonly value: number;
  /** Whole number: the epoch, counted from 1, for metrics of training; 0 for single values. */
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** A data set that a run read, as MLflow's dataset inputs have it. */
export interface DatasetInput {
  readonly name: string;
  /** At most 36 characters; from the SHA-256 of the files. */
  readonly digest: string;
  readonly sourceType: string;
  /** JSON text. */
  readonly source: string;
  /** JSON text. */
  readonly schema: string;
  /** JSON text. */
  readonly profile: string;
  /** MLflow's `mlflow.data.context`. */
  readonly context: 'training' | 'validation' | 'test';
}

/** Something of a run that did not arrive, and why. */
export interface Shortfall extends Diagnostic {
  /**
   * What is said where several runs have it, and by what they are alike: the message itself names what is the run's
   * own.
   */
  readonly ofMany?: { readonly cause: string; readonly message: string };
}

/** What finish() could not write to the local store or deliver to a server, and why; empty when all arrived. */
export type Undelivered = readonly Shortfall[];

/**
 * A run that is being recorded. Its calls return at once and never throw because of a server or a full disk: what fails
 * is tried again until `finish`, which waits. They throw a UserError `run-taken-over` where it is no longer this
 * process's.
 */
export interface TrackedRun {
  /** 32 hexadecimal digits. */
  readonly runId: string;
  /** The id that the server has it under, once it has it; undefined for the local store alone. */
  readonly serverRunId: string | undefined;
  readonly experimentId: string;
  /** The run's folder in the local store. */
  readonly directory: string;
  /** Where its artifacts live; write them here, then call `artifact`. */
  readonly artifactDirectory: string;
  /**
   * To be called before anything else is written for the run.
   *
   * @throws UserError `run-taken-over` where another process took this one for dead, and goes on with the run
   */
  ensureOurs(): void;
  /** A param has one value for ever: MLflow refuses a second one. */
  params(params: Readonly<Record<string, string>>): void;
  metrics(metrics: readonly Metric[]): void;
  tags(tags: Readonly<Record<string, string>>): void;
  /** A data set of the same name and digest counts once. */
  inputs(datasets: readonly DatasetInput[]): void;
  /** Tells that a file under `artifactDirectory` is whole. @param path relative, with `/` */
  artifact(path: string): void;
  /**
   * Writes the terminal status and waits until a server has everything, or until it took nothing for 30 s (5 s for
   * KILLED, 3 s where it never answered). What it does not have then is delivered by the next run that is recorded
   * there, or by `pipeline sync`. Writes nothing, and does not throw, where the run is no longer this process's.
   *
   * @param signal aborted to wait no longer for the server
   */
  finish(status: RunStatus, endTime: number, signal?: AbortSignal): Promise<Undelivered>;
}

/** A place that runs are recorded in. */
export interface Tracker {
  /**
   * Makes a run. A server that does not answer is told of it later.
   *
   * @throws UserError when the place cannot be written, or the server refuses; nothing is left half-made then
   */
  start(run: RunStart): Promise<TrackedRun>;
  /**
   * Goes on with a run that has ended or whose process has, at its server too. Values of a metric that it has for a
   * step already are passed over.
   *
   * @param directory the run's folder in the local store
   * @returns undefined while another process records it, and where one has finished it
   * @throws UserError when the store cannot be written
   */
  reopen(directory: string): Promise<TrackedRun | undefined>;
  /** The local store's folder; every run has a folder in it. */
  readonly runsDirectory: string;
  /** Without credentials; undefined for the local store alone. */
  readonly server: string | undefined;
  /** One line for people: where to look, such as `runs/` or the server's address without credentials. */
  readonly where: string;
}
