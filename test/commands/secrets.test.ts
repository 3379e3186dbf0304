import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { oneIn } from '../draws.ts';
import { Rig, digitsPipeline } from '../rig.ts';

const rig = new Rig();
const inFile = `f"il'e<p&a%ss é s3cret-1`;
const inEnvironment = `e"n\\v'<&%é s3cret-2`;
const inProxy = `p"r'<&%é s3cret-3`;
const authorizations: (string | undefined)[] = [];
// Says what it was told, as a debugging proxy may: that is a message of the product then.
const server = createServer((request, response) => {
  authorizations.push(request.headers.authorization);
  response.writeHead(503, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ error_code: 'X', message: `refused ${request.headers.authorization} and ${inEnvironment}` }),
  );
});
let address: string;

beforeAll(async () => {
  rig.writeDigits(300, 100);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rig.remove();
});

test('passwords with quotes, markup and spaces reach the server, and nothing that is shown or written', async () => {
  const uri = `http://ada:${inFile}@${address}/of-the-file`;
  rig.write(
    'x.yaml',
    `${digitsPipeline({ epochs: 1, figures: true })}tracking:\n  # as in ${uri}\n` +
      `  uri: ${JSON.stringify(uri).replaceAll('é', '\\xe9')}\n`,
  );
  const env = {
    MLFLOW_TRACKING_URI: `http://${address}`,
    MLFLOW_TRACKING_USERNAME: 'ada',
    MLFLOW_TRACKING_PASSWORD: inEnvironment,
    HTTPS_PROXY: `http://u:${encodeURIComponent(inProxy)}@127.0.0.1:9`,
  };
  const run = await rig.run(['run', 'x.yaml', '--json', '--set', `tracking.uri=${JSON.stringify(uri)}`], env);
  const others = await Promise.all(
    [
      ['plan', 'x.yaml', '--resolved'],
      ['plan', 'x.yaml', '--json'],
      ['status', 'x.yaml'],
      ['status', 'x.yaml', '--json'],
      ['run', 'x.yaml', '--set', `train.epoch=${JSON.stringify(uri)}`],
    ].map((args) => rig.run(args, env)),
  );
  expect(run.code, run.stderr).toBe(0);
  expect(new Set(authorizations)).toEqual(new Set([`Basic ${Buffer.from(`ada:${inEnvironment}`).toString('base64')}`]));
  const files = ['runs', '.layerline']
    .flatMap((folder) => readdirSync(join(rig.folder, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  expect(files.some((path) => path.endsWith('config/pipeline.yaml'))).toBe(true);
  const told = [run, ...others].map(({ stdout, stderr }, k) => [`output ${k}`, stdout + stderr] as const);
  for (const [name, text] of [...files.map((path) => [path, readFileSync(path, 'latin1')] as const), ...told]) {
    expect(text, name).not.toMatch(/s3cret-\d/);
    expect(text, name).not.toContain(Buffer.from(`ada:${inEnvironment}`).toString('base64'));
  }
}, 60_000);

test('a password in the address of a flag is hidden in what its server answers', async () => {
  const password = 'in-the-flag s3cret-4';
  const { code, stderr } = await rig.run(
    ['replay', 'f'.repeat(32), '--tracking-uri', `http://ada:${encodeURIComponent(password)}@${address}`],
    { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' },
  );
  expect([code, stderr]).toEqual([1, expect.stringContaining('refused Basic ***')]);
  for (const spelling of ['s3cret-4', Buffer.from(`ada:${password}`).toString('base64')])
    expect(stderr).not.toContain(spelling);
});

test.each(oneIn(3, ['%FFs3cret-5%00', '%zzs3cret-5%40', 's3cret-5%']))(
  'a run for the server of http://ada:%s@host waits for it, and sync says so, without the password',
  async (password) => {
    const runs = `runs-${Buffer.from(password).toString('hex')}`;
    rig.write('p.yaml', digitsPipeline({ epochs: 1, layers: '[flatten, dense 10]' }));
    const run = await rig.run([
      'run',
      'p.yaml',
      '--smoke',
      '--runs',
      runs,
      '--tracking-uri',
      `http://ada:${password}@127.0.0.1:9`,
    ]);
    const waits = await rig.run(['sync', '--runs', runs]);
    expect([run.code, waits.code]).toEqual([0, 1]);
    expect(waits.stderr).toContain('1 earlier run waits for http://127.0.0.1:9');
    for (const { stdout, stderr } of [run, waits]) expect(stdout + stderr).not.toContain('s3cret-5');
  },
);
