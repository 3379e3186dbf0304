import type { Diagnostic } from '../base/diagnostics.ts';
import type { RunStatus } from '../base/events.ts';
import type { VersionName } from './registered-model.ts';
import type { Metric } from './tracker.ts';

/**
 * How far a run is, as MLflow spells it; PRUNED is a trial that its sweep left behind at a rung, for which MLflow has
 * no status of its own.
 */
export type RunState = 'RUNNING' | 'SCHEDULED' | RunStatus | 'PRUNED';

/** A run of a list: what it holds is read where it is asked for. */
export interface ListedRun {
  readonly runId: string;
  readonly name: string;
  readonly experimentId: string;
  readonly state: RunState;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  readonly endTime: number | undefined;
  /**
   * The value of each metric: of a run of this machine whose weights are those of its best epoch, of that epoch; else
   * at its last step, as MLflow shows it.
   */
  readonly metrics: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, string>>;
  /** One of these, without the others being read. */
  metric(key: string): number | undefined;
  param(key: string): string | undefined;
  tag(key: string): string | undefined;
}

/** A run, as a tracker alone knows it. */
export interface FetchedRun {
  readonly runId: string;
  readonly where: string;
  readonly name: string;
  readonly state: RunState;
  /** The name of its experiment. */
  readonly experiment: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Those of its epochs at least. */
  readonly metrics: () => Promise<readonly Metric[]>;
  /** The text of one of its artifacts. @throws UserError where there is none */
  readonly artifact: (path: string) => Promise<string>;
  /** A folder of this machine with its model, beside it what loading reads. @throws UserError where there is none */
  readonly modelFolder: () => Promise<string>;
}

/** The runs of a store, or of a server. */
export interface RecordedRuns {
  readonly where: string;
  /** Those that are not deleted, the newest first. @throws UserError where they cannot be read */
  newestFirst(): AsyncIterable<ListedRun>;
  /** @throws UserError where there is no such run, or it cannot be read */
  fetch(runId: string): Promise<FetchedRun>;
  /** The id of the run whose model a version of a registered model is. @throws UserError where there is none */
  registered(name: string, version: VersionName): Promise<string>;
  /**
   * Registers the model of a run, as the next version of that name, which is made where it is not there.
   *
   * @returns the version
   * @throws UserError where the run has no model, or it cannot be registered
   */
  register(runId: string, name: string, alias: string | undefined): Promise<string>;
}

/** What goes on beside a search. */
export interface Watch {
  readonly warn: (warning: Diagnostic) => void;
  readonly signal: AbortSignal;
}
