import { existsSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { isClaimed, silentFor } from '../base/claim.ts';
import { failure, UserError, warning } from '../base/diagnostics.ts';
import type { Code } from '../base/mistakes/mistakes.ts';
import type { Emit, RunStatus } from '../base/events.ts';
import { besideName, realPath, syncFolder, writeFileAtomic } from '../base/files.ts';
import { silence } from '../base/heartbeat.ts';
import { shellWord } from '../base/shell-word.ts';
import { shorten } from '../base/shorten.ts';
import { type DataHashes, keysWithoutEffect, sectionsFor } from '../cache/fingerprints.ts';
import type { Machine } from '../cache/machine-identity.ts';
import { newestStep, removeCheckpoints } from '../checkpoints/checkpoint-folder.ts';
import { withoutAddresses } from '../datasets/files/data-file.ts';
import { stateOf } from '../tracking/store/local-run.ts';
import { readMeta } from '../tracking/store/meta-yaml.ts';
import { readTexts } from '../tracking/store/read-run.ts';
import { runFolderAt } from '../tracking/store/run-folder.ts';
import { stateWith, sweepTags } from '../tracking/sweep-tags.ts';
import type { RunStart, TrackedRun, Tracker } from '../tracking/tracker.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { stages, stagesBefore } from '../stages/stages.ts';
import { trainStage } from '../stages/train-stage.ts';
import { fileOf, formerKeysOf, keyOf, serverOf } from './run-key.ts';
import { type UnfinishedRun, folderOf, readRecord, recordPath, recordsIn, sealed } from './unfinished-record.ts';

/** What is asked for when a run is opened. */
export interface OpenRequest {
  readonly checked: CheckedPipeline;
  readonly dataFiles: DataHashes;
  readonly tracker: Tracker;
  /** The place of a run that was made for this one: no other goes on, and none is made. */
  readonly into?: string | undefined;
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
  /**
   * What of its training another machine has done, a line for each change; nothing that comes of it is any one
   * machine's.
   */
  readonly mixture: readonly string[];
  /** Lets go of the run: for good, or until the file is run again. */
  close(status: RunStatus, error: unknown): void;
}

/**
 * Opens the run of a file: one that was interrupted goes on, if the file still trains the same and no other process is
 * at it; otherwise that one is closed as KILLED, and a new one starts.
 *
 * @throws UserError when there is no place to record it, or the data of an interrupted one changed
 */
export async function openRun(request: OpenRequest): Promise<OpenedRun> {
  const { tracker, into, start, emit } = request;
  const { here, elsewhere } = recordsFor(request);
  const own = into === undefined ? here : here.filter((path) => readRecord(path)?.directory === into);
  for (const path of own) {
    const resumed = await resume(request, path);
    if (resumed !== undefined) return resumed;
  }
  if (!request.fresh && into === undefined) for (const record of elsewhere) tellOfOther(request, record);
  const run = into === undefined ? await tracker.start(start) : await takeUp(tracker, into, start);
  try {
    const path = remember(request, run, []);
    // From here on the run's folder is what a loss of power must leave.
    for (const folder of [run.directory, dirname(run.directory), tracker.runsDirectory]) syncFolder(folder);
    return opened(run, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    emit({
      type: 'diagnostic',
      diagnostic: warning(
        'not-resumable',
        `the run could not go on after an interruption: ${(error as Error).message}`,
      ),
    });
    return opened(run, pathOf(request, run));
  }
}

/** Begins a run that was made before. @throws UserError where another process is at it, or it has finished */
async function takeUp(tracker: Tracker, place: string, { tags }: RunStart): Promise<TrackedRun> {
  const run = await tracker.reopen(runFolderAt(tracker.runsDirectory, place));
  if (run === undefined)
    throw failure('run-taken', `the run ${basename(place)} has finished, or another process is at it`);
  run.tags(tags);
  return run;
}

/** A run that is not kept: a trial is over soon. @throws UserError when there is no place to record it */
export async function openTrial(tracker: Tracker, start: RunStart): Promise<OpenedRun> {
  const run = await tracker.start(start);
  return opened(run, join(run.directory, 'unfinished.json'));
}

/** @returns the record's path */
function remember(request: OpenRequest, run: TrackedRun, mixture: readonly string[]): string {
  const { checked, dataFiles, machine, tracker } = request;
  const directory = relative(tracker.runsDirectory, run.directory);
  const record: UnfinishedRun = {
    directory,
    file: fileOf(request),
    server: tracker.server ?? null,
    training: trainingOf(checked),
    data: dataFiles,
    machine,
    mixture,
  };
  const path = pathOf(request, run);
  // What a kill leaves aside goes with what it leaves in the run's folder.
  writeFileAtomic(path, sealed(record), join(run.directory, besideName()));
  return path;
}

/**
 * The records of runs that may go on. First those of the file with what is set over it now, by their names. Then those
 * that train the same from the same data where the file was renamed or moved since, or the same is set in other words.
 *
 * @returns apart those that are recorded for another server than is named now, or for none
 */
function recordsFor(request: OpenRequest): {
  readonly here: readonly string[];
  readonly elsewhere: readonly UnfinishedRun[];
} {
  const { checked, dataFiles, tracker } = request;
  const [own, others, elsewhere]: [string[], string[], UnfinishedRun[]] = [[], [], []];
  const keys = new Set([keyOf(request), ...formerKeysOf(request)]);
  const isTheSame = ({ file, training, data }: UnfinishedRun): boolean =>
    (file === undefined || file === fileOf(request) || !existsSync(join(realPath(tracker.runsDirectory), file))) &&
    [...changes(training, trainingOf(checked)), ...changes(data, dataFiles)].length === 0;
  for (const { path, key } of recordsIn(tracker.runsDirectory)) {
    if (keys.has(key)) {
      own.push(path);
      continue;
    }
    const record = readRecord(path);
    if (record === undefined || !isTheSame(record)) continue;
    if (record.server === undefined || serverOf(record) === serverOf(tracker)) others.push(path);
    else elsewhere.push(record);
  }
  return { here: [...own, ...others], elsewhere };
}

/**
 * Says of an interrupted run that is recorded elsewhere how it goes on: a new one starts, and that one's checkpoints
 * stay.
 */
function tellOfOther({ tracker, emit }: OpenRequest, record: UnfinishedRun): void {
  const directory = folderOf(tracker.runsDirectory, record);
  if (typeof directory !== 'string' || hasEnded(directory)) return;
  // It may be at work, for another server on purpose. In another container or on another host, only its silence tells.
  if (isClaimed(directory) && (silentFor(directory) ?? 0) < silence) return;
  const isLocal = typeof record.server !== 'string';
  const uri = isLocal ? shellWord(relative('.', tracker.runsDirectory) || '.') : 'ADDRESS';
  const place = isLocal ? 'here alone' : `on ${shorten(record.server!, 200)}`;
  const article = isLocal ? 'a' : 'another';
  const why = `it is recorded ${place}, and ${tracker.server === undefined ? 'no' : article} server is named now`;
  const message = `the run ${basename(directory)}, which was interrupted, is not gone on with: ${why}`;
  emit({
    type: 'diagnostic',
    diagnostic: warning(
      'interrupted-elsewhere',
      message,
      `To go on with that one, give the same command --tracking-uri ${uri}`,
    ),
  });
}

async function resume(request: OpenRequest, path: string): Promise<OpenedRun | undefined> {
  const { checked, dataFiles, tracker, start, machine, fresh, emit } = request;
  const tell = (code: Code, message: string) => emit({ type: 'diagnostic', diagnostic: warning(code, message) });
  const before = readRecord(path);
  if (before === undefined) {
    // Gone where its run finished in this moment.
    if (existsSync(path))
      tell('unfinished-record-damaged', `${path} is damaged: the interrupted run that it names cannot go on`);
    rmSync(path, { force: true });
    return undefined;
  }
  const directory = folderOf(tracker.runsDirectory, before);
  if (typeof directory !== 'string') {
    tell('unfinished-run-unusable', `the interrupted run that ${path} names cannot go on: ${directory.message}`);
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
    if (!fresh && changed.length === 0 && existsSync(checkpointsOf(directory)))
      throw failure(
        'data-changed',
        `${listed(files)} changed since the run ${run.runId} was interrupted: it cannot go on`,
        'Put the data back as it was, and it goes on; or use `pipeline run --fresh` to start over.',
      );
    if (!fresh)
      tell(
        'started-over',
        `the run ${run.runId}, which was interrupted, is not gone on with: ` +
          `${listed([...changed, ...files])} changed since`,
      );
    forget(path, directory);
    return undefined;
  }
  const mixture = mixtureOf(before, machine, newestStep(checkpointsOf(directory)));
  const tags = Object.entries(start.tags).filter(
    ([key]) => key.startsWith('pipeline.') || key === 'mlflow.source.name',
  );
  run.tags({
    ...Object.fromEntries(tags),
    ...(mixture.length === 0 ? {} : { 'pipeline.machine_changes': mixture.join('; ') }),
  });
  if (mixture.length > 0)
    tell(
      'other-machine',
      `the run ${run.runId} is trained by more than one machine (${listed(mixture, '; ')}): the outcome may ` +
        'differ in its last bits from that of a run without interruption, and is not kept for later runs',
    );
  return opened(run, rememberAgain(request, run, mixture, path), mixture);
}

/**
 * What the parts of a training that was interrupted have been done with.
 *
 * @param step of its newest checkpoint; undefined where it has none, and all is done anew
 */
function mixtureOf(
  { machine: before, mixture = [] }: UnfinishedRun,
  machine: Machine,
  step: number | undefined,
): readonly string[] {
  if (step === undefined) return [];
  const changed = changes({ ...before, drawing: '' }, { ...machine, drawing: '' }).map(
    (path) => `${path} ${valueAt(before, path)} -> ${valueAt(machine, path)}`,
  );
  return changed.length === 0 ? mixture : [...mixture, `from step ${step} on: ${changed.join(', ')}`];
}

function valueAt(machine: Machine, path: string): string {
  const [key, ...rest] = path.split('.') as [keyof Machine, ...string[]];
  const value = machine[key] as Machine[keyof Machine] | undefined;
  return (typeof value === 'object' ? value[rest.join('.')] : value) ?? 'none';
}

/** The record of a run that goes on, under the names and on the machine of now. @returns its path */
function rememberAgain(request: OpenRequest, run: TrackedRun, mixture: readonly string[], before: string): string {
  try {
    const path = remember(request, run, mixture);
    if (path !== before) rmSync(before, { force: true });
    return path;
  } catch {
    // On a full disk: the one before leads here too.
    return before;
  }
}

/** The first few. */
function listed(names: readonly string[], separator = ', '): string {
  return `${names.slice(0, 3).join(separator)}${names.length > 3 ? `${separator}...` : ''}`;
}

function opened(run: TrackedRun, path: string, mixture: readonly string[] = []): OpenedRun {
  const checkpoints = checkpointsOf(run.directory);
  return {
    run,
    checkpoints,
    mixture,
    close: (status, error) => {
      // What failed in the world around may be mended; what failed in the numbers would fail again.
      const goesOn = status === 'KILLED' || (status === 'FAILED' && existsSync(checkpoints) && !isOfNumbers(error));
      if (!goesOn) forget(path, run.directory);
    },
  };
}

/** Where the checkpoints of a run are. */
export const checkpointsOf = (directory: string) => join(directory, 'checkpoints');

/**
 * Gives up that a run may go on. On a disk that can no longer be written it stays, and the next run of the file finds
 * that it finished.
 */
export function forget(path: string, directory: string): void {
  try {
    // That it finished is to be on the disk before what it would go on from is gone.
    if (existsSync(directory)) syncFolder(directory);
    // A run that never goes on has no use for them, and they are as large as its model, several times. Before the file
    // that leads to them: a process that dies in between leaves the next run of the file to do it.
    removeCheckpoints(checkpointsOf(directory));
    rmSync(path, { force: true });
  } catch {
    // See above.
  }
}

function isOfNumbers(error: unknown): boolean {
  return (
    error instanceof UserError &&
    error.diagnostics.some(({ code }) => ['loss-not-finite', 'gate-failed'].includes(code))
  );
}

function pathOf(request: OpenRequest, { runId }: TrackedRun): string {
  return recordPath(request.tracker.runsDirectory, keyOf(request), runId);
}

/** The part of the full form that training depends on, and where it is recorded. */
function trainingOf({ resolved }: CheckedPipeline): unknown {
  const told = withoutAddresses(resolved) as Readonly<Record<string, unknown>>;
  const { uri: _, ...tracking } = (told['tracking'] ?? {}) as Readonly<Record<string, unknown>>;
  const upToTraining = [...stagesBefore(stages, trainStage), trainStage];
  return { name: told['name'], tracking, ...sectionsFor(upToTraining, told, keysWithoutEffect) };
}

/** Paths of what differs, such as `train.epochs`. */
function changes(before: unknown, now: unknown, path = ''): string[] {
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  if (![before, now].every((value) => typeof value === 'object' && value !== null && !Array.isArray(value)))
    return [path];
  const [a, b] = [before as Record<string, unknown>, now as Record<string, unknown>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    changes(a[key], b[key], path === '' ? key : `${path}.${key}`),
  );
}

/**
 * Whether a run finished, or was deleted: the record of it was about to go when its process was killed, or has nothing
 * to tell. A trial that was left behind at a rung may still be promoted.
 */
function hasEnded(directory: string): boolean {
  const meta = readMeta(join(directory, 'meta.yaml'));
  if (meta?.['lifecycle_stage'] !== 'active') return true;
  const pruned = readTexts(join(directory, 'tags'))[sweepTags.pruned];
  return stateWith(stateOf(meta['status']), pruned) === 'FINISHED';
}
