import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { get } from 'node:https';
import { failure } from '../base/diagnostics.ts';
import { dataFileLimit } from './read-bytes.ts';

/** Milliseconds without a byte after which a server is given up. */
const patience = 30_000;
/** An address may lead to another one so many times. */
const mostRedirects = 5;

/** What goes on beside a download. */
export interface Watch {
  /** Told how much has arrived, above 0 and below 1; never where the server does not say how much there is. */
  readonly onFraction: (fraction: number) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds; left out: half a minute. */
  readonly silence?: number;
}

/**
 * Fetches a file into memory. Certificates, and a proxy where Node knows of one, are Node's affair.
 *
 * @param url an https: address
 * @throws UserError when it does not come, or is larger than a file of data may be; the signal's reason when it is aborted
 */
export async function download(url: string, watch: Watch): Promise<Uint8Array> {
  let arrived = 0;
  try {
    const response = await follow(new URL(url), watch, mostRedirects);
    const length = Number(response.headers['content-length'] ?? NaN);
    const chunks: Buffer[] = [];
    let told = 0;
    // What the header says only spares the wait: the bytes are counted.
    if (length > dataFileLimit) response.destroy(tooLarge(url));
    for await (const chunk of response as AsyncIterable<Buffer>) {
      arrived += chunk.length;
      if (arrived > dataFileLimit) throw tooLarge(url);
      chunks.push(chunk);
      const fraction = Math.floor((100 * arrived) / length) / 100;
      if (fraction > told && fraction < 1) watch.onFraction((told = fraction));
    }
    return Buffer.concat(chunks);
  } catch (error) {
    watch.signal?.throwIfAborted();
    throw (error as NodeJS.ErrnoException).code === undefined ? error : explain(url, error as NodeJS.ErrnoException, arrived);
  }
}

/** The answer at the end of all redirects. */
async function follow(url: URL, watch: Watch, redirects: number): Promise<IncomingMessage> {
  const response = await ask(url, watch);
  const { statusCode = 0, headers: { location } } = response;
  if (statusCode === 200) return response;
  response.destroy();
  if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined) {
    throw notFetchable(url.href, `the server answers ${statusCode} (${STATUS_CODES[statusCode] ?? 'unknown'})`, statusCode === 404 ? 'Check the address.' : 'Is the address open to everyone? Otherwise try again later.');
  }
  const next = new URL(location, url);
  if (next.protocol !== 'https:' || next.username !== '' || next.password !== '') throw notFetchable(url.href, `it is redirected to ${next.href}, which is not a plain https address`, 'Find an address that stays with https.');
  if (redirects === 0) throw notFetchable(url.href, `it is redirected more than ${mostRedirects} times`, 'Find the address of the file itself.');
  return follow(next, watch, redirects - 1);
}

function ask(url: URL, { signal, silence = patience }: Watch): Promise<IncomingMessage> {
  return new Promise((done, failed) => {
    let answer: IncomingMessage | undefined;
    const request = get(url, { timeout: silence, headers: { 'user-agent': 'layerline' }, ...(signal && { signal }) }, (response) => done((answer = response)));
    request.on('timeout', () => (answer ?? request).destroy(Object.assign(new Error(`it was silent for ${silence / 1000} s`), { code: 'ETIMEDOUT' })));
    request.on('error', failed);
  });
}

function explain(url: string, { code = '', message }: NodeJS.ErrnoException, arrived: number): Error {
  const { host, hostname } = new URL(url);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return notFetchable(url, `the host ${hostname} is not found`, 'Check the address and the network.');
  if (/CERT|SIGNATURE/.test(code)) return notFetchable(url, `the certificate of ${host} is not trusted: ${message}`, 'Where it is your own, name its authority: NODE_EXTRA_CA_CERTS=FILE.pem.');
  const progress = arrived === 0 ? '' : ` after ${arrived} bytes`;
  return notFetchable(url, `the connection failed${progress}: ${message === 'aborted' ? 'it was closed too early' : message || code}`, 'Run it again once the network and the server are well; nothing of it was kept.');
}

function tooLarge(url: string): Error {
  return failure('data-file-too-large', `${url} has more than ${dataFileLimit} bytes, which are the most`, 'Give a part of it.');
}

function notFetchable(url: string, reason: string, hint?: string): Error {
  return failure('data-not-fetchable', `${url} cannot be fetched: ${reason}`, hint);
}
