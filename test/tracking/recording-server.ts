import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { serverAddress } from '../../src/tracking/server/server-address.ts';
import { Delivery } from '../../src/tracking/server/delivery.ts';
import { double, MlflowClient } from '../../src/tracking/server/mlflow-client.ts';
import { Journal } from '../../src/tracking/server/journal.ts';
import { JournalRecorder } from '../../src/tracking/server/journal-recorder.ts';

/** One request. */
export interface Received {
  readonly path: string;
  readonly bytes: number;
  readonly body: Record<string, never[] | undefined>;
}

/** Of the runs of a test file. */
export const directory = mkdtempSync(join(tmpdir(), 'layerline-sender-'));
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(directory, { recursive: true });
});

/** What a proxy, a login page or a wrong address answers. */
export interface Page {
  readonly code: number;
  readonly text: string;
}

/** MLflow's own answer with a code. */
export const json = (code: number, error_code: string): Page => ({
  code,
  text: JSON.stringify({ error_code, message: 'refused' }),
});

/** What a server holds of one run: what it took of it, with the latest value of each metric. */
export class Kept {
  readonly #lists: Record<string, { key: string; step?: number }[]> = {
    params: [],
    tags: [],
    metrics: [],
    datasets: [],
  };
  readonly #artifacts = new Set<string>();
  #status: unknown = 'RUNNING';

  take({ path, body }: Received): void {
    if (path.includes('/mlflow-artifacts/')) this.#artifacts.add(decodeURIComponent(path).split('/artifacts/').at(-1)!);
    for (const [kind, list] of Object.entries(this.#lists)) list.push(...(body[kind] ?? []));
    if (path.endsWith('/update')) this.#status = body['status'];
  }

  /** As when the server is restored from a backup of its first moments. */
  loseAll(): void {
    for (const list of Object.values(this.#lists)) list.length = 0;
    this.#artifacts.clear();
  }

  answer(path: string): string {
    const { params, tags, metrics, datasets } = this.#lists;
    const key = new URL(path, 'http://x').searchParams.get('metric_key');
    if (path.includes('/metrics/get-history?'))
      return JSON.stringify({ metrics: metrics!.filter((metric) => metric.key === key) });
    if (path.includes('/artifacts/list?'))
      return JSON.stringify({
        root_uri: 'mlflow-artifacts:/x',
        files: [...this.#artifacts].map((name) => ({ path: name })),
      });
    if (!path.includes('/runs/get?')) return '{}';
    const latest = [
      ...new Map(metrics!.toSorted((a, b) => a.step! - b.step!).map((metric) => [metric.key, metric])).values(),
    ];
    return JSON.stringify({
      run: {
        info: { run_id: 'a'.repeat(32), lifecycle_stage: 'active', status: this.#status },
        data: { params, tags, metrics: latest },
        inputs: { dataset_inputs: datasets },
      },
    });
  }
}

/** Nothing of it is kept, though the answer is that of a server which took it. */
export const unkept: Page = { code: 200, text: '{}' };

/** A server over real sockets that keeps what it was sent; `answer` decides each answer. */
export async function receiver(
  answer: (received: Received, count: number) => number | Page = () => 200,
  kept = new Kept(),
) {
  const all: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const received: Received = {
          path: request.url!,
          bytes: Buffer.byteLength(text),
          body: request.method === 'POST' ? JSON.parse(text) : {},
        };
        all.push(received);
        const given = answer(received, all.length);
        if (given === 200) kept.take(received);
        const { code, text: body } =
          typeof given === 'object' ? given : { code: given, text: given === 200 ? kept.answer(request.url!) : '{}' };
        response.writeHead(code, code === 302 ? { Location: '/login' } : {}).end(body);
      });
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const client = new MlflowClient(
    serverAddress(`http://127.0.0.1:${(server.address() as { port: number }).port}`, true),
    { MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '0.01' },
  );
  return { all, client };
}

let count = 0;

/** The new journal of a run that the server has made already. */
export function journalTo(client: MlflowClient, artifactUri = 'mlflow-artifacts:/1/run/artifacts'): Journal {
  const journal = Journal.begin(join(directory, `${count++}.journal`), {
    address: client.address,
    experiment: { name: 'e' },
    run: { run_name: 'r', user_id: 'u', start_time: 1 },
    key: 'k',
  });
  journal.noteServer({ runId: 'run', experimentId: '1', artifactUri });
  return journal;
}

/** Records into a new journal, which is delivered to the server. */
export function recorderTo(client: MlflowClient, artifactUri?: string): JournalRecorder {
  const journal = journalTo(client, artifactUri);
  return new JournalRecorder(
    journal,
    () => directory,
    new Delivery(
      client,
      journal,
      () => directory,
      () => true,
    ),
  );
}

/** The last thing that a server was told, not asked. */
export const lastTold = (all: readonly Received[]) =>
  all.findLast(({ path }) => !/\/(runs\/get|artifacts\/list)\?/.test(path));

/** Params or tags. */
export const pairs = (values: Record<string, string>) => Object.entries(values).map(([key, value]) => ({ key, value }));

/** Writes an artifact of the run. */
export function artifact(path: string, text: string): void {
  mkdirSync(dirname(join(directory, 'artifacts', path)), { recursive: true });
  writeFileSync(join(directory, 'artifacts', path), text);
}

/** Values of one metric. */
export const metrics = (count: number) =>
  Array.from({ length: count }, (_, step) => ({
    key: 'loss',
    value: double(step === 7 ? NaN : step),
    step,
    timestamp: 1,
  }));
