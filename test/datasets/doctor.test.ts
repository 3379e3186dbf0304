import { dirname } from 'node:path';
import fc from 'fast-check';
import { encode } from 'fast-png';
import { afterAll, describe, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { atOnce } from '../../src/base/turns.ts';
import { cellsOf, findAlike } from '../../src/datasets/findings/alike-samples.ts';
import { mnist } from '../../src/datasets/pictures/mnist.ts';
import { examineData } from '../../src/datasets/findings/examine-data.ts';
import { viewOf } from '../../src/datasets/findings/sample-view.ts';
import { splitSamples } from '../../src/datasets/splits/split-samples.ts';
import { outliersIn, tellsNumber } from '../../src/datasets/findings/study-column.ts';
import { checkFile } from '../../src/plan/check-pipeline.ts';
import { findingsOfCheck, findingsOfReading } from '../../src/stages/data-findings.ts';
import { load } from '../../src/stages/load.ts';
import { quietSecondsOf } from '../processor-time.ts';
import { Rig } from '../rig.ts';
import { tone, writeWav } from './wav.ts';

const rig = new Rig();
afterAll(() => rig.remove());

/** Numbers that look drawn, from 0 to 1: of a row and a column. */
const drawn = (row: number, column: number) => (Math.abs(Math.sin(row * 12.9898 + column * 78.233)) * 43_758.5453) % 1;

/** A table without a fault: two columns of numbers, a kind and a weight of two parts. */
const rows = Array.from({ length: 120 }, (_, row) => [
  drawn(row, 1).toFixed(5),
  (drawn(row, 2) * 40).toFixed(4),
  row % 3 === 0 ? 'red' : 'blue',
  (3000 + drawn(row, 3) * 2000).toFixed(2),
]);

const pipelineOf = (source: string, outputs = '[dense 2]') => `name: t
seed: 1
data:
  source: ${source}
  split: { validation: 0.2 }
model:
  layers: ${outputs}
train: { epochs: 1, batchSize: 8, optimizer: adam, loss: softmaxCrossEntropy }
`;

const tableOf = (more = '') => pipelineOf(`{ csv: { file: t.csv, targets: { kind: [blue, red] }${more} } }`);

function writeTable(table: readonly (readonly string[])[], names = 'length,width,kind,weight', file = 't.csv'): void {
  rig.write(file, `${[names, ...table.map((row) => row.join(','))].join('\n')}\n`);
}

/** All that is told of the data of a pipeline. */
async function find(text: string): ReturnType<typeof findAll> {
  return findAll(rig.write('t.yaml', text));
}

async function findAll(file: string) {
  const checked = await checkFile(file);
  const { pipeline, source } = checked;
  const loaded = await load({ ...pipeline.data, seed: pipeline.seed, folder: dirname(source.name) });
  return [...findingsOfCheck(checked), ...findingsOfReading(checked, loaded)];
}

test('nothing is found in a table without a fault', async () => {
  writeTable(rows);
  expect(await find(tableOf())).toEqual([]);
});

test('of ten planted faults ten are found, each by its name and with its place', async () => {
  const planted: (readonly [string, () => Promise<unknown>])[] = [
    ['missing-values line 9', () => told(rows.map((row, at) => (at === 7 ? ['', ...row.slice(1)] : row)))],
    [
      'constant-column `still`',
      () =>
        told(
          rows.map((row) => [...row, '7']),
          'length,width,kind,weight,still',
        ),
    ],
    [
      'outliers t.csv, line 32',
      () => told(rows.map((row, at) => (at === 30 ? [row[0]!, '9999', ...row.slice(2)] : row))),
    ],
    ['alike-samples t.csv, line', () => told([...rows, ...rows.slice(0, 6)])],
    [
      'sample-on-both-sides more.csv, line 3',
      () => {
        const other = Array.from({ length: 30 }, (_, at) => rows[at]!.map((cell, k) => (k === 2 ? cell : `${cell}1`)));
        writeTable([other[0]!, rows[5]!, ...other.slice(1)], undefined, 'more.csv');
        return told(rows, undefined, ', test: more.csv');
      },
    ],
    [
      'one-input-two-labels t.csv, line 122',
      () => told([...rows, rows[1]!.map((cell) => (cell === 'blue' ? 'red' : cell))]),
    ],
    [
      'class-of-one-sample t.csv, line 122',
      () => {
        writeTable([...rows, ['0.5', '1', 'green', '3333']]);
        return tell(tableOf().replace('[blue, red]', '[blue, red, green]').replace('dense 2', 'dense 3'));
      },
    ],
    [
      'class-without-samples `red`',
      () => {
        writeTable(
          rows.slice(0, 30).map((row) => row.map((cell) => `${cell}${cell === row[2] ? '' : '2'}`)),
          undefined,
          'more.csv',
        );
        return told(
          rows.filter((row) => row[2] === 'blue'),
          undefined,
          ', test: more.csv',
        );
      },
    ],
    [
      'target-determined `code`',
      () =>
        told(
          rows.map((row) => [...row, row[2] === 'red' ? '17' : '4']),
          'length,width,kind,weight,code',
        ),
    ],
    [
      'damaged-picture dog/3.png',
      () => {
        for (const [kind, k] of [
          ['cat', 0],
          ['dog', 1],
        ] as const)
          for (let at = 0; at < 8; at++) {
            const bytes = encode({
              width: 4,
              height: 4,
              channels: 1,
              data: Uint8Array.from({ length: 16 }, (_, i) => i * 9 + at * 2 + k),
            });
            rig.write(`pictures/${kind}/${at}.png`, kind === 'dog' && at === 3 ? bytes.subarray(0, 50) : bytes);
          }
        return tell(pipelineOf('{ images: { folder: pictures } }', '[flatten, dense 2]'));
      },
    ],
  ];
  for (const [what, plant] of planted) {
    const [code, ...place] = what.split(' ');
    const found = (await plant()) as readonly string[];
    expect({ planted: what, found }).toEqual({
      planted: what,
      // Copies drawn to both sides are told as that, too.
      found: expect.arrayContaining([expect.stringMatching(`^${code}: .*${place.join(' ')}`)]) as unknown,
    });
  }
});

/** What is told of a table. */
async function told(table: readonly (readonly string[])[], names?: string, more = ''): Promise<readonly string[]> {
  writeTable(table, names);
  return tell(tableOf(more));
}

async function tell(text: string): Promise<readonly string[]> {
  try {
    return (await find(text)).map(({ code, message }) => `${code}: ${message}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.diagnostics.map(({ code, message }) => `${code}: ${message}`);
  }
}

test.each([
  ['images', '{ images: { folder: some, onError: skip } }', '[flatten, dense 2]'],
  [
    'more images than memory holds',
    '{ images: { folder: some, onError: skip } }\n  memory: 10kB',
    '[flatten, dense 2]',
  ],
  ['masks', '{ masks: { images: some/cat, masks: masks, classes: { a: 0, b: 1 }, onError: skip } }', '[conv 1x1x2]'],
  ['recordings', '{ audio: { folder: heard, seconds: 0.1, onError: skip } }', '[flatten, dense 2]'],
])('what only reading all of %s finds is told, too', async (_, source, layers) => {
  const flipped = (bytes: Buffer, at: number) => (bytes.writeUInt8(bytes[at]! ^ 0x55, at), bytes);
  for (const [k, kind] of ['cat', 'dog'].entries())
    for (let at = 0; at < 10; at++) {
      const values = Uint8Array.from({ length: 16 }, (__, i) => i * 9 + at * 2 + k);
      const picture = Buffer.from(encode({ width: 4, height: 4, channels: 1, data: values }));
      rig.write(`some/${kind}/${at}.png`, at === 3 && k === 0 ? flipped(picture, 43) : picture);
      const mask = Uint8Array.from({ length: 16 }, (__, i) => i % 2);
      rig.write(`masks/${at}.png`, encode({ width: 4, height: 4, channels: 1, data: mask }));
      const heard = Float32Array.from(tone(200 + 100 * k + at, 0.1));
      if (at === 3 && k === 0) heard[50] = NaN;
      rig.write(`heard/${kind}/${at}.wav`, writeWav(new Uint8Array(heard.buffer), { tag: 3, bits: 32 }));
    }
  const found = await tell(pipelineOf(source, layers));
  expect(found).toContainEqual(
    expect.stringMatching(/-skipped: 1 of \d+ (picture|recording)s was skipped: .*cat\/3\./),
  );
});

test('a copy of the target is told once, and numbers in another unit are told', async () => {
  const text = tableOf().replace('kind: [blue, red]', 'weight: number').replace('dense 2', 'dense 1');
  const regression = text
    .replace('softmaxCrossEntropy', 'meanSquaredError')
    .replace('csv: {', 'csv: { categories: { kind: [blue, red] },');
  const codes = async (more: (row: readonly string[]) => string) => {
    writeTable(
      rows.map((row) => [...row, more(row)]),
      'length,width,kind,weight,more',
    );
    return (await find(regression)).map(({ code }) => code);
  };
  expect(await codes((row) => row[3]!)).toEqual(['target-as-feature']);
  expect(await codes((row) => (Number(row[3]) / 1000).toFixed(5))).toEqual(['target-determined']);
});

test.each(['penguins', 'mass'])('nothing is found in %s', async (name) => {
  expect(await findAll(`${import.meta.dirname}/../../pipelines/${name}.yaml`)).toEqual([]);
});

test('coarse values are alike by chance, and a tenth of a table is recorded alone', async () => {
  const coarse = Array.from({ length: 200 }, (_, row) => [
    String(Math.floor(drawn(row, 1) * 6)),
    String(Math.floor(drawn(row, 2) * 6)),
    drawn(row, 4) < 0.5 ? 'red' : 'blue',
    String(Math.floor(drawn(row, 3) * 6)),
  ]);
  expect(await told(coarse)).toEqual([]);
  const names = (await told([...rows, ...rows, ...rows])).map((one) => one.split(':')[0]);
  expect(names).toEqual(['sample-on-both-sides']);
});

test('alike samples are those that a search of all pairs finds, whatever their order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })), {
        minLength: 2,
        maxLength: 40,
      }),
      fc.constantFrom('bytes', 'floats'),
      fc.nat(),
      (values, kind, cut) => {
        const part = (some: typeof values) => ({
          inputs: [kind === 'bytes' ? Uint8Array.from(some.flat()) : Float32Array.from(some.flat())],
          targets: [],
          count: some.length,
        });
        const trained = cut % values.length;
        const order = Uint32Array.from(values.keys()).toReversed();
        const firsts = atOnce(findAlike(cellsOf(part(values.slice(0, trained)), part(values.slice(trained))), order))!;
        for (const [sample, value] of values.entries())
          expect(firsts[sample]).toBe(values.findLastIndex((other) => String(other) === String(value)));
      },
    ),
    { numRuns: 50 },
  );
});

test('a long tail has no outliers, and a number for nothing is one', () => {
  const incomes = Float64Array.from({ length: 2000 }, (_, k) => Math.exp(2 * Math.tan(2.6 * (drawn(k, 1) - 0.5)) ** 1));
  const usual = Float64Array.from({ length: 500 }, (_, k) => 20 + drawn(k, 2));
  expect(outliersIn(incomes.map((value) => Math.min(value, 1e5)))).toEqual([]);
  expect(outliersIn(usual)).toEqual([]);
  expect(outliersIn(usual.map((value, k) => (k === 7 || k === 9 ? -999 : value)))).toEqual([7, 9]);
});

describe('a column that tells a number', () => {
  const prices = Float64Array.from({ length: 500 }, (_, k) => 20 + 400 * drawn(k, 2));
  const told = (column: (price: number, row: number) => number) => tellsNumber(prices.map(column), prices);
  const ranks = [...prices.keys()].sort((a, b) => prices[a]! - prices[b]!);

  test.each([
    ['in another unit', (price: number) => 0.9 * price + 3],
    ['its logarithm', (price: number) => Math.log(price)],
    [
      'its logarithm to three digits, in which some are alike',
      (price: number) => Math.round(1e3 * Math.log(price)) / 1e3,
    ],
    ['what falls as it rises', (price: number) => 1 / price],
    ['its rank', (_: number, row: number) => ranks.indexOf(row)],
  ])('%s', (_, column) => expect(told(column)).toBe(true));

  test.each([
    ['with noise', (price: number, row: number) => price + 8 * drawn(row, 5)],
    ['with a single row in other order', (price: number, row: number) => (row === 250 ? 0 : Math.log(price))],
    ['whether it is high', (price: number) => Number(price > 200)],
    ['in bands', (price: number) => Math.floor(price / 15)],
    ['one number', () => 1],
  ])('is not told by what is %s', (_, column) => expect(told(column)).toBe(false));

  test('is not told by what rises with the rows where the target rises and falls', () =>
    expect(told((_, row) => row)).toBe(false));
});

test('MNIST has no finding, and is looked through in less than a second', async () => {
  const data = await mnist.load({}, '', 1);
  const split = splitSamples(data.train, data.spec.targets, { validation: 5000, stratified: true }, 1);
  const examined: ReturnType<typeof examine>[] = [];
  const examine = () => atOnce(examineData(data, split, viewOf(data)));
  expect(await quietSecondsOf(() => examined.push(examine()))).toBeLessThan(1);
  expect(examined[0]!.findings).toEqual([]);
  expect(examined[0]!.facts).toMatchObject({ alike: 0, samples: { training: 55_000, validation: 5000, test: 10_000 } });
});
