import type { FastifyInstance, FastifyRequest } from 'fastify';
import { version } from '../../base/version.ts';
import { readFile, readInvocation } from './read-invocation.ts';
import { Refusal } from './refusal.ts';
import type { Answer, AskedOf, ServedModel } from './served-model.ts';

/** Media types of pictures that a body may be. */
export const pictureTypes: readonly string[] = ['png', 'jpeg', 'webp', 'tiff', 'gif'].map((name) => `image/${name}`);

/** Media types of WAV files that a body may be. */
export const recordingTypes: readonly string[] = ['wav', 'x-wav', 'wave', 'vnd.wave'].map((name) => `audio/${name}`);

/** What routes are given. */
export interface Serving {
  /** @throws Refusal before there is a model */
  readonly ready: () => ServedModel;
  /** @throws Refusal where too many rows wait */
  readonly ask: (asked: readonly AskedOf[]) => Promise<readonly Answer[]>;
  readonly runId: string | undefined;
}

/** The routes of `mlflow models serve`. */
export function addInvocations(app: FastifyInstance, { ready, ask, runId }: Serving): void {
  for (const url of ['/ping', '/health'])
    app.get(url, async (_, reply) => {
      ready();
      return reply.type('application/json').send('\n');
    });
  app.get('/version', async () => ({ layerline: version, run_id: runId ?? null }));
  app.route({
    method: 'POST',
    url: '/invocations',
    handler: async (request) => {
      const model = ready();
      const asked = await askedIn(model, request);
      const answers = await ask(asked);
      proveFinite(answers);
      return { predictions: 'tensors' in asked[0]! ? outputsOf(model, answers as readonly Float32Array[][]) : answers };
    },
  });
}

async function askedIn(model: ServedModel, { headers, body }: FastifyRequest): Promise<readonly AskedOf[]> {
  const type = headers['content-type']?.split(';')[0]!.trim().toLowerCase();
  if (type === 'text/csv') return readFile(model, 'csv', body as Buffer);
  if (type !== undefined && pictureTypes.includes(type)) return readFile(model, 'png', body as Buffer);
  if (type !== undefined && recordingTypes.includes(type)) return readFile(model, 'wav', body as Buffer);
  return readInvocation(model, body);
}

/**
 * JSON has no way to say what is no number, and null would be taken for one.
 *
 * @throws Refusal which names the first row for which the model overflows
 */
export function proveFinite(answers: readonly Answer[]): void {
  const row = answers.findIndex((answer) => !isFinite(answer));
  if (row >= 0) throw new Refusal(400, `row ${row}, counted from 0: the model gives no finite numbers for its values`);
}

function isFinite(said: unknown): boolean {
  if (typeof said === 'number') return Number.isFinite(said);
  if (said instanceof Float32Array) return said.every(Number.isFinite);
  return typeof said !== 'object' || said === null || Object.values(said).every(isFinite);
}

/** For each output, lists within lists: [rows, ...shape]. */
function outputsOf({ outputs }: ServedModel, answers: readonly (readonly Float32Array[])[]): Record<string, unknown> {
  return Object.fromEntries(
    outputs.map(({ name, shape }, k) => [name, answers.map((row) => nested(Array.from(row[k]!), shape))]),
  );
}

function nested(values: readonly number[], [length, ...rest]: readonly number[]): unknown {
  if (length === undefined) return values[0];
  if (rest.length === 0) return values;
  const each = values.length / length;
  return Array.from({ length }, (_, k) => nested(values.slice(k * each, (k + 1) * each), rest));
}
