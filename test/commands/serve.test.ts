import { createServer } from 'node:net';
import { once } from 'node:events';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import autocannon, { type Result } from 'autocannon';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readGolden } from '../../src/models/golden.ts';
import { version } from '../../src/base/version.ts';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';
import { type RunningServer, startServe } from './model-server.ts';

const rig = new Rig();
let [runId, model] = ['', ''];
let server: RunningServer;

beforeAll(async () => {
  rig.writeDigits();
  rig.write('digits.yaml', digitsPipeline({ epochs: 1 }));
  ({ id: runId, model } = await rig.train('digits.yaml'));
  server = await startServe(rig, [runId]);
}, 60_000);
afterAll(async () => {
  await server?.stop();
  rig.remove();
});

/** A picture, [28][28][1], of one value. */
const grey = (value: number) => Array.from({ length: 28 }, () => Array.from({ length: 28 }, () => [value]));
const bytesOf = (k: number) => readFileSync(join(rig.folder, 'data/t10k-images')).subarray(16 + k * 784, 800 + k * 784);
const rowsIn = ({ json }: { json: () => unknown }) => (json() as { predictions: unknown[] }).predictions;

describe('the routes of `mlflow models serve`', () => {
  test.each(['/ping', '/health'])('%s', async (path) => {
    expect(await server.get(path)).toMatchObject({ status: 200, text: '\n' });
  });

  test('/version tells the run', async () => {
    expect((await server.get('/version')).json()).toEqual({ layerline: version, run_id: runId });
  });

  test('inputs and instances are the tensors of the model, and give its own outputs', async () => {
    const { inputs, outputs } = readGolden(model);
    const rows = Array.from({ length: 16 }, (_, row) =>
      grey(0).map((line, y) => line.map((_pixel, x) => [inputs[0]!.values[row * 784 + y * 28 + x]!])),
    );
    const expected = Array.from({ length: 16 }, (_, row) =>
      Array.from(outputs[0]!.values.slice(row * 10, row * 10 + 10)),
    );
    for (const body of [
      { inputs: rows },
      { inputs: { input: rows } },
      { instances: rows },
      { instances: rows.map((input) => ({ input })) },
      { inputs: rows, params: {} },
    ]) {
      const { status, json } = await server.post('/invocations', body);
      expect(status).toBe(200);
      const { label } = (json() as { predictions: { label: number[][] } }).predictions;
      expect(label.length).toBe(16);
      label.forEach((row, k) => row.forEach((value, i) => expect(value).toBeCloseTo(expected[k]![i]!, 4)));
    }
  });

  test('pictures give what `pipeline predict` says of them', async () => {
    const pictures = [0, 1, 2].map((k) => ({
      png: encode({ width: 28, height: 28, channels: 1, data: bytesOf(k) }),
      pixels: grey(0).map((line, y) => line.map((_, x) => [bytesOf(k)[y * 28 + x]!])),
    }));
    const files = pictures.map(({ png }, k) => rig.write(`digit-${k}.png`, png));
    const { code, stdout } = await rig.run(['predict', runId, ...files]);
    expect(code).toBe(0);
    const expected = eventsOf(stdout).map(({ predicted, confidence, probabilities }) => ({
      predicted,
      confidence,
      probabilities,
    }));
    const answers = [
      ...(await Promise.all(
        pictures.map(
          async ({ png }) => rowsIn(await server.post('/invocations', png, { 'content-type': 'image/png' }))[0],
        ),
      )),
      ...rowsIn(
        await server.post('/invocations', { dataframe_records: pictures.map(({ pixels }) => ({ input: pixels })) }),
      ),
      ...rowsIn(
        await server.post('/invocations', {
          dataframe_split: { columns: ['input'], data: pictures.map(({ pixels }) => [pixels]) },
        }),
      ),
    ];
    expect(answers.length).toBe(9);
    answers.forEach((answer, k) => expectAlike(answer, expected[k % 3]));
  });
});

/** The same but for rounding: the rows beside one are others. */
function expectAlike(found: unknown, expected: unknown): void {
  const rounded = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (_, one: unknown) => (typeof one === 'number' ? Number(one.toFixed(5)) : one)));
  expect(rounded(found)).toEqual(rounded(expected));
}

describe('what cannot be used is named with its place', () => {
  const uneven = grey(0);
  uneven[3]!.pop();
  const worded = grey(0) as unknown[][][];
  worded[3]![4]![0] = 'x';
  const large = grey(0);
  large[0]![1]![0] = 1e39;
  test.each<[string, unknown, number, string | RegExp]>([
    [
      'another shape',
      { inputs: [grey(0).map((line) => line.slice(1))] },
      400,
      'inputs[0]: expected 28 x 28 x 1, got 28 x 27 x 1',
    ],
    ['no list', { inputs: [7] }, 400, 'inputs[0]: expected 28 x 28 x 1, got a number'],
    ['an uneven row', { inputs: [grey(0), uneven] }, 400, 'inputs[1][3]: expected 28 values, got 27'],
    [
      'a text',
      { instances: [{ input: worded }] },
      400,
      'instances[0].input[3][4][0] is a text, and the model takes finite numbers',
    ],
    [
      'a number beyond float32',
      { inputs: { input: [large] } },
      400,
      'inputs.input[0][0][1][0] is 1e+39, and the model takes finite numbers',
    ],
    [
      'no such input',
      { instances: [{ picture: grey(0) }] },
      400,
      'instances[0] has no `input`, which the model takes; it has picture',
    ],
    ['several', { inputs: [uneven, grey(0), worded] }, 400, /^inputs\[0\]\[3\]: .*\ninputs\[2\]\[3\]\[4\]\[0\]/],
    ['many', { inputs: Array(9).fill(0) }, 400, /inputs\[4\]: .*\n.*not looked at$/],
    [
      'bytes out of range',
      { dataframe_records: [{ input: grey(256) }] },
      400,
      /^dataframe_records\[0\]: .*256.*0 to 255/,
    ],
    [
      'a path, which is no picture here',
      { dataframe_records: [{ input: '/etc/passwd' }] },
      400,
      /expected 28 x 28 x 1, got a text/,
    ],
    ['no rows', { inputs: [] }, 400, 'inputs has no rows'],
    ['NaN', '{"inputs": [[NaN]]}', 400, /^the body is not JSON: column 14 has `NaN\]\]\}`. JSON has no NaN/],
    ['no JSON', '{"inputs":\n [', 400, 'the body is not JSON: it ends too early, at line 2, column 3'],
    ['no object', '[]', 400, /the body is a list, and not an object/],
    ['two forms', { inputs: [], instances: [] }, 400, /exactly one of .*has `inputs` and `instances`/],
    ['none', {}, 400, /and has none$/],
    ['a slip', { input: [] }, 400, /`input`, which is unknown. Did you mean `inputs`\?/],
    ['keys of prototypes', '{"__proto__": {"inputs": []}}', 400, /`__proto__`, which is unknown/],
    [
      'columns twice',
      { dataframe_split: { columns: ['a', 'a'], data: [] } },
      400,
      'dataframe_split.columns names `a` twice',
    ],
    [
      'a short row',
      { dataframe_split: { columns: ['a', 'b'], data: [[1]] } },
      400,
      'dataframe_split.data[0] has 1 values for 2 columns',
    ],
    ['deep JSON', '['.repeat(1e6), 413, /holds too much/],
    ['many rows', { inputs: Array(10_001).fill(0) }, 413, /10001 rows: send at most 10000/],
    ['a large body', `{"inputs": "${'x'.repeat(17 * 2 ** 20)}"}`, 413, /larger than 16 MiB/],
  ])('%s', async (_, body, status, message) => {
    const answer = await server.post('/invocations', body);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.text).not.toMatch(/\bat .*\.js|node_modules/);
    const said = answer.json() as { message: string };
    if (typeof message === 'string') expect(said.message).toBe(message);
    else expect(said.message).toMatch(message);
  });

  test.each([
    ['text/plain', 'x', 415, /Content-Type has to be/],
    ['text/csv', 'a,b\n1,2\n', 415, /the model takes pictures/],
    ['image/png', 'x', 400, /not a PNG file/],
    ['application/json', Uint8Array.of(0xff), 400, /not UTF-8/],
  ])('%s', async (type, body, status, message) => {
    const answer = await server.post('/invocations', body, { 'content-type': type });
    expect(answer.status).toBe(status);
    expect((answer.json() as { message: string }).message).toMatch(message);
  });

  test('another route', async () => {
    expect(await server.get('/nothing')).toMatchObject({ status: 404 });
  });

  test('a page of the web that has a name lead here', async () => {
    const { status, text } = await ask(server.address, 'evil.example');
    expect([status, text]).toEqual([403, expect.stringContaining('answers to localhost alone')]);
  });
});

/** As fetch cannot: with another `Host`. */
async function ask(address: string, host: string): Promise<{ status: number; text: string }> {
  const { request } = await import('node:http');
  const sent = request(`${address}/version`, { headers: { host } }).end();
  const [answer] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  let text = '';
  for await (const part of answer) text += String(part);
  return { status: answer.statusCode!, text };
}

describe('at work', () => {
  test('requests that come together are computed together, and none is lost when it is ended', async () => {
    const busy = await startServe(rig, [model]);
    const load = autocannon(
      {
        url: `${busy.address}/invocations`,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ inputs: [grey(0.5)] }),
        connections: 32,
        duration: 20,
      },
      () => undefined,
    );
    const done = once(load, 'done');
    const failed = new Set<string | undefined>();
    load.on('reqError', (error: NodeJS.ErrnoException) => failed.add(error.code));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const { text } = await busy.get('/metrics');
    const { code, stdout, stderr } = await busy.stop();
    load.stop();
    const [{ '2xx': answered, non2xx }] = (await done) as [Result];
    expect([code, stderr, non2xx]).toEqual([0, '', 0]);
    // Nobody is there to be connected to any more.
    expect([...failed].filter((one) => one !== 'ECONNREFUSED')).toEqual([]);
    // The metrics were asked for once.
    expect(stdout).toMatch(new RegExp(`^${(answered + 1).toLocaleString('en')} requests answered$`, 'm'));
    const [rows, batches] = ['sum', 'count'].map((part) =>
      Number(new RegExp(`^pipeline_batch_rows_${part} (\\d+)$`, 'm').exec(text)![1]),
    );
    expect(rows! / batches!).toBeGreaterThan(4);
  }, 60_000);
});

/** A copy of the model, changed. */
const copyOf = (name: string, change: (folder: string) => void) => {
  const folder = join(rig.folder, name);
  cpSync(model, folder, { recursive: true });
  change(folder);
  return folder;
};

describe('a token', () => {
  const token = 'q'.repeat(20);
  const knocks = async ({ get }: RunningServer, good: string) => {
    for (const authorization of [undefined, 'Bearer', 'Bearer x', `Basic ${good}`, `Bearer ${good}x`]) {
      const { status, headers, text } = await get('/version', authorization === undefined ? {} : { authorization });
      expect([status, headers.get('www-authenticate')], authorization).toEqual([401, 'Bearer']);
      expect(text).not.toContain(good);
    }
    expect(await get('/version', { authorization: `Bearer ${good}` })).toMatchObject({ status: 200 });
    for (const probe of ['/ping', '/health']) expect(await get(probe)).toMatchObject({ status: 200 });
  };

  test('is made, and told once, where others reach the server', async () => {
    const open = await startServe(rig, [model, '--host', '0.0.0.0']);
    await knocks(open, /^token: ([0-9a-f]{48})$/m.exec(open.told())![1]!);
    // Ctrl-C ends it in order, too.
    const { code, stderr, stdout } = await open.stop('SIGINT');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('8 requests answered');
  });

  test('is taken from the environment, and shown nowhere; that golden rows lack is told', async () => {
    const folder = copyOf('plain', (path) => rmSync(join(path, 'golden'), { recursive: true }));
    const open = await startServe(rig, [folder], { PIPELINE_SERVE_TOKEN: token });
    await knocks(open, token);
    const { stdout, stderr } = await open.stop();
    expect(stdout + stderr).not.toContain(token);
    expect(stderr).toContain('has no golden rows');
  });

  test('has to be one', async () => {
    const { code, stderr } = await rig.run(['serve', model], { PIPELINE_SERVE_TOKEN: 'short' });
    expect([code, stderr]).toEqual([2, expect.stringContaining('16 characters or more')]);
  });
});

describe('what cannot be served', () => {
  const flip = (path: string, at: number) => {
    const bytes = readFileSync(path);
    bytes[at]! ^= 0x40;
    writeFileSync(path, bytes);
  };

  test('no such run', async () => {
    const { code, stderr } = await rig.run(['serve', '0'.repeat(32)]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/error.*0{32}/s)]);
  });

  test('damaged weights', async () => {
    const folder = copyOf('damaged', (path) => flip(join(path, 'weights.bin'), 30));
    const { code, stderr } = await rig.run(['serve', folder, '--port', '0']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('does not give the weights that it says')]);
  });

  test('golden rows that are not its own', async () => {
    const folder = copyOf('other', (path) => {
      const about = join(path, 'golden/golden.json');
      const outputs = join(path, 'golden/outputs.safetensors');
      flip(outputs, readFileSync(outputs).length - 1);
      const { createHash } = process.getBuiltinModule('node:crypto');
      const sha256 = createHash('sha256').update(readFileSync(outputs)).digest('hex');
      writeFileSync(about, readFileSync(about, 'utf8').replace(/("outputs.safetensors":")[0-9a-f]{64}/, `$1${sha256}`));
    });
    const { code, stdout, stderr } = await rig.run(['serve', folder, '--port', '0']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('its golden rows differ by')]);
    expect(stdout).not.toContain('ready');
  });

  test('a port in use, and an address that is another machine', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, stderr } = await rig.run(['serve', model, '--port', String(port)]);
    taken.close();
    expect([code, stderr]).toEqual([1, expect.stringContaining(`port ${port} is in use`)]);
    const other = await rig.run(['serve', model, '--host', '192.0.2.1']);
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('no address of this machine')]);
  });
});
