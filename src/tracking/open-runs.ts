import { warnOfClearText } from './choose-tracker.ts';
import type { RecordedRuns, Watch } from './recorded-runs.ts';
import { MlflowClient } from './server/mlflow-client.ts';
import { serverAddress } from './server/server-address.ts';
import { ServerRuns } from './server/server-runs.ts';
import { LocalRuns } from './store/local-runs.ts';
import { trackingPlace } from './tracking-place.ts';

/**
 * The runs that are recorded in a place.
 *
 * @param uri of an MLflow server, as the user named it; undefined or empty: the local store
 * @throws UserError for a URI that is neither a server's nor a folder's
 */
export function openRuns(runsDirectory: string, uri: string | undefined, { warn, signal }: Watch): RecordedRuns {
  const place = uri === undefined || uri === '' ? { folder: runsDirectory } : trackingPlace(uri);
  if (place.folder !== undefined) return new LocalRuns(place.folder);
  const server = serverAddress(place.server, true);
  warnOfClearText(server, warn);
  return new ServerRuns(new MlflowClient(server, process.env), signal);
}
