import type { CheckedPipeline } from '../plan/check-pipeline.ts';

/** Where outcomes, and jobs for other machines, are shared. */
export interface SharedAddress {
  readonly address: string;
  /** Whether the user himself named it, by a setting or a variable, and no file that he was given. */
  readonly isNamed: boolean;
}

/**
 * The place that several machines reach: the one that a setting names, else that of the environment, else that of the
 * file.
 *
 * @returns undefined where there is none
 */
export function sharedAddress(
  { pipeline: { cache }, setsCache }: Pick<CheckedPipeline, 'pipeline' | 'setsCache'>,
  env: Readonly<Record<string, string | undefined>>,
): SharedAddress | undefined {
  const ofEnvironment = setsCache ? undefined : env['PIPELINE_CACHE_REMOTE']?.trim() || undefined;
  const address = ofEnvironment ?? cache?.remote;
  return address === undefined ? undefined : { address, isNamed: setsCache || ofEnvironment !== undefined };
}
