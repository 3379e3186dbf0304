import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, eventsOf } from '../rig.ts';
import { type RunningServer, startServe } from './model-server.ts';

const rig = new Rig();
const pipelines = join(import.meta.dirname, '../../pipelines');
let runId = '';
let server: RunningServer;

beforeAll(async () => {
  mkdirSync(join(rig.folder, 'data'));
  for (const file of ['data/penguins.csv', 'penguins.yaml'])
    copyFileSync(join(pipelines, file), join(rig.folder, file));
  const set = ['--set', 'train.epochs=3', '--set', 'visualize={ figures: [] }'];
  ({ id: runId } = await rig.train('penguins.yaml', set));
  server = await startServe(rig, [runId]);
}, 60_000);
afterAll(async () => {
  await server?.stop();
  rig.remove();
});

const header = 'species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year';
const lines = [
  'Adelie,Torgersen,39.1,18.7,181,3750,male,2007',
  'Gentoo,Biscoe,46.1,13.2,211,4500,female,2007',
  'Chinstrap,Dream,46.5,17.9,192,3500,female,2007',
];
const records = lines.map((line) => {
  const cells = line.split(',').map((cell) => (/^[\d.]+$/.test(cell) ? Number(cell) : cell));
  return Object.fromEntries(header.split(',').map((name, k) => [name, cells[k]!]));
});
const csv = { 'content-type': 'text/csv' };
const message = ({ json }: { json: () => unknown }) => (json() as { message: string }).message;

/** But for rounding: what is computed together differs. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one: unknown) => (typeof one === 'number' ? Number(one.toPrecision(4)) : one)));

test('rows give what `pipeline predict` says of them, however they are sent', async () => {
  rig.write('new.csv', [header, ...lines, ''].join('\n'));
  const { stdout } = await rig.run(['predict', runId, 'new.csv']);
  const expected = eventsOf(stdout).map(({ predicted, confidence, probabilities }) => ({
    predicted,
    confidence,
    probabilities,
  }));
  expect(expected.length).toBe(3);
  const columns = ['sex', 'island', 'flipper_length_mm', 'bill_depth_mm', 'bill_length_mm'];
  for (const answer of [
    await server.post('/invocations', [header, ...lines, ''].join('\n'), csv),
    await server.post('/invocations', { dataframe_records: records }),
    await server.post('/invocations', {
      dataframe_split: { index: [7, 8, 9], columns, data: records.map((row) => columns.map((name) => row[name])) },
    }),
  ]) {
    expect(answer.status).toBe(200);
    expect(rounded(answer.json())).toEqual(rounded({ predictions: expected }));
  }
});

test.each([
  ['a missing column', { sex: undefined }, /^dataframe_records\[1\] has no `sex`, which the model takes/],
  ['an unknown category', { island: 'Dreem' }, /^dataframe_records\[1\]: island is 'Dreem', .* Did you mean `Dream`\?/],
  ['a gap', { bill_length_mm: null }, /^dataframe_records\[1\]: bill_length_mm is empty/],
  ['no number', { bill_length_mm: 'long' }, /^dataframe_records\[1\]: bill_length_mm is 'long', not a number/],
  ['NaN as text', { bill_length_mm: 'NaN' }, /^dataframe_records\[1\]: bill_length_mm is 'NaN'/],
  ['a number beyond float32', { bill_length_mm: 1e39 }, /^dataframe_records\[1\]: .*3\.4e38/],
])('%s is told with its place', async (_, change, expected) => {
  const answer = await server.post('/invocations', { dataframe_records: [records[0], { ...records[1], ...change }] });
  expect([answer.status, message(answer)]).toEqual([400, expect.stringMatching(expected)]);
});

test('what is wrong in a table is told by its line', async () => {
  const answer = await server.post(
    '/invocations',
    [header, lines[0], lines[1]!.replace('Biscoe', 'Elsewhere'), lines[2]!.replace('46.5', '')].join('\n'),
    csv,
  );
  expect(answer.status).toBe(400);
  expect(message(answer)).toMatch(
    /^the body, line 3: island is 'Elsewhere'.*\nthe body, line 4: bill_length_mm is empty/,
  );
  for (const [body, expected] of [
    ['', /./],
    ['island,sex\nDream,male\n', /bill_length_mm/],
    [`${header}\n`, /no rows|empty/],
  ] as const) {
    const other = await server.post('/invocations', body, csv);
    expect([other.status, message(other)]).toEqual([400, expect.stringMatching(expected)]);
  }
});

test('several inputs and outputs go by their names', async () => {
  const measures = [
    [0.5, -1, 0.25],
    [1, 1, -1],
  ];
  const origin = [
    [1, 0, 0, 0, 1],
    [0, 0, 1, 1, 0],
  ];
  const expected = (await server.post('/invocations', { inputs: { measures, origin } })).json() as {
    predictions: { species: number[][]; body_mass_g: number[][] };
  };
  const { species, body_mass_g: mass } = expected.predictions;
  expect([species.length, species[0]!.length, mass.length, mass[0]!.length]).toEqual([2, 3, 2, 1]);
  // In the unit of the data.
  for (const [grams] of mass) expect(grams).toBeGreaterThan(500);
  const rows = measures.map((one, k) => ({ measures: one, origin: origin[k] }));
  expect(rounded((await server.post('/invocations', { instances: rows })).json())).toEqual(rounded(expected));
  expect(message(await server.post('/invocations', { inputs: measures }))).toBe(
    "inputs has to name the model's inputs: measures, origin",
  );
  expect(message(await server.post('/invocations', { inputs: { measures, origin: [origin[0]] } }))).toBe(
    'inputs.origin has 1 rows, and inputs.measures 2',
  );

  const tensor = (name: string, data: unknown, shape: unknown, datatype = 'FP32') => ({ name, shape, datatype, data });
  const inputs = [tensor('origin', origin.flat(), [2, 5]), tensor('measures', measures, [2, 3])];
  const infer = (body: unknown) => server.post('/v2/models/penguins/infer', body);
  expect(rounded((await infer({ id: 'a', inputs })).json())).toEqual(
    rounded({
      model_name: 'penguins',
      model_version: runId,
      id: 'a',
      outputs: [
        { name: 'species', datatype: 'FP32', shape: [2, 3], data: species.flat() },
        { name: 'body_mass_g', datatype: 'FP32', shape: [2, 1], data: mass.flat() },
      ],
    }),
  );
  const one = (await infer({ inputs, outputs: [{ name: 'body_mass_g' }] })).json() as { outputs: { name: string }[] };
  expect(one.outputs.map(({ name }) => name)).toEqual(['body_mass_g']);
  const huge = { measures: [measures[0], [3e38, 3e38, -3e38]], origin: [origin[0], [3e38, 0, 0, 0, -3e38]] };
  const overflows = 'row 1, counted from 0: the model gives no finite numbers for its values';
  const overflown = await server.post('/invocations', { inputs: huge });
  expect([overflown.status, message(overflown)]).toEqual([400, overflows]);
  const inferred = await infer({
    inputs: [tensor('measures', huge.measures, [2, 3]), tensor('origin', huge.origin, [2, 5])],
  });
  expect([inferred.status, inferred.json()]).toEqual([400, { error: overflows }]);
  const ofVersion = await server.post(`/v2/models/penguins/versions/${runId}/infer`, { inputs, outputs: [] });
  expect([ofVersion.status, ofVersion.json()]).toEqual([200, (await infer({ inputs })).json()]);
  for (const [body, said] of [
    [{}, 'inputs is missing'],
    [[], 'the body is a list, and not an object with `inputs`'],
    [{ inputs: [inputs[0]] }, 'inputs has no `measures`, which the model takes'],
    [{ inputs: [inputs[0], inputs[0]] }, 'inputs[1].name is origin; the model takes each of measures, origin once'],
    [{ inputs: [tensor('origin', [1], [1, 4])] }, 'inputs[0].shape: expected ROWS x 5, got [1,4]'],
    [{ inputs: [tensor('origin', [1], ['1', '5'])] }, 'inputs[0].shape: expected ROWS x 5, got ["1","5"]'],
    [{ inputs: [tensor('origin', [1], [1, '5'])] }, 'inputs[0].shape: expected ROWS x 5, got [1,"5"]'],
    [{ inputs: [tensor('origin', [1], [1, 5], 'INT8')] }, 'inputs[0].datatype is INT8, not FP32'],
    [{ inputs: [tensor('origin', [1, 2], [1, 5])] }, 'inputs[0].data: expected 5 values, got 2'],
    [
      { inputs: [tensor('origin', [0, 0, null, 0, 0], [1, 5])] },
      'inputs[0].data[2] is null, and the model takes finite numbers',
    ],
    [{ inputs: [tensor('origin', [origin[0], [1]], [2, 5])] }, 'inputs[0].data[1]: expected 5, got 1'],
    [{ inputs, outputs: [{ name: 'sex' }] }, "outputs[0].name is none of the model's: species, body_mass_g"],
  ] as const) {
    const { status, json } = await infer(body);
    expect([status, json()]).toEqual([400, { error: said }]);
  }
  const many = await infer({ inputs: [tensor('origin', [1], [1e9, 5])] });
  expect([many.status, many.text]).toEqual([413, expect.stringContaining('1000000000 rows')]);
});

test('the routes of Open Inference tell what the model takes and gives', async () => {
  expect((await server.get('/v2')).json()).toMatchObject({ name: 'layerline', extensions: [] });
  expect((await server.get('/v2/health/live')).json()).toEqual({ live: true });
  expect((await server.get('/v2/health/ready')).json()).toEqual({ ready: true });
  expect((await server.get('/v2/models/penguins/ready')).json()).toEqual({ name: 'penguins', ready: true });
  expect((await server.get('/v2/models/penguins')).json()).toEqual({
    name: 'penguins',
    versions: [runId],
    platform: 'layerline',
    inputs: [
      { name: 'measures', datatype: 'FP32', shape: [-1, 3] },
      { name: 'origin', datatype: 'FP32', shape: [-1, 5] },
    ],
    outputs: [
      { name: 'species', datatype: 'FP32', shape: [-1, 3] },
      { name: 'body_mass_g', datatype: 'FP32', shape: [-1, 1] },
    ],
  });
  const other = await server.get('/v2/models/puffins');
  expect([other.status, other.json()]).toEqual([404, { error: 'there is no model puffins: this server has penguins' }]);
  // As its OpenAPI has the addresses.
  expect((await server.get('/v2/')).json()).toEqual((await server.get('/v2')).json());
  const versioned = `/v2/models/penguins/versions/${runId}`;
  expect((await server.get(versioned)).json()).toEqual((await server.get('/v2/models/penguins')).json());
  expect((await server.get(`${versioned}/ready`)).json()).toEqual({ name: 'penguins', ready: true });
  const older = await server.get('/v2/models/penguins/versions/1/ready');
  expect([older.status, older.json()]).toEqual([
    404,
    { error: `there is no version 1 of penguins: this server has ${runId}` },
  ]);
});

test('what is more than it can take is refused until there is room', async () => {
  const rows = Array.from({ length: 10_000 }, (_, k) => records[k % 3]);
  const body = [header, ...rows.map((row) => Object.values(row!).join(','))].join('\n');
  const answers = await Promise.all(Array.from({ length: 4 }, () => server.post('/invocations', body, csv)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]));
  const refused = answers.find(({ status }) => status === 503)!;
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(message(refused)).toMatch(/^\d+ rows wait already$/);
  const good = answers.find(({ status }) => status === 200)!;
  expect((good.json() as { predictions: unknown[] }).predictions.length).toBe(10_000);
  expect(await server.get('/health')).toMatchObject({ status: 200 });
}, 30_000);

test('what was asked is counted for Prometheus', async () => {
  const { headers, text } = await server.get('/metrics');
  expect(headers.get('content-type')).toContain('text/plain; version=0.0.4');
  expect(text).toMatch(/^pipeline_requests_total\{route="\/invocations",code="400"\} \d+$/m);
  expect(text).toMatch(/^pipeline_requests_total\{route="\/v2\/models\/:name\/infer",code="200"\} \d+$/m);
  expect(text).toMatch(/^pipeline_request_duration_seconds_bucket\{le="0.1",route="\/invocations"\} \d+$/m);
  expect(text).toMatch(/^pipeline_batch_rows_bucket\{le="64"\} \d+$/m);
  expect(text).toMatch(/^pipeline_queue_rows 0$/m);
});
