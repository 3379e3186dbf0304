import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { type Claim, claim, isAtWork } from '../../base/claim.ts';
import { type Diagnostic, failure, UserError, warning } from '../../base/diagnostics.ts';
import { makeFolder, removeLeftovers } from '../../base/files.ts';
import { silence } from '../../base/heartbeat.ts';
import { keepForServer } from '../server/journal-recorder.ts';
import { findOrCreateExperiment, listExperiments, type LocalExperiment } from './local-experiments.ts';
import { LocalRun, type Recorder, statusNumber } from './local-run.ts';
import { type Meta, editMeta, readMeta, writeMeta } from './meta-yaml.ts';
import type { Environment } from '../server/mlflow-connection.ts';
import { proveWhole, removeHalfMade, runFolder, runParts } from './run-folder.ts';
import type { RunStart, Tracker, TrackedRun } from '../tracker.ts';
import { reasonOf } from './write-reason.ts';

/** Where a run is recorded besides, under which ids. */
export interface ServerSide {
  readonly runId: string;
  readonly experimentId: string;
  readonly recorder: Recorder;
  /** This process's right to the run, where it has it already. */
  readonly claim?: Claim;
}

const nobody: Recorder = { record() {}, finish: async () => [] };

/** The local tracking store: a folder that MLflow reads as it is, written without MLflow. */
export class LocalStore implements Tracker {
  readonly where: string;
  readonly server = undefined;
  readonly runsDirectory: string;
  readonly #warn: (warning: Diagnostic) => void;
  readonly #env: Environment;

  /**
   * @param directory `runs/`; made when the first run starts
   * @param env MLFLOW_EXPERIMENT_ID and _NAME go before the run's own
   */
  constructor(directory: string, warn: (warning: Diagnostic) => void, env: Environment) {
    this.where = directory;
    this.runsDirectory = resolve(directory);
    this.#warn = warn;
    this.#env = env;
  }

  async start(run: RunStart): Promise<TrackedRun> {
    const id = this.#env.MLFLOW_EXPERIMENT_ID;
    const experiment = id
      ? this.#experimentById(id)
      : this.openExperiment(this.#env.MLFLOW_EXPERIMENT_NAME || run.experiment);
    return this.startRun(run, experiment);
  }

  async reopen(directory: string): Promise<TrackedRun | undefined> {
    return this.reopenRun(directory, () => keepForServer(directory, this.#warn));
  }

  /**
   * Finds or makes an experiment.
   *
   * @throws UserError when the store cannot be written
   */
  openExperiment(name: string): LocalExperiment {
    return this.writing(() => {
      makeFolder(this.runsDirectory);
      return findOrCreateExperiment(this.runsDirectory, name);
    });
  }

  /**
   * Makes a run.
   *
   * @throws UserError when the store cannot be written; no part of the run is left then
   */
  startRun(run: RunStart, experiment: LocalExperiment, server?: ServerSide): TrackedRun {
    const runId = server?.runId ?? run.runId ?? newRunId();
    const directory = runFolder(experiment.directory, runId);
    return this.writing(() => {
      const claimed = server?.claim ?? claim(directory);
      if (claimed === undefined)
        throw failure(
          'run-taken',
          `another process records the run ${runId} in ${this.where}`,
          'start it again: it gets another id',
        );
      try {
        // Not where there is one already: what is in it is not this process's to change, and to remove least of all.
        mkdirSync(directory);
      } catch (error) {
        claimed.release();
        throw error;
      }
      try {
        for (const part of runParts) mkdirSync(join(directory, part));
        const recorded = new LocalRun({
          runId,
          experimentId: server?.experimentId ?? experiment.id,
          directory,
          claim: claimed,
          recorder: server?.recorder ?? nobody,
          warn: this.#warn,
        });
        recorded.tags({ ...run.tags, 'mlflow.runName': run.runName });
        // Last of all: a run that is there has the tags by which whoever comes after a kill finds it.
        writeMeta(join(directory, 'meta.yaml'), newMeta(run, runId, experiment));
        return recorded;
      } catch (error) {
        removeHalfMade(directory);
        claimed.release();
        throw error;
      }
    });
  }

  /**
   * Opens a run again.
   *
   * @param open gives whom it is recorded with besides; called once no other process can record it
   * @returns undefined while another process records it, and where one has finished it
   * @throws UserError when the store cannot be written
   */
  async reopenRun(
    directory: string,
    open: () => Pick<ServerSide, 'experimentId' | 'recorder'> | undefined,
  ): Promise<TrackedRun | undefined> {
    const status = (): unknown => readMeta(join(directory, 'meta.yaml'))?.status;
    let isTold = false;
    const tell = (): void => {
      if (!isTold)
        this.#warn(
          warning(
            'looks-for-life',
            `waiting up to ${silence / 1000} s for a sign of life of the run ${basename(directory)}, ` +
              'which may be at work in another container or on another host',
          ),
        );
      isTold = true;
    };
    let claimed = this.writing(() => claim(directory));
    for (; claimed === undefined; claimed = this.writing(() => claim(directory))) {
      // One that was closed may still be delivered by another process, which takes a while at most.
      if ((await isAtWork(directory, tell)) && status() === statusNumber.RUNNING) return undefined;
      await sleep(200);
    }
    // Meanwhile.
    if (status() === statusNumber.FINISHED) {
      claimed.release();
      return undefined;
    }
    return this.#goOn(directory, claimed, open);
  }

  #goOn(
    directory: string,
    claimed: Claim,
    open: () => Pick<ServerSide, 'experimentId' | 'recorder'> | undefined,
  ): TrackedRun {
    return this.writing(() => {
      try {
        proveWhole(directory);
        removeLeftovers(directory);
        const server = open();
        editMeta(join(directory, 'meta.yaml'), { status: statusNumber.RUNNING, end_time: null });
        server?.recorder.record('status', [{ status: 'RUNNING' }]);
        return new LocalRun({
          runId: basename(directory),
          experimentId: server?.experimentId ?? basename(dirname(directory)),
          directory,
          claim: claimed,
          recorder: server?.recorder ?? nobody,
          resumed: true,
          warn: this.#warn,
        });
      } catch (error) {
        claimed.release();
        throw error;
      }
    });
  }

  #experimentById(id: string): LocalExperiment {
    const found = listExperiments(this.runsDirectory).find((experiment) => experiment.id === id);
    if (found === undefined)
      throw failure(
        'unknown-experiment',
        `${this.where} has no experiment ${id}, which MLFLOW_EXPERIMENT_ID names`,
        'correct the variable, or unset it and name the experiment in the pipeline file',
      );
    return found;
  }

  /** Does something with the store's files. @throws UserError that says why they cannot be written */
  writing<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw failure(
        'store-not-writable',
        `cannot record the run in ${this.where}: ${reasonOf(error)}`,
        'make it writable and make room there, or name another folder for the runs',
        error,
      );
    }
  }
}

/** An id as MLflow gives them. */
export function newRunId(): string {
  return randomUUID().replaceAll('-', '');
}

function newMeta(run: RunStart, runId: string, experiment: LocalExperiment): Meta {
  return {
    artifact_uri: pathToFileURL(join(experiment.directory, runId, 'artifacts')).href,
    deleted_time: null,
    // Without this key MLflow cannot list any run of the experiment.
    end_time: null,
    entry_point_name: '',
    experiment_id: experiment.id,
    lifecycle_stage: 'active',
    run_id: runId,
    run_name: run.runName,
    // The name of run_id until MLflow 3; 2.x lists no run of an experiment that has one without it.
    run_uuid: runId,
    source_name: '',
    source_type: 4,
    source_version: '',
    start_time: Math.round(run.startTime),
    status: statusNumber.RUNNING,
    tags: [],
    user_id: run.tags['mlflow.user'] ?? userName(),
  };
}

/** The name that MLflow shows as the run's user. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return 'unknown';
  }
}
