import { appendFileSync, readdirSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { atOnce } from '../../src/base/turns.ts';
import { BlockTable } from '../../src/datasets/tables/block-table.ts';
import { csvInBlocks, linesInBlocks } from '../../src/datasets/tables/cell-blocks.ts';
import { columnOf } from '../../src/datasets/tables/csv-cells.ts';
import { readCsv } from '../../src/datasets/tables/csv-table.ts';
import { jsonlFormat } from '../../src/datasets/tables/jsonl.ts';
import { parquetFormat } from '../../src/datasets/tables/parquet.ts';
import { parquetInBlocks } from '../../src/datasets/tables/read-parquet.ts';
import { draws } from '../draws.ts';
import { Rig } from '../rig.ts';
import { orMistakes, told } from './told-table.ts';
import type { Table } from '../../src/datasets/tables/table.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const folder = join(rig.folder, 'cells');
beforeEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => ({ path: join(rig.folder, name) });
const given = { file: 't', targets: {}, features: {}, categories: {}, test: 0.2, standardize: true };
const kept = () => readdirSync(folder).filter((name) => name.endsWith('.cells'));

const cell = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom('0', '-1.5', '1e3', '1,5', '1.234', '1.234,5', '', ' 7 ', 'NA', '#', '9999999999'),
  },
  { weight: 4, arbitrary: fc.constantFrom('é', '日本', '😀 and so', 'a b', '?', '12:30', '007', 'a much longer cell') },
  { weight: 3, arbitrary: fc.constantFrom('"q"', '"a\nb"', '"a\r\nb;c,d"', '"say ""é"""', '""', '"#"', '"::"') },
  { weight: 1, arbitrary: fc.constantFrom('"', 'a"b', '"a"b', '"a\n', '\r', '\u0000', '1::2') },
);

test.each([
  { delimiter: ',' },
  { delimiter: ';', decimal: ',' as const },
  { delimiter: '\t', columns: ['x', 'y'] },
  { delimiter: '::', comment: '#' },
  { delimiter: ' ' },
])('CSV in blocks of any size is the table that it is to who reads all of it: %j', (form) => {
  const { delimiter } = form;
  const plain = cell.filter((text) => text.startsWith('"') || !text.includes(delimiter));
  const row = fc.oneof({ weight: 40, arbitrary: fc.tuple(plain, plain) }, fc.array(plain, { maxLength: 3 }));
  const head = fc.constantFrom(['x', 'y'], ['x', 'y'], [' x ', '"y\n"'], ['x', 'x'], ['x'], ['\uFEFFx', 'é']);
  fc.assert(
    fc.property(
      head,
      fc.array(row, { maxLength: 12 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.constantFrom('', '\n', '\n\n', '\r\n'),
      fc.integer({ min: 4, max: 60 }),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      (names, rows, end, last, size, packed) => {
        const lines = [...('columns' in form ? [] : [names]), ...rows];
        const text = Buffer.from(lines.map((cells) => cells.join(delimiter)).join(end) + last);
        rig.write('t.csv', packed === null ? text : inTwoMembers(text, packed));
        const inBlocks = () => atOnce(csvInBlocks(at('t.csv'), form, { room: 0, folder, size }));
        const whole = told(() => atOnce(readCsv(at('t.csv'), form)), ',');
        expect(told(inBlocks, ',')).toEqual(whole);
        // What was kept is the same.
        expect(told(inBlocks, ',')).toEqual(whole);
      },
    ),
    { numRuns: draws(300) },
  );
});

/** As `cat a.gz b.gz` makes it, and gzip reads it. @param share of the bytes that is in the first */
const inTwoMembers = (bytes: Uint8Array, share: number) => {
  const first = Math.floor(share * bytes.length);
  return Buffer.concat([gzipSync(bytes.subarray(0, first)), gzipSync(bytes.subarray(first))]);
};

test('a packed table that is damaged is not read, in blocks as little as whole', () => {
  const form = { delimiter: ',' };
  const lines = Array.from({ length: 3000 }, (_, k) => `${k},${(k * 7919) % 1000}`).join('\n');
  const right = gzipSync(`a,b\n${lines}`);
  // Each unpacker has its own words for it.
  const readBy = (read: () => Table) => {
    const all = told(read, ',');
    return Array.isArray(all) ? all.map(({ code }: { readonly code: string }) => code) : all;
  };
  fc.assert(
    fc.property(
      fc.nat(right.length - 1),
      fc.nat(7),
      fc.option(fc.nat(right.length - 1)),
      fc.constantFrom('', 'rest'),
      (place, bit, cut, behind) => {
        const bytes = Buffer.from(right);
        if (cut === null && behind === '') bytes[place]! ^= 1 << bit;
        const damaged = Buffer.concat([bytes.subarray(0, cut ?? bytes.length), Buffer.from(behind)]);
        writeFileSync(at('t.csv').path, damaged);
        const whole = readBy(() => atOnce(readCsv(at('t.csv'), form)));
        const inBlocks = readBy(() => atOnce(csvInBlocks(at('t.csv'), form, { room: 0, folder, size: 500 })));
        expect(inBlocks).toEqual(whole);
      },
    ),
    { numRuns: draws(500) },
  );
});

test.each(['plain', 'packed'])('a byte that is none of UTF-8 is told first, wherever it stands: %s', (how) => {
  const lines = Array.from({ length: 40 }, (_, k) => `${k},é`).join('\n');
  for (const wrong of [3, 30, 120, 170]) {
    const bytes = Buffer.from(`a,b\n${lines}\n1,2,3\n${lines}`);
    bytes[wrong] = 0xff;
    writeFileSync(at('t.csv').path, how === 'plain' ? bytes : gzipSync(bytes));
    const whole = orMistakes(() => atOnce(readCsv(at('t.csv'), { delimiter: ',' })));
    expect(whole).toMatchObject([{ code: 'data-not-text' }]);
    const inBlocks = () => atOnce(csvInBlocks(at('t.csv'), { delimiter: ',' }, { room: 0, folder, size: 50 }));
    expect(orMistakes(inBlocks)).toEqual(whole);
  }
});

const value = fc.oneof(
  fc.constantFrom(1, -0.5, 1e300, 9_007_199_254_740_994, null, true, 'é', '日本', '', '7', '1,5', 'long '.repeat(9)),
  fc.constantFrom<object[]>([], [], [{}]),
);

test('lines of JSON in blocks of any size are the table that they are to who reads all of them', () => {
  const row = fc.dictionary(fc.constantFrom('a', 'b', 'é'), value, { minKeys: 1 }).map((one) => JSON.stringify(one));
  const line = fc.oneof({ weight: 30, arbitrary: row }, fc.constantFrom('', ' ', '[]', '{"a": NaN}', '{"a": [1]}'));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), fc.integer({ min: 4, max: 60 }), (lines, size) => {
      rig.write('t.jsonl', `${lines.join('\n')}\n`);
      const inBlocks = () => atOnce(linesInBlocks(at('t.jsonl'), new Set(['b']), { room: 0, folder, size }));
      const lists = { ...given, targets: { b: { labels: ['p'] } } };
      const whole = told(() => atOnce(jsonlFormat.read(at('t.jsonl'), lists)));
      expect(told(inBlocks)).toEqual(whole);
      expect(told(inBlocks)).toEqual(whole);
    }),
    { numRuns: draws(200) },
  );
});

test('groups of rows of Parquet are blocks of the table that all of it is', () => {
  const rows = Array.from({ length: 50 }, (_, k) => k);
  const columnData = [
    { name: 'x', data: rows.map((k) => (k % 7 === 0 ? null : Math.sin(k))), type: 'DOUBLE' as const, nullable: true },
    { name: 'n', data: rows.map((k) => BigInt(k)), type: 'INT64' as const },
    { name: 'huge', data: rows.map((k) => BigInt(k) + 2n ** 60n), type: 'INT64' as const },
    { name: 't', data: rows.map((k) => `é${k % 3}`), type: 'STRING' as const },
    { name: 'o', data: rows.map((k) => ({ k })), type: 'JSON' as const },
  ];
  for (const rowGroupSize of [7, 50]) {
    writeFileSync(at('t.parquet').path, new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize })));
    const inBlocks = () => atOnce(parquetInBlocks(at('t.parquet'), { room: 0, folder }));
    const whole = atOnce(parquetFormat.read(at('t.parquet'), given));
    expect(told(inBlocks)).toEqual(told(() => whole));
    expect(inBlocks().columns.map((name) => inBlocks().unreadable(name)?.diagnostics)).toEqual(
      whole.columns.map((name) => whole.unreadable(name)?.diagnostics),
    );
  }
});

test('what is kept is taken as long as the file holds the same bytes, and is proven', () => {
  const read = () => atOnce(csvInBlocks(at('k.csv'), { delimiter: ',' }, { room: 0, folder, size: 16 }));
  rig.write('k.csv', 'a,b\n1,2\n3,4\n5,6\n');
  expect(read()).toBeInstanceOf(BlockTable);
  expect(kept()).toHaveLength(1);
  read();
  expect(kept()).toHaveLength(1);
  appendFileSync(at('k.csv').path, '7,8\n');
  expect([...atOnce(columnOf(read(), 'b', undefined))]).toEqual([2, 4, 6, 8]);
  expect(kept()).toHaveLength(2);
  for (const name of kept()) {
    const bytes = readFileSync(join(folder, name));
    bytes[9]! ^= 1;
    writeFileSync(join(folder, name), bytes);
  }
  const damaged = read();
  expect(orMistakes(() => atOnce(columnOf(damaged, 'a', undefined)))).toMatchObject([{ code: 'packed-data-damaged' }]);
  // It is forgotten, and made anew.
  expect([...atOnce(columnOf(read(), 'a', undefined))]).toEqual([1, 3, 5, 7]);
  const [name] = kept();
  const file = join(folder, name!);
  writeFileSync(file, readFileSync(file).subarray(0, -1));
  expect([...atOnce(columnOf(read(), 'a', undefined))]).toEqual([1, 3, 5, 7]);
});
