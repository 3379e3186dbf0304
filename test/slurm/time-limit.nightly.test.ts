import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openExecutor } from '../../src/sweeps/executors.ts';
import { noSlurm, startSlurm } from './slurm-cluster.ts';

test.skipIf(noSlurm !== undefined)(
  `a job that takes longer than its time limit has failed, and says so${noSlurm ? ` (${noSlurm})` : ''}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'layerline-slurm-'));
    const cluster = await startSlurm();
    try {
      Object.assign(process.env, cluster.env);
      const executor = openExecutor({ type: 'slurm', options: { time: '10s' } }, { folder: join(folder, 'jobs') });
      await executor.submit({ id: 'time-1-0-0', argv: ['sleep', '600'], env: {}, need: { cpu: 1 } });
      // Slurm counts minutes, and looks every half of one.
      for (let looks = 0; looks < 300; looks++) {
        const [found] = await executor.list('time');
        if (found!.state !== 'queued' && found!.state !== 'running') break;
        await sleep(500);
      }
      expect(await executor.list('time')).toEqual([
        expect.objectContaining({ state: 'failed', reason: 'it took longer than its time limit' }),
      ]);
    } finally {
      await cluster.end();
      rmSync(folder, { recursive: true });
    }
  },
);
