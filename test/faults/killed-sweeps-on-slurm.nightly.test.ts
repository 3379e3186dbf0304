import { expect, test } from 'vitest';
import { noSlurm } from '../slurm/slurm-cluster.ts';
import { killedSweepsOnSlurm } from './killed-sweeps-on-slurm.ts';

test.skipIf(noSlurm !== undefined)(
  `sweeps on Slurm whose drivers are killed lose no trial and double none${noSlurm ? ` (${noSlurm})` : ''}`,
  async () => {
    expect(await killedSweepsOnSlurm.run(killedSweepsOnSlurm.tries.reduced, () => {})).toEqual([]);
  },
  1_200_000,
);
