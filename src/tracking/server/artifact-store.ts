import { failure } from '../../base/diagnostics.ts';
import { atPace, silence } from '../../cache/remote/at-pace.ts';
import { receiveFile, tooMuch } from '../../cache/remote/receive-file.ts';
import { partsOfName } from '../../cache/remote/remote-names.ts';
import type { RemoteName, RemoteStore } from '../../cache/remote-store.ts';
import { MlflowClient } from './mlflow-client.ts';
import { type Environment, RequestError } from './mlflow-connection.ts';
import type { ServerAddress } from './server-address.ts';

/** What a file is called in the folder of its name: so the server tells of one name alone. */
const content = 'content';

/**
 * A folder of the artifact store that a tracking server gives access to. How large a file is, the server says in JSON
 * before it is fetched, so that no page of a proxy is taken for one.
 *
 * @param env variables of MLflow's client; credentials among them go only to a server that the user named
 */
export function openArtifactStore(server: ServerAddress, folder: string, env: Environment): RemoteStore {
  const client = new MlflowClient(server, { ...env, MLFLOW_HTTP_REQUEST_TIMEOUT: waitOf(env) });
  const address = `mlflow-artifacts:/${folder} of ${client.address}`;
  const closed = new AbortController();
  const { signal } = closed;
  const folderOf = (name: RemoteName) => [folder, ...partsOfName(name)].join('/');
  const failed = (error: unknown, doing: string): unknown =>
    error instanceof RequestError
      ? failure('remote-unreachable', `${address} cannot be ${doing}: ${error.message}`, wayOut(error), error)
      : error;
  const sizeOf = (name: RemoteName): Promise<number | undefined> =>
    client.proxiedSize(folderOf(name), content, signal).catch((error: unknown) => {
      throw failed(error, 'read from');
    });
  /** @param bytes that the server has told of */
  async function* piecesOf(name: RemoteName, bytes: number): AsyncGenerator<Uint8Array> {
    let arrived = 0;
    try {
      for await (const piece of client.receiveProxied(`${folderOf(name)}/${content}`, bytes, signal)) {
        arrived += piece.length;
        yield piece;
      }
    } catch (error) {
      throw failed(error, 'read from');
    }
    if (arrived !== bytes)
      throw failure('remote-unreachable', `${address} sends ${arrived} bytes of ${bytes}`, 'Look at the server.');
  }
  return {
    address,
    async read(name, file, limit) {
      const from = `${address}/${name}`;
      const bytes = await sizeOf(name);
      if (bytes === undefined) return false;
      if (bytes > limit) throw tooMuch(from, limit);
      await receiveFile(atPace(piecesOf(name, bytes), address), file, { from, limit });
      return true;
    },
    async write(name, file) {
      const upload = { signal, onProgress: () => {} };
      await client.putArtifact(`${folderOf(name)}/${content}`, file, upload).catch((error: unknown) => {
        throw failed(error, 'written to');
      });
    },
    has: async (name) => (await sizeOf(name)) !== undefined,
    close() {
      closed.abort();
      client.close();
      return Promise.resolve();
    },
  };
}

/** A run waits for what is shared, and does without it: no two minutes, where nobody says so. */
function waitOf({ MLFLOW_HTTP_REQUEST_TIMEOUT: own }: Environment): string {
  return own || String(silence / 1000);
}

function wayOut({ wayOut: told, status }: RequestError): string {
  const way =
    told ?? (status === 403 ? 'ask who runs the server for the right to read and write artifacts' : undefined);
  if (way === undefined) return 'It has to be an MLflow server that serves artifacts (`--serve-artifacts`).';
  return `${way.charAt(0).toUpperCase()}${way.slice(1)}.`;
}
