import { type Diagnostic, warning } from '../base/diagnostics.ts';
import { LocalStore } from './store/local-store.ts';
import { MlflowClient } from './server/mlflow-client.ts';
import type { Environment } from './server/mlflow-connection.ts';
import { type ServerAddress, serverAddress, wrongUri } from './server/server-address.ts';
import { ServerTracker } from './server/server-tracker.ts';
import type { Tracker } from './tracker.ts';
import { trackingPlace } from './tracking-place.ts';

/** What decides where runs are recorded. */
export interface TrackerChoice {
  /** `http(s)://...`, `file:...` or a path; undefined for `runsDirectory` alone. */
  readonly uri?: string | undefined;
  /**
   * Whether the user himself named the URI, and no file that he was given: true unless given. An untrusted one gets no
   * credentials of the environment.
   */
  readonly isTrusted?: boolean;
  /** The local store, which every run is in. */
  readonly runsDirectory: string;
  /** Receives what the user should know but what does not end the run. */
  readonly warn: (warning: Diagnostic) => void;
  /** MLflow's own variables; the process's unless given. */
  readonly env?: Environment;
}

/**
 * The tracker for a tracking URI.
 *
 * @throws UserError for a URI that is neither a server's nor a folder's
 */
export function chooseTracker({
  uri,
  isTrusted = true,
  runsDirectory,
  warn,
  env = process.env,
}: TrackerChoice): Tracker {
  if (uri === undefined || uri === '') return new LocalStore(runsDirectory, warn, env);
  const { server, folder } = trackingPlace(uri);
  if (server !== undefined) {
    const address = serverAddress(server, isTrusted);
    warnOfClearText(address, warn, env);
    return new ServerTracker(address, new LocalStore(runsDirectory, warn, env), env, warn);
  }
  // A folder that a file names may lie anywhere.
  if (!isTrusted) throw wrongUri(uri);
  return new LocalStore(folder, warn, env);
}

/** Says once of a command that a password would go over a network in clear. */
export function warnOfClearText(
  address: ServerAddress,
  warn: (warning: Diagnostic) => void,
  env: Environment = process.env,
): void {
  const client = new MlflowClient(address, env);
  if (!client.sendsInClear) return;
  const message = `your credentials go to ${client.address} in clear: whoever is on the way can read them`;
  warn(warning('credentials-in-clear', message, 'give an address that begins with https://'));
}
