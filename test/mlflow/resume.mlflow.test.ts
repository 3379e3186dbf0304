import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, convolutional, digitsPipeline, eventsOf } from '../rig.ts';
import { type RealServer, readRuns, realServer } from './real-mlflow.ts';

const rig = new Rig();
let server: RealServer;
const epochs = 12;

beforeAll(async () => {
  rig.writeDigits();
  rig.write('digits.yaml', `${digitsPipeline({ epochs, layers: convolutional })}  checkpoint: { everySteps: 3 }\n`);
  server = await realServer(rig.folder);
  await server.start();
});

afterAll(async () => {
  await server.kill();
  rig.remove();
});

test('a run killed several times is one run on the server, with each value once', async () => {
  const args = ['run', 'digits.yaml', '--json', '--runs', 'killed', '--tracking-uri', server.address];
  let runId: unknown;
  for (const kill of [5, 15]) {
    const { child, ended } = rig.start(args);
    let written = 0;
    child.stdout.on('data', (text: string) => {
      written += text.split('"checkpoint-written"').length - 1;
      if (written >= kill) child.kill('SIGKILL');
    });
    const { code, stdout } = await ended;
    expect(code).toBeNull();
    const started = eventsOf(stdout.slice(0, stdout.lastIndexOf('\n'))).find(({ type }) => type === 'run-started')!;
    expect(started['runId']).toBe(runId ?? started['runId']);
    ({ runId } = started);
  }
  const { code, stdout } = await rig.run(args);
  expect(code).toBe(0);
  const finished = eventsOf(stdout).at(-1)!;
  expect(finished['runId']).toBe(runId);
  const { runs } = await readRuns(server.address, 'digits');
  expect(runs.map(({ run_id, status }) => [run_id, status])).toEqual([[runId, 'FINISHED']]);
  for (const key of ['loss', 'accuracy', 'val_loss', 'val_accuracy', 'system/samples_per_second']) {
    expect(
      runs[0]!.metrics[key]!.map(([step]) => step).sort((a, b) => a - b),
      key,
    ).toEqual(Array.from({ length: epochs }, (_, epoch) => epoch + 1));
  }
  for (const [key, values] of Object.entries(runs[0]!.metrics))
    expect(new Set(values.map(([step]) => step)).size, key).toBe(values.length);
  const whole = await rig.run(['run', 'digits.yaml', '--json', '--runs', 'whole']);
  expect(finished['weightsSha256']).toBe(eventsOf(whole.stdout).at(-1)!['weightsSha256']);
});
