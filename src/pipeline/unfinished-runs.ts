import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { UserError, failure } from '../base/diagnostics.ts';
import type { Emit, RunStatus } from '../base/events.ts';
import { besideName, syncFolder, writeFileAtomic } from '../base/files.ts';
import type { DataHashes } from '../cache/fingerprints.ts';
import type { Machine } from '../cache/machine.ts';
import { removeCheckpoints } from '../checkpoints/checkpoint-folder.ts';
import { withoutAddresses } from '../datasets/data-file.ts';
import { statusNumber } from '../tracking/local-run.ts';
import { readMeta } from '../tracking/meta-yaml.ts';
import { readOwnFile, runFolderAt } from '../tracking/run-folder.ts';
import type { RunStart, TrackedRun, Tracker } from '../tracking/tracker.ts';
import type { CheckedPipeline } from './check-pipeline.ts';

/** What is asked for when a run is opened. */
export interface OpenRequest {
  readonly checked: CheckedPipeline;
  readonly dataFiles: DataHashes;
  readonly tracker: Tracker;
  /** How the run starts, where none goes on. */
  readonly start: RunStart;
  /** What trains it. */
  readonly machine: Machine;
  /** Whether to start over where a run of the file did not finish. */
  readonly fresh: boolean;
  readonly emit: Emit;
}

/** A run that is begun, or taken up where it was interrupted. */
export interface OpenedRun {
  readonly run: TrackedRun;
  /** Where its checkpoints are. */
  readonly checkpoints: string;
  /** Lets go of the run: for good, or until the file is run again. */
  close(status: RunStatus, error: unknown): void;
}

/** A run that has not finished, as `.unfinished-KEY-RUN.json` beside the runs has it. KEY is that of the file. */
interface UnfinishedRun {
  /** The run's folder, from that of all runs. */
  readonly directory: string;
  /** What its training was told. */
  readonly training: unknown;
  readonly data: DataHashes;
  readonly machine: Machine;
}

/**
 * Opens the run of a file: one that was interrupted goes on, if the file still trains the same and no other process is at
 * it; otherwise that one is closed as KILLED, and a new one starts.
 *
 * @throws UserError when there is no place to record it, or the data of an interrupted one changed
 */
export async function openRun(request: OpenRequest): Promise<OpenedRun> {
  const { tracker, start, emit } = request;
  const prefix = `.unfinished-${keyOf(request)}-`;
  for (const name of namesIn(tracker.runsDirectory).filter((file) => file.startsWith(prefix) && file.endsWith('.json'))) {
    const resumed = await resume(request, join(tracker.runsDirectory, name));
    if (resumed !== undefined) return resumed;
  }
  const run = await tracker.start(start);
  const path = join(tracker.runsDirectory, `${prefix}${run.runId}.json`);
  try {
    return remember(request, run, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    emit({ type: 'diagnostic', diagnostic: { code: 'not-resumable', severity: 'warning', message: `the run could not go on after an interruption: ${(error as Error).message}` } });
    return opened(run, path);
  }
}

/** A run that is not kept: a trial is over soon. @throws UserError when there is no place to record it */
export async function openTrial(tracker: Tracker, start: RunStart): Promise<OpenedRun> {
  const run = await tracker.start(start);
  return opened(run, join(run.directory, 'unfinished.json'));
}

function remember({ checked, dataFiles, machine, tracker }: OpenRequest, run: TrackedRun, path: string): OpenedRun {
  const record: UnfinishedRun = { directory: relative(tracker.runsDirectory, run.directory), training: trainingOf(checked), data: dataFiles, machine };
  // What a kill leaves aside goes with what it leaves in the run's folder.
  writeFileAtomic(path, JSON.stringify({ ...record, sha256: digestOf(record) }), join(run.directory, besideName()));
  // From here on the run's folder is what a loss of power must leave.
  for (const folder of [run.directory, dirname(run.directory), tracker.runsDirectory]) syncFolder(folder);
  return opened(run, path);
}

async function resume({ checked, dataFiles, tracker, machine, fresh, emit }: OpenRequest, path: string): Promise<OpenedRun | undefined> {
  const tell = (code: string, message: string) => emit({ type: 'diagnostic', diagnostic: { code, severity: 'warning', message } });
  const before = readRecord(path);
  if (before === undefined) {
    // Gone where its run finished in this moment.
    if (existsSync(path)) tell('started-over', `${path} is damaged: the interrupted run that it names cannot go on`);
    rmSync(path, { force: true });
    return undefined;
  }
  const directory = folderOf(tracker.runsDirectory, before);
  if (typeof directory !== 'string') {
    tell('started-over', `the interrupted run that ${path} names cannot go on: ${directory.message}`);
    return undefined;
  }
  if (hasEnded(directory)) {
    forget(path, directory);
    return undefined;
  }
  const run = await tracker.reopen(directory);
  if (run === undefined) return undefined;
  const [changed, files] = [changes(before.training, trainingOf(checked)), changes(before.data, dataFiles)];
  if (fresh || changed.length > 0 || files.length > 0) {
    await run.finish('KILLED', Date.now());
    // Data may have been damaged: hours of training are not to be lost by that.
    if (!fresh && changed.length === 0 && existsSync(checkpointsOf(directory))) throw failure('data-changed', `${listed(files)} changed since the run ${run.runId} was interrupted: it cannot go on`, 'Put the data back as it was, and it goes on; or use `pipeline run --fresh` to start over.');
    if (!fresh) tell('started-over', `the run ${run.runId}, which was interrupted, is not gone on with: ${listed([...changed, ...files])} changed since`);
    forget(path, directory);
    return undefined;
  }
  const other = changes({ ...before.machine, drawing: '' }, { ...machine, drawing: '' });
  if (other.length > 0) tell('other-machine', `the run ${run.runId} goes on with another ${listed(other)}: the outcome may differ in its last bits from that of a run without interruption`);
  return opened(run, path);
}

/** The folder of a run, or why it is left alone: the record of it may come from elsewhere. */
function folderOf(runsDirectory: string, { directory }: UnfinishedRun): string | Error {
  try {
    return runFolderAt(runsDirectory, directory);
  } catch (error) {
    return error as Error;
  }
}

/** The first few. */
function listed(names: readonly string[]): string {
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', ...' : ''}`;
}

function opened(run: TrackedRun, path: string): OpenedRun {
  const checkpoints = checkpointsOf(run.directory);
  return {
    run,
    checkpoints,
    close: (status, error) => {
      // What failed in the world around may be mended; what failed in the numbers would fail again.
      const goesOn = status === 'KILLED' || (status === 'FAILED' && existsSync(checkpoints) && !isNotFinite(error));
      if (!goesOn) forget(path, run.directory);
    },
  };
}

const checkpointsOf = (directory: string) => join(directory, 'checkpoints');

// On a disk that can no longer be written it stays, and the next run of the file finds that it finished.
function forget(path: string, directory: string): void {
  try {
    // That it finished is to be on the disk before what it would go on from is gone.
    if (existsSync(directory)) syncFolder(directory);
    // A run that never goes on has no use for them, and they are as large as its model, several times. Before the file that
    // leads to them: a process that dies in between leaves the next run of the file to do it.
    removeCheckpoints(checkpointsOf(directory));
    rmSync(path, { force: true });
  } catch {
    // See above.
  }
}

function isNotFinite(error: unknown): boolean {
  return error instanceof UserError && error.diagnostics.some(({ code }) => code === 'loss-not-finite');
}

/** The same for each run of a file with the same settings that is recorded in the same place. */
function keyOf({ checked: { source, settings }, tracker }: OpenRequest): string {
  return createHash('sha256').update(JSON.stringify([resolve(source.name), settings, tracker.where])).digest('hex').slice(0, 16);
}

/** The part of the full form that training depends on, and where it is recorded. */
function trainingOf({ resolved }: CheckedPipeline): unknown {
  const { evaluate: _, visualize: __, budget: ___, ...rest } = withoutAddresses(resolved) as Record<string, Record<string, unknown> | undefined>;
  delete rest['tracking']?.['uri'];
  delete rest['train']?.['checkpoint'];
  return rest;
}

/** Paths of what differs, such as `train.epochs`. */
function changes(before: unknown, now: unknown, path = ''): string[] {
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  if (![before, now].every((value) => typeof value === 'object' && value !== null && !Array.isArray(value))) return [path];
  const [a, b] = [before as Record<string, unknown>, now as Record<string, unknown>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => changes(a[key], b[key], path === '' ? key : `${path}.${key}`));
}

/** Whether a run finished, or was deleted: the record of it was about to go when its process was killed, or has nothing to tell. */
function hasEnded(directory: string): boolean {
  const meta = readMeta(join(directory, 'meta.yaml'));
  return meta?.['lifecycle_stage'] !== 'active' || meta['status'] === statusNumber.FINISHED;
}

function digestOf(record: UnfinishedRun): string {
  return createHash('sha256').update(JSON.stringify(record)).digest('hex');
}

/** undefined: it is gone, or damaged. */
function readRecord(path: string): UnfinishedRun | undefined {
  try {
    const { sha256, ...record } = JSON.parse(readOwnFile(path)) as UnfinishedRun & { readonly sha256?: string };
    return sha256 === digestOf(record) && typeof record.directory === 'string' ? record : undefined;
  } catch {
    return undefined;
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    // What is wrong with the place is said by whoever records in it.
    return [];
  }
}
