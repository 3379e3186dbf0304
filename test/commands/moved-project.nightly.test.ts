import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runsIn } from '../faults/runs-in.ts';
import { type Ended, Rig, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
const at = (path: string) => join(rig.folder, path);
let whole: Record<string, unknown>;
beforeAll(async () => {
  rig.writeDigits(300, 100);
  for (const folder of ['.', 'project/nets'])
    rig.write(
      `${folder}/digits.yaml`,
      `${digitsPipeline({ epochs: 80, figures: '[confusionMatrix]' })}  checkpoint: { everySteps: 4 }\n`,
    );
  cpSync(at('data'), at('project/nets/data'), { recursive: true });
  whole = last(await rig.run(['run', 'digits.yaml', '--json', '--runs', 'whole']));
}, 120_000);
afterAll(() => rig.remove());

const last = ({ stdout }: Ended) => eventsOf(stdout).at(-1)!;
const first = (stdout: string, type: string) =>
  eventsOf(stdout.slice(0, stdout.lastIndexOf('\n'))).find((event) => event['type'] === type);
const records = (store: string) =>
  readdirSync(at(store))
    .filter((name) => name.startsWith('.unfinished'))
    .map((name) => join(at(store), name));
const fromFolder = (folder: string) => ['env', '-C', at(folder)];
const checkpointsIn = (store: string) => runsIn(at(store)).filter((run) => existsSync(join(run, 'checkpoints')));

/** Runs until two checkpoints are written, and kills it. @returns its first events */
async function runAndKill(
  args: readonly string[],
  { env = {}, folder = '.' }: { env?: Readonly<Record<string, string>>; folder?: string } = {},
) {
  const { child, ended } = rig.start(['run', ...args, '--json'], env, fromFolder(folder));
  let written = 0;
  child.stdout.on('data', (text: string) => {
    written += text.split('"checkpoint-written"').length - 1;
    if (written >= 2) child.kill('SIGKILL');
  });
  const { code, stdout, stderr } = await ended;
  expect([code, stderr]).toEqual([null, '']);
  return {
    runId: first(stdout, 'run-started')!['runId'],
    step: Number(first(stdout, 'training-resumed')?.['step'] ?? 0),
  };
}

/** Changes a record of a run that has not finished, as if another version or machine had written it. */
function rewrite(path: string, change: (record: Record<string, unknown>) => Record<string, unknown>, to = path): void {
  const { sha256: _, ...record } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const changed = change(record);
  rmSync(path);
  writeFileSync(
    to,
    JSON.stringify({ ...changed, sha256: createHash('sha256').update(JSON.stringify(changed)).digest('hex') }),
  );
}

describe('a run that was interrupted goes on', () => {
  test('however file, folders and settings are spelt, renamed, moved; it is one run, and nothing is left', async () => {
    const project = ['nets/digits.yaml', '--set', 'train.batchSize=64', '--set', 'seed=7'];
    const { runId } = await runAndKill(project, { folder: 'project' });
    symlinkSync(at('project'), at('link'));
    symlinkSync(at('project/runs'), at('linked-runs'));
    const [file, ...set] = project;
    const spellings: readonly (readonly [string, () => unknown, readonly string[], string])[] = [
      ['the runs with a dot and a slash', () => {}, [...project, '--runs', './runs/'], 'project'],
      [
        'the runs and the file as absolute paths, from another folder',
        () => {},
        [at('project/nets/digits.yaml'), ...set, '--runs', at('project/runs')],
        '.',
      ],
      ['a link to the project', () => {}, [`link/${file!}`, ...set, '--runs', 'link/runs'], '.'],
      ['a link to the runs', () => {}, [`project/${file!}`, ...set, '--runs', 'linked-runs'], '.'],
      [
        'the settings in another order and in other words',
        () => {},
        [file!, '--set', 'seed=7', '--set', 'train.batchSize=6.4e1'],
        'project',
      ],
      [
        'the file renamed',
        () => renameSync(at('project/nets/digits.yaml'), at('project/nets/renamed.yaml')),
        ['nets/renamed.yaml', ...set],
        'project',
      ],
      ['the project moved', () => renameSync(at('project'), at('moved')), ['nets/renamed.yaml', ...set], 'moved'],
    ];
    let before = 0;
    for (const [what, change, args, folder] of spellings) {
      change();
      const resumed = await runAndKill(args, { folder });
      expect(resumed.runId, what).toBe(runId);
      expect(resumed.step, what).toBeGreaterThan(before);
      before = resumed.step;
    }
    // What is there twice is another's.
    copyFileSync(at('moved/nets/renamed.yaml'), at('moved/nets/copy.yaml'));
    expect((await runAndKill(['nets/copy.yaml', ...set], { folder: 'moved' })).runId).not.toBe(runId);
    const done = await rig.run(['run', 'nets/renamed.yaml', ...set, '--json'], {}, fromFolder('moved'));
    expect(first(done.stdout, 'training-resumed')!['step']).toBeGreaterThan(before);
    expect(last(done)).toMatchObject({
      status: 'FINISHED',
      runId,
      weightsSha256: whole['weightsSha256'],
      metrics: whole['metrics'],
    });
    expect([
      records('moved/runs').length,
      checkpointsIn('moved/runs').filter((run) => run.endsWith(String(runId))),
    ]).toEqual([1, []]);
  }, 120_000);

  test.each(['spelt as then', 'spelt otherwise'])(
    'that a version before began: %s',
    async (spelling) => {
      const store = `former-${spelling.replaceAll(' ', '-')}`;
      const file = 'digits.yaml';
      const { runId } = await runAndKill([file, '--runs', store]);
      const [record] = records(store);
      const key = createHash('sha256')
        .update(JSON.stringify([resolve(rig.folder, file), [], store]))
        .digest('hex')
        .slice(0, 16);
      rewrite(
        record!,
        ({ directory, training, data, machine }) => ({ directory, training, data, machine }),
        record!.replace(/unfinished-[0-9a-f]{16}/, `unfinished-${key}`),
      );
      const done = await rig.run(['run', file, '--json', '--runs', spelling.endsWith('then') ? store : at(store)]);
      expect(last(done)).toMatchObject({ status: 'FINISHED', runId, weightsSha256: whole['weightsSha256'] });
      expect([records(store), checkpointsIn(store)]).toEqual([[], []]);
    },
    120_000,
  );
});

describe('a run that goes on on another machine', () => {
  const file = 'digits.yaml';
  const tagOf = (store: string, tag: string) =>
    existsSync(join(runsIn(at(store)).at(-1)!, 'tags', tag))
      ? readFileSync(join(runsIn(at(store)).at(-1)!, 'tags', tag), 'utf8')
      : undefined;
  const keptOf = (store: string) =>
    readdirSync(at(`.layerline/cache/${store}`))
      .filter((name) => name !== '.gitignore')
      .toSorted();
  const withNode = (node: string) => (record: Record<string, unknown>) => ({
    ...record,
    machine: { ...(record['machine'] as object), node },
  });
  const warnings = ({ stdout }: Ended) =>
    eventsOf(stdout)
      .filter(({ type }) => type === 'diagnostic')
      .map(({ diagnostic }) => diagnostic);

  test('says so in its tags, and what comes of it is kept for neither', async () => {
    const { runId } = await runAndKill([file, '--runs', 'node']);
    rewrite(records('node')[0]!, withNode('v18.0.0'));
    const done = await rig.run(['run', file, '--json', '--runs', 'node']);
    expect(last(done)).toMatchObject({ status: 'FINISHED', runId });
    const change = `from step \\d+ on: node v18\\.0\\.0 -> ${process.version.replaceAll('.', '\\.')}`;
    expect(warnings(done)).toMatchObject([
      {
        code: 'other-machine',
        message: expect.stringMatching(
          new RegExp(
            `^the run ${String(runId)} is trained by more than one machine \\(${change}\\): ` +
              '.* is not kept for later runs$',
          ),
        ),
      },
    ]);
    expect(tagOf('node', 'pipeline.machine_changes')).toMatch(new RegExp(`^${change}$`));
    expect([tagOf('node', 'pipeline.node'), tagOf('node', 'pipeline.weights_sha256')]).toEqual([
      process.version,
      last(done)['weightsSha256'],
    ]);
    expect(keptOf('node')).toEqual(['load']);
    const { stages } = JSON.parse((await rig.run(['status', file, '--json', '--runs', 'node'])).stdout) as {
      stages: { stage: string; fresh: boolean }[];
    };
    expect(stages.map(({ stage, fresh }) => [stage, fresh])).toEqual([
      ['load', true],
      ['train', false],
      ['evaluate', false],
      ['visualize', false],
    ]);
  }, 120_000);

  test('and comes back: neither part is forgotten', async () => {
    const other = { TF_ENABLE_ONEDNN_OPTS: '0' };
    const { runId } = await runAndKill([file, '--runs', 'back']);
    const there = await runAndKill([file, '--runs', 'back'], { env: other });
    const done = await rig.run(['run', file, '--json', '--runs', 'back']);
    expect([there.runId, last(done)['runId'], last(done)['status']]).toEqual([runId, runId, 'FINISHED']);
    expect(tagOf('back', 'pipeline.machine_changes')).toMatch(
      /^from step \d+ on: environment\.TF_ENABLE_ONEDNN_OPTS none -> 0; from step \d+ on: environment\.TF_ENABLE_ONEDNN_OPTS 0 -> none$/,
    );
    expect(keptOf('back')).toEqual(['load']);
  }, 120_000);

  test("and has no checkpoint yet is all that one's", async () => {
    const { child, ended } = rig.start(['run', file, '--json', '--runs', 'early']);
    child.stdout.on('data', (text: string) => text.includes('"run-started"') && child.kill('SIGKILL'));
    await ended;
    rewrite(records('early')[0]!, withNode('v18.0.0'));
    const done = await rig.run(['run', file, '--json', '--runs', 'early']);
    expect([
      warnings(done),
      last(done)['weightsSha256'],
      tagOf('early', 'pipeline.machine_changes'),
      tagOf('early', 'pipeline.node'),
    ]).toEqual([[], whole['weightsSha256'], undefined, process.version]);
    expect(keptOf('early')).toEqual(['evaluate', 'load', 'train', 'visualize']);
  }, 120_000);
});

test('clean tells of an interrupted run whose file is gone, and gives it up only when asked by name', async () => {
  const clean = (...args: readonly string[]) => rig.run(['clean', '--runs', 'left', ...args]);
  rig.write('left.yaml', rig.read('digits.yaml'));
  const { runId } = await runAndKill(['left.yaml', '--runs', 'left']);
  expect((await clean()).stdout).toMatch(/^removed .*left\n$/);
  renameSync(at('left.yaml'), at('other.yaml'));
  const run = `\\d+\\.\\d [kM]B of checkpoints of the interrupted run ${String(runId)}, whose file left\\.yaml is gone`;
  expect((await clean()).stdout).toMatch(
    new RegExp(
      `^removed .*left\\n${run} stay: it goes on if you run the file from where it is now; ` +
        '`pipeline clean --interrupted --runs left` gives it up for good\\n$',
    ),
  );
  expect((await clean('--interrupted', '--dry-run')).stdout).toMatch(
    new RegExp(`^would remove .*left\\nwould remove ${run}\\n$`),
  );
  // It is as good as ever.
  expect((await runAndKill(['other.yaml', '--runs', 'left'])).runId).toBe(runId);
  rmSync(at('other.yaml'));
  const { child, ended } = rig.start(['run', 'digits.yaml', '--json', '--runs', 'left', '--set', 'seed=8']);
  await new Promise<void>((resolve) =>
    child.stdout.on('data', (text: string) => text.includes('"checkpoint-written"') && resolve()),
  );
  child.kill('SIGSTOP');
  renameSync(at('digits.yaml'), at('aside.yaml'));
  const { removed, left, interrupted } = JSON.parse((await clean('--interrupted', '--json')).stdout) as Record<
    string,
    unknown
  >;
  renameSync(at('aside.yaml'), at('digits.yaml'));
  child.kill('SIGCONT');
  expect([removed, left]).toMatchObject([
    { outcomes: {}, fetched: {}, leftovers: {} },
    { outcomes: {}, fetched: {}, leftovers: {} },
  ]);
  expect(interrupted).toEqual([{ runId, file: 'other.yaml', bytes: expect.any(Number), removed: true }]);
  expect(last(await ended)['status']).toBe('FINISHED');
  expect([records('left'), checkpointsIn('left')]).toEqual([[], []]);
  const gone = runsIn(at('left')).find((path) => path.endsWith(String(runId)))!;
  expect(readFileSync(join(gone, 'meta.yaml'), 'utf8')).toMatch(/^status: 5$/m);
}, 120_000);
