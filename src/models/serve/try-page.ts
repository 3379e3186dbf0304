import type { FastifyInstance } from 'fastify';
import { hasForm, list, number, object, optional, record, text } from '../../base/json-form.ts';
import type { Serving } from './invocations.ts';
import type { ServedModel } from './served-model.ts';
import { tryHtml, tryScript, tryStyle } from './try-page-files.ts';

/** What may be loaded: files of this server, and nothing else; who shows the page within another is not obeyed. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src blob:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

const files = {
  '/': ['text/html; charset=utf-8', tryHtml],
  '/try.js': ['text/javascript; charset=utf-8', tryScript],
  '/try.css': ['text/css; charset=utf-8', tryStyle],
} as const;

/** The page's files, which say nothing of the model: a browser cannot send a token for them. */
export const pageRoutes: readonly string[] = Object.keys(files);

/** A page on which a person tries the model, and what it has to know. */
export function addTryPage(app: FastifyInstance, { ready, runId }: Serving): void {
  for (const [url, [type, content]] of Object.entries(files))
    app.get(url, async (_, reply) => reply.headers(securityHeaders).type(type).send(content));
  app.get('/try.json', async () => ({ ...describe(ready()), run: runId ?? null }));
}

const columnsForm = record(
  list(
    object({
      column: text(),
      cross: optional(list(text())),
      categories: optional(list(text())),
      mean: optional(number),
      fill: optional(number),
      reads: optional(text()),
      tokens: optional(text()),
    }),
  ),
);

/** What the page shows a form for. */
function describe({ name, reader, signature: { inputs }, preparation }: ServedModel): Record<string, unknown> {
  const [input, ...more] = inputs;
  const about = { name, takes: reader.takes, input: input!.name };
  if ('png' in reader.files && more.length === 0) {
    const { anySize = false } = reader;
    return { ...about, kind: 'picture', shape: input!.shape, anySize };
  }
  if ('wav' in reader.files) return { ...about, kind: 'recording' };
  if (reader.kind === 'table' && hasForm(columnsForm, preparation)) {
    const prepared = Object.values(preparation).flat();
    const own = new Set(prepared.map(({ column }) => column));
    const crossed = new Set(prepared.flatMap(({ cross = [] }) => cross.filter((column) => !own.has(column))));
    const columns = prepared
      .filter(({ cross }) => cross === undefined)
      .map(({ column, categories, mean, fill, reads, tokens }) => ({
        column,
        categories,
        mean: mean ?? (reads === 'numbers' ? fill : undefined),
        isText: reads === 'dates' || reads === 'hash' || tokens !== undefined,
      }));
    const texts = [...crossed].map((column) => ({ column, isText: true }));
    return { ...about, kind: 'table', columns: [...columns, ...texts] };
  }
  return { ...about, kind: 'other' };
}
