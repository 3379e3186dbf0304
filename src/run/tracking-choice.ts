import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { isTrustedUri } from '../tracking/server/server-address.ts';

/** Where a run is recorded besides the local store, and whether the user said so himself, or trusts who did. */
export interface TrackingChoice {
  readonly uri?: string | undefined;
  readonly isTrusted?: boolean;
}

/**
 * The tracking URI: of the flag, else of a setting, of the environment, of the file.
 *
 * @param trusts whether the user says now that he trusts the file's
 */
export function trackingChoice(
  { pipeline, setsTracking }: CheckedPipeline,
  env: Readonly<Record<string, string | undefined>>,
  { flag, trusts = false }: { readonly flag?: string | undefined; readonly trusts?: boolean } = {},
): TrackingChoice & { readonly isTrusted: boolean } {
  const ofFile = pipeline.tracking.uri;
  const own = flag ?? (setsTracking ? ofFile : undefined) ?? env['MLFLOW_TRACKING_URI'];
  if (own !== undefined) return { uri: own, isTrusted: true };
  return { uri: ofFile, isTrusted: ofFile !== undefined && (trusts || isTrustedUri(ofFile)) };
}
