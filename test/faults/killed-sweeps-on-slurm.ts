import { noSlurm, startSlurm } from '../slurm/slurm-cluster.ts';
import type { Fault } from './fault.ts';
import { killSweeps } from './killed-sweeps.ts';

/** The same as on this machine, where the trials run on a real Slurm cluster of two nodes. */
export const killedSweepsOnSlurm: Fault = {
  title:
    'the same on a real Slurm cluster of two nodes: `kill -9` of the driver at a random moment, before or in the ' +
    'middle of something that it writes, or while it stops for Ctrl-C or `--stop`; drivers are counted',
  tries: { full: 20, reduced: 3 },
  async run(count, tell) {
    if (noSlurm !== undefined) throw new Error(noSlurm);
    const cluster = await startSlurm();
    try {
      const env = { ...cluster.env, PIPELINE_ENGINE: 'wasm' };
      const wrong = await killSweeps({ on: 'slurm: { partition: cpu }', env, isHere: false }, count, tell);
      const left = cluster.run('squeue', '--noheader').trim();
      return left === '' ? wrong : [...wrong, `Slurm still has jobs: ${left}`];
    } finally {
      await cluster.end();
    }
  },
};
