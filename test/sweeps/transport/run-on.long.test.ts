import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bareMachine } from '../../bare-machine.ts';
import { Rig, digitsPipeline, eventsOf } from '../../rig.ts';

/** What runs is here; what a job is given is not to need it. */
const rig = new Rig();
const far = new Rig();
const env = bareMachine(far.folder);
const on = ['--on', '{ local: {}, cpu: 1 }'];
const threads = { PIPELINE_CORES: '1', TF_NUM_INTEROP_THREADS: '1' };
const shaOf = (stdout: string) => eventsOf(stdout).at(-1)!['weightsSha256'];

beforeAll(() => {
  rig.writeDigits(300, 100);
  rig.write('d.yaml', digitsPipeline({ epochs: 3 }));
});
afterAll(() => {
  rig.remove();
  far.remove();
});

const runsIn = (folder: string) => {
  const experiments = readdirSync(folder).filter((name) => /^\d+$/.test(name));
  return experiments.flatMap((name) =>
    readdirSync(join(folder, name))
      .filter((run) => /^[0-9a-f]{32}$/.test(run))
      .map((run) => join(folder, name, run)),
  );
};

test('a run that pauses and goes on elsewhere is the run it would be here, to the bit', async () => {
  const here = await rig.run(['run', 'd.yaml', '--json', '--runs', 'whole'], threads);
  const paused = await rig.run(['run', 'd.yaml', ...on, '--until-epoch', '1'], env);
  expect(paused.stderr).toBe('');
  expect(paused.stdout).toMatch(/^paused +after epoch 1 of 3$/m);
  const sent = await rig.run(['run', 'd.yaml', ...on], env);
  expect(sent).toMatchObject({ code: 0, stderr: '' });
  expect(sent.stdout).toMatch(/goes on in epoch 2/);
  expect(sent.stdout).not.toMatch(/setting up/);
  const runs = runsIn(join(rig.folder, 'runs'));
  const [whole] = runsIn(join(rig.folder, 'whole'));
  expect(runs).toHaveLength(1);
  const texts = (folder: string, part: string) =>
    Object.fromEntries(
      readdirSync(join(folder, part), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => [name, readFileSync(join(folder, part, name), 'utf8')]),
    );
  const finished = runs[0]!;
  expect(texts(finished, 'tags')['pipeline.weights_sha256']).toBe(shaOf(here.stdout));
  expect(texts(finished, 'params')).toEqual(texts(whole!, 'params'));
  const steady = (folder: string) =>
    Object.fromEntries(
      Object.entries(texts(folder, 'metrics'))
        .filter(([name]) => !/second|memory|images/.test(name))
        .map(([name, text]) => [name, text.replaceAll(/^\d+ /gm, '')]),
    );
  expect(steady(finished)).toEqual(steady(whole!));
  const model = (folder: string) => readFileSync(join(folder, 'artifacts/model/weights.bin'));
  expect(model(finished).equals(model(whole!))).toBe(true);
}, 120_000);

test('a job needs nothing of the machine that sent it but the store', async () => {
  const store = join(far.folder, 'store');
  cpSync(join(rig.folder, '.layerline/remote'), store, { recursive: true });
  const sent = readdirSync(join(store, 'data')).map((name) => join(store, 'data', name));
  const manifests = sent.filter((path) => readFileSync(path).subarray(0, 12).toString() === '{"version":1');
  expect(manifests).not.toEqual([]);
  for (const path of manifests) expect(readFileSync(path, 'utf8')).not.toContain(rig.folder);
  const whole = manifests.find((path) => !readFileSync(path, 'utf8').includes('untilEpoch'))!;
  rmSync(join(rig.folder, 'data'), { recursive: true });
  rmSync(join(rig.folder, '.layerline'), { recursive: true });
  rmSync(join(store, 'jobs'), { recursive: true });
  const after = JSON.parse(readFileSync(whole, 'utf8')) as Record<string, unknown>;
  delete after['after'];
  const text = JSON.stringify(after);
  const hash = createHash('sha256').update(text).digest('hex');
  far.write(`store/data/${hash}`, text);
  const [engine] = readdirSync(join(env.XDG_CACHE_HOME, 'layerline/engines'));
  const cli = join(env.XDG_CACHE_HOME, 'layerline/engines', engine!, 'dist/cli.js');
  const ended = await far.run(['work', pathToFileURL(store).href, hash, 'job-1'], { ...env, ...threads }, [], cli);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(join(store, 'jobs'))).toHaveLength(1);
}, 60_000);

test('what cannot be sent is told before anything starts', async () => {
  const cases: readonly [readonly string[], RegExp][] = [
    [['--on', 'slum'], /--on:1:5 error unknown-executor: There is no executor `slum`/],
    [['--on', '{ ray: { url: "http://h:1" } }'], /--on:1:5 error executor-without-store: /],
    [['--on', 'local', '--smoke'], /cannot be used with option '--smoke'/],
    [['--on', 'local', '--set', 'repeat=3'], /error on-repeats: /],
  ];
  rig.writeDigits(300, 100);
  for (const [args, told] of cases) {
    const { code, stderr } = await rig.run(['run', 'd.yaml', '--runs', 'none', ...args]);
    expect(stderr).toMatch(told);
    expect(code).toBe(2);
  }
  expect(existsSync(join(rig.folder, 'none'))).toBe(false);
}, 60_000);

test('the environment names the place of jobs too, before the file', async () => {
  rig.writeDigits(300, 100);
  rig.write('named.yaml', `${digitsPipeline({ epochs: 1 })}cache: { remote: 'file:///no/such/folder' }\n`);
  const place = far.write('named/layerline-store', '');
  const remote = { PIPELINE_CACHE_REMOTE: pathToFileURL(dirname(place)).href };
  const sent = await rig.run(['run', 'named.yaml', ...on, '--runs', 'named'], { ...env, ...remote });
  expect(sent).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(dirname(place)).toSorted()).toEqual(['data', 'jobs', 'layerline-store']);
}, 120_000);

test('a search that cannot begin is told before anything is packed or looked for', async () => {
  const nothing = dirname(far.write('nothing/here', ''));
  rig.write(
    's.yaml',
    'sweep: ./d.yaml\ngoal: minimize val_loss\nspace: { train.batchSize: [32, 64] }\nsearch: tpe\ntrials: 2\n' +
      'on: { ray: { url: "http://127.0.0.1:1" } }\n',
  );
  const told = await rig.run(['sweep', 's.yaml', '--runs', 'none'], { PATH: nothing });
  expect(told).toMatchObject({ code: 1, stderr: expect.stringMatching(/no-python/) });
});
