import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Diagnostic, UserError } from '../../base/diagnostics.ts';
import { explainOutOfMemory } from '../../base/out-of-memory.ts';
import { hideSecrets } from '../../base/secrets.ts';
import { shorten } from '../../base/shorten.ts';

/** Why a request is not answered: nobody's fault but the request's, or the moment's. */
export class Refusal extends Error {
  readonly status: number;
  readonly diagnostics: readonly Diagnostic[];

  /** @param status of HTTP @param diagnostics what is wrong with which rows, where it is theirs */
  constructor(status: number, message: string, diagnostics: readonly Diagnostic[] = []) {
    super(message);
    this.status = status;
    this.diagnostics = diagnostics;
  }
}

/** MLflow's names; of others below 500 `BAD_REQUEST`. */
const errorCodes: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'ENDPOINT_NOT_FOUND',
  413: 'REQUEST_LIMIT_EXCEEDED',
  503: 'TEMPORARILY_UNAVAILABLE',
};

/** Answers with what is wrong, in the form of the protocol that was asked. */
export function answerRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { status, message, diagnostics } = refusal;
  if (status === 503) reply.header('retry-after', '1');
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  const errors = diagnostics.map(({ code, message: what, hint }) => ({ code, message: what, hint }));
  return reply.code(status).send(
    /^\/v2([/?]|$)/.test(request.url)
      ? { error: message }
      : {
          error_code: errorCodes[status] ?? (status < 500 ? 'BAD_REQUEST' : 'INTERNAL_ERROR'),
          message,
          ...(errors.length > 0 && { errors }),
        },
  );
}

/**
 * What an error says to who asked: what is theirs, and nothing of this program's inside.
 *
 * @param report is told of the rest
 */
export function refusalOf(thrown: unknown, report: (text: string) => void): Refusal {
  const error = explainOutOfMemory(thrown);
  if (error instanceof Refusal) return error;
  if (error instanceof UserError && error !== thrown) return new Refusal(503, error.message);
  if (error instanceof UserError)
    return new Refusal(
      400,
      error.diagnostics.map(({ message, hint }) => (hint === undefined ? message : `${message}. ${hint}`)).join('\n'),
      error.diagnostics,
    );
  const { statusCode: status = 500, code, message, stack } = error as Error & { statusCode?: number; code?: string };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new Refusal(413, 'the body is larger than 16 MiB: send it in parts');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || code === 'FST_ERR_CTP_EMPTY_TYPE')
    return new Refusal(
      415,
      'Content-Type has to be application/json, text/csv, image/png, jpeg, webp, tiff or gif, or audio/wav',
    );
  if (status < 500) return new Refusal(status, shorten(message, 200));
  // Who asked has gone.
  if (code === 'ECONNRESET') return new Refusal(400, 'the request was not sent to its end');
  report(hideSecrets(stack ?? message));
  return new Refusal(500, 'the model could not answer: the server has said why');
}
