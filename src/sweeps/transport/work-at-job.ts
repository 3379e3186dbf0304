import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { stringify } from 'yaml';
import { UserError, failure, warning } from '../../base/diagnostics.ts';
import type { Emit } from '../../base/events.ts';
import { makeFolder, writeFileAtomic } from '../../base/files.ts';
import { hasForm } from '../../base/json-form.ts';
import { isWithin } from '../../base/json-limits.ts';
import { readFileWithin } from '../../base/read-file.ts';
import { userCache } from '../../base/user-cache.ts';
import type { RemoteStore } from '../../cache/remote-store.ts';
import { cacheFolder } from '../../cache/stage-cache.ts';
import { checkFile } from '../../plan/check-pipeline.ts';
import { type RunOutcome, runPipeline } from '../../run/run-pipeline.ts';
import { LocalStore, userName } from '../../tracking/store/local-store.ts';
import { foldersIn } from '../../tracking/store/run-folder.ts';
import { filesBelow, pullFile, pullKept, pushFile } from './held-files.ts';
import {
  type JobManifest,
  type JobResult,
  jobManifest,
  jobResult,
  longestManifest,
  resultName,
} from './job-manifest.ts';

/** Limits of a manifest or a result as JSON. */
const limits = { depth: 200, holders: 5e6, values: 2e7 };

/** A job, as the machine that runs it has it. */
export interface JobAtWork {
  readonly id: string;
  readonly manifest: JobManifest;
  /** SHA-256 of the manifest. */
  readonly sha256: string;
  readonly store: RemoteStore;
  /** An empty folder of its own. */
  readonly folder: string;
}

/** Reads the manifest of a job. @throws UserError where it is not there, or none of this version's */
export async function readManifest(store: RemoteStore, sha256: string, folder: string): Promise<JobManifest> {
  const file = join(folder, 'manifest.json');
  const bytes = longestManifest;
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw notUnderstood(store, 'its hash is none');
  await pullFile(store, { sha256, bytes }, file);
  const told = parse(file);
  if (!hasForm(jobManifest, told)) throw notUnderstood(store, `\`${jobManifest(told)}\` is not what it has to be`);
  return told;
}

/** What a job left; undefined: nothing yet. @throws UserError where the store cannot be read, or it is none */
export async function readResult(store: RemoteStore, id: string, folder: string): Promise<JobResult | undefined> {
  const file = join(folder, `${createHash('sha256').update(id).digest('hex')}.json`);
  if (!(await store.read(resultName(id), file, longestManifest))) return undefined;
  const told = parse(file);
  if (!hasForm(jobResult, told)) throw notUnderstood(store, `the result of ${id} is none`);
  return told;
}

function parse(file: string): unknown {
  const json = Buffer.from(readFileWithin(file, longestManifest)).toString();
  try {
    return isWithin(json, limits) ? JSON.parse(json) : undefined;
  } catch {
    return undefined;
  }
}

const notUnderstood = ({ address }: RemoteStore, why: string) =>
  failure('job-damaged', `${address} holds no job that this version understands: ${why}`, 'Send it again.');

/** Where the pipeline file of a job and all that it reads are, once `bringJob` has ended. */
export const homeOf = ({ folder, manifest }: JobAtWork) => join(folder, manifest.folder ?? '');

/** The local store of a job. */
const storeName = 'runs';

/**
 * Brings what a job needs: its file, its data by way of this machine's cache, and the state that an earlier job left.
 *
 * @throws UserError where something is not there, or not what it has to be
 */
export async function bringJob(job: JobAtWork): Promise<void> {
  const { manifest, store, folder } = job;
  makeFolder(homeOf(job));
  const cache = join(userCache(), 'data');
  for (const held of manifest.data) await pullKept(store, held, { cache, target: join(folder, held.path) });
  const file = join(folder, manifest.file);
  makeFolder(dirname(file));
  writeFileSync(file, stringify(manifest.resolved));
  if (manifest.after === undefined) return;
  const before = await readResult(store, manifest.after, folder);
  if (before === undefined) throw notUnderstood(store, `the job ${manifest.after} left nothing to go on from`);
  for (const held of before.files) await pullFile(store, held, join(homeOf(job), held.path));
}

/**
 * Runs a job whose files are there, in a process that works in its folder (`homeOf`), and leaves in the store what came
 * of it: the record, the model, or the checkpoint of a run that goes on.
 *
 * @returns how its command ends
 * @throws UserError where the store takes nothing
 */
export async function workAtJob(
  job: JobAtWork,
  { emit, signal }: { emit: Emit; signal: AbortSignal },
): Promise<JobEnd> {
  const { store, id, sha256, folder } = job;
  let outcome: RunOutcome | undefined;
  let thrown: unknown;
  try {
    outcome = await runJob(job, emit, signal);
    thrown = 'error' in outcome ? outcome.error : undefined;
  } catch (error) {
    thrown = error;
  }
  const exitCode = codeOf(outcome, thrown, signal);
  const folders = [storeName, relative('.', cacheFolder(storeName))];
  const kept = folders.filter((inside) => existsSync(join(homeOf(job), inside)));
  const files = (await Promise.all(kept.map((inside) => filesBelow(homeOf(job), inside)))).flat();
  for (const held of files) await pushFile(store, join(homeOf(job), held.path), held);
  const error = thrown instanceof Error ? thrown.message : undefined;
  const result: JobResult = {
    manifest: sha256,
    exitCode,
    ...(outcome && { place: `${basename(dirname(outcome.directory))}/${outcome.runId}`, status: outcome.status }),
    ...(outcome?.pausedAfter !== undefined && { pausedAfter: outcome.pausedAfter }),
    ...(error !== undefined && { error }),
    files,
  };
  const written = join(folder, 'result.json');
  writeFileAtomic(written, JSON.stringify(result));
  await store.write(resultName(id), written);
  return { exitCode, thrown };
}

/** How a job ended. */
export interface JobEnd {
  readonly exitCode: number;
  /** What ended it, where it did not finish. */
  readonly thrown: unknown;
}

function codeOf(outcome: RunOutcome | undefined, thrown: unknown, signal: AbortSignal): number {
  if (outcome?.status === 'FINISHED' || outcome?.pausedAfter !== undefined) return 0;
  if (signal.aborted) return 130;
  return thrown instanceof UserError ? thrown.exitCode : 1;
}

async function runJob(job: JobAtWork, emit: Emit, signal: AbortSignal): Promise<RunOutcome> {
  const { manifest, folder } = job;
  const { text, settings, run, untilEpoch } = manifest;
  const file = relative(homeOf(job), join(folder, manifest.file));
  const checked = await checkFile(file, [], { emit });
  const warn = (diagnostic: ReturnType<typeof warning>) => emit({ type: 'diagnostic', diagnostic });
  const tracker = new LocalStore(storeName, warn, {});
  const begun = foldersIn(storeName).find((experiment) => existsSync(join(storeName, experiment, run.id)));
  let into = begun && `${begun}/${run.id}`;
  if (into === undefined) {
    const made = await tracker.start({
      experiment: run.experiment,
      runName: run.name,
      runId: run.id,
      startTime: Date.now(),
      tags: { 'mlflow.user': userName() },
    });
    await made.finish('KILLED', Date.now());
    into = relative(tracker.runsDirectory, made.directory);
  }
  return runPipeline({
    checked: { ...checked, source: { ...checked.source, text }, settings },
    name: run.name,
    into,
    ...(untilEpoch !== undefined && { untilEpoch }),
    tracker,
    cache: cacheFolder(storeName),
    emit,
    signal,
  });
}
