import { containers } from './containers.ts';
import { crashPoints } from './crash-points.ts';
import type { Fault } from './fault.ts';
import { flippedCacheBits } from './flipped-cache-bits.ts';
import { flippedCheckpointBits } from './flipped-checkpoint-bits.ts';
import { flippedDataBits } from './flipped-data-bits.ts';
import { killResume } from './kill-resume.ts';
import { killedSweepsOnRay } from './killed-sweeps-on-ray.ts';
import { killedSweepsOnSlurm } from './killed-sweeps-on-slurm.ts';
import { killedSweeps } from './killed-sweeps.ts';
import { manyRuns } from './many-runs.ts';
import { store } from './store.ts';
import { surroundings } from './surroundings.ts';
import { outages, tracker } from './tracker.ts';

/** All faults, by the name that `npm run faults` takes. */
export const faults: Readonly<Record<string, Fault>> = {
  'kill-resume': killResume,
  'killed-sweeps': killedSweeps,
  'killed-sweeps-on-ray': killedSweepsOnRay,
  'killed-sweeps-on-slurm': killedSweepsOnSlurm,
  containers,
  'crash-points': crashPoints,
  'flipped-cache-bits': flippedCacheBits,
  'flipped-checkpoint-bits': flippedCheckpointBits,
  'flipped-data-bits': flippedDataBits,
  tracker,
  outages,
  'many-runs': manyRuns,
  store,
  surroundings,
};
