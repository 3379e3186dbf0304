import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';

const rigs: Rig[] = [];
afterEach(() => rigs.splice(0).forEach((rig) => rig.remove()));

/** A machine: its own project, home and caches, but for the engine. */
function machine(remote: string): Rig {
  const rig = new Rig();
  rigs.push(rig);
  rig.writeDigits(300, 60);
  rig.write('p.yaml', `${digitsPipeline({ epochs: 1 })}cache: { remote: '${remote}' }\n`);
  return rig;
}

const told = (stdout: string, type: string) => eventsOf(stdout).filter((event) => event['type'] === type);

test('a second machine trains nothing that the first has trained, and says where it is from', async () => {
  const place = new Rig();
  rigs.push(place);
  mkdirSync(join(place.folder, 'cache'));
  const address = pathToFileURL(join(place.folder, 'cache')).href;
  const [one, two] = [machine(address), machine(address)];
  const first = await one.run(['run', 'p.yaml', '--json']);
  expect(first).toMatchObject({ code: 0 });
  expect(told(first.stdout, 'stage-skipped')).toEqual([]);
  expect(readdirSync(join(place.folder, 'cache/outcomes')).toSorted()).toEqual([
    'evaluate',
    'load',
    'train',
    'visualize',
  ]);

  const status = await two.run(['status', 'p.yaml']);
  expect(status.stdout).toContain(`train      kept   in ${address}: a run fetches it`);
  const second = await two.run(['run', 'p.yaml', '--json']);
  expect(second).toMatchObject({ code: 0 });
  expect(told(second.stdout, 'stage-started')).toEqual([]);
  expect(told(second.stdout, 'stage-skipped').map(({ stage, from }) => [stage, from])).toEqual(
    ['load', 'train', 'evaluate', 'visualize'].map((stage) => [stage, address]),
  );
  process.stdout.write(`a run of what another machine has done: ${Math.round(second.ms)} ms\n`);
  const [a, b] = [first, second].map(({ stdout }) => told(stdout, 'run-finished')[0]!);
  expect(b!['weightsSha256']).toBe(a!['weightsSha256']);
  expect(b!['metrics']).toEqual(a!['metrics']);
  expect(modelBytes(two)).toEqual(modelBytes(one));

  // Damaged there, it is told and made again; here it is kept now, so the place need not be there at all.
  const train = join(place.folder, 'cache/outcomes/train');
  const [entry] = readdirSync(train);
  const bytes = readFileSync(join(train, entry!));
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(join(train, entry!), bytes);
  const three = machine(address);
  const third = await three.run(['run', 'p.yaml']);
  expect(third).toMatchObject({ code: 0, stdout: expect.stringContaining('keeps of train cannot be used') });
  expect(third.stdout).toContain(` in ${address})`);
  rmSync(join(place.folder, 'cache'), { recursive: true });
  const alone = await two.run(['run', 'p.yaml', '--json']);
  expect(told(alone.stdout, 'stage-skipped')).toHaveLength(4);
  expect(told(alone.stdout, 'diagnostic')).toContainEqual(
    expect.objectContaining({ diagnostic: expect.objectContaining({ code: 'remote-unreachable' }) }),
  );
  expect(alone.code).toBe(0);
});

/** The bytes of the model of the only run. */
function modelBytes(rig: Rig): readonly string[] {
  const runs = readdirSync(join(rig.folder, 'runs'), { recursive: true, encoding: 'utf8' });
  return runs
    .filter((path) => /model\/[^/]*\.bin$/.test(path))
    .map((path) => readFileSync(join(rig.folder, 'runs', path)).toString('base64'));
}

test('a file says where it is wrong', async () => {
  const rig = machine('file:///mnt/../etc');
  const wrong = await rig.run(['validate', 'p.yaml']);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/p\.yaml:\d+:\d+.*remote-address|is on its/s) });
  rig.write('p.yaml', `${digitsPipeline({ epochs: 1 })}cache: { remot: file:///mnt/cache }\n`);
  expect((await rig.run(['validate', 'p.yaml'])).stderr).toContain('remote');
});
