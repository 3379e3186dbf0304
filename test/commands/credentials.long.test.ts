import { readdirSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Rig } from '../rig.ts';

// `pipeline run`, `sync` and `replay` against servers that write down what they are sent. The run is given up by an
// answer, so that no training is needed to see who gets what.
const rig = new Rig();
const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.closeAllConnections()));
afterAll(() => rig.remove());

const pipeline = (uri?: string) => `name: tiny
data: { source: { csv: { file: tiny.csv, targets: { y: number }, test: 0.2 } }, split: { validation: 5 } }
model: { layers: [dense 1] }
train: { optimizer: sgd, loss: meanSquaredError, batchSize: 10, epochs: 1 }
visualize: { figures: [] }
${uri === undefined ? '' : `tracking: { uri: '${uri}' }`}
`;

beforeAll(() => {
  rig.write('tiny.csv', `x,y\n${Array.from({ length: 50 }, (_, i) => `${i},${i * 2}`).join('\n')}\n`);
  rig.write('plain.yaml', pipeline());
});

interface Recorder {
  readonly address: string;
  /** Of each request. */
  readonly seen: IncomingHttpHeaders[];
}

async function recorder(status = 401, path = ''): Promise<Recorder> {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    request.resume().on('end', () => response.writeHead(status).end('{}'));
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, seen };
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const token = { MLFLOW_TRACKING_TOKEN: 'secret-token' };
const password = {
  MLFLOW_TRACKING_USERNAME: 'ada',
  MLFLOW_TRACKING_PASSWORD: 'secret-word',
  MLFLOW_WORKSPACE: 'secret-space',
};
const kinds = [
  ['token', token, 'Bearer secret-token'],
  ['password', password, basic('ada:secret-word')],
] as const;
const environment = (more: Record<string, string> = {}) => ({
  PIPELINE_ENGINE: 'wasm',
  XDG_CACHE_HOME: join(rig.folder, 'cache'),
  ...more,
});
const sentBy = ({ seen }: Recorder) => [...new Set(seen.map(({ authorization }) => authorization))];
/** A run in RUNS that waits for an address: nobody listened there. */
async function leaveWaiting(
  runs: string,
): Promise<{ readonly address: string; readonly listen: () => Promise<Recorder> }> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  const address = `http://127.0.0.1:${port}`;
  const { code, stderr } = await rig.run(
    ['run', 'plain.yaml', '--runs', runs, '--tracking-uri', address],
    environment(),
  );
  expect(code, stderr).toBe(0);
  return {
    address,
    listen: async () => {
      const seen: IncomingHttpHeaders[] = [];
      const back = createServer((request, response) => {
        seen.push(request.headers);
        request.resume().on('end', () => response.writeHead(401).end('{}'));
      });
      servers.push(back);
      await new Promise<void>((done) => back.listen(port, '127.0.0.1', done));
      return { address, seen };
    },
  };
}

test.each(kinds)(
  'a %s of the environment goes to the address of the flag and of the variable, and to no other',
  async (_, env, header) => {
    const named = await recorder();
    expect((await rig.run(['run', 'plain.yaml', '--tracking-uri', named.address], environment(env))).code).toBe(1);
    expect(
      (await rig.run(['run', 'plain.yaml'], environment({ ...env, MLFLOW_TRACKING_URI: named.address }))).code,
    ).toBe(1);
    expect((await rig.run(['replay', 'f'.repeat(32), '--tracking-uri', named.address], environment(env))).code).toBe(1);
    expect(
      (await rig.run(['replay', 'f'.repeat(32)], environment({ ...env, MLFLOW_TRACKING_URI: named.address }))).code,
    ).toBe(1);
    expect(named.seen.length).toBeGreaterThanOrEqual(4);
    expect(sentBy(named)).toEqual([header]);

    // Before the variable, as all of the command line.
    const [set, other] = [await recorder(), await recorder()];
    rig.write('others.yaml', pipeline(other.address));
    for (const setting of [`tracking.uri=${set.address}`, `tracking={ uri: "${set.address}" }`])
      expect(
        (
          await rig.run(
            ['run', 'others.yaml', '--set', setting],
            environment({ ...env, MLFLOW_TRACKING_URI: other.address }),
          )
        ).code,
      ).toBe(1);
    expect([sentBy(set), other.seen]).toEqual([[header], []]);

    const byFile = await recorder();
    rig.write('file.yaml', pipeline(byFile.address));
    rig.write('above.yaml', 'extends: file.yaml\n');
    const { code, stderr } = await rig.run(['run', 'file.yaml'], environment(env));
    expect(code).toBe(1);
    // Another setting says nothing of the address, even in the same section; nor does a base.
    for (const file of ['file.yaml', 'above.yaml'])
      expect((await rig.run(['run', file, '--set', 'tracking.experiment=e'], environment(env))).code).toBe(1);
    expect(sentBy(byFile)).toEqual([undefined]);
    expect(JSON.stringify(byFile.seen)).not.toContain('secret');
    expect(stderr).toMatch(
      new RegExp(`${Object.keys(env).join(', ')} did not count, as only the pipeline file names this address`),
    );
    expect(stderr).toContain('pipeline run --trust-tracking');
  },
);

test("a file's address gets credentials once the user has said so: that address, from then on", async () => {
  const [ours, other] = [await recorder(401, '/ml/'), await recorder()];
  rig.write('ours.yaml', pipeline(ours.address));
  rig.write('elsewhere.yaml', pipeline(ours.address.replace('/ml/', '/other')));
  rig.write('other.yaml', pipeline(other.address));
  for (const args of [['ours.yaml', '--trust-tracking'], ['ours.yaml']]) {
    const { stdout, stderr } = await rig.run(['run', ...args], environment(token));
    expect(stderr).not.toContain('did not count');
    expect((stdout + stderr).includes(`credentials go to ${ours.address.replace(/\/$/, '')} from now on`)).toBe(
      args.length > 1,
    );
  }
  expect(sentBy(ours)).toEqual(['Bearer secret-token']);
  await rig.run(['run', 'elsewhere.yaml'], environment(token));
  await rig.run(['run', 'other.yaml'], environment(token));
  expect(sentBy(ours)).toEqual(['Bearer secret-token', undefined]);
  expect(sentBy(other)).toEqual([undefined]);
});

test('a cache that cannot be written does not end the run; a file without an address is told', async () => {
  const ours = await recorder();
  rig.write('ours.yaml', pipeline(ours.address));
  rig.write('cache-is-a-file', '');
  const { stdout, stderr } = await rig.run(
    ['run', 'ours.yaml', '--trust-tracking'],
    environment({ ...token, XDG_CACHE_HOME: join(rig.folder, 'cache-is-a-file') }),
  );
  expect(stdout + stderr).toMatch(/trust-not-kept/);
  expect(sentBy(ours)).toEqual(['Bearer secret-token']);
  const none = await rig.run(['run', 'plain.yaml', '--trust-tracking'], environment());
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('no-tracking-uri')]);
});

test('credentials in an address go where it leads, and over a network in clear only with a warning', async () => {
  const named = await recorder();
  rig.write('own.yaml', pipeline(named.address.replace('//', '//bob:own@')));
  await rig.run(['run', 'own.yaml'], environment(token));
  expect(sentBy(named)).toEqual([basic('bob:own')]);
  // A name of nobody: the warning comes before the first request.
  const { stdout, stderr } = await rig.run(
    ['run', 'plain.yaml', '--tracking-uri', 'http://mlflow.invalid'],
    environment(token),
  );
  expect(stdout + stderr).toMatch(/credentials-in-clear: your credentials go to http:\/\/mlflow\.invalid in clear/);
  expect(stdout + stderr).toContain('https://');
  for (const args of [
    ['sync', '--to', 'http://mlflow.invalid'],
    ['replay', 'f'.repeat(32), '--tracking-uri', 'http://mlflow.invalid'],
  ]) {
    expect((await rig.run(args, environment(token))).stderr).toContain('credentials-in-clear');
  }
});

test('what waits for a server is told, and goes there only when the user names it', async () => {
  const first = await leaveWaiting('left');
  const waiting = await first.listen();
  const elsewhere = await recorder();
  // Neither a run without a server, nor one for another, asks it anything.
  const plain = await rig.run(['run', 'plain.yaml', '--runs', 'left'], environment(token));
  expect(plain.code, plain.stderr).toBe(0);
  expect(plain.stdout).toContain(
    `1 earlier run waits for ${first.address}: \`pipeline sync --to ADDRESS\` delivers it`,
  );
  await rig.run(['run', 'plain.yaml', '--runs', 'left', '--tracking-uri', elsewhere.address], environment(token));
  const told = await rig.run(['sync', '--runs', 'left'], environment(token));
  expect([told.code, told.stderr]).toEqual([
    1,
    expect.stringContaining(`1 earlier run waits for ${first.address}: \`pipeline sync --to ADDRESS\``),
  ]);
  expect(waiting.seen).toEqual([]);
  // Named by the flag or by the variable, it is the user's.
  for (const [args, env] of [
    [['--to', first.address], {}],
    [[], { MLFLOW_TRACKING_URI: first.address }],
    [['--tracking-uri', first.address], {}],
  ] as const) {
    waiting.seen.length = 0;
    const { code, stderr } = await rig.run(['sync', '--runs', 'left', ...args], environment({ ...token, ...env }));
    expect([code, stderr]).toEqual([1, expect.stringContaining('not-delivered')]);
    expect(sentBy(waiting)).toEqual(['Bearer secret-token']);
  }
  // Named by the file of this command, it is asked, without credentials.
  waiting.seen.length = 0;
  rig.write('same.yaml', pipeline(first.address));
  await rig.run(['run', 'same.yaml', '--runs', 'left'], environment(token));
  expect(sentBy(waiting)).toEqual([undefined]);
}, 90_000);

test('a redirect is told with its target, and followed by nothing', async () => {
  const target = await recorder();
  const server = createServer((request, response) =>
    request.resume().on('end', () => response.writeHead(302, { Location: `${target.address}/login` }).end()),
  );
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { code, stderr } = await rig.run(
    ['run', 'plain.yaml', '--tracking-uri', `http://127.0.0.1:${(server.address() as AddressInfo).port}`],
    environment(token),
  );
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/tracker-refused: .*redirects to http:\/\/127\.0\.0\.1:\d+\/login \(302\)/),
  ]);
  expect(target.seen).toEqual([]);
});

test.each([
  [
    'a proxy that limits requests',
    { status: 413 },
    /did not start the run: .*\(413\)/,
    /help: a proxy in front of the server limits the size of requests: raise its limit/,
  ],
  [
    'a login page',
    { status: 302, headers: { Location: '/login' } },
    /it redirects to \/login \(302\)/,
    /help: where that is a login page, it stands between here and the server: give what it asks for \(MLFLOW_TRACKING_TOKEN, .*correct the address and its path/,
  ],
  [
    'a login page without a redirect',
    { status: 200, text: '<form>Sign in</form>' },
    /something that is not JSON: is it an MLflow server\?/,
    /help: check the tracking URI and its path; where it is a login page, give what it asks for/,
  ],
  [
    'a server that wants TLS',
    {
      status: 308,
      headers: { Location: 'https://127.0.0.1/api/2.0/mlflow/experiments/get-by-name?experiment_name=tiny' },
    },
    /it redirects to https/,
    /help: the server is at https:\/\/127\.0\.0\.1: begin the address with https:\/\//,
  ],
  [
    'a page of nobody',
    { status: 404, text: '<h1>Not Found</h1>' },
    /Not Found \(404\)/,
    /help: check the tracking URI and its path\n/,
  ],
  [
    'a server that asks who one is',
    { status: 401 },
    /wants to know who you are/,
    /help: set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN/,
  ],
])(
  '%s: a run and a replay are refused with what is so',
  async (
    _,
    { status, headers = {}, text = '' }: { status: number; headers?: Record<string, string>; text?: string },
    why,
    help,
  ) => {
    const server = createServer((request, response) =>
      request.resume().on('end', () => response.writeHead(status, headers).end(text)),
    );
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [run, replay] = [
      await rig.run(['run', 'plain.yaml', '--tracking-uri', uri], environment()),
      await rig.run(['replay', 'f'.repeat(32), '--tracking-uri', uri], environment()),
    ];
    const code = { 401: 'tracker-login', 403: 'tracker-forbidden' }[status] ?? 'tracker-refused';
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining(`error ${code}`)]);
    expect(run.stderr).toMatch(why);
    expect(run.stderr).toMatch(help);
    expect([replay.code, replay.stderr]).toEqual([1, expect.stringContaining('error run-not-readable')]);
    // A replay asks another path.
    if (status !== 308) expect(replay.stderr).toMatch(help);
  },
);

test('a file cannot name a folder of this machine as its tracker', async () => {
  for (const uri of ['/tmp/elsewhere', '../elsewhere', 'file:///tmp/elsewhere', 'File:/tmp/elsewhere']) {
    rig.write('folder.yaml', pipeline(uri));
    expect((await rig.run(['run', 'folder.yaml'], environment())).code, uri).toBe(2);
  }
  expect(readdirSync(rig.folder)).not.toContain('elsewhere');
});
