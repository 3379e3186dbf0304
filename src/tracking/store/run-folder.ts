import {
  type Dirent,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  realpathSync,
  rmSync,
  rmdirSync,
  statSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { failure, type UserError } from '../../base/diagnostics.ts';
import { removeLeftovers } from '../../base/files.ts';
import { readWithin } from '../../base/read-file.ts';
import { showCount } from '../../base/quantities.ts';

/*
 * Every path below a local store is made here. A `runs/` may come from elsewhere, and ids come from servers: neither
 * may lead this program to a file outside. The store's own folder may be a link: that is the user's word.
 */

/** Whether something is the id of a run in a local store: 32 hexadecimal digits, as MLflow makes them. */
export function isRunId(id: unknown): id is string {
  return typeof id === 'string' && /^[0-9a-f]{32}$/.test(id);
}

/** Whether something is the id of an experiment in a local store: decimal digits, as MLflow makes them. */
export function isExperimentId(id: unknown): id is string {
  return typeof id === 'string' && /^\d{1,64}$/.test(id);
}

/** A path of plain names with `/` between them: it leads nowhere but down. */
export const plainPath = /^(?:(?!\.{1,2}(?:\/|$))[^/\\\0]+(?:\/(?!$)|$))+$/;

/** The folder of an experiment, which need not be there. @throws UserError where it would lead out of the store */
export function experimentFolder(runsDirectory: string, id: string): string {
  if (!isExperimentId(id)) refuse(`the experiment '${String(id)}'`, runsDirectory);
  const directory = join(runsDirectory, id);
  proveFolder(directory);
  for (const part of ['tags', 'datasets']) proveWhole(join(directory, part));
  return directory;
}

/** The folder of a run, which need not be there. @throws UserError where the id is none */
export function runFolder(experimentDirectory: string, id: string): string {
  return join(experimentDirectory, isRunId(id) ? id : refuse(`the run '${String(id)}'`, experimentDirectory));
}

/**
 * The folder of a run that a record names.
 *
 * @param place `EXPERIMENT/RUN`
 * @throws UserError where it would lead out of the store
 */
export function runFolderAt(runsDirectory: string, place: string): string {
  const [experiment = '', run = '', ...more] = place.split(/[/\\]/);
  if (more.length > 0) refuse(`the run '${place}'`, runsDirectory);
  const directory = runFolder(experimentFolder(runsDirectory, experiment), run);
  proveWhole(directory);
  return directory;
}

/** The folder of a registered model, which need not be there. @throws UserError where it would lead out of the store */
export function registeredFolder(runsDirectory: string, name: string): string {
  const models = join(runsDirectory, 'models');
  if (!plainPath.test(name) || name.includes('/')) refuse(`the model '${name}'`, models);
  proveFolder(models);
  const directory = join(models, name);
  proveWhole(directory);
  return directory;
}

/** Where an artifact lies, or is to be written. @throws UserError where it would lead out of `artifactDirectory` */
export function artifactPath(artifactDirectory: string, path: string): string {
  return join(artifactDirectory, plainPath.test(path) ? path : refuse(`the artifact '${path}'`, artifactDirectory));
}

/**
 * The file of an artifact that is there.
 *
 * @throws UserError as above, or where it is none; the file system's own error
 */
export function artifactFile(artifactDirectory: string, path: string): string {
  const file = artifactPath(artifactDirectory, path);
  return statSync(file).isFile() && isInside(file, artifactDirectory) ? file : refuse(file, artifactDirectory);
}

/**
 * Proves that a folder is one, where it is there, and that no link in it leads out of it: what lies there would be
 * read, sent to a server, changed or removed. Nor is there anything that cannot be read to its end, such as a pipe.
 *
 * @throws UserError that names what leads out; the file system's own error
 */
export function proveWhole(directory: string): void {
  if (!proveFolder(directory)) return;
  for (const entry of entriesBelow(directory)) {
    if (entry.isFile() || entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    if (!entry.isSymbolicLink()) throw leftAlone(`${path} is neither a file nor a folder`);
    if (!isInside(path, directory)) refuse(path, directory);
  }
}

/** All that a folder holds. What whoever is at work there removes meanwhile is none of it. */
function* entriesBelow(directory: string): Generator<Dirent> {
  for (const entry of entriesIn(directory)) {
    yield entry;
    if (entry.isDirectory()) yield* entriesBelow(join(directory, entry.name));
  }
}

/** @returns whether it is there */
function proveFolder(directory: string): boolean {
  const entry = lstatSync(directory, { throwIfNoEntry: false });
  if (entry?.isSymbolicLink() === true) refuse(directory, dirname(directory));
  if (entry?.isDirectory() === false) throw leftAlone(`${directory} is no folder`);
  return entry !== undefined;
}

function isInside(path: string, directory: string): boolean {
  try {
    return realpathSync(path).startsWith(`${realpathSync(directory)}${sep}`);
  } catch {
    // What is written to a link that leads nowhere yet is made there.
    return false;
  }
}

function refuse(what: string, where: string): never {
  throw leftAlone(`${what} leads out of ${where}`);
}

function leftAlone(why: string): UserError {
  const hint =
    'a `runs/` from elsewhere may hold such things; where a link is yours, put what it points to in its place';
  return failure('leads-out', `${why}: it is left alone`, hint);
}

/** The folders in a folder, links left out; none where it is not there. @throws the file system's own error */
export function foldersIn(directory: string): string[] {
  return entriesIn(directory)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function entriesIn(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Opens a file of a store that is there: not where a link leads, and without waiting at a pipe.
 *
 * @param mode `constants.O_RDONLY`, or how it is written to
 * @throws UserError where it is no file; the file system's own error
 */
export function openOwnFile(path: string, mode: number): number {
  let file: number;
  try {
    file = openSync(path, mode | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') refuse(path, dirname(path));
    throw error;
  }
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw leftAlone(`${path} is no file`);
}

/** Bytes that a journal, or the values of a metric, may have: some million values. */
export const longFile = 256e6;

/**
 * The text of a file of a store.
 *
 * @param limit bytes that it may have; left out: far more than anything of one key
 * @throws as openOwnFile; UserError where it has more
 */
export function readOwnFile(path: string, limit = 1e6): string {
  const file = openOwnFile(path, constants.O_RDONLY);
  try {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(readWithin(file, limit));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EFBIG') throw error;
    const hint = 'neither this program nor MLflow writes so large a one: a `runs/` from elsewhere may hold anything';
    throw failure('record-too-large', `${path} has more than ${showCount(limit)} bytes: it is left alone`, hint, error);
  } finally {
    closeSync(file);
  }
}

/** The folders that a run has from its start. */
export const runParts = ['params', 'metrics', 'tags', 'artifacts'] as const;

/**
 * Removes what was made of a run before its `meta.yaml`, which is tags and nothing else. A folder that holds anything
 * else stays.
 *
 * @throws the file system's own error
 */
export function removeHalfMade(directory: string): void {
  if (!proveFolder(directory)) return;
  removeLeftovers(directory);
  for (const part of runParts) if (part !== 'tags') removeEmpty(join(directory, part));
  if (readdirSync(directory).some((name) => name !== 'tags')) return;
  const tags = join(directory, 'tags');
  if (proveFolder(tags))
    for (const { name } of entriesIn(tags).filter((entry) => entry.isFile())) rmSync(join(tags, name));
  removeEmpty(tags);
  removeEmpty(directory);
}

/** Removes a folder that nothing is left in. */
export function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not there, or not empty: then it holds what is not ours.
  }
}
