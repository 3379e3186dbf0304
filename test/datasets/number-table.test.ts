import { join } from 'node:path';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, expect, test } from 'vitest';
import { atOnce } from '../../src/base/turns.ts';
import { csv, csvFormat } from '../../src/datasets/tables/csv.ts';
import { columnOf } from '../../src/datasets/tables/csv-cells.ts';
import type { WrittenCsvOptions } from '../../src/datasets/tables/csv-options.ts';
import { readCsv } from '../../src/datasets/tables/csv-table.ts';
import { NumberTable } from '../../src/datasets/tables/number-table.ts';
import { parquet, parquetFormat } from '../../src/datasets/tables/parquet.ts';
import { draws } from '../draws.ts';
import { Rig } from '../rig.ts';
import { orMistakes, told } from './told-table.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const given = {
  file: 't.csv',
  targets: {},
  features: {},
  categories: {},
  test: 0.2,
  standardize: true,
};

const place = () => ({ path: join(rig.folder, 't.csv') });
const read = (form: Pick<WrittenCsvOptions, 'delimiter' | 'decimal' | 'columns' | 'comment'> = {}) =>
  atOnce(csvFormat.read(place(), { ...given, ...form }));

const plain = fc.oneof(
  fc.constantFrom('0', '-0', '0.0', '-0.50', '7', '10.000', '999999999', '134217727', '134217728', '-1234567890.12'),
  fc.constantFrom('123456789012345', '0.00000000000001', '1.5', ''),
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map((value) => value.toFixed(4)),
);
const odd = fc.constantFrom('007', '00.5', '.5', '5.', '+1', '-', '1e3', ' 1', '"1"', 'a', 'é', '1,5', 'NaN', '-.5');
const longer = fc.constantFrom('1234567890123456', '0.000000000000001', '1-2', '1.2.3', '"', '#', '\r');

test.each([
  { delimiter: ',' },
  { delimiter: ';' },
  { delimiter: ';', decimal: ',' as const },
  { delimiter: '\t', columns: ['x', 'y'] },
  { delimiter: '.', comment: '#' },
])('a file of numbers is the table that it is to who reads all of it: %j', (form) => {
  const cell = fc.oneof({ weight: 30, arbitrary: plain }, { weight: 1, arbitrary: fc.oneof(odd, longer) });
  const row = fc.oneof({ weight: 30, arbitrary: fc.tuple(cell, cell) }, fc.array(cell, { maxLength: 3 }));
  const head = fc.constantFrom(
    ['x', 'y'],
    ['x', 'y'],
    [' x ', '"y"'],
    ['"a\n b"', 'é'],
    ['x', 'x'],
    ['x'],
    ['\uFEFFx', 'y'],
  );
  const kinds = [0, 0];
  fc.assert(
    fc.property(
      head,
      fc.array(row, { maxLength: 8 }),
      fc.constantFrom('\n', '\n', '\r\n'),
      fc.constantFrom('', '\n', '\n\n'),
      fc.constantFrom('.' as const, '.' as const, ',' as const),
      (names, rows, end, last, mark) => {
        const point = 'decimal' in form ? (text: string) => text.replace('.', ',') : (text: string) => text;
        const lines = [...('columns' in form ? [] : [names]), ...rows.map((cells) => cells.map(point))];
        rig.write('t.csv', lines.map((cells) => cells.join(form.delimiter)).join(end) + last);
        expect(told(() => read(form), mark)).toEqual(told(() => atOnce(readCsv(place(), form)), mark));
        kinds[orMistakes(() => read(form)) instanceof NumberTable ? 0 : 1]!++;
      },
    ),
    { numRuns: draws(400) },
  );
  // Both ways are tried; a comment has no other.
  expect(Math.min(...kinds)).toBeGreaterThan('comment' in form ? -1 : 5);
});

test('cells of many blocks and pieces give back their texts and the nearest doubles', () => {
  const rows = 20_000;
  const cellAt = (row: number, column: number) => {
    const value = Math.imul(row * 3 + column, 2_654_435_761) / 2 ** 12;
    if (column === 1 && row === 15_000) return '-98765.0123456789';
    return column === 2 && row % 1000 === 999 ? '' : value.toFixed(column * 2);
  };
  const lines = Array.from({ length: rows }, (_, row) => [0, 1, 2].map((column) => cellAt(row, column)).join(','));
  rig.write('t.csv', `a,b,c\r\n${lines.join('\r\n')}`);
  const table = read();
  expect(table).toBeInstanceOf(NumberTable);
  expect(table.count).toBe(rows);
  for (const column of [0, 1, 2]) {
    const values = atOnce(columnOf(table, 'abc'[column]!, undefined, new Map()));
    for (let row = 0; row < rows; row++) {
      const text = cellAt(row, column);
      if (table.cell(row, column) !== text || !Object.is(values[row], Number(text)))
        throw new Error(`row ${row}, column ${column}: ${table.cell(row, column)}, ${values[row]}, not ${text}`);
    }
  }
  expect(table.spotOf(rows - 1)).toBe(`line ${rows + 1}`);
  expect(table.memory).toBeLessThan(24 * rows);
});

test('numbers of Parquet are the same whether they come together or one by one', () => {
  const kind = fc.constantFrom('few' as const, 'many' as const, 'gaps' as const, 'whole' as const);
  fc.assert(
    fc.property(fc.array(kind, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 300 }), (groups, size) => {
      const cells = groups.flatMap((of, group) =>
        Array.from({ length: size }, (_, k) => {
          if (of === 'gaps' && k % 7 === 0) return null;
          if (of === 'whole') return k;
          return of === 'few' ? (k % 5) / 4 : Math.sin(k + group);
        }),
      );
      const columnData = [
        { name: 'x', data: cells, type: 'DOUBLE' as const, nullable: true },
        { name: 'f', data: cells.map((cell) => cell ?? 1), type: 'FLOAT' as const },
        { name: 'n', data: cells.map((_, k) => BigInt(k - 9)), type: 'INT64' as const },
      ];
      rig.write('t.parquet', new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: size })));
      const table = atOnce(
        parquetFormat.read({ path: join(rig.folder, 't.parquet') }, { ...given, file: 't.parquet' }),
      );
      const valuesOf = (column: string) => [...atOnce(columnOf(table, column, undefined, new Map()))];
      expect(valuesOf('x')).toEqual(cells.map((cell) => cell ?? 0));
      expect(valuesOf('f')).toEqual(cells.map((cell) => Math.fround(cell ?? 1)));
      expect(valuesOf('n')).toEqual(cells.map((_, k) => k - 9));
      expect(cells.map((_, row) => table.cell(row, 0))).toEqual(
        cells.map((cell) => (cell === null ? '' : String(cell))),
      );
      expect(cells.map((_, row) => table.cell(row, 2))).toEqual(cells.map((_, k) => String(k - 9)));
    }),
    { numRuns: draws(20) },
  );
});

test('samples of CSV and Parquet are those of the same rows in several files, written otherwise', async () => {
  const rows = 60_000;
  const names = ['a', 'b', 'c', 'd', 'y'];
  const cells = names.map((_, column) =>
    Array.from({ length: rows }, (__, row) => (Math.imul(row * 5 + column, 2_654_435_761) >> 8) / 10 ** column),
  );
  const lines = Array.from({ length: rows }, (_, row) => cells.map((of) => String(of[row])).join(','));
  const text = (some: readonly string[]) => `${names.join(',')}\n${some.join('\n')}\n`;
  rig.write('all.csv', text(lines));
  rig.write('1.csv', text(lines.slice(0, 17_000)));
  rig.write('2.csv', text(lines.slice(17_000)));
  const columnData = names.map((name, column) => ({ name, data: cells[column]!, type: 'DOUBLE' as const }));
  rig.write('all.parquet', new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 15_000 })));
  const options = (file: string | readonly string[]) => ({ ...given, file, targets: { y: 'number' } });
  const split = { validation: 0.1, stratified: true };
  const joined = await csv.load(options(['1.csv', '2.csv']), rig.folder, 7, undefined, split);
  for (const loaded of [
    await csv.load(options('all.csv'), rig.folder, 7, undefined, split),
    await parquet.load(options('all.parquet'), rig.folder, 7, undefined, split),
  ])
    for (const part of ['train', 'test'] as const) {
      const [own, other] = [loaded[part], joined[part]];
      for (const of of ['inputs', 'targets'] as const)
        expect(Buffer.compare(bytesOf(own[of][0]!), bytesOf(other[of][0]!))).toBe(0);
      expect(own.inputs[0]!.length).toBe(4 * own.count);
    }
  // Digits are let go of once numbers are made of them.
  const [own, other] = [await csv.load(options('all.csv'), rig.folder, 7, undefined, split), joined];
  const texts = ({ train, origin }: typeof own) =>
    Array.from({ length: train.count }, (_, row) => origin!.cells!.of(row, 5).join()).join('\n');
  expect(texts(own)).toBe(texts(other));
  rig.write('all.csv', text(lines.toReversed()));
  const changed = await csv.load(options('all.csv'), rig.folder, 7, undefined, split);
  rig.write('all.csv', text(lines));
  expect(() => changed.origin!.cells!.of(0, 5)).toThrow('changed while it was read');
});

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => Buffer.from(buffer, byteOffset, byteLength);
