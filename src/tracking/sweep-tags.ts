import { createHash } from 'node:crypto';
import type { RunState } from './recorded-runs.ts';

/** Tags by which the runs of a sweep are known, in every tracker. */
export const sweepTags = {
  /** The sweep that a run is of: its parent run, or one of its trials. */
  sweep: 'layerline.sweep',
  /** The number of a trial; its parent has none. */
  trial: 'layerline.trial',
  /** Of the parent: the best trial so far, by the id of its run in the local store, and by its number. */
  best: 'layerline.best',
  bestTrial: 'layerline.best_trial',
  /** Of a trial that was left behind at a rung, how far it came: such a run is FINISHED, without a model. */
  pruned: 'layerline.pruned',
  /** Of the parent: the fingerprint of the sweep file, see sweepFingerprint. */
  file: 'layerline.sweep_sha256',
} as const;

/** A run's tags, one by one. */
interface Tagged {
  tag(key: string): string | undefined;
}

/** Whether a run is the one that the trials of a sweep are below. */
export function isSweep(run: Tagged): boolean {
  return run.tag(sweepTags.sweep) !== undefined && !isTrialOfSweep(run);
}

/** Whether a run is a trial of a sweep. */
export function isTrialOfSweep(run: Tagged): boolean {
  return run.tag(sweepTags.trial) !== undefined;
}

/** The state of a run whose status and tag say this. @param pruned left out or empty: it is not, or goes on again */
export function stateWith<State extends RunState>(status: State, pruned: string | undefined): State | 'PRUNED' {
  return status === 'FINISHED' && pruned !== undefined && pruned !== '' ? 'PRUNED' : status;
}

/** What a sweep file is known by, to tell whether it was edited since. */
export function sweepFingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
