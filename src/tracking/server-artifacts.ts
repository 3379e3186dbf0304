import { cp, mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MlflowClient, Upload } from './mlflow-client.ts';

/** Stores one file of a run where its server keeps artifacts. @param path relative to the run's artifacts */
export type StoreArtifact = (path: string, file: string, upload: Upload) => Promise<void>;

/**
 * The way to a run's artifacts, by the `artifact_uri` that the server gave it.
 *
 * @returns a function that throws a plain Error where this program has no way there
 */
export function artifactWay(client: MlflowClient, artifactUri: string): StoreArtifact {
  const proxied = /^mlflow-artifacts:(?:\/\/)?(\/[^/].*)$/.exec(artifactUri)?.[1];
  if (proxied !== undefined) {
    const root = decodeURIComponent(proxied).slice(1);
    return (path, file, upload) => client.putArtifact(`${root}/${path}`, file, upload);
  }
  const directory = artifactUri.startsWith('file:///') ? fileURLToPath(artifactUri) : artifactUri;
  if (directory.startsWith('/') && isOnThisMachine(client, directory)) {
    return async (path, file) => {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await cp(file, join(directory, path));
    };
  }
  return async () => {
    throw new Error(`the server keeps artifacts in ${artifactUri}, which cannot be reached from here; start it with --serve-artifacts to send them through it`);
  };
}

// A path of the server's own machine, or of a file system that both share: then the folder of its experiment is here.
function isOnThisMachine(client: MlflowClient, directory: string): boolean {
  const store = dirname(dirname(directory));
  return existsSync(store) || (client.isLocal && existsSync(dirname(dirname(store))));
}
