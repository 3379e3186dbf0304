import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { failure } from '../../base/diagnostics.ts';
import { explainConnection } from '../../base/explain-connection.ts';
import { type Route, openRoute } from '../../base/route.ts';
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
 * Fetches a file into memory, through the proxy that the environment names. Certificates are Node's affair.
 *
 * @param url an https: address
 * @throws UserError when it does not come, or is larger than a file of data may be; the signal's reason when it is
 * aborted
 */
export async function download(url: string, watch: Watch): Promise<Uint8Array> {
  let arrived = 0;
  const way: Hop[] = [];
  try {
    const response = await follow(new URL(url), watch, way);
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
    throw (error as NodeJS.ErrnoException).code === undefined
      ? error
      : explain(url, way.at(-1)!, error as NodeJS.ErrnoException, arrived);
  } finally {
    for (const { route } of way) route.close();
  }
}

/** An address on the way to the file, and how it was reached. */
interface Hop {
  readonly url: URL;
  readonly route: Route;
}

/** The answer at the end of all redirects. @param way takes each address that is asked */
async function follow(url: URL, watch: Watch, way: Hop[]): Promise<IncomingMessage> {
  const hop = { url, route: openRoute(url) };
  way.push(hop);
  const response = await ask(hop, watch);
  const {
    statusCode = 0,
    headers: { location },
  } = response;
  if (statusCode === 200) return response;
  response.destroy();
  const first = way[0]!.url.href;
  if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined) {
    const who = way.length === 1 ? 'the server' : `${url.href}, which it is redirected to,`;
    throw notFetchable(
      first,
      `${who} answers ${statusCode} (${STATUS_CODES[statusCode] ?? 'unknown'})`,
      statusCode === 404 ? 'Check the address.' : 'Is the address open to everyone? Otherwise try again later.',
    );
  }
  const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  if (next?.protocol !== 'https:' || next.username !== '' || next.password !== '')
    throw notFetchable(
      first,
      `it is redirected to ${next?.href ?? location}, which is not a plain https address`,
      'Find an address that stays with https.',
    );
  if (way.length > mostRedirects)
    throw notFetchable(
      first,
      `it is redirected more than ${mostRedirects} times, last to ${next.href}`,
      'Find the address of the file itself.',
    );
  return follow(next, watch, way);
}

function ask({ url, route }: Hop, { signal, silence = patience }: Watch): Promise<IncomingMessage> {
  return new Promise((done, failed) => {
    let answer: IncomingMessage | undefined;
    const request = route.request(
      url,
      { timeout: silence, headers: { 'user-agent': 'layerline' }, ...(signal && { signal }) },
      (response) => done((answer = response)),
    );
    request.on('timeout', () =>
      (answer ?? request).destroy(
        Object.assign(new Error(`it was silent for ${silence / 1000} s`), { code: 'ETIMEDOUT' }),
      ),
    );
    request.on('error', failed);
    request.end();
  });
}

function explain(first: string, { url, route: { proxy } }: Hop, error: NodeJS.ErrnoException, arrived: number): Error {
  const { reason, hint } = explainConnection(error, { url, proxy, trust: 'NODE_EXTRA_CA_CERTS=FILE.pem' });
  const redirected = url.href === first ? '' : ` (it is redirected to ${url.href})`;
  if (hint !== undefined) return notFetchable(first, `${reason}${redirected}`, hint);
  const progress = arrived === 0 ? '' : ` after ${arrived} bytes`;
  return notFetchable(
    first,
    `the connection failed${progress}: ${reason === 'aborted' ? 'it was closed too early' : reason}${redirected}`,
    'Run it again once the network and the server are well; nothing of it was kept.',
  );
}

function tooLarge(url: string): Error {
  return failure(
    'data-file-too-large',
    `${url} has more than ${dataFileLimit} bytes, which are the most`,
    'Give a part of it.',
  );
}

function notFetchable(url: string, reason: string, hint?: string): Error {
  return failure('data-not-fetchable', `${url} cannot be fetched: ${reason}`, hint);
}
