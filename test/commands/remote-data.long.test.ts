import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { globalAgent } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { download } from '../../src/datasets/files/download-file.ts';
import { Rig, eventsOf } from '../rig.ts';
import { type DataServer, startDataServer } from './data-server.ts';

const rows = Array.from({ length: 60 }, (_, i) => `${(i * 37) % 61},${i % 7},${2 * i + (i % 7)}\n`);
const table = `x,z,y\n${rows.join('')}`;
const hashOf = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hash = hashOf(table);
const other = 'f'.repeat(64);

let rig: Rig;
let server: DataServer;
beforeEach(async () => {
  rig = new Rig();
  server = await startDataServer(rig, {
    '/table.csv': (response) => response.end(table),
    '/same.csv': (response) => response.writeHead(200, { 'content-length': table.length }).end(table),
    '/moved': (response) => response.writeHead(302, { location: '/table.csv' }).end(),
    '/circle': (response) => response.writeHead(301, { location: '/circle' }).end(),
    '/plain': (response) => response.writeHead(302, { location: 'http://localhost/table.csv' }).end(),
    '/login': (response) => response.writeHead(302, { location: 'https://me:opensesame@localhost/table.csv' }).end(),
    '/cut': (response) => {
      response.writeHead(200, { 'content-length': table.length });
      response.write(table.slice(0, 100), () => response.socket!.destroy());
    },
    '/switch': (response) =>
      response.socket!.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
    '/stuck': (response) => response.writeHead(200, { 'content-length': table.length }).write(table.slice(0, 100)),
    '/large': (response) => response.writeHead(200, { 'content-length': 256_000_001 }).flushHeaders(),
    ...Object.fromEntries(
      ['train-images', 'train-labels', 't10k-images', 't10k-labels'].map((name) => [
        `/digits/${name}`,
        (response: ServerResponse) => response.end(readFileSync(join(rig.folder, 'data', name))),
      ]),
    ),
    '/endless': (response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 20))) {
          /* until it is full */
        }
      };
      more();
      response.on('drain', more);
    },
  });
});
afterEach(() => {
  server.close();
  rig.remove();
});

const pipelineOf = (file: string, more = '') => `name: far
seed: 7
data: { source: { csv: { file: ${file}, targets: { y: number }${more} } } }
model: { layers: [dense 4 relu, dense 1] }
train: { optimizer: adam, loss: meanSquaredError, batchSize: 16, epochs: 2 }
visualize: { figures: [] }
`;
const far = (path: string, sha256 = hash) =>
  `{ url: '${path.includes(':') ? path : server.origin + path}', sha256: ${sha256} }`;
const write = (file: string) => rig.write('far.yaml', pipelineOf(file));
const pipeline = (...args: string[]) => rig.run(args, server.env);
const kept = () => join(rig.folder, '.layerline/data', hash);
const namesKept = () =>
  existsSync(join(rig.folder, '.layerline/data'))
    ? readdirSync(join(rig.folder, '.layerline/data')).filter((name) => name !== '.gitignore')
    : [];

test('a file with an address is fetched once, by the first command that needs it, and kept by its hash', async () => {
  write(far('/moved'));
  const validated = await pipeline('validate', 'far.yaml');
  expect(validated).toMatchObject({ code: 0, stdout: 'ok far.yaml\n' });
  expect(validated.stderr).toMatch(
    /^far\.yaml:3:\d+ warning data-not-fetched: https:\/\/localhost:\d+\/moved is not fetched yet: what depends on its contents could not be checked\./,
  );
  expect(server.asked).toEqual([]);

  const planned = await pipeline('plan', 'far.yaml');
  expect(planned).toMatchObject({ code: 0, stderr: `fetching ${server.origin}/moved ...\n` });
  expect(server.asked).toEqual(['/moved', '/table.csv']);
  expect(readFileSync(kept(), 'utf8')).toBe(table);
  expect(namesKept()).toEqual([hash]);

  server.close();
  for (const command of ['plan', 'status', 'validate'])
    expect(await pipeline(command, 'far.yaml')).toMatchObject({ code: 0, stderr: '' });
});

test('validate checks what it can without the data, and all of it with it', async () => {
  rig.write(
    'far.yaml',
    pipelineOf(far('/table.csv')).replace(
      'dense 4 relu',
      '{ dense: { units: 4, biasConstraint: { maxNorm: { axis: 1 } } } }',
    ),
  );
  const before = await pipeline('validate', 'far.yaml');
  expect(before.code).toBe(2);
  expect(before.stderr).toMatch(/warning data-not-fetched[\s\S]*error constraint-misfit/);
  const codes = async (change: (text: string) => string) => {
    rig.write('far.yaml', change(pipelineOf(far('/table.csv'))));
    const { stdout } = await pipeline('validate', 'far.yaml', '--json');
    return eventsOf(stdout).map(({ code }) => code);
  };
  expect(await codes((text) => text.replace('dense 1]', '{ dense: { units: 1 }, from: dence_1 }]'))).toEqual([
    'data-not-fetched',
    'unknown-layer-name',
  ]);
  expect(
    await codes((text) =>
      text.replace('loss: meanSquaredError', 'outputs: { z: { layer: dense_2, loss: meanSquaredError } }'),
    ),
  ).toEqual(['data-not-fetched', 'unknown-target']);
  expect(await codes((text) => text.replace('loss: meanSquaredError', 'loss: softmaxCrossEntropy'))).toEqual([
    'data-not-fetched',
  ]);
  expect(await codes((text) => `${text}evaluate: { metrics: [accuracy] }\n`)).toEqual([
    'data-not-fetched',
    'metric-misfit',
  ]);
  expect(
    await codes((text) => text.replace('epochs: 2', 'epochs: 2, earlyStopping: { monitor: val_accuracy }')),
  ).toEqual(['data-not-fetched', 'unmeasured-metric']);
  expect(
    await codes((text) =>
      text.replace(
        'epochs: 2',
        'epochs: 2, earlyStopping: { monitor: val_loss }, schedule: { linear: { warmUp: 0.5 } }, ' +
          'clipNorm: 1, clipValue: 1',
      ),
    ),
  ).toEqual(['data-not-fetched', 'clipped-twice']);
  rig.write('far.yaml', pipelineOf(far('/table.csv'), ', categories: { nothing: [a, b] }'));
  expect(await pipeline('validate', 'far.yaml')).toMatchObject({ code: 0 });
  const { code, stderr } = await pipeline('plan', 'far.yaml');
  expect(code).toBe(2);
  expect(stderr).toContain('table.csv has no column `nothing`');
  expect(await pipeline('validate', 'far.yaml')).toMatchObject({ code: 2 });
});

test('inputs of the data have their names before it is there', async () => {
  rig.write(
    'far.yaml',
    pipelineOf(far('/table.csv'), ', features: { a: [x], b: [z] }').replace(
      '[dense 4 relu, dense 1]',
      '[{ concatenate: {}, from: [a, b] }, dense 1]',
    ),
  );
  for (const command of ['validate', 'plan', 'validate'])
    expect(await pipeline(command, 'far.yaml')).toMatchObject({ code: 0 });
  rig.write(
    'text.yaml',
    `name: far\ndata: { source: { text: { file: { url: https://nowhere.invalid/x, sha256: ${other} } } } }\n` +
      'model: { layers: [embedding 9x4, lstm 4 sequences, dense 9] }\n' +
      'train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 16, epochs: 2 }\n',
  );
  expect(await pipeline('validate', 'text.yaml')).toMatchObject({ code: 0 });
});

test('the hash says which data it is, wherever it is from: nothing runs again; a replay asks no address', async () => {
  write(far('/table.csv'));
  const first = await pipeline('run', 'far.yaml', '--json');
  expect(first.code, first.stderr).toBe(0);
  expect(
    eventsOf(first.stdout)
      .filter(({ type }) => type === 'fetch-progress')
      .map(({ fraction }) => fraction),
  ).toEqual([0, 1]);
  write(far('/same.csv?token=opensesame'));
  const second = await pipeline('run', 'far.yaml', '--json');
  expect(eventsOf(second.stdout).filter(({ type }) => type === 'stage-skipped')).toHaveLength(4);
  expect(server.asked).toEqual(['/table.csv']);
  const { runId } = eventsOf(first.stdout).find(({ type }) => type === 'run-finished') as { runId: string };
  rmSync(kept());
  const refused = await pipeline('replay', runId);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining("error data-not-fetched: the run's data is at https://"),
  ]);
  expect(server.asked).toEqual(['/table.csv']);
  await pipeline('plan', 'far.yaml');
  const replayed = await pipeline('replay', runId);
  expect(replayed.stdout).toContain('all 2 epochs are the same to the bit');
  expect(server.asked).toEqual(['/table.csv', '/same.csv?token=opensesame']);
  const files = readdirSync(rig.folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== 'far.yaml',
  );
  for (const file of files)
    expect(readFileSync(join(file.parentPath, file.name)).includes('opensesame'), file.name).toBe(false);
});

test('a flipped bit in the kept copy is said, and the file fetched again', async () => {
  write(far('/table.csv'));
  await pipeline('plan', 'far.yaml');
  const bytes = Buffer.from(table);
  bytes[20]! ^= 1;
  writeFileSync(kept(), bytes);
  const validated = await pipeline('validate', 'far.yaml');
  expect(validated).toMatchObject({ code: 0, stdout: 'ok far.yaml\n' });
  expect(validated.stderr).toContain('the kept copy');
  const planned = await pipeline('plan', 'far.yaml');
  expect(planned.code).toBe(0);
  expect(planned.stderr).toMatch(
    /warning kept-copy-damaged: the kept copy of .* its SHA-256 is [0-9a-f]{64} instead of [0-9a-f]{64}\n\s+help: It is fetched again\./,
  );
  expect(readFileSync(kept(), 'utf8')).toBe(table);
});

test.each(['.layerline', '.layerline/data'])(
  'nothing is fetched to where a link in the place of %s leads',
  async (place) => {
    write(far('/table.csv'));
    const victim = join(rig.folder, 'victim');
    rig.write('victim/.gitignore', 'important rules\n');
    if (place === '.layerline') rig.write('victim/data/.gitignore', 'important rules\n');
    mkdirSync(dirname(join(rig.folder, place)), { recursive: true });
    symlinkSync(victim, join(rig.folder, place));
    const before = readdirSync(victim, { recursive: true });
    for (const command of ['plan', 'status', 'run', 'validate']) {
      const { code, stdout, stderr } = await pipeline(command, 'far.yaml');
      expect([code, stdout + stderr], command).toEqual([
        command === 'validate' ? 2 : 1,
        expect.stringMatching(
          /error own-folder-is-link: \.layerline(\/data)? is a link: nothing is kept or removed where it leads/,
        ),
      ]);
    }
    expect([
      readdirSync(victim, { recursive: true }),
      readFileSync(join(victim, '.gitignore'), 'utf8'),
      server.asked,
    ]).toEqual([before, 'important rules\n', []]);
  },
);

test.each([
  ['another file', '/table.csv', other, `is another file: its SHA-256 is ${hash} instead of ${other}`],
  ['no file', '/none.csv', hash, 'the server answers 404 (Not Found)'],
  ['an unknown host', 'https://nowhere.invalid/x.csv', hash, 'the host nowhere.invalid is not found'],
  ['a port that is closed', 'https://localhost:1/x.csv', hash, 'the connection failed: '],
  ['a port that is none', 'https://localhost:99999/x.csv', hash, 'is no address of a file: Invalid URL'],
  ['a connection that breaks', '/cut', hash, 'the connection failed after 100 bytes: it was closed too early'],
  [
    'a redirect to http',
    '/plain',
    hash,
    'it is redirected to http://localhost/table.csv, which is not a plain https address',
  ],
  [
    'a redirect with a password',
    '/login',
    hash,
    'it is redirected to https://***@localhost/table.csv, which is not a plain',
  ],
  ['redirects without end', '/circle', hash, 'it is redirected more than 5 times'],
  ['a file that says it is too large', '/large', hash, 'has more than 256000000 bytes'],
  ['a file that turns out too large', '/endless', hash, 'has more than 256000000 bytes'],
])('%s is refused in words, and nothing of it kept', async (_, path, sha256, message) => {
  write(far(path, sha256));
  const { code, stderr } = await pipeline('plan', 'far.yaml');
  expect(stderr).toContain(message);
  expect(stderr).toContain('help: ');
  expect(stderr).not.toContain('opensesame');
  expect(code).toBe(1);
  expect(namesKept()).toEqual([]);
});

test('a certificate that no one vouches for is refused', async () => {
  write(far('/table.csv'));
  const { code, stderr } = await rig.run(['plan', 'far.yaml']);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /the certificate of localhost:\d+ is not trusted: self-signed certificate\n\s+help: .*NODE_EXTRA_CA_CERTS/,
  );
  expect(server.asked).toEqual([]);
});

test('killed, or interrupted, in the middle of a download: nothing is there that a later run would trust', async () => {
  write(far('/stuck'));
  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    const { child, ended } = rig.start(['run', 'far.yaml'], server.env);
    await once(child.stdout, 'data');
    while (server.asked.length === 0) await new Promise((done) => setTimeout(done, 20));
    await new Promise((done) => setTimeout(done, 100));
    child.kill(signal);
    expect((await ended).code).toBe(signal === 'SIGKILL' ? null : 130);
    expect(namesKept()).toEqual([]);
    server.asked.length = 0;
  }
  write(far('/table.csv'));
  expect(await pipeline('plan', 'far.yaml')).toMatchObject({ code: 0 });
});

test('images and labels have addresses too, also in pairs; a flipped bit in a header that alone is read', async () => {
  // Enough that each class can be in each part.
  rig.writeDigits(300, 100);
  const served = (name: string) => far(`/digits/${name}`, hashOf(readFileSync(join(rig.folder, 'data', name))));
  const idx =
    `{ trainImages: ${served('train-images')}, trainLabels: ${served('train-labels')}, ` +
    `testImages: ${served('t10k-images')}, testLabels: ${served('t10k-labels')} }`;
  rig.write(
    'far.yaml',
    `name: digits
data: { source: { idx: ${idx} }, split: { validation: 60 } }
model: { layers: [flatten, dense 10] }
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 16, epochs: 1 }
`,
  );
  rig.write(
    'pairs.yaml',
    `name: pairs
data: { source: { pairs: { of: { idx: ${idx} }, train: 20, test: 10 } } }
model: { layers: [{ concatenate: {}, from: [left, right] }, flatten, dense 2] }
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 16, epochs: 1 }
`,
  );
  expect((await pipeline('validate', 'pairs.yaml')).stderr).toMatch(/^pairs\.yaml:2:\d+ warning data-not-fetched: /);
  expect(await pipeline('plan', 'pairs.yaml')).toMatchObject({ code: 0 });
  expect(server.asked).toHaveLength(4);
  for (const file of ['pairs.yaml', 'far.yaml'])
    expect(await pipeline('validate', file)).toMatchObject({ code: 0, stderr: '' });
  const images = join(
    rig.folder,
    '.layerline/data',
    createHash('sha256')
      .update(readFileSync(join(rig.folder, 'data/train-images')))
      .digest('hex'),
  );
  const bytes = readFileSync(images);
  bytes[11]! ^= 4;
  writeFileSync(images, bytes);
  const { code, stdout, stderr } = await pipeline('plan', 'far.yaml');
  expect(code).toBe(0);
  expect(stderr).toContain('It is fetched again.');
  expect(stdout).toContain('28 x 28 x 1');
});

test('a server that switches protocols ends in a message', async () => {
  write(far('/switch'));
  const { code, stderr } = await pipeline('run', 'far.yaml');
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('cannot be fetched: the connection failed: it closed the connection without an answer'),
  ]);
});

test('a server that says nothing, or nothing more, is given up', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const watch = { onFraction: () => {}, silence: 300 };
  await expect(download(`https://127.0.0.1:${(silent.address() as AddressInfo).port}/x`, watch)).rejects.toThrow(
    'the connection failed: it was silent for 0.3 s',
  );
  silent.close();
  globalAgent.options.ca = readFileSync(server.env['NODE_EXTRA_CA_CERTS']!);
  await expect(download(`${server.origin}/stuck`, watch)).rejects.toThrow(
    'the connection failed after 100 bytes: it was silent for 0.3 s',
  );
});

test('a file with a mistake is told of it before anything is fetched', async () => {
  rig.write('far.yaml', pipelineOf(far('/table.csv')).replace('adam', 'adem'));
  expect(await pipeline('plan', 'far.yaml')).toMatchObject({ code: 2 });
  expect(server.asked).toEqual([]);
});

test('a file of this machine may have an address and a hash too; it is read where it is', async () => {
  const path = rig.write('table.csv', table);
  write(far(`file://${path}`));
  expect(await pipeline('plan', 'far.yaml')).toMatchObject({ code: 0, stderr: '' });
  expect(namesKept()).toEqual([]);
  write(far(`file://${path}`, other));
  const { code, stderr } = await pipeline('validate', 'far.yaml');
  expect(code).toBe(2);
  expect(stderr).toContain(`table.csv is damaged, or another file: its SHA-256 is ${hash} instead of ${other}`);
});

test.each([
  ['http://example.org/x.csv', 'http://example.org/x.csv'],
  ['ftp://example.org/x.csv', 'ftp://example.org/x.csv'],
  [`https://me:${'opensesame'.repeat(5)}@example.org/x.csv`, 'https://***@example.org/x.csv'],
  ['file://server/x.csv', 'file://server/x.csv'],
])('%s is no address of data', async (url, shown) => {
  write(far(url));
  const { code, stderr } = await pipeline('validate', 'far.yaml');
  expect(code).toBe(2);
  expect(stderr).toContain(
    '`url` must be an https:// address without a name and password in it ' +
      `(anyone on the way can read and change what http:// brings), or a file:/// one, not the text '${shown}'`,
  );
  expect(stderr).not.toContain('opensesame');
});
