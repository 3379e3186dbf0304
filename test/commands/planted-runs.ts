import { randomUUID } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { beginJournal } from '../../src/tracking/server/open-journal.ts';
import type { Ended, Rig } from '../rig.ts';
import { Kept, type Received } from '../tracking/recording-server.ts';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close().closeAllConnections()));

/** So many runs that wait for a server each, of one experiment. @param begin makes the journal of one */
export async function plantRuns(
  rig: Rig,
  count: number,
  begin: (directory: string, i: number) => void,
  experiment = 'e',
): Promise<readonly string[]> {
  const run = await chooseTracker({ runsDirectory: join(rig.folder, 'runs'), warn: () => undefined, env: {} }).start({
    experiment,
    runName: 'r',
    startTime: 1,
    tags: {},
  });
  run.params({ a: '1' });
  await run.finish('FINISHED', 5);
  return Array.from({ length: count }, (_, i) => {
    const id = randomUUID().replaceAll('-', '');
    const copy = join(dirname(run.directory), id);
    cpSync(run.directory, copy, { recursive: true });
    const meta = join(copy, 'meta.yaml');
    writeFileSync(meta, readFileSync(meta, 'utf8').replaceAll(basename(run.directory), id));
    begin(copy, i);
    return copy;
  });
}

export const waitFor = (address: string) => (directory: string) => beginJournal(directory, address).close();

/** A server until the end of the test. @returns its address */
export async function listen(answer: (response: ServerResponse, path: string, body: string) => void): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request
      .setEncoding('utf8')
      .on('data', (text: string) => (body += text))
      .on('end', () => answer(response, request.url!, body));
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export const warningsIn = ({ stderr }: Pick<Ended, 'stderr'>) =>
  stderr.split('\n').filter((line) => line.startsWith('warning '));

interface Asked {
  readonly run_id: string;
  readonly experiment_id: string;
  readonly experiment_ids: readonly string[];
  readonly name: string;
}

/** An MLflow server, as far as one that records runs and finds them again sees of it. */
export class StandIn {
  /** Id -> name. */
  readonly experiments = new Map<string, string>();
  readonly runs = new Map<string, { readonly experiment: string; readonly kept: Kept }>();
  /** What it answers to all while it is down. */
  down: number | undefined;
  address = '';

  async start(): Promise<this> {
    this.address = await listen((response, path, text) => {
      const body = (path.includes('/mlflow/') && text !== '' ? JSON.parse(text) : {}) as Received['body'] & Asked;
      const [code, answer] = this.down === undefined ? this.#answer(path, body) : [this.down, '{}'];
      response.writeHead(code).end(answer);
    });
    return this;
  }

  #answer(path: string, body: Received['body'] & Asked): [number, string] {
    const { pathname, searchParams } = new URL(path, 'http://host');
    const none: [number, string] = [404, '{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"none"}'];
    const told = (answer: object): [number, string] => [200, JSON.stringify(answer)];
    switch (pathname.replace(/^.*\/mlflow\//, '')) {
      case 'experiments/get-by-name': {
        const [found] = [...this.experiments].find(([, name]) => name === searchParams.get('experiment_name')) ?? [];
        return found === undefined
          ? none
          : told({ experiment: { experiment_id: found, tags: [{ key: 'mlflow.experimentKind', value: 'x' }] } });
      }
      case 'experiments/create': {
        const experiment_id = String(this.experiments.size + 1);
        this.experiments.set(experiment_id, body.name);
        return told({ experiment_id });
      }
      case 'runs/search':
        return told({
          runs: [...this.runs]
            .filter(([, { experiment }]) => body.experiment_ids.includes(experiment))
            .map(([id]) => this.#shown(id)),
        });
      case 'runs/create': {
        const id = randomUUID().replaceAll('-', '');
        this.runs.set(id, { experiment: body.experiment_id, kept: new Kept() });
        this.runs.get(id)!.kept.take({ path, bytes: 0, body });
        return told({ run: this.#shown(id) });
      }
      default: {
        const id =
          searchParams.get('run_id') ?? body.run_id ?? /\/([0-9a-f]{32})\/artifacts\//.exec(pathname)?.[1] ?? '';
        const run = this.runs.get(id);
        if (run === undefined) return none;
        if (pathname.endsWith('/runs/get')) return told({ run: this.#shown(id) });
        const answer = run.kept.answer(path);
        if (answer === '{}') run.kept.take({ path, bytes: 0, body });
        return [200, answer];
      }
    }
  }

  #shown(id: string): object {
    const { experiment, kept } = this.runs.get(id)!;
    const { run } = JSON.parse(kept.answer('/runs/get?')) as { run: { info: object } };
    return {
      ...run,
      info: {
        ...run.info,
        run_id: id,
        experiment_id: experiment,
        artifact_uri: `mlflow-artifacts:/${experiment}/${id}/artifacts`,
      },
    };
  }
}
