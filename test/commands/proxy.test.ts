import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MlflowConnection, type RequestError } from '../../src/tracking/server/mlflow-connection.ts';
import { serverAddress } from '../../src/tracking/server/server-address.ts';
import { Rig } from '../rig.ts';
import { type DataServer, startDataServer } from './data-server.ts';
import { type Proxy, startProxy } from './proxy.ts';

const rig = new Rig();
const table = `x,y\n${Array.from({ length: 40 }, (_, i) => `${i},${2 * i}`).join('\n')}\n`;
const plainAsked: (string | undefined)[] = [];
const plain = createServer((request, response) => {
  plainAsked.push(request.headers.authorization, request.headers['proxy-authorization'], request.headers.host);
  response.end('plain');
});
let server: DataServer;
let plainPort: number;
let proxies: Proxy[] = [];

beforeAll(async () => {
  server = await startDataServer(rig, {
    '/table.csv': (response) => response.end(table),
    '/gone': (response) => response.writeHead(302, { location: '/nowhere' }).end(),
    '/api': (response, request) => response.end(request.headers.authorization),
  });
  await new Promise<void>((done) => plain.listen(0, 'localhost', done));
  plainPort = (plain.address() as AddressInfo).port;
});
afterEach(() => proxies.splice(0).forEach((proxy) => proxy.close()));
afterAll(() => {
  plain.close();
  server.close();
  rig.remove();
});

const start = async (options?: Parameters<typeof startProxy>[0]) => {
  const proxy = await startProxy(options);
  proxies = [...proxies, proxy];
  return proxy;
};
const clear = {
  HTTPS_PROXY: '',
  https_proxy: '',
  HTTP_PROXY: '',
  http_proxy: '',
  ALL_PROXY: '',
  all_proxy: '',
  NO_PROXY: '',
  no_proxy: '',
};
/** Fetches the data of a file anew. */
async function fetchData(env: Record<string, string>, path = '/table.csv', origin = server.origin) {
  rmSync(join(rig.folder, '.layerline'), { recursive: true, force: true });
  const file = `{ url: '${origin}${path}', sha256: ${createHash('sha256').update(table).digest('hex')} }`;
  rig.write(
    'far.yaml',
    `name: far\nseed: 7\ndata: { source: { csv: { file: ${file}, targets: { y: number } } } }\n` +
      'model: { layers: [dense 1] }\ntrain: { optimizer: adam, loss: meanSquaredError, batchSize: 16, epochs: 2 }\n',
  );
  const { code, stderr } = await rig.run(['plan', 'far.yaml'], { ...clear, ...server.env, ...env });
  return { code, stderr: stderr.replace(/^fetching .*\n/, '') };
}

describe('data', () => {
  test('is fetched through the proxy, with its password, which is shown nowhere', async () => {
    const proxy = await start({ user: 'ada:p@ss%"w' });
    expect(await fetchData({ HTTPS_PROXY: `http://ada:p%40ss%25%22w@${proxy.host}` })).toEqual({ code: 0, stderr: '' });
    expect(proxy.asked).toEqual([`CONNECT ${new URL(server.origin).host}`]);
    const wrong = await fetchData({ https_proxy: `http://ada:wr%6Fng-s3cret@${proxy.host}` });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain(
      `the proxy http://${proxy.host}, which https_proxy names, does not take the user and password that stand ` +
        `there (407)\n  help: Give them there, percent-encoded: https_proxy=http://***@${proxy.host}.`,
    );
    expect(wrong.stderr).not.toMatch(/s3cret|wrong/);
    expect((await fetchData({ ALL_PROXY: proxy.host })).stderr).toContain(
      `the proxy http://${proxy.host}, which ALL_PROXY names, wants a user and a password (407)`,
    );
  }, 30_000);

  test('goes the direct way where NO_PROXY says so', async () => {
    const proxy = await start();
    expect(await fetchData({ HTTPS_PROXY: `http://${proxy.host}`, NO_PROXY: 'example.org, localhost' })).toEqual({
      code: 0,
      stderr: '',
    });
    expect(await fetchData({ HTTP_PROXY: `http://${proxy.host}` })).toEqual({ code: 0, stderr: '' });
    expect(proxy.asked).toEqual([]);
  }, 30_000);

  test('a proxy that is down, one that refuses, and one that is none are named with their variable', async () => {
    expect((await fetchData({ HTTPS_PROXY: 'http://u:s3cret@127.0.0.1:9' })).stderr).toMatch(
      /cannot be fetched: the proxy http:\/\/127\.0\.0\.1:9, which HTTPS_PROXY names, cannot be reached: connect ECONNREFUSED.*\n {2}help: Correct or unset HTTPS_PROXY, or set NO_PROXY=localhost where localhost is to be reached without it\.\n$/,
    );
    const proxy = await start({ refuse: 403 });
    expect((await fetchData({ HTTPS_PROXY: `http://${proxy.host}` })).stderr).toMatch(
      /which HTTPS_PROXY names, does not let it through: it answers 403 \(No\)/,
    );
    const none = await fetchData({ ALL_PROXY: 'socks5://u:s3cret@127.0.0.1:9' });
    expect(none).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("ALL_PROXY names 'socks5://***@127.0.0.1:9', which is no http proxy"),
    });
  }, 30_000);

  test('of an untrusted certificate names the variable, through a proxy too; a redirect is named', async () => {
    const untrusted = await fetchData({ NODE_EXTRA_CA_CERTS: '' });
    expect(untrusted.stderr).toMatch(
      /the certificate of localhost:\d+ is not trusted: self-signed certificate\n {2}help: Where it is your own, name its authority: NODE_EXTRA_CA_CERTS=FILE\.pem\./,
    );
    const proxy = await start();
    expect((await fetchData({ NODE_EXTRA_CA_CERTS: '', HTTPS_PROXY: `http://${proxy.host}` })).stderr).toBe(
      untrusted.stderr,
    );
    expect((await fetchData({}, '/table.csv', server.origin.replace('localhost', '127.0.0.1'))).stderr).toMatch(
      /the certificate of 127\.0\.0\.1:\d+ is (for another name|not trusted: self-signed certificate)/,
    );
    expect((await fetchData({}, '/table.csv', `https://localhost:${plainPort}`)).stderr).toMatch(
      /localhost:\d+ does not speak TLS\n/,
    );
    expect((await fetchData({}, '/gone')).stderr).toContain(
      `${server.origin}/nowhere, which it is redirected to, answers 404`,
    );
  }, 30_000);
});

describe('the tracker', () => {
  const token = { MLFLOW_TRACKING_TOKEN: 'tok3n-of-the-tracker' };
  const send = async (uri: string, env: Record<string, string>, times = 1) => {
    const connection = new MlflowConnection(serverAddress(uri, true), { ...token, ...env });
    try {
      const answers: string[] = [];
      for (let i = 0; i < times; i++) answers.push(await connection.send({ method: 'GET', path: '/api' }));
      return answers.join();
    } catch (error) {
      return (error as RequestError).message;
    } finally {
      connection.close();
    }
  };

  test('is reached through one tunnel for several requests, and the token is read by nobody on the way', async () => {
    const proxy = await start({ user: 'ada:pa' });
    const env = {
      HTTPS_PROXY: `http://ada:pa@${proxy.host}`,
      MLFLOW_TRACKING_SERVER_CERT_PATH: server.env['NODE_EXTRA_CA_CERTS']!,
    };
    expect(await send(server.origin, env, 3)).toBe(Array(3).fill('Bearer tok3n-of-the-tracker').join());
    expect(proxy.asked).toEqual([`CONNECT ${new URL(server.origin).host}`]);
    expect(proxy.seen()).not.toContain('tok3n');
  });

  test('of plain http is asked through the proxy, whose password the tracker does not get', async () => {
    const proxy = await start({ user: 'ada:pa' });
    plainAsked.length = 0;
    const uri = `http://localhost:${plainPort}`;
    expect(await send(uri, { http_proxy: `ada:pa@${proxy.host}`, HTTP_PROXY: 'http://127.0.0.1:9' }, 2)).toBe(
      'plain,plain',
    );
    expect(proxy.asked).toEqual([`GET ${uri}/api`, `GET ${uri}/api`]);
    expect(plainAsked.slice(0, 3)).toEqual(['Bearer tok3n-of-the-tracker', undefined, `localhost:${plainPort}`]);
    expect(await send(uri, { http_proxy: proxy.host })).toContain(
      `the proxy http://${proxy.host}, which http_proxy names, wants a user and a password (407)`,
    );
    expect(await send(uri, { http_proxy: '127.0.0.1:9' })).toMatch(
      /the proxy http:\/\/127\.0\.0\.1:9, which http_proxy names, cannot be reached: connect ECONNREFUSED/,
    );
    expect(await send(uri, { http_proxy: '127.0.0.1:9', no_proxy: '.localhost' })).toBe('plain');
  });

  test('says by which variable a certificate is trusted, and where the scheme is another', async () => {
    const trust = 'MLFLOW_TRACKING_SERVER_CERT_PATH=FILE.pem, or for a trial MLFLOW_TRACKING_INSECURE_TLS=true';
    const proxy = await start();
    for (const env of [{}, { HTTPS_PROXY: `http://${proxy.host}` }]) {
      const message = await send(server.origin, env as Record<string, string>);
      expect(message).toContain('self-signed certificate');
      expect(message).toContain(trust);
    }
    expect(await send(`https://localhost:${plainPort}`, {})).toContain(
      `does not speak TLS); where it is a plain http server: http://localhost:${plainPort}`,
    );
    expect(await send(server.origin.replace('https', 'http'), {})).toMatch(
      /where it is an https server: https:\/\/localhost:\d+$/,
    );
  });
});
