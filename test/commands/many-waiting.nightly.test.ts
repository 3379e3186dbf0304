import { readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Journal, type Refusal } from '../../src/tracking/server/journal.ts';
import { beginJournal } from '../../src/tracking/server/open-journal.ts';
import { eventsOf, Rig } from '../rig.ts';
import { listen, plantRuns, waitFor, warningsIn } from './planted-runs.ts';

// Many runs of a store with one and the same trouble: it is told once, with how many they are and one way out.
const dead = 'http://127.0.0.1:9';
let rig: Rig;
beforeEach(() => (rig = new Rig()));
afterEach(() => rig.remove());

const named = (count: number) =>
  String.raw`${count} runs \([0-9a-f]{32}, [0-9a-f]{32}, [0-9a-f]{32} and ${count - 3} more\)`;

test('a server that is dead: sync and run tell of 200 runs at once', async () => {
  await plantRuns(rig, 200, waitFor(dead));
  const sync = await rig.run(['sync', '--to', dead]);
  expect([sync.code, sync.stdout]).toEqual([1, '']);
  expect(warningsIn(sync)).toEqual([
    expect.stringMatching(
      new RegExp(
        `^warning not-delivered: ${named(200)}: not delivered yet: ${dead} did not answer \\(connect ECONNREFUSED`,
      ),
    ),
  ]);
  expect(sync.stderr.match(/help:/g)).toHaveLength(1);
  expect(sync.stderr).toContain(`\`pipeline sync --to ${dead}\` delivers it`);
  rig.write('tiny.csv', `x,y\n${Array.from({ length: 50 }, (_, i) => `${(i * 7) % 50},${i * 2}`).join('\n')}\n`);
  rig.write(
    'plain.yaml',
    'name: tiny\ndata: { source: { csv: { file: tiny.csv, targets: { y: number }, test: 0.2 } }, ' +
      'split: { validation: 5 } }\nmodel: { layers: [dense 1] }\n' +
      'train: { optimizer: sgd, loss: meanSquaredError, batchSize: 10, epochs: 1 }\n',
  );
  const run = await rig.run(['run', 'plain.yaml', '--json', '--tracking-uri', dead], { PIPELINE_ENGINE: 'wasm' });
  expect(run.code, run.stderr).toBe(0);
  const diagnostics = eventsOf(run.stdout)
    .filter(({ type }) => type === 'diagnostic')
    .map(({ diagnostic }) => diagnostic as { code: string; message: string });
  expect(diagnostics.map(({ code }) => code).toSorted()).toEqual([
    'not-delivered',
    'not-delivered',
    'tracker-unreachable',
  ]);
  expect(diagnostics.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^20[01] earlier runs wait for /),
  );
  expect(Object.keys(diagnostics[0]!).toSorted()).toEqual([
    'code',
    'column',
    'endColumn',
    'endLine',
    'file',
    'hint',
    'line',
    'message',
    'related',
    'severity',
  ]);
}, 90_000);

test.each([
  [
    '401',
    (response: ServerResponse) => response.writeHead(401).end('{}'),
    /Unauthorized \(401\)/,
    /set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN; nothing is lost/,
  ],
  [
    'a page that is not there',
    (response: ServerResponse) => response.writeHead(404).end('<h1>Not Found</h1>'),
    /Not Found \(404\)/,
    /nothing is lost: `pipeline sync --to/,
  ],
  [
    '413',
    (response: ServerResponse) => response.writeHead(413).end('<h1>Too Large</h1>'),
    /Too Large \(413\)/,
    /a proxy in front of the server limits the size of requests: raise its limit \(nginx: `client_max_body_size`\); nothing is lost/,
  ],
  [
    'a way to a login page',
    (response: ServerResponse) => response.writeHead(302, { Location: 'https://login.example/sign-in' }).end(),
    /it redirects to https:\/\/login\.example\/sign-in \(302\)/,
    /where that is a login page, .*MLFLOW_TRACKING_TOKEN.*; nothing is lost/,
  ],
] as const)('a server that answers all of them alike, with %s', async (_, answer, why, help) => {
  const address = await listen(answer);
  await plantRuns(rig, 12, waitFor(address));
  const sync = await rig.run(['sync', '--to', address]);
  expect([sync.code, sync.stdout]).toEqual([1, '']);
  expect(warningsIn(sync)).toEqual([
    expect.stringMatching(new RegExp(`^warning not-delivered: ${named(12)}: not delivered yet: .*${why.source}`)),
  ]);
  expect(sync.stderr).toMatch(help);
  expect(sync.stderr.trim().split('\n')).toHaveLength(2);
});

test('a server that takes all but one kind of things', async () => {
  const made = new Map<string, { params: object[]; tags: object[] }>();
  const address = await listen((response, path, body) => {
    const request = (body === '' ? {} : JSON.parse(body)) as { run_id?: string; params?: object[]; tags?: object[] };
    const told = (answer: object) => response.end(JSON.stringify(answer));
    const runOf = (id: string) => ({
      info: {
        run_id: id,
        experiment_id: '1',
        lifecycle_stage: 'active',
        status: 'FINISHED',
        artifact_uri: `mlflow-artifacts:/1/${id}/artifacts`,
      },
      data: made.get(id),
    });
    if (path.includes('get-by-name'))
      told({ experiment: { experiment_id: '1', tags: [{ key: 'mlflow.experimentKind', value: 'x' }] } });
    else if (path.includes('runs/search')) told({ runs: [] });
    else if (path.includes('runs/create')) {
      const id = (made.size + 1000).toString(16).padStart(32, '0');
      made.set(id, { params: [], tags: request.tags ?? [] });
      told({ run: runOf(id) });
    } else if (path.includes('runs/get?')) told({ run: runOf(new URL(path, address).searchParams.get('run_id')!) });
    else if (path.includes('log-batch') && request.params !== undefined) response.writeHead(413).end('Too Large');
    else {
      made.get(request.run_id ?? '')?.tags.push(...(request.tags ?? []));
      told({});
    }
  });
  await plantRuns(rig, 7, (directory, i) => {
    const journal = beginJournal(directory, address);
    // Of the first, all was delivered when its process was killed: that the server is asked for nothing then says
    // nothing of it.
    if (i === 0) journal.noteDone(journal.pending);
    journal.close();
  });
  const sync = await rig.run(['sync', '--to', address]);
  expect(sync.stdout.match(/: [1-9]\d* things delivered/g)).toHaveLength(6);
  expect(warningsIn(sync)).toEqual([
    expect.stringMatching(
      new RegExp(`^warning not-taken: ${named(6)}: the server does not take all of each: Too Large \\(413\\)`),
    ),
  ]);
  expect(sync.stderr).toContain(
    '`client_max_body_size`); nothing is lost: the local store has all of it; ' +
      `\`pipeline sync --again RUN --to ${address}\` sends the run anew`,
  );
  // Without a server, what they have refused is told alike.
  const later = await rig.run(['sync']);
  expect([later.code, later.stdout, warningsIn(later)]).toEqual([
    0,
    '',
    [expect.stringMatching(new RegExp(`^warning not-taken: ${named(6)}: the server at ${address} does not take`))],
  ]);
}, 90_000);

describe('journals', () => {
  test('that are damaged', async () => {
    await plantRuns(rig, 12, (directory, i) => {
      waitFor(dead)(directory);
      const path = `${directory}.journal`;
      const [first, between, second, ...rest] = readFileSync(path, 'utf8').split('\n') as [
        string,
        string,
        string,
        ...string[],
      ];
      const flip = (line: string) => line.replace('{', '[');
      // Of half of them, where they are to go is lost.
      writeFileSync(
        path,
        (i % 2 === 0
          ? [first, between, second, ...rest.map(flip)]
          : [flip(first), between, flip(second), ...rest]
        ).join('\n'),
      );
    });
    for (const args of [['sync', '--to', dead], ['sync']]) {
      const sync = await rig.run(args);
      const told = warningsIn(sync).filter((line) => /^warning journal-(damaged|without-server)/.test(line));
      expect(told.filter((line) => line.includes('no longer tells which server'))).toEqual([
        expect.stringMatching(/; the same of 5 more \([0-9a-f]{32}, [0-9a-f]{32}, [0-9a-f]{32} and 2 more\)$/),
      ]);
      expect(warningsIn(sync).length).toBeLessThanOrEqual(3);
      expect(sync.stderr).toContain('`pipeline sync --again RUN --to ADDRESS` sends it anew');
      expect(sync.stdout).not.toContain('nothing in');
    }
  });

  const long = `http://host/${'x'.repeat(100_000)}`;
  test.each([
    'http://[::1',
    'http://host\\x',
    'http://host:99999',
    '--runs',
    'http://ada:s3cret-word@host',
    'http://host/?a=b',
    '$(touch planted)',
    'http://host/\u001b[31mred\n',
    long,
  ])('that wait for %j: no command has it', async (address) => {
    const refusal: Refusal = {
      kind: 'artifacts',
      items: ['y'.repeat(30_000)],
      reason: `no \u001b[31m${'z'.repeat(30_000)}`,
      cause: 'c',
    };
    await plantRuns(rig, 2, (directory) => {
      const journal = beginJournal(directory, address);
      journal.noteDone([], [refusal, ...Array.from({ length: 50 }, (_, i) => ({ ...refusal, cause: `c${i}` }))]);
      journal.close();
    });
    const sync = await rig.run(['sync']);
    expect(sync.code).toBe(1);
    expect(sync.stderr.match(/--to \S+/g)).toEqual(['--to ADDRESS`', '--to ADDRESS`']);
    expect(sync.stderr.length).toBeLessThan(3000);
    expect(sync.stderr).not.toMatch(/\u001b|s3cret/);
  });

  test('from elsewhere: no command to be copied names their server, unless this one does', async () => {
    const address = await listen((response) => response.end('{}'));
    const refusal: Refusal = { kind: 'params', items: [{ key: 'a', value: 'b' }], reason: 'no', cause: 'c' };
    await plantRuns(rig, 2, (directory, i) => {
      const journal = beginJournal(directory, address);
      journal.noteDone(i === 0 ? journal.pending : [], [refusal]);
      journal.close();
    });
    const sync = async (env: Readonly<Record<string, string>> = {}) => {
      const { stderr } = await rig.run(['sync'], env);
      return { words: stderr.match(/--to \S+/g), warnings: warningsIn({ stderr }) };
    };
    for (const env of [{}, { MLFLOW_TRACKING_URI: dead }]) {
      const { words, warnings } = await sync(env);
      expect(words).toEqual(['--to ADDRESS`', '--to ADDRESS`']);
      for (const warning of warnings) expect(warning).toContain(address);
    }
    const { words } = await sync({ MLFLOW_TRACKING_URI: address });
    expect(new Set(words)).toEqual(new Set([`--to ${address}\``]));
  });

  test('that wait for a server each', async () => {
    await plantRuns(rig, 9, (directory, i) => waitFor(`http://127.0.0.1:${9 + i}`)(directory));
    const sync = await rig.run(['sync']);
    expect(warningsIn(sync)).toEqual([
      expect.stringMatching(
        /^warning not-delivered: 9 earlier runs wait for 9 servers \(http:\S+, http:\S+, http:\S+ and 6 more\): `pipeline sync --to ADDRESS` delivers them$/,
      ),
    ]);
  });

  test('with one run, it is named, and told as before', async () => {
    const [run] = await plantRuns(rig, 1, waitFor(dead));
    const sync = await rig.run(['sync', '--to', dead]);
    expect([sync.code, sync.stdout]).toEqual([
      1,
      expect.stringMatching(new RegExp(`^run ${basename(run!)}: 0 things delivered to ${dead}; \\d+ wait\n$`)),
    ]);
    expect(warningsIn(sync)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^warning not-delivered: run ${basename(run!)}: not delivered yet: ` +
            `.*params \\(1\\), status: ${dead} did not answer`,
        ),
      ),
    ]);
    expect(Journal.peek(`${run}.journal`).pending.length).toBeGreaterThan(0);
  });
});
