import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerRun } from './journal.ts';
import type { MlflowClient, Upload } from './mlflow-client.ts';
import { artifactPath, plainPath } from './run-folder.ts';

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
  const directory = artifactUri.startsWith('file:///') ? decoded(() => fileURLToPath(artifactUri)) : artifactUri;
  if (client.isTrusted && directory !== undefined && isOfRun(directory, run) && isOnThisMachine(client, directory)) {
    return async (path, file) => {
      const copy = artifactPath(directory, path);
      await mkdir(dirname(copy), { recursive: true });
      await cp(file, copy);
    };
  }
  return async () => {
    throw new Error(`the server keeps artifacts in ${artifactUri}, which cannot be reached from here; start it with --serve-artifacts to send them through it`);
  };
}

function decoded(decode: () => string): string | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

// As MLflow makes it: whoever answers may name any folder of this machine, but no one's own is called so.
function isOfRun(directory: string, { experimentId, runId }: ServerRun): boolean {
  return directory === resolve(directory) && directory.endsWith(`/${experimentId}/${runId}/artifacts`);
}

// A path of the server's own machine, or of a file system that both share: then the folder of its experiment is here.
function isOnThisMachine(client: MlflowClient, directory: string): boolean {
  const store = dirname(dirname(directory));
  return existsSync(store) || (client.isLocal && existsSync(dirname(dirname(store))));
}
