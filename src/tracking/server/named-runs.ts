import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listExperiments } from '../store/local-experiments.ts';
import { isRunId, readOwnFile, runFolder } from '../store/run-folder.ts';
import { type Items, Journal } from './journal.ts';
import { journalPath } from './open-journal.ts';
import { oneSpelling } from './server-address.ts';

/** The run that one is below. */
const parentTag = 'mlflow.parentRunId';

/** Tags that name another run: in the local store by the id that it has there. */
const naming: ReadonlySet<string> = new Set([parentTag, 'pipeline.evaluates']);

/**
 * Tags as a server is to have them: other runs of the store by the ids that it has them under.
 *
 * @param directory of the run that has them
 * @param address of the server
 * @returns undefined where one of the others is still to be made there
 */
export function namedOnServer(
  tags: readonly Items['tags'][],
  directory: string,
  address: string,
): readonly Items['tags'][] | undefined {
  const named: Items['tags'][] = [];
  for (const tag of tags) {
    const value = naming.has(tag.key) ? idOnServer(tag.value, directory, address) : tag.value;
    if (value === undefined) return undefined;
    named.push({ ...tag, value });
  }
  return named;
}

/** undefined: it is to get one. What was never meant for the server, or is not ours, keeps the id that it has. */
function idOnServer(id: string, directory: string, address: string): string | undefined {
  const other = otherRun(id, directory);
  const path = [journalPath(other ?? ''), join(other ?? '', 'journal')].find((file) => existsSync(file));
  if (other === undefined || path === undefined) return id;
  try {
    const { destination, server } = Journal.peek(path);
    if (destination === undefined || oneSpelling(destination.address) !== oneSpelling(address)) return id;
    return server?.runId;
  } catch {
    // Who delivers that one says what is wrong with it.
    return id;
  }
}

/** The folder of another run of the same store. */
function otherRun(id: string, directory: string): string | undefined {
  if (!isRunId(id)) return undefined;
  const experiments = listExperiments(dirname(dirname(directory))).map((experiment) => experiment.directory);
  return [dirname(directory), ...experiments]
    .map((experiment) => runFolder(experiment, id))
    .find((folder) => existsSync(folder));
}

/** Runs of a store so that each comes after the one that it is below. */
export function parentsFirst(directories: readonly string[]): readonly string[] {
  return directories
    .map((directory) => ({ directory, depth: depthOf(directory) }))
    .sort((one, other) => one.depth - other.depth)
    .map(({ directory }) => directory);
}

/** Of ours an evaluation of a trial of a sweep is the deepest. */
const deepest = 4;

function depthOf(directory: string, depth = 0): number {
  const tag = join(directory, 'tags', parentTag);
  if (depth === deepest || !existsSync(tag)) return depth;
  try {
    const parent = otherRun(readOwnFile(tag).trim(), directory);
    return parent === undefined ? depth : depthOf(parent, depth + 1);
  } catch {
    return depth;
  }
}
