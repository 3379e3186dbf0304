import type { Range } from '../base/diagnostics.ts';
import { failure } from '../base/diagnostics.ts';
import { isMisfit } from '../base/row.ts';
import type { RemoteStore } from '../cache/remote-store.ts';
import { openFolderStore } from '../cache/remote/folder-store.ts';
import { readRemoteAddress } from '../cache/remote/remote-address.ts';
import { wrongAddress } from '../cache/remote/wrong-address.ts';
import { trackingPlace } from '../tracking/tracking-place.ts';
import type { TrackingChoice } from './tracking-choice.ts';

/** What a place asks for besides its address. */
interface Access {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where runs are recorded: its artifact store is what `mlflow-artifacts:` is. */
  readonly tracking?: TrackingChoice;
  /** Where the address stands in a file. */
  readonly range?: Range;
}

/**
 * Opens a place that several machines reach, without asking it for anything yet. Who names it is trusted with what is
 * sent there: whoever takes an address from a file decides that.
 *
 * @param address `file:///FOLDER`, `s3://BUCKET/PREFIX` or `mlflow-artifacts:/FOLDER`
 * @throws UserError where it is none; `remote-not-set-up` where it lacks credentials or a server
 */
export async function openRemoteStore(
  address: string,
  { env = process.env, tracking = {}, range }: Access = {},
): Promise<RemoteStore> {
  const read = readRemoteAddress(address);
  if (isMisfit(read)) throw wrongAddress(address, read, range);
  if (read.kind === 'folder') return openFolderStore(read.folder, address.replace(/\/+$/, ''));
  // What HTTP, signatures and MLflow need is loaded where it is named.
  if (read.kind === 's3') {
    const { readS3Access } = await import('../cache/remote/s3-access.ts');
    const { openS3Store } = await import('../cache/remote/s3-store.ts');
    return openS3Store(read, address.replace(/\/+$/, ''), readS3Access(env));
  }
  const server = tracking.uri === undefined ? undefined : trackingPlace(tracking.uri).server;
  if (server === undefined)
    throw failure(
      'remote-not-set-up',
      'mlflow-artifacts: is the artifact store of the server that runs are recorded on, and none is named',
      'Set MLFLOW_TRACKING_URI=http://HOST:PORT, or `tracking: { uri: ... }` in the file.',
    );
  const { openArtifactStore } = await import('../tracking/server/artifact-store.ts');
  const { serverAddress } = await import('../tracking/server/server-address.ts');
  return openArtifactStore(serverAddress(server, tracking.isTrusted === true), read.folder, env);
}
