import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { nameArrays } from '../../src/datasets/propose/array-names.ts';
import { labelsIn } from '../../src/datasets/propose/find-labels.ts';
import { writeProposal } from '../../src/commands/write-proposal.ts';
import { propose } from '../../src/datasets/propose/propose.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { writeNpz, writeZip } from '../../src/models/formats/npz.ts';
import { OwnData, rowsOf } from './own-data.ts';

const own = new OwnData();
afterAll(() => own.remove());

/** Three labels, of which rows have none to all. */
const labelsOf = (k: number) => ['red', 'round', 'big'].filter((_, place) => (k * 7 + place * 3) % (place + 2) === 0);

describe('several labels at once', () => {
  // One cell that is unlike the others does not change what the column is, and is told.
  test.each([2, 57])('though cell %i is an odd one', (odd) => {
    const jsonl = (name: string, tags: (k: number) => unknown) =>
      own.plant(
        name,
        rowsOf(60, (k) => JSON.stringify({ a: k % 7, b: (k % 3) / 2, tags: tags(k) })),
      );
    const checked = (path: string, ...targets: readonly string[]) => {
      const text = writeProposal(propose({ data: path, targets, written: (one) => one }), 'it', 'schema.json');
      const { diagnostics } = checkSource({ name: `${own.folder}/it.yaml`, text });
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      return { text: text.replaceAll(/\n +# /g, ' '), told: errors.map(({ message }) => message).join('\n') };
    };
    const text = checked(jsonl('odd-text.jsonl', (k) => (k === odd ? 'red' : labelsOf(k))));
    expect(text.text).toContain('tags: { labels: fromData }');
    expect(text.text).toContain('59 of 60 cells are lists, as JSON has them');
    expect(text.told).toContain(`line ${odd + 1}: tags is 'red', not a list of labels as JSON has it`);
    const number = checked(jsonl('odd-number.jsonl', (k) => (k === odd ? [1.5] : labelsOf(k))));
    expect([number.told, number.text]).toEqual(['', expect.stringContaining(', 1.5: 1')]);
    const cells = (name: string, separator: string, cell: string) =>
      own.plant(
        name,
        `a,tags\n${rowsOf(60, (k) => `${k % 7}.5,"${k === odd ? cell : labelsOf(k).join(separator)}"`)}\n`,
      );
    const cut = checked(cells('odd-list.csv', ';', '[""red""]'));
    expect(cut.told).toBe('');
    expect(cut.text).toContain('tags: { labels: fromData, separator: ";" }');
    expect(cut.text).toContain('`["red"]` is taken for labels with `;` between, too');
    // Of one label each, with a list among them.
    const path = jsonl('one.jsonl', (k) => (k === odd ? ['red', 'big'] : ['red', 'big'][k % 2]));
    expect(own.told(path, 'tags')).toContain(`line ${odd + 1}: \`tags\` is a list`);
    expect(checked(path, 'a').text).toContain(`line ${odd + 1}: \`tags\` is a list`);
    // A column that is called as targets are goes before lists, of which labels may be learnt as well.
    const both = rowsOf(60, (k) => JSON.stringify({ a: k / 2, words: labelsOf(k), label: k % 2 ? 'u' : 'v' }));
    expect(own.written(own.plant('both.jsonl', both))).toContain('label: fromData # by its name');
  });

  test('in cells with a separator, of which some are empty', () => {
    const rows = rowsOf(120, (k) => `${k % 7}.5,${labelsOf(k).join('; ')},${k % 5}.25`);
    const text = own.written(own.plant('tags.csv', `a,tags,b\n${rows}\n`));
    const named = rowsOf(120, (k) => labelsOf(k).join('\n')).split('\n');
    for (const line of [
      'tags: { labels: fromData, separator: ";" }',
      'by its name; `;` stands between labels in',
      `3 labels: red ${named.filter((label) => label === 'red').length}, `,
      '- dense 3 sigmoid',
      'loss: binaryCrossentropy',
      'metrics: [accuracy, subsetAccuracy, f1]',
    ])
      expect(text.replaceAll(/\n +# /g, ' ')).toContain(line);
  });

  test('in lists of JSON, and in columns of 0 and 1', () => {
    const lines = rowsOf(60, (k) => JSON.stringify({ a: k % 7, tags: labelsOf(k) }));
    const text = own.written(own.plant('lists.jsonl', lines));
    expect(text).toContain('tags: { labels: fromData }\n');
    expect(text).toContain('the only column of lists, which are labels to predict');
    // Nothing is learnt from lists.
    const other = own.plant(
      'more.jsonl',
      rowsOf(60, (k) => JSON.stringify({ a: k % 7, b: k % 3, tags: labelsOf(k) })),
    );
    expect(own.written(other, 'a')).toContain('# `tags` is left out: it holds lists, the first in line 1');
    const measures = rowsOf(60, (k) => JSON.stringify({ a: k % 7, b: k % 3, at: [0.5, k], of: { k } }));
    expect(own.written(own.plant('measures.jsonl', measures), 'a')).toMatch(/`at` is left out.*\n.*`of` is left out/);
    expect(own.told(`${own.folder}/measures.jsonl`, 'at')).toContain('line 1: `at` is a list');
    const slip = rowsOf(60, (k) =>
      JSON.stringify({ a: k % 7, b: k === 50 ? [1.5] : k % 3, y: k % 2 === 0 ? 'u' : 'v' }),
    );
    expect(own.written(own.plant('slip.jsonl', slip), 'y').replaceAll(/\n +# /g, ' ')).toMatch(
      /`b` is left out: it holds lists or objects: .*line 51: `b` is a list/,
    );
    const columns = rowsOf(60, (k) => `${k % 7},${Number(k % 2 === 0)},${k % 3 === 0},${Number(k % 5 === 0)}`);
    const path = own.plant('columns.csv', `a,red,round,spare\n${columns}\n`);
    const several = own.written(path, 'red', 'round');
    expect(several).toContain('labels: { columns: [red, round] } # as --target says; 2 labels: red 30, round 20');
    expect(several).toContain('- spare #');
    // Half of the rows are red, a third is round; no other set is as frequent as none of them.
    expect(several).toContain('To beat: an accuracy of 0.5833');
    expect(several).toContain('a subset accuracy of 0.3333: 20 of 60 samples');
    expect(own.told(path, 'red', 'a')).toContain("line 4: a is '2', not a 0 or 1");
    expect(own.told(path, 'red,round')).toContain('Name each of several labels: --target red --target round.');
  });

  test('a sign shows it only where the same labels come again, in cells of different numbers of them', () => {
    const seen = (cells: readonly string[]) =>
      labelsIn({ kind: 'texts', values: new Map(cells.map((one) => [one, 20])) });
    expect(seen(['a|b', 'a', 'b|c', 'c'])).toEqual({ separator: '|', because: expect.any(String) });
    expect(seen(['["a"]', '[]', '["a","b"]'])).toEqual({ because: expect.any(String) });
    for (const cells of [
      ['Paris, France', 'Lyon, France', 'Rome, Italy'],
      ['a, x', 'a, y', 'b, x', 'b, y'],
      ['a;a', 'a', 'b', 'a;b'],
      ['one', 'two'],
    ])
      expect(seen(cells)).toBeUndefined();
  });

  test('a comma groups digits where most cells are numbers', () => {
    const values = new Map(['900', '7,900', '12,500', '7', 'unknown'].map((one) => [one, 20]));
    expect(labelsIn({ kind: 'texts', values, stray: 'unknown' })).toBeUndefined();
  });

  test('a row that says nothing of its labels is told', () => {
    const rows = rowsOf(60, (k) => `${k % 7},${k === 5 ? 'NA' : labelsOf(k).join('|')}`);
    expect(own.told(own.plant('gap.csv', `a,tags\n${rows}\n`))).toMatch(/no value in line 7/);
  });
});

/** A file of NumPy of bytes, version 1.0 of its format. */
function bytesOf(shape: readonly number[], values: readonly number[]): Uint8Array {
  const said = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(117);
  return Buffer.concat([
    Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(118, 0)}${said}\n`, 'latin1'),
    Buffer.from(values),
  ]);
}

const columns = (count: number) => ({
  name: 'x',
  dtype: 'float32' as const,
  shape: [count, 2],
  values: Float32Array.from({ length: 2 * count }, (_, k) => (k * 37) % 101),
});

describe('arrays of NumPy', () => {
  test('columns with classes, and with numbers', () => {
    const y = {
      name: 'y',
      dtype: 'int32' as const,
      shape: [60],
      values: Int32Array.from({ length: 60 }, (_, k) => k % 3),
    };
    const text = own.written(own.plant('set.npz', writeNpz([columns(60), y])));
    for (const line of [
      'inputs: [x] # float32 of 60 x 2, 0 to 100',
      '"y": fromData # by its name; 3 classes: 0: 20, 1: 20, 2: 20',
      'test: 0.2',
      '- batchNormalization',
      '- dense 3 # one output per class',
      'To beat: an accuracy of 0.3333',
    ])
      expect(text).toContain(line);
    const price = { ...columns(60), name: 'price', shape: [60, 2] };
    const number = own.written(own.plant('price.npz', writeNpz([columns(60), price])), 'price');
    expect(number).toContain('price: number # as --target says; 0 to 100');
    expect(number).toContain('- dense 2 # 2 numbers');
    expect(own.told(own.plant('p.npz', writeNpz([columns(60), price])))).toMatch(/`x`, `price`.*--target price/s);
    expect(own.told(own.plant('q.npz', writeNpz([columns(60), price])), 'prise')).toContain('Did you mean `price`?');
  });

  test('numbers that are too large or too small for a net are brought near 1', () => {
    const y = {
      name: 'y',
      dtype: 'int32' as const,
      shape: [60],
      values: Int32Array.from({ length: 60 }, (_, k) => k % 2),
    };
    const at = (...scales: readonly number[]) => {
      const x = columns(60);
      return own.written(
        own.plant(
          `scaled-${scales.join('-')}.npz`,
          writeNpz([{ ...x, values: x.values.map((value, k) => (value / 100 - 0.5) * scales[k % scales.length]!) }, y]),
        ),
      );
    };
    expect(at(1e30)).toMatch(/- rescaling 1.0e-29 # .*\n +- batchNormalization: \{ momentum: 0.9 \}/);
    expect(at(1e-4)).toMatch(/- rescaling 1.0e5 # .*\n +- batchNormalization/);
    expect(at(1)).not.toMatch(/rescaling|batchNormalization/);
    expect(at(8, 1e-3)).toContain('- batchNormalization: { momentum: 0.9, epsilon: 1.0e-10 }');
    expect(at(4e-38)).toContain('- rescaling 1.0e38 #');
    expect(() => at(1e-42)).toThrow(/its largest value is 5e-43, and below 1.2e-38 float32 has hardly any digits/);
    // What is as far apart as that is learnt from all the same.
    expect(at(1e7, 3)).toContain('epsilon: 1.0e-15');
    expect(at(1e7, 3)).not.toMatch(/hardly\s/);
    expect(at(1e9, 1)).toMatch(/hardly\s/);
    expect(at(1e30, 1)).toContain('# numbers at one place of a sample go up to 5e+29, at another up to 0.5:');
  });

  test('pictures in three parts, as MedMNIST calls them', () => {
    const part = (name: string, count: number) => [
      [
        `${name}_images.npy`,
        bytesOf(
          [count, 8, 8],
          Array.from({ length: 64 * count }, (_, k) => (k * 31) % 256),
        ),
      ],
      [
        `${name}_labels.npy`,
        bytesOf(
          [count, 1],
          Array.from({ length: count }, (_, k) => k % 2),
        ),
      ],
    ];
    const parts = Object.fromEntries([...part('train', 40), ...part('val', 10), ...part('test', 10)]) as {
      readonly [name: string]: Uint8Array;
    };
    const text = own.written(own.plant('med.npz', writeZip(parts)));
    for (const line of [
      'inputs: [images] # uint8 of 40 x 8 x 8, 0 to 255',
      'labels: fromData # by its name; 2 classes: 0: 30, 1: 30',
      'images: true',
      'parts: { train: "train_*", test: "test_*", validation: "val_*" }',
      '- conv 3x3x16 same relu',
    ])
      expect(text).toContain(line);
    expect(text).not.toContain('split:');
  });

  test('a file for each array; the others are left out with a reason', () => {
    own.plant(
      'npys/X.npy',
      bytesOf(
        [60, 3],
        Array.from({ length: 180 }, (_, k) => (k * 7) % 5),
      ),
    );
    own.plant(
      'npys/target.npy',
      bytesOf(
        [60],
        Array.from({ length: 60 }, (_, k) => k % 2),
      ),
    );
    own.plant('npys/weights.npy', bytesOf([3], [1, 2, 3]));
    const text = own.written(`${own.folder}/npys`);
    expect(text).toContain(`X: "${own.folder}/npys/X.npy"`);
    expect(text).toContain('# `weights` is left out: it has 3 samples, and `target` 60');
  });

  test('what cannot be learnt is told', () => {
    const hot = { ...columns(60), name: 'y', values: Float32Array.from({ length: 120 }, (_, k) => k % 2) };
    expect(own.told(own.plant('hot.npz', writeNpz([columns(60), hot])))).toContain('y.argmax(axis=1)');
    const wrong = columns(60);
    wrong.values[5] = Number.NaN;
    const y = { ...columns(60), name: 'y', shape: [60], values: columns(30).values };
    expect(own.told(own.plant('nan.npz', writeNpz([wrong, y])))).toMatch(/sample 3: one of its values is NaN/);
    expect(own.told(own.plant('one.npz', writeNpz([y])))).toContain('no array of numbers with as many samples (60)');
    expect(own.told(own.plant('book.xlsx', writeZip({ 'a.xml': new Uint8Array(4) })))).toMatch(/workbook.*as CSV/s);
    expect(own.told(own.plant('rows.json', '[{"a": 1}]'))).toContain('jq -c');
  });

  test.each([
    [
      ['x_train', 'y_train', 'x_test', 'y_test'],
      ['x', 'y'],
      ['*_train', '*_val', '*_test'],
    ],
    [
      ['X-train', 'y-train', 'X-valid', 'y-valid'],
      ['X', 'y'],
      ['*-train', '*_val', '*-valid'],
    ],
    [
      ['train_x', 'train_y', 'test_x', 'test_y', 'test_z'],
      ['x', 'y'],
      ['train_*', '*_val', 'test_*'],
    ],
  ])('parts of %j', (arrays, names, [train, validation, test]) => {
    expect(nameArrays(arrays)).toMatchObject({ names, parts: { train, validation, test } });
  });

  test('arrays for training alone are no parts', () => {
    expect(nameArrays(['x_train', 'y_train'])).toEqual({ names: ['x_train', 'y_train'], isValidationTest: false });
  });
});

describe('a series', () => {
  const co2 = readFileSync(new URL('../../pipelines/data/co2.csv', import.meta.url), 'utf8');

  test('months, with what naive forecasts are off by', () => {
    const text = own.written(own.plant('co2.csv', co2), 'co2');
    for (const line of [
      'series:',
      'time: month # 813 of 813 steps from row to row are a month, and there is no gap',
      'window: 36',
      'horizon: 12',
      'season: 12 # a guess: 12 steps of a month are a year',
      '- dense 12 # the next 12 values',
      // As the run of pipelines/co2.yaml tells of the same months.
      'a mean absolute error of 2.631',
      'with the last value of the window they are 2.960',
    ])
      expect(text.replaceAll(/\n# /g, ' ')).toContain(line);
  });

  const day = (k: number) => new Date(Date.UTC(2023, 0, 1 + k)).toISOString().slice(0, 10);
  const wave = (k: number) => (50 + 20 * Math.sin(k / 9) + ((k * 7) % 5) / 5).toFixed(3);

  test('several entities, with other columns and a gap', () => {
    const rows = rowsOf(400, (k) => {
      const [shop, at] = [k % 2, Math.floor(k / 2)];
      return `${day(at < 100 ? at : at + 5)},${['north', 'south'][shop]},${wave(at + 30 * shop)},${(k * 13) % 7}`;
    });
    const path = own.plant('shops.csv', `day,shop,sales,staff\n${rows}\n`);
    const text = own.written(path, 'sales');
    for (const line of [
      'series by `shop`',
      '2 gaps',
      'entity: shop # no time comes twice in one',
      '- sales # what it was before',
      '- staff #',
      'season: 7 # a guess: 7 steps of a day are a week',
      'take the source of tables',
    ])
      expect(text.replaceAll(/\n *# /g, ' ')).toContain(line);
  });

  test('a number that other columns tell is of a table, which says how to ask for a series', () => {
    const rows = rowsOf(200, (k) => `${day(k)},${(k * 37) % 11},${((k * 37) % 11) * 2 + (k % 3) / 8}`);
    const text = own.written(own.plant('jumps.csv', `day,a,price\n${rows}\n`), 'price').replaceAll(/\n *# /g, ' ');
    expect(text).toContain('order: day');
    expect(text).toContain('take the source `series` with the same file: time: day, window: 7, horizon: 7');
    // 8.125 is no reason to say what stands before decimals.
    expect(text).not.toContain('decimal');
    const uneven = rowsOf(200, (k) => `${day(k * k)},${k % 7},${wave(k)}`);
    expect(own.written(own.plant('uneven.csv', `day,a,price\n${uneven}\n`), 'price')).not.toContain('series');
  });
});
