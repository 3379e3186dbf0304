import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inContainer, noContainers, processIn } from '../container.ts';
import { Rig, convolutional, digitsPipeline, eventsOf } from '../rig.ts';
import { type RealServer, readRuns, realServer } from './real-mlflow.ts';

const rig = new Rig();
const epochs = 40;
let server: RealServer;
beforeAll(async () => {
  rig.writeDigits();
  rig.write('digits.yaml', `${digitsPipeline({ epochs, layers: convolutional })}  checkpoint: { everySteps: 3 }\n`);
  // It keeps its runs in files: unlike a database it would store a value twice.
  server = await realServer(rig.folder, `${rig.folder}/server`);
  await server.start();
});
afterAll(async () => {
  await server.kill();
  rig.remove();
});

test.skipIf(noContainers !== undefined)(
  'a run that was suspended, and taken over in another container, ' +
    `tells the server nothing more${noContainers === undefined ? '' : ` (${noContainers})`}`,
  async () => {
    const args = ['run', 'digits.yaml', '--json', '--runs', 'runs', '--tracking-uri', server.address];
    const asleep = rig.start(args, {}, inContainer('first'));
    let told = 0;
    const trains = new Promise<void>((resolve) => {
      asleep.child.stdout.on('data', (text: string) => {
        told += text.split('"epoch-finished"').length - 1;
        if (told > 5) resolve();
      });
    });
    await trains;
    const pid = processIn(asleep.child.pid!);
    process.kill(pid, 'SIGSTOP');
    const claims = readdirSync(join(rig.folder, 'runs'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.includes('.owner.'),
    );
    for (const path of claims) utimesSync(join(rig.folder, 'runs', path), 1, 1);
    const other = await rig.run(args, {}, inContainer('second'));
    const finished = eventsOf(other.stdout).at(-1)!;
    process.kill(pid, 'SIGCONT');
    const woken = await asleep.ended;
    expect([other.code, other.stderr, finished['status'], woken.code, woken.stderr]).toEqual([
      0,
      '',
      'FINISHED',
      1,
      expect.stringMatching(/^error run-taken-over/),
    ]);
    const { runs } = await readRuns(server.address, 'digits');
    expect(runs.map(({ run_id, status }) => [run_id, status])).toEqual([[finished['runId'], 'FINISHED']]);
    for (const key of ['loss', 'val_loss', 'system/samples_per_second']) {
      expect(
        runs[0]!.metrics[key]!.map(([step]) => step).toSorted((a, b) => a - b),
        key,
      ).toEqual(Array.from({ length: epochs }, (_, epoch) => epoch + 1));
    }
    const sync = await rig.run(['sync', '--runs', 'runs']);
    expect(sync.stdout).toBe('nothing in runs waits for a server\n');
  },
  180_000,
);
