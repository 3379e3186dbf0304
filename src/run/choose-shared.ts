import type { Diagnostic } from '../base/diagnostics.ts';
import { openRemoteStore } from '../cache/remote/open-remote-store.ts';
import { keyOf } from '../cache/remote/sign-entry.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { SharedOutcomes } from './shared-outcomes.ts';

/**
 * Opens the place where outcomes are shared: the one that a setting names, else that of the environment, else that of
 * the file.
 *
 * @returns undefined where there is none
 * @throws UserError where the environment names none that is one, or too short a key
 */
export async function chooseShared(
  { pipeline: { cache }, setsCache }: CheckedPipeline,
  env: Readonly<Record<string, string | undefined>>,
  warn: (warning: Diagnostic) => void,
): Promise<SharedOutcomes | undefined> {
  const ofFile = cache?.remote;
  const ofEnvironment = env['PIPELINE_CACHE_REMOTE']?.trim() || undefined;
  const address = setsCache ? ofFile : (ofEnvironment ?? ofFile);
  if (address === undefined) return undefined;
  // A folder asks for no keys, and is written to only where it is empty or ours: any file may name one.
  return new SharedOutcomes(await openRemoteStore(address), keyOf(env), warn);
}
