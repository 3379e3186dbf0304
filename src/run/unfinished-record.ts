import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { anything, either, hasForm, list, nothing, object, optional, record as map, text } from '../base/json-form.ts';
import type { DataHashes } from '../cache/fingerprints.ts';
import type { Machine } from '../cache/machine-identity.ts';
import { readOwnFile, runFolderAt } from '../tracking/store/run-folder.ts';

/**
 * A run that has not finished, as `.unfinished-KEY-RUN.json` beside the runs has it. KEY is that of the file and what
 * was set over it.
 */
export interface UnfinishedRun {
  /** The run's folder, from that of all runs. */
  readonly directory: string;
  /**
   * The pipeline file, from the folder of all runs, whatever links lead to both. Not there in what versions before
   * wrote.
   */
  readonly file?: string;
  /** Where it is recorded besides. */
  readonly server?: string | null;
  /** What its training was told. */
  readonly training: unknown;
  readonly data: DataHashes;
  /** What trains it now. */
  readonly machine: Machine;
  /** What of its training another machine has done, a line for each change. */
  readonly mixture?: readonly string[];
}

// Its hash is no secret: a record may come from elsewhere.
const form = object({
  directory: text(),
  file: optional(text()),
  server: optional(either(text(), nothing)),
  training: map(anything),
  data: map(text()),
  machine: object({
    program: text(),
    node: text(),
    engine: text(),
    processor: text(),
    threads: text(),
    environment: map(text()),
    drawing: text(),
  }),
  mixture: optional(list(text())),
});

const recordName = /^\.unfinished-([0-9a-f]{16})-[0-9a-f]{32}\.json$/;

/** A record's place. */
export function recordPath(runsDirectory: string, key: string, runId: string): string {
  return join(runsDirectory, `.unfinished-${key}-${runId}.json`);
}

/** The places of all records beside the runs, with the key that each has in its name. */
export function recordsIn(runsDirectory: string): readonly { readonly path: string; readonly key: string }[] {
  return namesIn(runsDirectory).flatMap((name) => {
    const key = recordName.exec(name)?.[1];
    return key === undefined ? [] : [{ path: join(runsDirectory, name), key }];
  });
}

/** The text of a record. */
export function sealed(record: UnfinishedRun): string {
  return JSON.stringify({ ...record, sha256: digestOf(record) });
}

/** undefined: it is gone, or damaged. */
export function readRecord(path: string): UnfinishedRun | undefined {
  try {
    const { sha256, ...record } = JSON.parse(readOwnFile(path)) as { readonly sha256?: unknown };
    return hasForm(form, record) && sha256 === digestOf(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A run that has not finished: its record, its folder, and its file as the record has it, which is data and only looked
 * for.
 */
export interface UnfinishedPlace {
  readonly path: string;
  readonly directory: string;
  readonly file: string | undefined;
}

/** The runs in a store that have not finished, but for those whose record is damaged or leads out of it. */
export function unfinishedIn(runsDirectory: string): readonly UnfinishedPlace[] {
  return recordsIn(runsDirectory).flatMap(({ path }) => {
    const record = readRecord(path);
    const directory = record === undefined ? undefined : folderOf(runsDirectory, record);
    return typeof directory === 'string' ? [{ path, directory, file: record!.file }] : [];
  });
}

/** The folder of a run, or why it is left alone: the record of it may come from elsewhere. */
export function folderOf(runsDirectory: string, { directory }: UnfinishedRun): string | Error {
  try {
    return runFolderAt(runsDirectory, directory);
  } catch (error) {
    return error as Error;
  }
}

function digestOf(record: UnfinishedRun): string {
  return createHash('sha256').update(JSON.stringify(record)).digest('hex');
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    // What is wrong with the place is said by whoever records in it.
    return [];
  }
}
