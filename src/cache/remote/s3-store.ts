import { createReadStream, statSync } from 'node:fs';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { failure, UserError } from '../../base/diagnostics.ts';
import { explainConnection } from '../../base/explain-connection.ts';
import { openRoute } from '../../base/route.ts';
import { inTurns } from '../../base/turns.ts';
import { hashFile } from '../../datasets/files/read-bytes.ts';
import type { RemoteName, RemoteStore } from '../remote-store.ts';
import { atPace, silence } from './at-pace.ts';
import { receiveFile, tooMuch } from './receive-file.ts';
import { partsOfName } from './remote-names.ts';
import { bucketAddress, type S3Access } from './s3-access.ts';

/** By which an object says that this program put it there; a page of a proxy has none. */
const mark = 'x-amz-meta-layerline';
const noContent = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
/** Bytes of an answer that says what is wrong. */
const longestError = 1 << 16;

/** How often a request is sent before what hinders it counts: once more than AWS's own programs do by default. */
const attempts = 4;
/** Milliseconds: the first pause at most, which doubles, and the longest that a store may ask for. */
const [firstPause, longestPause] = [500, 10_000];

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent, and its hash, which the store proves. */
  readonly body?: { readonly file: string; readonly sha256: string };
}

/**
 * A bucket of S3, or of a store that speaks as S3 does. An object is there whole or not at all, as S3 has it.
 *
 * @param prefix of all keys: nothing, or one that ends with a stroke
 */
export function openS3Store(
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  address: string,
  access: S3Access,
): RemoteStore {
  const base = bucketAddress(bucket, access);
  const route = openRoute(base, { keepAlive: true });
  const closed = new AbortController();

  const noAnswer = (error: NodeJS.ErrnoException): UserError => {
    const { reason, hint } = explainConnection(error, {
      url: base,
      proxy: route.proxy,
      trust: 'NODE_EXTRA_CA_CERTS=FILE.pem',
    });
    const otherwise = 'Check AWS_ENDPOINT_URL, AWS_REGION and the network.';
    return failure('remote-unreachable', `${address} cannot be reached: ${reason}`, hint ?? otherwise, error);
  };
  /** What comes from there, with errors that say so. */
  async function* piecesOf(response: IncomingMessage): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of response) yield piece as Buffer;
    } catch (error) {
      throw noAnswer(error as NodeJS.ErrnoException);
    }
  }
  /** Asks again where the store is busy or the connection breaks: all that is asked may be asked twice. */
  async function ask(method: 'GET' | 'PUT', name: RemoteName, asked?: Asked): Promise<IncomingMessage> {
    for (let failures = 1; ; failures++) {
      const isLast = failures === attempts || closed.signal.aborted;
      const response = await attempt(method, name, asked).catch((error: unknown) => {
        if (isLast || !isBroken(error)) throw error;
        return undefined;
      });
      if (response !== undefined && (isLast || !isBusy(response.statusCode))) return response;
      response?.destroy();
      const own = firstPause * 2 ** (failures - 1) * (0.5 + Math.random() / 2);
      const wished = Number(response?.headers['retry-after'] ?? 0) * 1000 || 0;
      // Who closes the store ends the pause, and the next attempt says so.
      await sleep(Math.max(own, Math.min(wished, longestPause)), undefined, { signal: closed.signal }).catch(() => {});
    }
  }
  /** One attempt; a redirect is an answer like any other. */
  async function attempt(method: 'GET' | 'PUT', name: RemoteName, asked: Asked = {}): Promise<IncomingMessage> {
    const url = new URL(`${base.href.replace(/\/$/, '')}/${prefix}${partsOfName(name).join('/')}`);
    const { body } = asked;
    const length = body && statSync(body.file).size;
    const signer = new AwsV4Signer({
      ...access,
      method,
      url: url.href,
      headers: { ...asked.headers, 'x-amz-content-sha256': body?.sha256 ?? noContent },
      service: 's3',
    });
    const signed = Object.fromEntries((await signer.sign()).headers);
    const headers = { ...signed, ...(length === undefined ? {} : { 'content-length': String(length) }) };
    return new Promise((done, failed) => {
      const { signal } = closed;
      const request = route.request(url, { method, headers, signal, timeout: silence }, done);
      request.on('error', (error) => failed(noAnswer(error)));
      giveUp(request);
      if (body === undefined) request.end();
      else
        createReadStream(body.file)
          .on('error', (error) => {
            request.destroy();
            failed(error);
          })
          .pipe(request);
    });
  }
  /** What an answer refuses, read to its end. */
  async function refusal(response: IncomingMessage): Promise<{ readonly code: string; readonly error: UserError }> {
    const { statusCode: status = 0, headers } = response;
    let text = '';
    for await (const piece of atPace(piecesOf(response), address)) {
      text += Buffer.from(piece).toString('latin1');
      if (text.length > longestError) response.destroy();
      if (text.length > longestError) break;
    }
    const code = /<Code>([A-Za-z]{1,64})<\/Code>/.exec(text)?.[1] ?? '';
    const told = `${address} answers ${status}${code === '' ? '' : ` (${code})`}`;
    const region = headers['x-amz-bucket-region'];
    const moved = typeof region === 'string' && /^[a-z0-9-]{1,40}$/.test(region) && region !== access.region;
    const hint = moved ? `The bucket is in another region: set AWS_REGION=${region}.` : wayOut(status, code);
    return { code, error: failure('remote-unreachable', told, hint) };
  }
  /** The answer with an object; undefined: there is none. */
  async function find(name: RemoteName, asked?: Asked): Promise<IncomingMessage | undefined> {
    const response = await ask('GET', name, asked);
    const { statusCode, headers } = response;
    if (statusCode === 200 || statusCode === 206) {
      if (headers[mark] !== undefined) return response;
      response.destroy();
      throw failure(
        'remote-not-ours',
        `what ${address} answers to ${name} was not put there by Layerline`,
        'See what lies there, and whether a proxy or a login page answers in its place.',
      );
    }
    const { code, error } = await refusal(response);
    if (statusCode === 404 && code === 'NoSuchKey') return undefined;
    throw error;
  }
  return {
    address,
    async read(name, file, limit) {
      const from = `${address}/${name}`;
      const response = await find(name);
      if (response === undefined) return false;
      try {
        if (Number(response.headers['content-length'] ?? 0) > limit) throw tooMuch(from, limit);
        await receiveFile(atPace(piecesOf(response), address), file, { from, limit });
        return true;
      } finally {
        response.destroy();
      }
    },
    async write(name, file) {
      const sha256 = await inTurns(hashFile(file, { anew: true }));
      const response = await ask('PUT', name, { headers: { [mark]: '1' }, body: { file, sha256 } });
      if (response.statusCode !== 200) throw (await refusal(response)).error;
      response.resume();
      // A page of a proxy is no word that anything was kept.
      if (response.headers.etag === undefined)
        throw failure('remote-unreachable', `${address} does not answer as S3 does`, wayOut(0, ''));
    },
    async has(name) {
      const response = await find(name, { headers: { range: 'bytes=0-0' } });
      response?.destroy();
      return response !== undefined;
    },
    close() {
      closed.abort();
      route.close();
      return Promise.resolve();
    },
  };
}

/** Whether a store may answer otherwise in a moment. */
const isBusy = (status = 0): boolean => status === 429 || (status >= 500 && status !== 501);

/** Whether a connection ended that stood. */
function isBroken(error: unknown): boolean {
  const cause = error instanceof UserError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && ['ECONNRESET', 'EPIPE'].includes(String(cause.code));
}

/** Gives up a server that is silent, or does not come to an answer once all was sent. */
function giveUp(request: ClientRequest): void {
  const late = () => Object.assign(new Error(`it was silent for ${silence / 1000} s`), { code: 'ETIMEDOUT' });
  let answer: IncomingMessage | undefined;
  let timer: NodeJS.Timeout | undefined;
  request
    .on('timeout', () => (answer ?? request).destroy(late()))
    .on('finish', () => {
      if (answer === undefined) timer = setTimeout(() => request.destroy(late()), silence);
    })
    .on('response', (response) => {
      answer = response;
      clearTimeout(timer);
    })
    .on('close', () => clearTimeout(timer));
}

function wayOut(status: number, code: string): string {
  if (code === 'NoSuchBucket') return 'Make the bucket, or correct its name: it is never made here.';
  if (code === 'RequestTimeTooSkewed') return "Set this machine's clock.";
  if (code === 'ExpiredToken') return 'Fetch new credentials: those of AWS_SESSION_TOKEN have expired.';
  if (status === 401 || status === 403)
    return (
      'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, ' +
      'and that they may s3:GetObject, s3:PutObject and s3:ListBucket there.'
    );
  if (status >= 500 || status === 429) return 'Try again later.';
  return 'Check AWS_ENDPOINT_URL and AWS_REGION: it has to answer as S3 does, without a redirect.';
}
