import { Server as NetServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { type FastifyInstance, fastify } from 'fastify';
import { failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import { Batcher } from './batcher.ts';
import { addInvocations, pictureTypes, recordingTypes } from './invocations.ts';
import { createMetrics } from './server-metrics.ts';
import { addOpenInference } from './open-inference.ts';
import { parseJson } from './read-invocation.ts';
import { Refusal, answerRefusal, refusalOf } from './refusal.ts';
import { type Answer, type AskedOf, type ServedModel, largestBatch } from './served-model.ts';
import { addTryPage, pageRoutes } from './try-page.ts';
import { hasToken, isLoopback, namesLoopback } from './token.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route that refuses the methods that its address does not take: those that it does. */
    readonly allowed?: string;
  }
}

/** What a server is told beforehand. */
export interface ServerOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** What requests have to bring; undefined: nothing. */
  readonly token: string | undefined;
  /** The run that trained the model. */
  readonly runId: string | undefined;
  /** Is told of what is this program's own mistake. */
  readonly report: (text: string) => void;
}

/** A server that listens, and answers when it has a model. */
export interface ModelServer {
  /** Such as `http://127.0.0.1:5001`. */
  readonly address: string;
  /** From now on it is ready. */
  serve(model: ServedModel): void;
  /** Takes no more connections, answers all that came, and ends. @returns requests that were answered in all */
  close(): Promise<number>;
}

/** Bytes of one body. */
const bodyLimit = 16 * 1024 * 1024;

/** Rows that may wait: at some thousand a second they are a second's work. */
const queueLimit = 1_024;

/** Milliseconds that an open connection has at the end to send what it has begun to. */
const grace = 1_000;

/** Milliseconds after which the end does not wait for clients any longer. */
const longestEnd = 30_000;

/** Routes of probes and browsers, which have no token. */
const openRoutes: ReadonlySet<string | undefined> = new Set([
  '/ping',
  '/health',
  '/v2/health/live',
  '/v2/health/ready',
  ...pageRoutes,
]);

/** Starts a server for one model. @throws UserError where it cannot listen */
export async function startServer(options: ServerOptions): Promise<ModelServer> {
  const { host, port, token, runId, report } = options;
  let model: ServedModel | undefined;
  let [isClosing, answered] = [false, 0];
  const metrics = createMetrics(() => batcher.rows);
  const batcher = new Batcher<AskedOf, Answer>({
    compute: (asked) => model!.answer(asked),
    batch: largestBatch,
    queue: queueLimit,
    observe: metrics.batch,
  });
  const app = fastify({
    bodyLimit,
    requestTimeout: 60_000,
    keepAliveTimeout: 5_000,
    // Open Inference has both /v2 and /v2/.
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    return503OnClosing: false,
    // Of paths that are none, before any hook.
    frameworkErrors: (error, request, reply) => void answerRefusal(request, reply, refusalOf(error, report)),
  });
  /** @throws Refusal before there is a model */
  const ready = (): ServedModel => {
    if (model !== undefined) return model;
    throw new Refusal(503, 'the model is not ready yet');
  };
  const refuseWhenFull = () => {
    if (batcher.isFull) throw new Refusal(503, `${batcher.rows} rows wait already`);
  };

  app.addHook('onRequest', async (request, reply) => {
    const { url } = request.routeOptions;
    if (isLoopback(host) && token === undefined && !namesLoopback(request.headers.host))
      throw new Refusal(403, 'this server answers to localhost alone; `pipeline serve --host` lets it answer others');
    if (token !== undefined && !openRoutes.has(url) && !hasToken(request.headers.authorization, token))
      throw new Refusal(401, 'send the token of this server: `Authorization: Bearer TOKEN`');
    // Before its body is read, as all below.
    if (request.is404) throw noSuchRoute(request.method);
    const { allowed } = request.routeOptions.config;
    if (allowed !== undefined) {
      reply.header('allow', allowed);
      throw new Refusal(405, `${request.method} is not for ${url}: it takes ${allowed}`);
    }
    if (request.method !== 'POST') return;
    const { 'content-encoding': encoding = 'identity' } = request.headers;
    if (encoding !== 'identity') throw new Refusal(415, `Content-Encoding is ${shorten(encoding)}: send it unpacked`);
    const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(request.headers['content-type'] ?? '') ?? [];
    // Other bytes would be other letters: another category.
    if (!/^(utf-?8|us-ascii)$/i.test(charset))
      throw new Refusal(415, `Content-Type says charset=${shorten(charset)}: send UTF-8`);
    ready();
    refuseWhenFull();
  });
  app.addHook('onSend', async (_, reply, payload) => {
    if (isClosing) reply.header('connection', 'close');
    // Who still sends would see a connection that breaks, and no answer: the rest is read, and thrown away.
    else if (reply.statusCode === 413) reply.removeHeader('connection');
    return payload;
  });
  app.addHook('onResponse', async (request, reply) => {
    answered++;
    metrics.request(request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1000);
  });
  app.setErrorHandler((error, request, reply) => answerRefusal(request, reply, refusalOf(error, report)));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_: unknown, body: Buffer) =>
    parseJson(body),
  );
  for (const type of ['text/csv', ...pictureTypes, ...recordingTypes])
    app.addContentTypeParser(type, { parseAs: 'buffer' }, async (_: unknown, body: Buffer) => body);

  const ask = async (asked: readonly AskedOf[]): Promise<readonly Answer[]> => {
    refuseWhenFull();
    return batcher.ask(asked);
  };
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    methods.set(url, new Set([...(methods.get(url) ?? []), ...[method].flat()]));
  });
  const serving = { ready, ask, runId };
  addInvocations(app, serving);
  addOpenInference(app, serving);
  addTryPage(app, serving);
  app.get('/metrics', async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  for (const [url, taken] of methods)
    app.route({
      method: app.supportedMethods.filter((method) => !taken.has(method)),
      url,
      config: { allowed: [...taken].toSorted().join(', ') },
      handler: async () => undefined,
    });

  await listen(app, host, port);
  return {
    address: addressOf(app, host),
    serve: (loaded) => (model = loaded),
    close: async () => {
      isClosing = true;
      // Not that of http.Server, which also ends connections that seem idle: a request on its way would be lost.
      const ended = new Promise<boolean>((resolve) => NetServer.prototype.close.call(app.server, () => resolve(true)));
      await Promise.race([ended, setTimeout(grace, false, { ref: false })]);
      app.server.closeIdleConnections();
      if (!(await Promise.race([ended, setTimeout(longestEnd, false, { ref: false })])))
        app.server.closeAllConnections();
      await ended;
      return answered;
    },
  };
}

function noSuchRoute(method: string): Refusal {
  return new Refusal(404, `there is no such route for ${method}: POST to /invocations; GET / has a page to try it`);
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    // For the name, fastify would listen twice.
    await app.listen({ port, host: host === 'localhost' ? '127.0.0.1' : host });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw failure(
        'port-taken',
        `port ${port} is in use`,
        'Give another by --port; with 0 a free one is taken.',
        error,
      );
    if (code === 'EACCES')
      throw failure(
        'port-taken',
        `port ${port} may not be used by this user`,
        'Give one from 1024 on by --port.',
        error,
      );
    if (!['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL', 'EAFNOSUPPORT'].includes(code ?? '')) throw error;
    throw failure(
      'host-not-here',
      `--host ${host} is no address of this machine: ${message}`,
      'Give an address of one of its networks, or 0.0.0.0 for all of them.',
      error,
    );
  }
}

function addressOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as { readonly port: number };
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
