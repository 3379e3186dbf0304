import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bareMachine } from '../bare-machine.ts';
import { installEnvironment } from '../python-environment.ts';
import { startRay } from '../ray/ray-cluster.ts';
import { environment } from '../ray/setup.ts';
import type { Fault } from './fault.ts';
import { killSweeps, onCluster } from './killed-sweeps.ts';

/** The same as on this machine, where the trials run on a real Ray cluster of two nodes. */
export const killedSweepsOnRay: Fault = {
  title: `the same on a real Ray cluster of two nodes: ${onCluster}`,
  tries: { full: 20, reduced: 5 },
  async run(count, tell) {
    await installEnvironment(environment);
    const folder = mkdtempSync(join(tmpdir(), 'layerline-ray-'));
    mkdirSync(join(folder, 'store'));
    const given = { ...bareMachine(folder), PIPELINE_ENGINE: 'wasm' };
    const { url, token, end } = await startRay(given);
    const ask = async (path: string): Promise<unknown> => {
      const answer = await fetch(`${url}/api/jobs/${path}`, { headers: { authorization: `Bearer ${token}` } });
      return answer.json();
    };
    const jobs = async () => (await ask('')) as readonly { readonly submission_id: string; readonly status: string }[];
    try {
      const wrong = await killSweeps(
        {
          on: `ray: { url: "${url}" }`,
          env: { ...given, RAY_AUTH_TOKEN: token, PIPELINE_CACHE_REMOTE: pathToFileURL(join(folder, 'store')).href },
          cluster: {
            submits: 'POST .*/api/jobs/$',
            looks: 'GET .*/api/jobs/$',
            jobs: async () => (await jobs()).map(({ submission_id: id }) => id),
            logOf: async (id) => ((await ask(`${id}/logs`)) as { readonly logs: string }).logs,
          },
        },
        count,
        tell,
      );
      const open = (await jobs()).filter(({ status }) => status === 'PENDING' || status === 'RUNNING');
      return [...wrong, ...open.map(({ submission_id: id }) => `Ray still has ${id}`)];
    } finally {
      await end();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
