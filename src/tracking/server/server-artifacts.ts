import { constants, existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { besideName } from '../../base/files.ts';
import type { ServerRun } from './journal.ts';
import { type MlflowClient, runKey, type Upload } from './mlflow-client.ts';
import { artifactPath, isExperimentId, isRunId, plainPath } from '../store/run-folder.ts';

/** Stores one file of a run where its server keeps artifacts. @param path relative to the run's artifacts */
export type StoreArtifact = (path: string, file: string, upload: Upload) => Promise<void>;

/**
 * The way to a run's artifacts, by the `artifact_uri` that the server gave it.
 *
 * @returns a function that throws a plain Error where this program has no way there
 */
export function artifactWay(client: MlflowClient, run: ServerRun): StoreArtifact {
  const { artifactUri } = run;
  const proxied = /^mlflow-artifacts:(?:\/\/)?\/([^/].*)$/.exec(artifactUri)?.[1];
  const root = proxied === undefined ? undefined : decoded(() => decodeURIComponent(proxied));
  if (root !== undefined && plainPath.test(root)) {
    return (path, file, upload) => client.putArtifact(`${root}/${path}`, file, upload);
  }
  const directory = artifactUri.startsWith('file:///') ? pathOfUri(artifactUri) : artifactUri;
  const isHere = client.isTrusted && directory !== undefined && isOfRun(directory, run);
  return async (path, file) => {
    const why = isHere
      ? await copyInto({ directory, isLocal: client.isLocal }, path, file)
      : 'no folder of this machine';
    if (why !== undefined)
      throw new Error(
        `the server keeps artifacts in ${artifactUri}, ` +
          `which cannot be reached from here${isHere ? ` (${why})` : ''}; ` +
          'start it with --serve-artifacts to send them through it',
      );
  };
}

function decoded(decode: () => string): string | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

/** @returns undefined where it is another than it seems: dots written as %2e lead up, what is behind a ? is left out */
function pathOfUri(uri: string): string | undefined {
  const path = decoded(() => fileURLToPath(uri));
  return path === decoded(() => decodeURIComponent(uri.slice('file://'.length))) ? path : undefined;
}

// As MLflow makes it: whoever answers may name any folder of this machine, but no one's own is called so.
function isOfRun(directory: string, { experimentId, runId }: ServerRun): boolean {
  return (
    directory.startsWith('/') &&
    plainPath.test(directory.slice(1)) &&
    directory.endsWith(`/${experimentId}/${runId}/artifacts`)
  );
}

/** Where a server says that a run's artifacts are on this machine. */
interface Place {
  readonly directory: string;
  /** Whether the server is on this machine. */
  readonly isLocal: boolean;
}

/** @returns why nothing may be written there, where that is so @throws the file system's own error */
async function copyInto(place: Place, path: string, file: string): Promise<string | undefined> {
  const copy = artifactPath(place.directory, path);
  const folder = dirname(copy);
  const own = file.endsWith(`/${path}`) ? realpathSync(file.slice(0, -path.length - 1)) : undefined;
  // The server's store is this very one.
  if (own === place.directory) return undefined;
  const why = whyNotIn(place, folder) ?? whyNotBeside(place, own);
  if (why !== undefined) return why;
  await mkdir(folder, { recursive: true });
  // Once more: the way may have been changed meanwhile.
  if (realpathSync(folder) !== folder) return linked;
  if (lstatSync(copy, { throwIfNoEntry: false })?.isFile() === false) return `${copy} is no file`;
  const aside = join(folder, besideName());
  try {
    await copyFile(file, aside, constants.COPYFILE_EXCL);
    await rename(aside, copy);
  } finally {
    await rm(aside, { force: true });
  }
  return undefined;
}

const linked = 'a link is on the way there';

/** Folders of the system, of Linux and macOS: nobody keeps artifacts there. */
const systemFolder = /^\/($|(bin|boot|dev|etc|lib\w*|proc|run|sbin|sys|usr|Library|System)(\/|$))/;

/**
 * MLflow 3.17 keeps a run's folder from the start where its store is of files. Beside a database, the first artifact
 * makes all: the store, the experiment's folder, the run's.
 */
function whyNotIn({ directory, isLocal }: Place, folder: string): string | undefined {
  const existing = lastThere(folder);
  if (decoded(() => realpathSync(existing)) !== existing) return linked;
  const experiment = dirname(dirname(directory));
  const store = dirname(experiment);
  const isThere = isWithin(existing, experiment);
  if (!isThere && !isLocal) return 'no folder of this machine';
  if (!isWithin(existing, dirname(store))) return `${dirname(store)} is not there`;
  if (systemFolder.test(existing)) return `${existing} is the system's`;
  if (!isThere && directory.includes('/.')) return 'no store begins in a hidden folder';
  // Where others share their store, the system says whether they do; root may do anything, and a folder's owner change
  // what he did.
  const me = process.geteuid?.();
  if (me !== undefined && statSync(existing).uid !== me && (me === 0 || !isThere))
    return `${existing} is another user's`;
  return undefined;
}

/**
 * Runs of this program's own that are no one else's to write to.
 *
 * @param own where the artifact is in the local store
 */
function whyNotBeside({ directory }: Place, own: string | undefined): string | undefined {
  if (own === undefined) return undefined;
  const [run, experiment] = [dirname(own), dirname(dirname(own))];
  if (!isRunId(basename(run)) || !isExperimentId(basename(experiment))) return undefined;
  const runs = dirname(experiment);
  // A server of this very store has made a run there for a journal; those that this program makes have no such tag.
  const isServers = existsSync(join(dirname(directory), 'tags', runKey));
  if (isWithin(runs, directory) || (isWithin(directory, runs) && !isServers))
    return `${runs} are the runs of this program`;
  return undefined;
}

function lastThere(path: string): string {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined ? lastThere(dirname(path)) : path;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}${sep}`);
}
