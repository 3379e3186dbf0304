import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, convolutional, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
beforeAll(() => rig.writeDigits(300, 100));
afterAll(() => rig.remove());

/** What lies beside the runs of all experiments of a store, and the status of each run. */
function storeOf(name: string): { readonly statuses: readonly string[]; readonly beside: readonly string[] } {
  const store = join(rig.folder, name);
  const experiments = readdirSync(store)
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => join(store, entry));
  const entries = experiments.flatMap((experiment) => readdirSync(experiment).map((entry) => join(experiment, entry)));
  const runs = entries.filter((path) => /\/[0-9a-f]{32}$/.test(path));
  return {
    statuses: runs.map((run) => /^status: (\d)$/m.exec(readFileSync(join(run, 'meta.yaml'), 'utf8'))![1]!).sort(),
    beside: entries.filter((path) => /\.(journal|owner\.\d+|tmp)$/.test(path)),
  };
}

test('runs of one file and of different ones at once leave a whole store, and the same weights as alone', async () => {
  rig.write('a.yaml', digitsPipeline({ epochs: 3 }));
  rig.write('b.yaml', digitsPipeline({ epochs: 3, train: 'sgd' }));
  rig.write('c.yaml', digitsPipeline({ epochs: 2 }).replace('name: digits', 'name: others'));
  const files = ['a.yaml', 'a.yaml', 'b.yaml', 'c.yaml'];
  const ends = await Promise.all(files.map((file) => rig.run(['run', file, '--json', '--runs', 'shared'])));
  expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(files.map(() => [0, '']));
  expect(storeOf('shared')).toEqual({ statuses: ['3', '3', '3', '3'], beside: [] });
  const weights = ends.map(({ stdout }) => eventsOf(stdout).at(-1)!['weightsSha256']);
  expect(weights[0]).toBe(weights[1]);
  expect(new Set(weights).size).toBe(3);
  const alone = await rig.run(['run', 'a.yaml', '--json', '--force', '--runs', 'alone']);
  expect(eventsOf(alone.stdout).at(-1)!['weightsSha256']).toBe(weights[0]);
}, 120_000);

test('a run whose process was killed is closed by a run of another file; one that lives is left alone', async () => {
  rig.write('long.yaml', digitsPipeline({ epochs: 400, layers: convolutional }));
  rig.write('longer.yaml', digitsPipeline({ epochs: 500, layers: convolutional, train: 'sgd' }));
  const started = (file: string) => {
    const { child, ended } = rig.start(['run', file, '--json', '--runs', 'orphans']);
    const trains = new Promise<void>((resolve) =>
      child.stdout.on('data', (text: string) => text.includes('epoch-finished') && resolve()),
    );
    return { child, ended, trains };
  };
  const [killed, alive] = [started('long.yaml'), started('longer.yaml')];
  await Promise.all([killed.trains, alive.trains]);
  killed.child.kill('SIGKILL');
  await killed.ended;
  expect(storeOf('orphans')).toMatchObject({
    statuses: ['1', '1'],
    beside: [expect.stringMatching(/owner/), expect.stringMatching(/owner/)],
  });
  const next = await rig.run(['run', 'long.yaml', '--smoke', '--json', '--runs', 'orphans']);
  expect([next.code, next.stderr]).toEqual([0, '']);
  expect(storeOf('orphans')).toMatchObject({ statuses: ['1', '3', '5'], beside: [expect.stringMatching(/owner/)] });
  const sync = await rig.run(['sync', '--runs', 'orphans']);
  expect([sync.code, sync.stdout]).toEqual([0, 'nothing in orphans waits for a server\n']);
  alive.child.kill('SIGKILL');
  await alive.ended;
  expect((await rig.run(['sync', '--runs', 'orphans'])).stdout).toMatch(/its process is gone; marked KILLED/);
  expect(storeOf('orphans')).toEqual({ statuses: ['3', '5', '5'], beside: [] });
}, 120_000);
