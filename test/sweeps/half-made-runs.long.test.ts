import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bareMachine } from '../bare-machine.ts';
import { crashScript } from '../faults/crash-points.ts';
import { runsIn, statusOf } from '../faults/runs-in.ts';
import { Rig, digitsPipeline } from '../rig.ts';

/** Beside them no run is trained here, which would remove what others left. */
const rig = new Rig();
const far = new Rig();
beforeAll(() => {
  rig.writeDigits(200, 50);
  rig.write('d.yaml', digitsPipeline({ epochs: 1, layers: '[flatten, dense 10]' }));
  rig.write(
    's.yaml',
    'sweep: ./d.yaml\nspace: { train.batchSize: [25, 50] }\ngoal: maximize val_accuracy\n' +
      'search: grid\nbudget: { time: 1ms }\n',
  );
  rig.write('crash.cjs', `delete process.env.NODE_OPTIONS;\n${crashScript}`);
});
afterAll(() => {
  rig.remove();
  far.remove();
});

test.concurrent.each([
  ['a sweep', (store: string) => ['sweep', 's.yaml', '--runs', store]],
  ['a run on another machine', (store: string) => ['run', 'd.yaml', '--on', '{ local: {}, cpu: 1 }', '--runs', store]],
])('what a kill left half-made is gone once %s goes on', { timeout: 300_000 }, async (name, command) => {
  const store = `${name}/runs`;
  const args = command(store);
  const env = bareMachine(far.folder);
  const killed = await rig.run(args, {
    ...env,
    NODE_OPTIONS: `--require "${join(rig.folder, 'crash.cjs')}"`,
    CRASH_ON: 'mkdirSync .*/[0-9a-f]{32}/tags',
    CRASH_NTH: '1',
    CRASH_AT: '4',
  });
  expect([killed.code, killed.stderr]).toEqual([null, '']);
  const folder = join(rig.folder, store);
  expect(runsIn(folder).map(statusOf)).toEqual([undefined]);
  expect(await rig.run(args, env)).toMatchObject({ code: 0, stderr: '' });
  expect(runsIn(folder).map(statusOf)).toEqual(['3']);
  expect(readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('.owner.'))).toEqual(
    [],
  );
});
