import { type Diagnostic, UserError, failure, warningsOf } from '../base/diagnostics.ts';
import type { RemoteStore } from '../cache/remote-store.ts';
import { keyOf } from '../cache/remote/sign-entry.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { openRemoteStore } from './open-remote-store.ts';
import { type SharedAddress, sharedAddress } from './shared-address.ts';
import { SharedOutcomes } from './shared-outcomes.ts';
import type { TrackingChoice } from './tracking-choice.ts';

/** What decides where outcomes are shared, besides the file. */
export interface SharingChoice {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tracking: TrackingChoice;
  readonly warn: (warning: Diagnostic) => void;
}

/**
 * Opens the place where outcomes are shared.
 *
 * @returns undefined where there is none, or where what it asks for is not there, which is told
 * @throws UserError where the environment names none that is one, or too short a key
 */
export async function chooseShared(
  checked: CheckedPipeline,
  { env, tracking, warn }: SharingChoice,
): Promise<SharedOutcomes | undefined> {
  const named = sharedAddress(checked, env);
  if (named === undefined) return undefined;
  const key = keyOf(env);
  try {
    return new SharedOutcomes(await open(named, { env, tracking }), key, warn);
  } catch (error) {
    const isToSetUp = error instanceof UserError && error.diagnostics.every(({ code }) => code === 'remote-not-set-up');
    if (!isToSetUp) throw error;
    for (const { hint, ...told } of warningsOf(error, 'remote-not-set-up'))
      warn({ ...told, hint: [hint, 'The run goes on without it.'].filter(Boolean).join(' ') });
    return undefined;
  }
}

/** @throws as openRemoteStore; UserError where only the file names what takes the user's own keys */
function open({ address, isNamed }: SharedAddress, access: Omit<SharingChoice, 'warn'>): Promise<RemoteStore> {
  // A folder asks for no keys, and is written to only where it is empty or ours; a tracking server gets credentials by
  // its own rule. A bucket of anyone's would get what was trained, signed with the user's keys.
  if (isNamed || !/^s3:/i.test(address)) return openRemoteStore(address, access);
  const hint = `Where it is yours, say so in the environment: PIPELINE_CACHE_REMOTE=${address}.`;
  const message = `only the pipeline file names ${address}, so nothing goes there with your credentials`;
  return Promise.reject(failure('remote-not-set-up', message, hint));
}
