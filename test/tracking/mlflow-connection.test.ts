import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { MlflowConnection, RequestError } from '../../src/tracking/server/mlflow-connection.ts';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<URL> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return new URL(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
}

async function errorOf(connection: MlflowConnection): Promise<RequestError> {
  return connection.send({ method: 'GET', path: '/x' }).then(
    () => expect.unreachable(),
    (error: RequestError) => error,
  );
}

test.each([
  [
    'JSON of MLflow',
    400,
    '{"error_code":"INVALID_PARAMETER_VALUE","message":"Bad key"}',
    {
      code: 'INVALID_PARAMETER_VALUE',
      message: 'Bad key (400 INVALID_PARAMETER_VALUE)',
      isRefusal: true,
      isOutage: false,
    },
  ],
  [
    'JSON of a message without end',
    400,
    JSON.stringify({ error_code: 'E'.repeat(1000), message: 'm'.repeat(500_000) }),
    { code: '', message: `${'m'.repeat(500)} (400)`, isRefusal: false },
  ],
  [
    'an HTML page',
    500,
    '<!doctype html><title>500</title><h1>Internal Server Error</h1>',
    { message: '500 Internal Server Error (500)', isRefusal: false, isOutage: true },
  ],
  ['plain text', 401, 'You are not authenticated.', { status: 401, isRefusal: false, isOutage: false }],
  ['an empty body', 503, '', { message: 'Service Unavailable (503)', isOutage: true, retryAfter: 7 }],
  [
    'artifacts that are off for good',
    503,
    '{"error_code":"X","message":"Artifact serving is disabled"}',
    { status: 503, isRefusal: true, isOutage: false },
  ],
  ['too many requests', 429, '{}', { isOutage: true, retryAfter: 7 }],
])('an error in the form of %s is understood', async (_, status, body, expected) => {
  const uri = await serve((request, response) => {
    request.resume();
    response.writeHead(status, { 'Retry-After': '7' }).end(body);
  });
  const connection = new MlflowConnection({ uri, isTrusted: true }, {});
  expect(await errorOf(connection)).toMatchObject(expected);
  connection.close();
});

test('credentials come from the environment first, then from the URI, and are in no address or message', async () => {
  const seen: unknown[] = [];
  const plain = await serve((request, response) => {
    seen.push(request.headers.authorization, request.url);
    response.end('{}');
  });
  const withUser = new URL(plain.href.replace('//', '//ada:p%40ss@'));
  const send = async (uri: URL, env: Record<string, string>): Promise<MlflowConnection> => {
    const connection = new MlflowConnection({ uri, isTrusted: true }, env);
    await connection.send({ method: 'GET', path: '/p' });
    connection.close();
    return connection;
  };
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const connection = await send(withUser, {});
  await send(withUser, { MLFLOW_TRACKING_USERNAME: 'bob', MLFLOW_TRACKING_PASSWORD: 'b' });
  await send(plain, { MLFLOW_TRACKING_TOKEN: 'token' });
  expect(seen).toEqual([basic('ada:p@ss'), '/p', basic('bob:b'), '/p', 'Bearer token', '/p']);
  expect(connection.address).toBe(plain.origin);
  servers.splice(0).forEach((server) => server.close());
  expect((await errorOf(new MlflowConnection({ uri: withUser, isTrusted: true }, {}))).message).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+ did not answer \(connect ECONNREFUSED/,
  );
});

// Text: python3 -c "import requests; print(requests.utils.get_auth_from_url('http://ada:50%@h'))". Bytes that are no
// text: `curl -v http://ada:%FF@h`.
test.each([
  ['50%', '50%'],
  ['%', '%'],
  ['%zz', '%zz'],
  ['a%40b%', 'a@b%'],
  ['%25', '%'],
  ['100%25sure', '100%sure'],
  ['%E2%82%ACuro', '\u20acuro'],
  ['a%2Fb', 'a/b'],
  ['%%41', '%A'],
  ['a%3ab', 'a:b'],
  ['%FFx%40', Buffer.from([0xff, 0x78, 0x40])],
  ['%C3', Buffer.from([0xc3])],
])('the user and password %s of an address reach the server decoded, and a proxy', async (written, meant) => {
  const seen: unknown[] = [];
  const uri = await serve((request, response) => {
    seen.push(request.headers.authorization, request.headers['proxy-authorization']);
    response.end('{}');
  });
  const user = Buffer.from(typeof meant === 'string' ? meant.replaceAll(':', 'x') : meant);
  const within = (text: string) => new URL(uri.href.replace('//', `//${text}@`));
  for (const env of [{}, { HTTP_PROXY: within(`u:${written}`).href }]) {
    const connection = new MlflowConnection(
      { uri: within(`${written.replace('%3a', 'x')}:${written}`), isTrusted: true },
      env,
    );
    await connection.send({ method: 'GET', path: '/p' });
    connection.close();
  }
  const basic = (name: Buffer) =>
    `Basic ${Buffer.concat([name, Buffer.from(':'), Buffer.from(meant)]).toString('base64')}`;
  expect(seen).toEqual([basic(user), undefined, basic(user), basic(Buffer.from('u'))]);
});

test('a server under a path is asked under that path', async () => {
  const uri = await serve((request, response) => response.end(request.url));
  const connection = new MlflowConnection({ uri: new URL(`${uri.href}ml/flow/`), isTrusted: true }, {});
  expect(await connection.send({ method: 'GET', path: '/api/2.0/x' })).toBe('/ml/flow/api/2.0/x');
  connection.close();
});

test('a server that goes silent, and one that hangs up, are failures that may pass', async () => {
  const silent = new MlflowConnection(
    { uri: await serve(() => undefined), isTrusted: true },
    { MLFLOW_HTTP_REQUEST_TIMEOUT: '0.2' },
  );
  expect(await errorOf(silent)).toMatchObject({ status: 0, code: 'ETIMEDOUT', isOutage: true });
  const rude = new MlflowConnection({ uri: await serve((request) => request.socket.destroy()), isTrusted: true }, {});
  expect(await errorOf(rude)).toMatchObject({ status: 0, code: 'ECONNRESET', isOutage: true });
  const cut = new MlflowConnection(
    {
      uri: await serve((_, response) => {
        response.writeHead(200, { 'Content-Length': '100' }).write('{');
        setTimeout(() => response.destroy(), 20);
      }),
      isTrusted: true,
    },
    {},
  );
  expect(await errorOf(cut)).toMatchObject({ status: 0, isOutage: true });
  servers.forEach((server) => server.closeAllConnections());
});

test.each([
  ['and hangs up', true],
  ['and stays', false],
])('a server that switches protocols %s is a failure that may pass', async (_, hangsUp) => {
  const uri = await serve((request) => {
    request.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    if (hangsUp) request.socket.end();
  });
  expect(await errorOf(new MlflowConnection({ uri, isTrusted: true }, {}))).toMatchObject({
    status: 0,
    code: 'ECONNRESET',
    isOutage: true,
    message: expect.stringContaining('it closed the connection without an answer'),
  });
  servers.forEach((server) => server.closeAllConnections());
});

test('an answer without an end is not waited for, and one that never stops is not kept', async () => {
  const trickle = await serve((_, response) => {
    const timer = setInterval(() => response.write(' '), 50);
    response.on('close', () => clearInterval(timer));
  });
  const slow = new MlflowConnection({ uri: trickle, isTrusted: true }, { MLFLOW_HTTP_REQUEST_TIMEOUT: '0.5' });
  expect(await errorOf(slow)).toMatchObject({
    status: 0,
    code: 'ETIMEDOUT',
    isOutage: true,
    message: expect.stringContaining('its answer did not end within 0.5 s'),
  });
  let sent = 0;
  const flood = await serve((_, response) => {
    const chunk = Buffer.alloc(1 << 20, ' ');
    const more = (): void => {
      sent += chunk.length;
      if (!response.destroyed) response.write(chunk, more);
    };
    more();
  });
  expect(await errorOf(new MlflowConnection({ uri: flood, isTrusted: true }, {}))).toMatchObject({
    isOutage: true,
    message: expect.stringContaining('its answer is longer than 1024 kB'),
  });
  expect(sent).toBeLessThan(16 << 20);
  servers.forEach((server) => server.closeAllConnections());
});

test('what the environment says of its server goes to no address that is not trusted', async () => {
  const seen: unknown[] = [];
  const uri = await serve((request, response) => {
    seen.push(request.headers['authorization'], request.headers['x-mlflow-workspace']);
    response.writeHead(401).end();
  });
  const env = {
    MLFLOW_TRACKING_TOKEN: 'token',
    MLFLOW_WORKSPACE: 'space',
    MLFLOW_TRACKING_CLIENT_CERT_PATH: '/no/such.pem',
  };
  const error = await errorOf(new MlflowConnection({ uri, isTrusted: false }, env));
  expect(seen).toEqual([undefined, undefined]);
  expect(error.message).toMatch(
    /MLFLOW_TRACKING_TOKEN, MLFLOW_TRACKING_CLIENT_CERT_PATH, MLFLOW_WORKSPACE did not count/,
  );
  expect(error.wayOut).toContain('--trust-tracking');
  // Neither its certificate is read, which would throw here.
  expect(() => new MlflowConnection({ uri: new URL('https://localhost:1'), isTrusted: false }, env)).not.toThrow();
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

test.runIf(hasOpenssl)(
  'a self-signed server is trusted through MLFLOW_TRACKING_SERVER_CERT_PATH or MLFLOW_TRACKING_INSECURE_TLS alone',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'layerline-tls-'));
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-keyout',
        key,
        '-out',
        cert,
        '-days',
        '2',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
      ],
      { stdio: 'ignore' },
    );
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) =>
      response.end('{}'),
    );
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const uri = new URL(`https://127.0.0.1:${(server.address() as { port: number }).port}`);
    expect(await errorOf(new MlflowConnection({ uri, isTrusted: true }, {}))).toMatchObject({
      status: 0,
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    for (const env of [{ MLFLOW_TRACKING_SERVER_CERT_PATH: cert }, { MLFLOW_TRACKING_INSECURE_TLS: 'true' }]) {
      const connection = new MlflowConnection({ uri, isTrusted: true }, env);
      expect(await connection.send({ method: 'GET', path: '/x' })).toBe('{}');
      connection.close();
      // For another address than the user's, TLS is as strict as ever.
      expect(await errorOf(new MlflowConnection({ uri, isTrusted: false }, env))).toMatchObject({
        code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
        message: expect.stringContaining('did not count'),
      });
    }
    rmSync(directory, { recursive: true });
  },
);

test('a certificate file that cannot be read is named', () => {
  expect(
    () =>
      new MlflowConnection(
        { uri: new URL('https://localhost:1'), isTrusted: true },
        { MLFLOW_TRACKING_SERVER_CERT_PATH: '/no/such.pem' },
      ),
  ).toThrow('cannot read /no/such.pem, which MLFLOW_TRACKING_SERVER_CERT_PATH names');
});
