import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { decodeText } from '../../src/datasets/files/text-encoding.ts';
import { quietSecondsOf } from '../processor-time.ts';
import { Rig } from '../rig.ts';

const table = 'a,b,y\n1,2,3\n4,5,6\n';
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf16 = (text: string, swap = false) =>
  swap ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, 'utf16le');

/** An entry of a zip file, as far as it is looked at. */
const zip = (name: string) =>
  Buffer.concat([
    latin1('PK\x03\x04\x14\0\0\0\x08\0'),
    Buffer.alloc(16),
    Buffer.from([name.length, 0, 0, 0]),
    latin1(name),
    deflateRawSync(table),
    latin1('PK\x05\x06'),
  ]);

function refusalOf(bytes: Uint8Array, file = 'd.csv'): { message: string; hint?: string } {
  try {
    decodeText({ path: file }, bytes);
  } catch (error) {
    if (error instanceof UserError) return error.diagnostics[0]!;
    throw error;
  }
  throw new Error('it was read');
}

test.each<[string, Uint8Array, string, string]>([
  ['d.csv.gz', gzipSync(table), 'it is a gzip file', 'gunzip -k d.csv.gz'],
  ['d.csv', gzipSync(table), 'it is a gzip file', '`gunzip -c < d.csv > d-unpacked.csv`'],
  ['table', gzipSync(table), 'it is a gzip file', '`gunzip -c < table > table-unpacked`'],
  ['d.csv', latin1('\x28\xb5\x2f\xfd\x24\0'), 'it is a Zstandard file', '`unzstd -c < d.csv > d-unpacked.csv`'],
  ['d.csv.xz', latin1('\xfd7zXZ\0\0'), 'it is an xz file', '`unxz -k d.csv.xz`'],
  [
    'D.CSV',
    zip('xl/workbook.xml'),
    'it is an Excel workbook',
    "pandas.read_excel('D.CSV').to_csv('D-text.CSV', index=False, mode='x')",
  ],
  [
    'd.feather',
    latin1('ARROW1\0\0\xff\xff\xff\xffARROW1'),
    'it is a Feather file',
    "pandas.read_feather('d.feather').to_csv('d.csv'",
  ],
  ['d.csv', latin1('PAR1,PAR2,PAR10,y\n1,2,3,Caf\xe9\n'), 'line 2 has the byte 0xe9', 'iconv -f WINDOWS-1252'],
  [
    'd.xlsx',
    zip('[Content_Types].xml'),
    'it is an Excel workbook',
    "pandas.read_excel('d.xlsx').to_csv('d.csv', index=False, mode='x')",
  ],
  ['d.xlsx', zip('xl/workbook.xml'), 'it is an Excel workbook', 'Save it as CSV in UTF-8'],
  ['d.zip', zip('d.csv'), 'it is a zip file', 'unzip d.zip'],
  ['d.xls', latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0'), 'it is an old Excel workbook', 'read_excel'],
  [
    'd.parquet',
    Buffer.concat([latin1('PAR1\x15\x04'), Buffer.alloc(200_000), latin1('PAR1')]),
    'it is a Parquet file',
    "pandas.read_parquet('d.parquet').to_csv('d.csv'",
  ],
  [
    'd.csv',
    latin1(`\xff\xfe${utf16(table).toString('latin1')}`),
    'it is UTF-16',
    'iconv -f UTF-16 -t UTF-8 d.csv > d-utf8.csv',
  ],
  [
    'd.csv',
    latin1(`\xfe\xff${utf16(table, true).toString('latin1')}`),
    'it is UTF-16',
    'iconv -f UTF-16 -t UTF-8 d.csv > d-utf8.csv',
  ],
  ['d.csv', utf16(table), 'it is UTF-16LE', 'iconv -f UTF-16LE -t UTF-8'],
  ['d.csv', utf16(table, true), 'it is UTF-16BE', 'iconv -f UTF-16BE -t UTF-8'],
  ['d.csv', utf16('имя,y\nа,1\nб,2\n'), 'it is UTF-16LE', 'iconv -f UTF-16LE -t UTF-8'],
  [
    'my data.csv',
    latin1('a,b\n1,2\n"Caf\xe9 noir",3\n'),
    'line 3 has the byte 0xe9; as Windows-1252 (latin1) it would be in `Café`',
    "iconv -f WINDOWS-1252 -t UTF-8 'my data.csv' > 'my data-utf8.csv'",
  ],
  [
    'd.csv',
    latin1('a,b\n1,5\x80\n'),
    'line 2 has the byte 0x80; as Windows-1252 (latin1) it would be in `5€`',
    'iconv -f WINDOWS-1252',
  ],
  [
    'd.csv',
    latin1('\xe9,b\n1,5\n'),
    'line 1 has the byte 0xe9; as Windows-1252 (latin1) it would be in `é`',
    'iconv -f WINDOWS-1252',
  ],
  [
    'd.csv',
    Buffer.concat([Buffer.from('a,b\ncafé,1\n'), latin1('caf\xe9,2\n')]),
    'line 3 has the byte 0xe9, which continues no character',
    'The lines before are UTF-8',
  ],
  ['d.csv', latin1('\x00\x01\x02\xff\xd8\xff\xe0\x00'), 'and others that no text has', 'Name a file of text.'],
])('%s (%#) is told what it is, and the way out', (file, bytes, problem, hint) => {
  const refused = refusalOf(bytes, file);
  expect(refused.message).toContain(`${file} is not a text in UTF-8: `);
  expect(refused.message).toContain(problem);
  expect(refused.hint).toContain(hint);
});

test('a text in UTF-8 is read whatever it holds, with its mark or without', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('PAR1', 'ARROW1', 'BZh91AY&SY', 'PK', 'a'),
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })),
      (begin, text) => {
        const whole = `${begin},x,PAR1\n${text}\n`;
        const bytes = Buffer.from(whole);
        expect(decodeText({ path: 'd.csv' }, bytes)).toBe(bytes.toString());
        expect(decodeText({ path: 'd.csv' }, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]))).toBe(
          bytes.toString(),
        );
      },
    ),
  );
});

test('the byte that is wrong is found wherever it stands', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '1,2', '\n', '\n'), { maxLength: 60 }), fc.nat(4), (before, times) => {
      const text = before.join('').repeat(10 ** times);
      const line = text.split('\n').length;
      expect(refusalOf(Buffer.concat([Buffer.from(text), latin1('\xe9t\xe9,3\n')])).message).toContain(
        `line ${line} has the byte 0xe9; as`,
      );
    }),
    { numRuns: 60 },
  );
});

test('a large file is refused within seconds', async () => {
  const seconds = await quietSecondsOf(() => {
    expect(refusalOf(Buffer.concat([Buffer.alloc(100e6, '\n'), latin1('\xe9')])).message).toContain('line 100000001');
    expect(refusalOf(Buffer.concat([Buffer.alloc(100e6, 'x'), latin1('\xe9')])).message).toContain('line 1 ');
  });
  expect(seconds).toBeLessThan(8);
});

test('a command that is told writes over no file', () => {
  const rig = new Rig();
  const path = rig.write('d.csv', gzipSync(table));
  for (const name of ['d-unpacked.csv', 'd-unpacked-2.csv', 'd-utf8.csv']) rig.write(name, 'a work of years');
  expect(refusalOf(gzipSync(table), path).hint).toContain(
    `gunzip -c < ${path} > ${join(rig.folder, 'd-unpacked-3.csv')}`,
  );
  expect(refusalOf(utf16(table), path).hint).toContain(`> ${join(rig.folder, 'd-utf8-2.csv')}`);
  rig.remove();
});
