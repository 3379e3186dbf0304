import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type ServerOptions, createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Rig } from '../rig.ts';

/** How a path is answered. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** An https server of the test's own, with a certificate that only who is told of it trusts. */
export interface DataServer {
  /** `https://localhost:PORT` */
  readonly origin: string;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** What a process needs to trust it. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

/** Starts a server; the certificate is made for it in the rig's folder. */
export async function startDataServer(rig: Rig, answers: Readonly<Record<string, Answer>>): Promise<DataServer> {
  rig.write('tls/.keep', '');
  const [key, cert] = ['key', 'cert'].map((name) => `${rig.folder}/tls/${name}.pem`) as [string, string];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
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
      '-days',
      '2',
      ...subject,
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'ignore' },
  );
  const options: ServerOptions = { key: readFileSync(key), cert: readFileSync(cert) };
  const asked: string[] = [];
  const server = createServer(options, (request, response) => {
    const { pathname } = new URL(request.url!, 'https://localhost');
    asked.push(request.url!);
    const answer = answers[pathname];
    if (answer === undefined) response.writeHead(404).end('there is no such file');
    else answer(response, request);
  });
  await new Promise<void>((done) => server.listen(0, 'localhost', done));
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    asked,
    env: { NODE_EXTRA_CA_CERTS: cert },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
