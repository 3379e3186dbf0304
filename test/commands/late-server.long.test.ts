import { afterAll, expect, test } from 'vitest';
import { digitsPipeline, eventsOf, Rig } from '../rig.ts';
import { type Page, receiver } from '../tracking/recording-server.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const serverRunId = 'a'.repeat(32);
const page = (body: object): Page => ({ code: 200, text: JSON.stringify(body) });

/** Answers 503 to the first requests, and as a server that is well from then on. */
const lateServer = async (late: number, wants: (path: string) => boolean = () => true) =>
  (
    await receiver(({ path }, count) => {
      if (count <= late || !wants(path)) return 503;
      if (path.includes('/experiments/get-by-name'))
        return page({ experiment: { experiment_id: '1', name: 'digits', lifecycle_stage: 'active' } });
      if (!path.endsWith('/runs/create')) return 200;
      return page({
        run: {
          info: {
            run_id: serverRunId,
            experiment_id: '1',
            artifact_uri: `mlflow-artifacts:/1/${serverRunId}/artifacts`,
            lifecycle_stage: 'active',
          },
        },
      });
    })
  ).client.address;

test('a run that the server has under another id is told by that one, and by its own', async () => {
  rig.writeDigits(200, 100);
  rig.write('digits.yaml', digitsPipeline({ epochs: 1 }));
  const env = { MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '0.1' };
  const run = (address: string, ...args: readonly string[]) =>
    rig.run(['run', 'digits.yaml', '--tracking-uri', address, ...args], env);
  const last = (stdout: string) => eventsOf(stdout).at(-1)!;

  const late = await lateServer(1);
  const { stdout } = await run(late);
  expect(stdout).toMatch(
    new RegExp(`recorded in {4}${late} \\(run ${serverRunId}\\), runs \\(run (?!${serverRunId})[0-9a-f]{32}\\)\n`),
  );
  const json = last((await run(await lateServer(1), '--json')).stdout);
  expect(json).toMatchObject({ type: 'run-finished', serverRunId, runId: expect.not.stringContaining(serverRunId) });

  const partly = await lateServer(1, (path) => !path.includes('/artifacts/'));
  expect((await run(partly)).stdout).toMatch(
    new RegExp(
      `recorded in {4}runs \\(run [0-9a-f]{32}\\); ${partly} \\(run ${serverRunId}\\) does not have all of it yet\n`,
    ),
  );

  const prompt = await lateServer(0);
  const { stdout: same } = await run(prompt, '--runs', 'others');
  expect(same).toContain(`recorded in    ${prompt} (run ${serverRunId})\n`);
  const alone = last((await rig.run(['run', 'digits.yaml', '--json', '--runs', 'others'])).stdout);
  expect(alone).toMatchObject({ type: 'run-finished', status: 'FINISHED' });
  expect(alone).not.toHaveProperty('serverRunId');
}, 120_000);
