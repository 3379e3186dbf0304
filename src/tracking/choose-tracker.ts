import { fileURLToPath } from 'node:url';
import { type Diagnostic, UserError } from '../base/diagnostics.ts';
import { hideSecrets, rememberSecrets } from '../base/secrets.ts';
import { LocalStore } from './local-store.ts';
import { MlflowClient } from './mlflow-client.ts';
import type { Environment } from './mlflow-connection.ts';
import { ServerTracker } from './server-tracker.ts';
import type { Tracker } from './tracker.ts';

/** What decides where runs are recorded. */
export interface TrackerChoice {
  /** `http(s)://...`, `file:...` or a path; undefined for `runsDirectory` alone. */
  readonly uri?: string | undefined;
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
 * @throws UserError for a URI of a kind that is not spoken here
 */
export function chooseTracker({ uri, runsDirectory, warn, env = process.env }: TrackerChoice): Tracker {
  rememberSecrets(uri);
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri ?? '')?.[1]?.toLowerCase();
  if (uri === undefined || uri === '') return new LocalStore(runsDirectory, warn, env);
  if (scheme === undefined) return new LocalStore(uri, warn, env);
  if (scheme === 'file') return new LocalStore(filePath(uri), warn, env);
  if ((scheme === 'http' || scheme === 'https') && URL.canParse(uri)) return new ServerTracker(new URL(uri), new LocalStore(runsDirectory, warn, env), env, warn);
  throw wrongUri(uri);
}

/**
 * A client for the server of an address, with the credentials of `uri` where that is the same server.
 *
 * @throws UserError for an address that is none of a server's
 */
export function connectTo(address: string, uri: string | undefined, env: Environment = process.env): MlflowClient {
  if (!/^https?:/i.test(address) || !URL.canParse(address)) throw wrongUri(address);
  const known = uri !== undefined && /^https?:/i.test(uri) && URL.canParse(uri) ? new MlflowClient(new URL(uri), env) : undefined;
  return known?.address === new MlflowClient(new URL(address), env).address ? known : new MlflowClient(new URL(address), env);
}

function filePath(uri: string): string {
  try {
    return uri.startsWith('file://') ? fileURLToPath(uri) : decodeURIComponent(uri.slice('file:'.length));
  } catch {
    throw wrongUri(uri);
  }
}

function wrongUri(uri: string): UserError {
  const message = `cannot record runs in '${hideSecrets(uri)}'`;
  const hint = 'give the address of an MLflow server (http://...), or a folder, or leave it out; a server can keep its runs in a database (`mlflow server --backend-store-uri sqlite:///mlflow.db`)';
  return new UserError({ code: 'tracking-uri', severity: 'error', message, hint }, 2);
}
