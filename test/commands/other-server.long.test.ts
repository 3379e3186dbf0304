import { createHash } from 'node:crypto';
import { cpSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, Rig, convolutional, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
const at = (path: string) => join(rig.folder, path);
const began: Record<string, { readonly runId: unknown }> = {};

/** Nobody listens there: all of it is in the local store. */
const [server, other] = ['http://127.0.0.1:1', 'http://127.0.0.1:2'];

beforeAll(async () => {
  rig.writeDigits(300, 100);
  rig.write('my net.yaml', `${digitsPipeline({ epochs: 30, layers: convolutional })}  checkpoint: { everySteps: 4 }\n`);
  for (const [store, ...args] of [['with server', '--tracking-uri', server], ['without']]) {
    const { child, ended } = rig.start(['run', 'my net.yaml', '--json', '--runs', store!, ...args]);
    child.stdout.on('data', (text: string) => text.includes('"checkpoint-written"') && child.kill('SIGKILL'));
    const { stdout } = await ended;
    began[store!] = { runId: first(stdout, 'run-started')!['runId'] };
  }
}, 120_000);
afterAll(() => rig.remove());

const first = (stdout: string, type: string) =>
  eventsOf(stdout.slice(0, stdout.lastIndexOf('\n'))).find((event) => event['type'] === type);
const told = ({ stdout }: Ended) =>
  eventsOf(stdout).flatMap(({ type, diagnostic }) =>
    type === 'diagnostic' && /^(interrupted-elsewhere|started-over)$/.test((diagnostic as { code: string }).code)
      ? [diagnostic as { message: string; hint: string }]
      : [],
  );
const records = (store: string) => readdirSync(at(store)).filter((name) => name.startsWith('.unfinished'));

/** Runs the file in a copy of a store. */
async function run(
  store: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  change: (copy: string) => void = () => undefined,
) {
  const copy = `${store} ${Math.random()}`;
  cpSync(at(store), at(copy), { recursive: true });
  change(copy);
  const again = (more: readonly string[]) => rig.run(['run', 'my net.yaml', '--json', '--runs', copy, ...more], env);
  return { copy, ended: await again(args), again };
}

test.each(['http://LOCALHOST:1/', 'http://[::1]:1'])(
  '%s is the server that the run was begun with',
  async (address) => {
    const { ended, copy } = await run('with server', ['--tracking-uri', address]);
    expect(ended.stderr).toBe('');
    expect(first(ended.stdout, 'training-resumed')).toBeDefined();
    expect(first(ended.stdout, 'run-finished')).toMatchObject({ ...began['with server'], status: 'FINISHED' });
    expect([told(ended), records(copy)]).toEqual([[], []]);
  },
  60_000,
);

test('a run that a version before recorded under another name of this machine goes on', async () => {
  const asThen = (copy: string): void => {
    const [name] = records(copy);
    const { sha256: _, ...record } = JSON.parse(readFileSync(at(join(copy, name!)), 'utf8')) as Record<string, unknown>;
    const former = { ...record, server: 'http://localhost:1' };
    writeFileSync(
      at(join(copy, name!)),
      JSON.stringify({ ...former, sha256: createHash('sha256').update(JSON.stringify(former)).digest('hex') }),
    );
    const key = createHash('sha256')
      .update(JSON.stringify([record['file'], [], former.server]))
      .digest('hex')
      .slice(0, 16);
    renameSync(at(join(copy, name!)), at(join(copy, name!.replace(/[0-9a-f]{16}/, key))));
  };
  for (const address of ['http://localhost:1', server]) {
    const { ended, copy } = await run('with server', ['--tracking-uri', address], {}, asThen);
    expect(first(ended.stdout, 'run-finished')).toMatchObject({ ...began['with server'], status: 'FINISHED' });
    expect(records(copy)).toEqual([]);
  }
}, 60_000);

test.each([
  ['no server is named', 'with server', [], {}, `on ${server}, and no server is named now`, server],
  [
    'another is named',
    'with server',
    ['--tracking-uri', 'http://ada:secret@127.0.0.1:2/'],
    {},
    `on ${server}, and another server is named now`,
    server,
  ],
  ['there was none', 'without', [], { MLFLOW_TRACKING_URI: other }, 'here alone, and a server is named now', undefined],
])(
  'a run that is recorded elsewhere is not passed over without a word: %s',
  async (_, store, args, env, why, address) => {
    const { ended, again, copy } = await run(store, args, env);
    expect(told(ended)).toMatchObject([
      {
        code: 'interrupted-elsewhere',
        severity: 'warning',
        message:
          `the run ${String(began[store]!.runId)}, which was interrupted, ` +
          `is not gone on with: it is recorded ${why}`,
        hint:
          'To go on with that one, ' +
          `give the same command --tracking-uri ${address === undefined ? `'${copy}'` : 'ADDRESS'}`,
      },
    ]);
    expect(ended.stdout + ended.stderr).not.toContain('secret');
    expect(first(ended.stdout, 'run-finished')).toMatchObject({ status: 'FINISHED' });
    const onward = await again(['--tracking-uri', address ?? copy]);
    expect(first(onward.stdout, 'run-finished')).toMatchObject({ ...began[store], status: 'FINISHED' });
    expect([told(onward), records(copy)]).toEqual([[], []]);
  },
  60_000,
);

test('nothing is said of a run of other settings, of one that is over, or with --fresh', async () => {
  for (const args of [['--set', 'seed=8'], ['--fresh']])
    expect(told((await run('with server', args)).ended)).toEqual([]);
  const { ended, again } = await run('with server', ['--tracking-uri', server]);
  expect(first(ended.stdout, 'run-finished')).toMatchObject(began['with server']!);
  expect(told(await again([]))).toEqual([]);
}, 60_000);
