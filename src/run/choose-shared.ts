import type { Diagnostic } from '../base/diagnostics.ts';
import { openRemoteStore } from '../cache/remote/open-remote-store.ts';
import { keyOf } from '../cache/remote/sign-entry.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { sharedAddress } from './shared-address.ts';
import { SharedOutcomes } from './shared-outcomes.ts';

/**
 * Opens the place where outcomes are shared.
 *
 * @returns undefined where there is none
 * @throws UserError where the environment names none that is one, or too short a key
 */
export async function chooseShared(
  checked: CheckedPipeline,
  env: Readonly<Record<string, string | undefined>>,
  warn: (warning: Diagnostic) => void,
): Promise<SharedOutcomes | undefined> {
  const named = sharedAddress(checked, env);
  if (named === undefined) return undefined;
  // A folder asks for no keys, and is written to only where it is empty or ours: any file may name one.
  return new SharedOutcomes(await openRemoteStore(named.address), keyOf(env), warn);
}
