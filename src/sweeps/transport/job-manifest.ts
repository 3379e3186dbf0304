import { createHash } from 'node:crypto';
import {
  flag,
  type Formed,
  anything,
  list,
  object,
  optional,
  record,
  such,
  text,
  whole,
} from '../../base/json-form.ts';
import type { RemoteName } from '../../cache/remote-store.ts';
import { plainPath } from '../../tracking/store/run-folder.ts';
import { heldFile } from './held-files.ts';

const sha256 = text(/^[0-9a-f]{64}$/);
const path = text(plainPath);

/** Form of JobManifest. */
export const jobManifest = object({
  version: such(whole, (version) => version === 1),
  /** Version and SHA-256 of the packed program. */
  program: object({ version: text(), sha256 }),
  /** The folder that the command was given in, and the pipeline file from there, both below that of the job. */
  folder: optional(path),
  file: path,
  /** In full form; `tracking` says nothing of a server. */
  resolved: record(anything),
  /** What the report shows: the file as written, and what was set over it. */
  text: text(),
  settings: list(text()),
  /** What the pipeline reads, from the folder of the job. */
  data: list(heldFile),
  run: object({ id: text(/^[0-9a-f]{32}$/), name: text(), experiment: text() }),
  untilEpoch: optional(such(whole, (epoch) => epoch >= 1)),
  /** Whether its output is events as JSON. */
  json: flag,
  /** The job whose state it takes up. */
  after: optional(text(/^[A-Za-z0-9][\w.-]{0,199}$/)),
});

/** What goes to another machine for one job: hashes, and no path of this one. */
export type JobManifest = Formed<typeof jobManifest>;

/** Bytes that a manifest or a result may have: a line for each of a million files. */
export const longestManifest = 256 << 20;

/** Form of JobResult. */
export const jobResult = object({
  /** Of the manifest that it was started with. */
  manifest: sha256,
  /** As the command itself would end. */
  exitCode: such(whole, (code) => code >= 0 && code < 256),
  /** The run's folder, `EXPERIMENT/RUN`; left out: it was not begun. */
  place: optional(text(/^\d{1,64}\/[0-9a-f]{32}$/)),
  status: optional(text(/^(FINISHED|FAILED|KILLED)$/)),
  pausedAfter: optional(whole),
  /** What ended it. */
  error: optional(text()),
  /** The local store of the job and its kept outcomes, from the folder that the command works in. */
  files: list(heldFile),
});

/** What a job left in the store when it ended. */
export type JobResult = Formed<typeof jobResult>;

/** Where the result of a job lies: ids of jobs may have more characters than names of the store. */
export function resultName(id: string): RemoteName {
  return `jobs/${createHash('sha256').update(id).digest('hex')}`;
}
