import type { RunStatus } from '../base/events.ts';

/** What is known of a run when it starts. */
export interface RunStart {
  /** Experiment name; made when it does not exist. */
  readonly experiment: string;
  readonly runName: string;
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

/** What finish() could not deliver to a server, in the user's words; empty when all arrived. */
export type Undelivered = readonly string[];

/** A run that is being recorded. Its calls return at once and never throw because of a server; `finish` waits. */
export interface TrackedRun {
  /** 32 hexadecimal digits. */
  readonly runId: string;
  readonly experimentId: string;
  /** The run's folder in the local store. */
  readonly directory: string;
  /** Where its artifacts live; write them here, then call `artifact`. */
  readonly artifactDirectory: string;
  params(params: Readonly<Record<string, string>>): void;
  metrics(metrics: readonly Metric[]): void;
  tags(tags: Readonly<Record<string, string>>): void;
  inputs(datasets: readonly DatasetInput[]): void;
  /** Tells that a file under `artifactDirectory` is whole. @param path relative, with `/` */
  artifact(path: string): void;
  /** Writes the terminal status and waits, with a limit, until a server has everything. */
  finish(status: RunStatus, endTime: number): Promise<Undelivered>;
}

/** A place that runs are recorded in. */
export interface Tracker {
  /** @throws UserError when the place cannot be written or reached; nothing is left half-made then. */
  start(run: RunStart): Promise<TrackedRun>;
  /** One line for people: where to look, such as `runs/` or the server's address without credentials. */
  readonly where: string;
}
