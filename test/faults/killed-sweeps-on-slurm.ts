import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareMachine } from '../bare-machine.ts';
import { noSlurm, startSlurm } from '../slurm/slurm-cluster.ts';
import type { Fault } from './fault.ts';
import { killSweeps, onCluster } from './killed-sweeps.ts';

/** The same as on this machine, where the trials run on a real Slurm cluster of two nodes. */
export const killedSweepsOnSlurm: Fault = {
  title: `the same on a real Slurm cluster of two nodes: ${onCluster}`,
  tries: { full: 20, reduced: 5 },
  async run(count, tell) {
    if (noSlurm !== undefined) throw new Error(noSlurm);
    const folder = mkdtempSync(join(tmpdir(), 'layerline-slurm-'));
    const cluster = await startSlurm();
    const jobs = (...args: readonly string[]) =>
      cluster
        .run('squeue', '--noheader', '--format=%j', ...args)
        .split('\n')
        .filter((name) => name !== '');
    try {
      const env = { ...cluster.env, ...bareMachine(folder), PIPELINE_ENGINE: 'wasm' };
      const wrong = await killSweeps(
        {
          on: 'slurm: { partition: cpu }',
          env,
          cluster: {
            submits: 'spawn .*/sbatch',
            looks: 'spawn .*/squeue',
            jobs: async () => jobs('--states=all'),
            logOf: async (id, sweep) => readFileSync(join(sweep, 'jobs', id, 'log'), 'utf8'),
          },
        },
        count,
        tell,
      );
      return [...wrong, ...jobs().map((name) => `Slurm still has ${name}`)];
    } finally {
      await cluster.end();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
