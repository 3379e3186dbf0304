import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { OwnData, rowsOf } from './own-data.ts';
import { newPicture, png } from './png.ts';

const own = new OwnData();
afterAll(() => own.remove());
const { folder } = own;
const plant = (path: string, content: string | Uint8Array) => own.plant(path, content);
const written = (data: string, ...targets: readonly string[]) => own.written(data, ...targets);

describe('a table', () => {
  test('its delimiter, decimals, gaps and columns, each with its evidence', () => {
    const rows = rowsOf(
      100,
      (k) =>
        `${k + 1};2024-01-${String(((k * 7) % 28) + 1).padStart(2, '0')};${k % 9 === 4 ? 'NA' : `${k % 13},5`};` +
        `${k % 11 === 3 ? '' : ['a', 'b', 'c'][k % 3]};x;text number ${k};${k % 2 === 0 ? 'yes' : 'no'};w${k % 80}`,
    );
    const text = written(plant('a.csv', `\ufeffid;day;size;kind;same;note;label;word\r\n${rows}`));
    for (const line of [
      'delimiter: ";" # it makes 8 cells of 101 of the first 101 lines',
      'decimal: "," # as in 0,5',
      'label: fromData # by its name; 2 classes: no 50, yes 50',
      '- size # numbers, 0.5 to 12.5; 11 gaps, the first in line 6',
      '- kind # 3 texts: ',
      'kind: fromData',
      'size: { missing: median }',
      'kind: { missing: mode }',
      'word: { hash: 64 }',
      '# `id` is left out: it counts the rows',
      '# `day` is left out: it holds dates',
      '# `same` is left out: its only value is x',
      '# `note` is left out: nearly each row has another text, such as text number 0',
      '# To beat: an accuracy of 0.5000',
      'metrics: [accuracy, f1]',
    ])
      expect(text).toContain(line);
  });

  test('free texts are learnt from by their words, where nothing else is there', () => {
    const colours = ['red', 'green', 'blue', 'grey', 'pink', 'black', 'white'];
    const rows = rowsOf(
      90,
      (k) => `${k % 2 === 0 ? 'where is my' : 'please cancel the'} ${colours[k % 7]} card ${k},${k % 2}`,
    );
    const text = written(plant('words.csv', `note,label\n${rows}\n`));
    for (const line of [
      '# 90 texts: please cancel the',
      'free texts of 6 words at',
      'note: { words: { length: 6, vocabulary: 100 } }',
      '- embedding: { inputDim: 100, outputDim: 32, maskZero: true }',
      '- globalAveragePooling1d',
    ])
      expect(text).toContain(line);
    const names = rowsOf(90, (k) => `Name${k},${k % 2}`);
    expect(() => written(plant('names.csv', `who,label\n${names}\n`))).toThrow(/no column to learn `label` from/);
  });

  test('free texts are an input of their own beside other columns, where their words come again', () => {
    const note = (k: number) => (k % 2 === 0 ? 'where is my new card' : 'please cancel the old card');
    const rows = (target: (k: number) => string) => rowsOf(90, (k) => `${note(k)} ${k},${(k * 7) % 5},${target(k)}`);
    const classes = written(plant('both.csv', `note,age,label\n${rows((k) => String(k % 2))}\n`));
    for (const line of [
      'freeText:\n',
      'otherColumns:\n          - age',
      'outputDim: 32, maskZero: true }, from: freeText }',
      'from: [pooledWords, otherColumns]',
    ])
      expect(classes).toContain(line);
    const number = written(plant('paid.csv', `note,price\n${rowsOf(90, (k) => `${note(k)} ${k},${k % 7}.25`)}\n`));
    expect(number).toContain('note: { words: { length: 6');
    const named = rowsOf(90, (k) => `Ann${k} van Name${k * 3} Other${k * 7},${k % 5},${k % 2}`);
    const without = written(plant('named.csv', `who,age,label\n${named}\n`));
    expect(without).toContain('# `who` is left out: nearly each row has another text');
  });

  test('a text in nearly each row is an answer, to be learnt from the text of another column', () => {
    const months = ['May', 'June', 'July'];
    const rows = rowsOf(60, (k) => `${k % 28} ${months[k % 3]} ${1990 + k},${1990 + k}-${(k % 3) + 5}-${k % 28},${k}`);
    const dates = plant('dates.csv', `said,iso,n\n${rows}\n`);
    expect(() => written(dates)).toThrow(/does not show which column is to be predicted/);
    const short = written(dates, 'iso');
    // Ten characters and their end; ten digits and `-`, and the two numbers that are no tokens.
    for (const line of [
      'iso: { characters: { length: 10, vocabulary: 13 } }',
      'said: { words: { length: 3,',
      '- reshape 10x13',
      '# `n` is left out: an answer is learnt from one text',
    ])
      expect(short).toContain(line);
    const words = ['red', 'green', 'blue', 'grey', 'pink'];
    const colours = (k: number) => Array.from({ length: 14 }, (_, place) => words[(k * place + (k >> 2)) % 5]);
    const even = rowsOf(60, (k) => `${k} to ${colours(k).join(' ')}\t${colours(k + 1).join(', ')} Shade ${k}`);
    const long = written(plant('long.tsv', `one\tother\n${even}\n`), 'other');
    expect(long).toContain('- bidirectional: { layer: lstm 64 sequences }');
    expect(long).toContain('Answers are learnt in small letters');
    const numbers = rowsOf(60, (k) => `${k % 7},${k % 5},it is ${k} of them`);
    expect(() => written(plant('said.csv', `a,b,said\n${numbers}\n`), 'said')).toThrow(/a text that it answers alone/);
  });

  test('dates in another order than year, month, day are told to be rewritten', () => {
    const rows = rowsOf(60, (k) => `${10 + (k % 18)}.0${1 + (k % 9)}.2023;${(k * 7) % 5};${k % 9},5`);
    expect(written(plant('tag.csv', `tag;a;preis\n${rows}\n`))).toContain('written as 2024-12-31');
  });

  test('a file without names, packed, with comments and tabs', () => {
    const rows = rowsOf(60, (k) => `${k % 7}.5\t${(k * k) % 11}\t${['Iris-a', 'Iris-b', 'Iris-c'][k % 3]}`);
    const text = written(plant('b.csv.gz', gzipSync(`# made by hand\n${rows}\n`)));
    expect(text).toContain('delimiter: "\\t"');
    expect(text).toContain('comment: "#"');
    expect(text).toContain('# no line has their names: the first line holds 0.5, a number');
    expect(text).toContain('columns: [column_1, column_2, column_3]');
    expect(text).toContain('column_3: fromData # the last column, and it has 3 values alone');
  });

  test('a number to predict, and what to beat: the deviation and the mean distance', () => {
    const text = written(
      plant('c.csv', `a,price\n${rowsOf(40, (k) => `${(k * 3) % 10}.5,${k % 2 === 0 ? 1.5 : 3.5}`)}`),
    );
    expect(text).toContain('price: number # by its name; numbers, 1.5 to 3.5');
    expect(text).toContain('a mean absolute error of 1.000 and a root mean squared error of 1.000');
    expect(text).toContain('metrics: [meanAbsoluteError, rootMeanSquaredError, r2Score]');
  });

  test('a number in the order of time is split by it', () => {
    const rows = rowsOf(
      60,
      (k) => `${new Date(Date.UTC(2024, 0, k + 1)).toISOString().slice(0, 10)},${(k * 7) % 5},${k + (k % 3) / 4}`,
    );
    expect(written(plant('d.csv', `day,a,price\n${rows}`))).toContain('order: day # the last rows are the test');
  });

  test('unbalanced classes get macro F1, and its number to beat', () => {
    const text = written(
      plant('e.csv', `a,class\n${rowsOf(100, (k) => `${(k * 3) % 17}.5,${k % 10 === 0 ? 'rare' : 'usual'}`)}`),
    );
    expect(text).toContain('metrics: [accuracy, { f1: { mean: macro } }, balancedAccuracy]');
    expect(text).toContain('an accuracy of 0.9000: `usual` is right for 90 of 100 samples, and a macro F1 of 0.4737');
  });

  test('of a long one, the first rows are looked at, and all of the target', () => {
    const rows = rowsOf(12_000, (k) => `${k % 97}.5,${['a', 'b'][k % 2]},${k < 11_000 ? 'one' : 'two'}`);
    const text = written(plant('f.csv', `a,b,class\n${rows}\n,a,two\n`));
    expect(text).toContain('the first 10,000 of 12,001 rows');
    expect(text).toContain('numbers: { missing: median } # rows further down may have gaps');
    expect(text).toContain('one 11,000, two 1,001');
  });

  test('several files, lines of JSON, and letters of a letter', () => {
    plant('many/1.csv', `a,class\n${rowsOf(30, (k) => `${k % 5}.5,${k % 2 === 0 ? 'x' : 'y'}`)}`);
    plant('many/2.csv', `a,class\n${rowsOf(30, (k) => `${k % 7}.5,${k % 2 === 0 ? 'x' : 'y'}`)}`);
    expect(written(join(folder, 'many'))).toContain('60 samples');
    const lines = rowsOf(40, (k) =>
      JSON.stringify({ a: k % 3 === 0 ? null : k % 7, ok: k % 2 === 0, target: k % 4 < 2 }),
    );
    const text = written(plant('g.jsonl', lines));
    expect(text).toContain('jsonl:');
    expect(text).toContain('ok: fromData');
    expect(written(plant('letter.txt', 'Dear reader, this is a letter, and no table.\n'.repeat(40)))).toContain(
      'text:',
    );
  });

  test.each([
    ['an unknown target', 'h1.csv', 'aa,class\n1,x\n2,y\n', 'clas', /no column `clas`.*Did you mean `class`/s],
    ['one class', 'h2.csv', `a,class\n${rowsOf(20, (k) => `${k}.5,x`)}`, 'class', /one value alone, x/],
    [
      'no likely target',
      'h3.csv',
      `a,b\n${rowsOf(30, (k) => `${k}.25,${k * k}.5`)}`,
      undefined,
      /may be `b`.*--target b/s,
    ],
    ['nothing to learn from', 'h4.csv', `id,class\n${rowsOf(30, (k) => `${k},${k % 2}`)}`, 'class', /`id` is left out/],
    [
      'a target with gaps',
      'h5.csv',
      `a,class\n${rowsOf(30, (k) => `${k}.5,${k === 4 ? '' : k % 2}`)}`,
      'class',
      /line 6/,
    ],
    ['one column', 'h6.csv', 'a\n1\n2\n', undefined, /no delimiter/],
    ['an empty file', 'h7.csv', '', undefined, /is empty/],
    [
      'an uneven row',
      'h8.csv',
      `a,class\n${rowsOf(30, (k) => `${k}.5,x`)}\n1,2,3\n`,
      undefined,
      /3 cells instead of 2/,
    ],
    ['a target of a text', 'h9.txt', 'a letter, no table\n'.repeat(30), 'x', /no table/],
    ['another kind of file', 'h10.bin', Buffer.from([0xff, 0xfe, 0, 1, 0x80, 0x81]), undefined, /not a text in UTF-8/],
  ])('%s is told', (_, name, content, target, said) => {
    const path = plant(name, content);
    const told = own.told(path, ...(target === undefined ? [] : [target]));
    expect(told).toMatch(said);
  });

  test('what is not there is told, with what was meant', () => {
    plant('seeds.csv', 'a,class\n1,x\n');
    expect(() => written(join(folder, 'seed.csv'))).toThrow('does not exist');
  });

  // The names and values of a table are anybody's: they can neither break the file nor write into it.
  test('any names and values', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 12, unit: 'binary' }), { minLength: 3, maxLength: 3 }), (given) => {
        const names = given.map((name, k) => `n${name.replaceAll(/["\r\n\0]/g, '_').trim()}${k}`);
        const quoted = (text: string) => `"${text}"`;
        const rows = rowsOf(30, (k) => `${(k * 7) % 10}.5,${quoted(names[k % 2]!)},${quoted(names[(k + 1) % 3]!)}`);
        const text = written(plant('any.csv', `${names.map(quoted).join(',')}\n${rows}\n`), names[2]!);
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202e]/u);
      }),
      { numRuns: 8 },
    );
  });
});

describe('pictures', () => {
  test('classes by folders, in two parts, of different sizes', () => {
    for (const part of ['train', 'test', 'val'])
      for (const name of ['cat', 'dog', 'cow'])
        for (let k = 0; k < 6; k++)
          plant(
            `pets/${part}/${name}/${k}.png`,
            newPicture({
              width: 8 + k,
              rows: Array.from({ length: 10 }, () => Array.from({ length: 8 + k }, () => 30 * k)),
            }),
          );
    const text = written(join(folder, 'pets'));
    expect(text).toContain('a sub-folder for each of 3 classes: cat 6, cow 6, dog 6');
    expect(text).toContain('resize: { width: 11, height: 10 } # they are 8 to 13 wide and 10 to 10 high');
    expect(text).toContain('channels: 1 # all are in greys');
    expect(text).toContain('a folder of the same classes');
    expect(text).toContain('# `val` is left out');
    expect(text).toContain('an accuracy of 0.3333');
  });

  test('pictures and masks', () => {
    for (let k = 0; k < 12; k++) {
      const rows = Array.from({ length: 16 }, (_, y) => Array.from({ length: 16 }, (__, x) => (x + y + k) % 200));
      plant(`road/images/${k}.png`, newPicture({ width: 16, rows }));
      plant(
        `road/masks/${k}.png`,
        png({
          width: 16,
          depth: 8,
          color: 0,
          rows: rows.map((row, y) => row.map((_, x) => (x + y < 10 + k ? 0 : 255))),
        }),
      );
    }
    const text = written(join(folder, 'road'));
    expect(text).toContain('classes: { background: 0, object: 255 } # the values in all masks; name them as you like');
    expect(text).toContain('metrics: [accuracy, meanIoU]');
  });

  test('four files of idx', () => {
    const idx = (sizes: readonly number[], data: readonly number[]) =>
      Buffer.from([0, 0, 8, sizes.length, ...sizes.flatMap((size) => [0, 0, size >> 8, size & 255]), ...data]);
    for (const [part, count] of [
      ['train', 40],
      ['t10k', 10],
    ] as const) {
      plant(
        `idx/${part}-images-idx3-ubyte`,
        idx(
          [count, 4, 4],
          Array.from({ length: 16 * count }, (_, k) => k % 251),
        ),
      );
      plant(
        `idx/${part}-labels-idx1-ubyte`,
        idx(
          [count],
          Array.from({ length: count }, (_, k) => k % 4),
        ),
      );
    }
    const text = written(join(folder, 'idx'));
    expect(text).toContain('40 images of 4 x 4');
    expect(text).toContain('classes: ["0", "1", "2", "3"]');
  });

  test('pictures without classes, and nothing that is known', () => {
    plant('loose/a.png', newPicture());
    expect(() => written(join(folder, 'loose'))).toThrow('no sub-folders that say what they show');
    expect(() => written(join(folder, 'loose/a.png'))).toThrow('is a picture');
    plant('odd/a.xyz', 'a');
    expect(() => written(join(folder, 'odd'))).toThrow('nothing that is known as data, but `a.xyz`');
  });
});
