import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shellWord } from '../../src/base/shell-word.ts';
import { header, lines, picture, trainModels } from '../models/asked-models.ts';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());
const models: Record<string, string> = {};
const grey = (value: number, size: readonly [number, number, number] = [28, 28, 1]) =>
  picture(new Uint8Array(size[0] * size[1] * size[2]).fill(value), size);

beforeAll(async () => {
  Object.assign(models, await trainModels(rig, ['csv', 'idx', 'images', 'text']));
}, 240_000);

const predict = (kind: string, ...args: readonly string[]) => rig.run(['predict', models[kind]!, ...args]);
/** What is told of each mistake, and its way out. */
const told = (stderr: string) => stderr.split('\n').filter((line) => /^(error|warning)/.test(line));

/** Runs the program with something on standard input. */
function piped(kind: string, input: string | Uint8Array): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [resolve('dist/cli.js'), 'predict', models[kind]!, '-'], {
    cwd: rig.folder,
    input,
    encoding: 'utf8',
  });
}

describe('rows of a table', () => {
  test('those that cannot be used are named with their lines, the others are predicted in their order', async () => {
    const rows = [
      'n1,1,4,red,5,little',
      'n2,x,4,red,5,much',
      'n3,3,,blue,,',
      'n4,3,1,purple,5,many',
      'n5,3,1,green,NaN,many',
      'n6,1e99,1,green,3,much',
      'n7,3,"1,5",green,3,much',
      'n8,nan,1,green,3,much',
      'n9,3,1,green,,',
    ];
    // Of the columns that the model does not take, `id` stood in the table of its training.
    rig.write('bad.csv', `more,${header}${rows.map((row) => `x,${row}`).join('\n')}\n`);
    rig.write('gone.csv', 'id,a,color\nx,1,red\n');
    const { code, stdout, stderr } = await predict('csv', 'bad.csv', 'gone.csv', 'tested.csv');
    expect(code).toBe(1);
    expect(told(stderr)).toEqual([
      'warning unused-columns: bad.csv has columns that the model does not take: `more`',
      "error not-a-number: bad.csv, line 3: a is 'x', not a number",
      'error missing-values: bad.csv, line 4: b is empty',
      "error unknown-category: bad.csv, line 5: colour is 'purple', which is none of red, green, blue",
      "error unknown-label: bad.csv, line 6: k is 'many', a label that training did not have",
      "error number-too-large: bad.csv, line 7: a is '1e99': the largest number is 3.4e38",
      "error missing-values: bad.csv, line 9: a is 'nan'",
      'error missing-input: gone.csv has no `b`, `colour`, which the model takes',
    ]);
    expect(stderr).toContain('Is `color` the `colour`?');
    const printed = eventsOf(stdout);
    expect(printed.map(({ file, line }) => [file, line].join(':'))).toEqual([
      'bad.csv:2',
      'bad.csv:6',
      'bad.csv:8',
      'bad.csv:10',
      ...Array.from({ length: 47 }, (_, i) => `tested.csv:${i + 2}`),
    ]);
    expect(printed.slice(0, 4).map(({ actual }) => actual)).toEqual([
      { y: 5, k: 'little' },
      undefined,
      { y: 3, k: 'much' },
      undefined,
    ]);
    // What the model of these rows is worth, beside what it says of them.
    expect(stderr).toMatch(/^y: mean absolute error [\d.,]+ \(of 49\)$/m);
    expect(stderr).toMatch(/^k: accuracy 0\.\d+ \(\d+ of 49\)$/m);
  });

  test('those with cells too few or too many, or wrong quotes, spoil no other row', async () => {
    const good = lines(300, 3).trimEnd().split('\n');
    const rows = [
      good[0],
      'n2,3,1,green,5',
      good[1],
      'n4,3,1,green,5,much,more',
      'n5,3,1,gr"een,5,much',
      'n6,3,1,"green" ,5,much',
      'short',
      good[2],
      'n9,3',
    ];
    rig.write('uneven.csv', `${header}${rows.join('\n')}\n`);
    const { code, stdout, stderr } = await predict('csv', 'uneven.csv');
    expect(code).toBe(1);
    expect(told(stderr)).toEqual([
      'error uneven-row: uneven.csv, line 3: 5 cells instead of 6',
      'error uneven-row: uneven.csv, line 5: 7 cells instead of 6',
      'error bad-quotes: uneven.csv, line 6: a quote stands in a cell that does not begin with one, ' +
        'in the column `colour`',
      'error bad-quotes: uneven.csv, line 7: a cell goes on behind its closing quote, in the column `colour`',
      'error uneven-row: uneven.csv, line 8: 1 cells instead of 6',
      'error uneven-row: uneven.csv, line 10: 2 cells instead of 6',
    ]);
    const printed = eventsOf(stdout);
    expect(printed.map(({ line }) => line)).toEqual([2, 4, 9]);
    rig.write('even.csv', `${header}${good.join('\n')}\n`);
    const alone = eventsOf((await predict('csv', 'even.csv')).stdout);
    expect(printed.map(({ predicted }) => predicted)).toEqual(alone.map(({ predicted }) => predicted));

    // None is left; and a quote that nothing closes may have swallowed any number of rows.
    rig.write('hollow.csv', `${header}short\nn2,3\n`);
    const none = await predict('csv', 'hollow.csv');
    expect([none.code, none.stdout]).toEqual([1, '']);
    expect(told(none.stderr)).toHaveLength(2);
    rig.write('open.csv', `${header}${good[0]}\nn2,"3,1,green,5,much\n${good[1]}\n`);
    const open = await predict('csv', 'open.csv');
    expect([open.code, open.stdout]).toEqual([1, '']);
    expect(told(open.stderr)).toEqual([
      expect.stringContaining('open.csv, line 3: a quote that opens a cell has no end'),
    ]);
  });

  test('lines of JSON from standard input are told as the rows of a file', async () => {
    const [first, second] = lines(300, 2)
      .split('\n')
      .map((line) => line.split(','));
    const object = (cells: readonly string[]) => ({ a: Number(cells[1]), b: cells[2], colour: cells[3] });
    const rows = ['{"a":1,"b":NaN}', '[1,2]', '{"a":1,"b":null,"colour":"red"}', '{"a":1,"b":2}'];
    const { status, stdout, stderr } = piped(
      'csv',
      `${JSON.stringify(object(first!))}\n\n${rows.join('\n')}\n${JSON.stringify(object(second!))}`,
    );
    expect(status).toBe(1);
    expect(told(stderr).map((line) => line.slice(0, 60))).toEqual([
      'error bad-json: stdin, line 3 is not JSON: column 12 has `Na',
      'error wrong-shape: stdin, line 4 is a list, not an object',
      'error missing-values: stdin, line 5: b is empty',
      'error missing-input: stdin, line 6 has no `colour`, which th',
    ]);
    const printed = eventsOf(stdout);
    expect(printed.map(({ line }) => line)).toEqual([1, 7]);
    const fromFile = piped('csv', readFileSync(join(rig.folder, 'tested.csv')));
    expect(fromFile.status).toBe(0);
    const expected = eventsOf(fromFile.stdout).slice(0, 2);
    expect(printed.map(({ predicted, probabilities }) => [predicted, probabilities])).toEqual(
      expected.map(({ predicted, probabilities }) => [predicted, probabilities]),
    );
  });

  test('--out writes a table or lines of JSON, whole or not at all', async () => {
    const out = await predict('csv', 'tested.csv', '--out', 'out.csv');
    expect(out.code, out.stderr).toBe(0);
    expect(out.stdout).toMatch(/^47 rows written to out\.csv$/m);
    const json = await predict('csv', 'tested.csv', '--out', 'deep/out.jsonl');
    expect(json.code, json.stderr).toBe(0);
    const parquet = await predict('csv', 'tested.csv', '--out', 'out.parquet');
    expect(parquet.code, parquet.stderr).toBe(0);
    const [names, ...rows] = rig.read('out.csv').trim().split('\n');
    expect(names).toBe('file,line,y,y_actual,k,k_confidence,k_probability_little,k_probability_much,k_actual');
    const printed = eventsOf(rig.read('deep/out.jsonl'));
    expect(rows).toHaveLength(47);
    rows.forEach((text, i) => {
      const { file, line, predicted, probabilities, confidence, actual } = printed[i] as {
        file: string;
        line: number;
        predicted: Record<'y' | 'k', unknown>;
        confidence: { k: number };
        probabilities: { k: Record<string, number> };
        actual: Record<'y' | 'k', unknown>;
      };
      const { little, much } = probabilities.k;
      const cells = [file, line, predicted.y, actual.y, predicted.k, confidence.k, little, much, actual.k];
      expect(text).toBe(cells.join(','));
    });
    const { buffer } = new Uint8Array(readFileSync(join(rig.folder, 'out.parquet')));
    const objects = await parquetReadObjects({ file: buffer });
    expect(objects.map((one) => Object.values(one).join(','))).toEqual(rows);
    expect(Object.keys(objects[0]!).join(',')).toBe(names);
    expect(objects[0]).toMatchObject({ line: 2, y: expect.any(Number), k: expect.any(String) });
    rig.write('taken', '');
    for (const [name, code, message] of [
      ['tested.csv', 2, '--out tested.csv is one of the inputs'],
      ['out.xlsx', 2, '--out out.xlsx does not end in'],
      ['taken/out.csv', 1, 'taken/out.csv cannot be written'],
    ] as const) {
      const refused = await predict('csv', 'tested.csv', '--out', name);
      expect([refused.code, refused.stdout]).toEqual([code, '']);
      expect(refused.stderr).toContain(message);
    }
    rig.write('none.jsonl', '\n\n');
    rig.write('pretty.json', JSON.stringify([{ a: 1 }, { a: 2 }], undefined, 2));
    expect(told((await predict('csv', 'pretty.json')).stderr)).toEqual([
      'error bad-json: pretty.json is one JSON over several lines, not a row on each line',
    ]);
    const nothing = await predict('csv', 'none.jsonl', '--out', 'none.parquet');
    expect([nothing.code, nothing.stdout]).toEqual([1, '']);
    expect(told(nothing.stderr)).toEqual(['error no-rows: none.jsonl has no rows']);
    expect(existsSync(join(rig.folder, 'none.parquet'))).toBe(false);
    expect(readdirSync(rig.folder).filter((name) => name.includes('.tmp'))).toEqual([]);
  });
});

describe('pictures', () => {
  test('bad ones are named, the others are predicted; folders of classes say what is right', async () => {
    rig.write('digits/3/a.png', grey(3));
    rig.write('digits/3/b.png', grey(3, [28, 27, 1]));
    rig.write('digits/3/c.png', grey(3, [28, 28, 3]));
    rig.write('digits/7/a.png', grey(7).subarray(0, 60));
    rig.write('digits/7/b.png', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]));
    rig.write('digits/7/c.png', '');
    rig.write('digits/eleven/a.png', grey(11));
    const { code, stdout, stderr } = await predict('idx', 'digits');
    expect(code).toBe(1);
    expect(told(stderr)).toEqual([
      'error wrong-shape: digits/3/b.png is 28 x 27 x 1, and the model takes 28 x 28 x 1',
      'error wrong-shape: digits/3/c.png is 28 x 28 x 3, and the model takes 28 x 28 x 1',
      'error damaged-picture: digits/7/a.png is damaged: it is cut short; the same of 1 more (digits/7/b.png)',
      'error empty-picture: digits/7/c.png is empty',
      "error unknown-label: digits/eleven/a.png: label is 'eleven', a label that training did not have",
    ]);
    expect(stderr).toContain("magick PICTURE -resize '28x28!' -colorspace Gray NEW.png");
    const printed = eventsOf(stdout);
    expect(printed.map(({ file, actual }) => [file, actual])).toEqual([
      ['digits/3/a.png', { label: '3' }],
      ['digits/eleven/a.png', undefined],
    ]);
    expect(stderr).toMatch(/^label: accuracy (0|1)\.000 \((0|1) of 1\)$/m);
  });

  test('many of a folder, read in a thread of their own, are as those that are named one by one', async () => {
    const count = 1100;
    for (let i = 0; i < count; i++) rig.write(`many/${String(i).padStart(4, '0')}.png`, grey(i % 256));
    rig.write('many/0300.png', grey(3, [28, 27, 1]));
    rig.write('many/0700.png', grey(7).subarray(0, 60));
    rig.write('many/1099.png', '');
    const [folder, names] = [await predict('idx', 'many'), await predict('idx', 'many/*.png')];
    expect(told(folder.stderr)).toEqual([
      'error wrong-shape: many/0300.png is 28 x 27 x 1, and the model takes 28 x 28 x 1',
      'error damaged-picture: many/0700.png is damaged: it is cut short',
      'error empty-picture: many/1099.png is empty',
    ]);
    expect([folder.code, folder.stdout]).toEqual([names.code, names.stdout]);
    expect(eventsOf(folder.stdout)).toHaveLength(count - 3);
  });

  test('arrays of NumPy are taken by their shape, and of their values each is looked at', async () => {
    const npy = (descr: string, shape: string, values: Uint8Array | Float32Array) => {
      const about = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`;
      const text = `${about}${' '.repeat(117 - about.length)}\n`;
      const size = Buffer.alloc(2);
      size.writeUInt16LE(text.length);
      return Buffer.concat([
        Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
        size,
        Buffer.from(text),
        Buffer.from(values.buffer),
      ]);
    };
    const values = Uint8Array.from({ length: 3 * 784 }, (_, i) => i % 251);
    rig.write('many.npy', npy('|u1', '3, 28, 28', values));
    rig.write('one.npy', npy('<f4', '28, 28, 1', Float32Array.from(values.subarray(0, 784))));
    rig.write('halves.npy', npy('<f4', '28, 28', new Float32Array(784).fill(0.5)));
    rig.write('other.npy', npy('|u1', '3, 27, 28', values.subarray(0, 3 * 27 * 28).slice()));
    rig.write('text.npy', npy('<U8', '3', new Uint8Array(96)));
    rig.write('short.npy', npy('|u1', '4, 28, 28', values));
    const { code, stdout, stderr } = await predict(
      'idx',
      ...['many', 'one', 'halves', 'other', 'text', 'short'].map((name) => `${name}.npy`),
    );
    expect(code).toBe(1);
    const printed = eventsOf(stdout);
    expect(printed.map(({ file, index }) => [file, index])).toEqual([
      ['many.npy', 0],
      ['many.npy', 1],
      ['many.npy', 2],
      ['one.npy', undefined],
    ]);
    expect(printed[3]!['probabilities']).toEqual(printed[0]!['probabilities']);
    expect(told(stderr)).toEqual([
      'error wrong-value: halves.npy: [0][0][0] is 0.5, and the model takes whole numbers from 0 to 255',
      'error wrong-shape: other.npy: expected COUNT x 28 x 28 x 1, got 3 x 27 x 28',
      'error bad-npy: text.npy is no array that can be read: its values are <U8',
      'error bad-npy: short.npy is no array that can be read: its header promises 3136 bytes of values, it has 2352',
    ]);
  });

  test('a pattern names those that it fits, a link and a picture from standard input are pictures', async () => {
    cpSync(join(rig.folder, 'kinds-tested'), join(rig.folder, 'some'), { recursive: true });
    const { code, stdout } = await predict('images', 'some/*/[12].png', 'some/ant');
    expect(code).toBe(0);
    expect(eventsOf(stdout).map(({ file }) => file)).toEqual([
      ...['ant', 'bee', 'cow'].flatMap((kind) => [`some/${kind}/1.png`, `some/${kind}/2.png`]),
      ...[0, 1, 2, 3, 4].map((i) => `some/ant/${i}.png`),
    ]);
    const folders = await predict('images', 'some/[ab]*');
    expect(eventsOf(folders.stdout).map(({ file }) => file)).toEqual(
      ['ant', 'bee'].flatMap((kind) => [0, 1, 2, 3, 4].map((i) => `some/${kind}/${i}.png`)),
    );
    const { status, stdout: one } = piped('images', readFileSync(join(rig.folder, 'some/ant/1.png')));
    expect(status).toBe(0);
    expect(eventsOf(one)[0]!['probabilities']).toEqual(eventsOf(stdout)[0]!['probabilities']);
  });
});

test('texts are cut into sequences, and what is not known is named', async () => {
  rig.write('some.txt', 'abc b\nabxb cab');
  rig.write('few.txt', 'ab');
  const { code, stdout, stderr } = await predict('text', 'some.txt', 'few.txt');
  expect(code).toBe(1);
  expect(told(stderr)).toEqual([
    'warning text-left-out: some.txt: its last 4 characters are fewer than the 5 of a sequence, and are left out',
    'error unknown-category: some.txt, from character 6 on: the character "x" ' +
      'stands nowhere in the text that the model was trained on',
    'error text-too-short: few.txt is too short: expected 5 characters or more, got 2',
  ]);
  expect(eventsOf(stdout)).toEqual([
    expect.objectContaining({ file: 'some.txt', character: 1, actual: { next: ['b', 'c', 'space', 'b', 'newline'] } }),
  ]);
});

test.each<[string, string, readonly string[], string]>([
  ['no such file', 'csv', ['nowhere.csv', 'tested.csv'], 'error no-such-input: there is no nowhere.csv'],
  ['a pattern that fits nothing', 'csv', ['no*.csv'], 'error no-such-input: there is no no*.csv'],
  ['a table for pictures', 'idx', ['tested.csv'], 'tested.csv is a table, and the model takes pictures of 28 x 28 x 1'],
])('%s ends the command before anything is predicted', async (_, kind, inputs, message) => {
  const { code, stdout, stderr } = await predict(kind, ...inputs);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

test('an empty folder, and one of other pictures, are told', async () => {
  mkdirSync(join(rig.folder, 'empty'));
  rig.write('others/a.bmp', 'x');
  const { code, stdout, stderr } = await predict('idx', 'empty', 'others');
  expect([code, stdout]).toEqual([1, '']);
  expect(told(stderr)).toEqual([
    'error no-pictures: the folder empty holds no picture',
    'error foreign-pictures: the folder others holds no picture, but 1 .bmp file, such as a.bmp, which cannot be read',
  ]);
});

const hasScript = existsSync('/usr/bin/script');

test.runIf(hasScript)('a terminal gets aligned rows, and of one picture what it shows', () => {
  const shown = (kind: string, ...args: readonly string[]) =>
    execFileSync(
      'script',
      [
        '-qec',
        [process.execPath, resolve('dist/cli.js'), 'predict', models[kind]!, ...args].map(shellWord).join(' '),
        '/dev/null',
      ],
      { cwd: rig.folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
    ).replaceAll('\r', '');
  rig.write('shown.csv', `a,b,colour,k\n${'1,2,red,little\n'.repeat(2)}1,2,blue,\n`);
  const [head, ...rows] = shown('csv', 'shown.csv').trimEnd().split('\n');
  expect(head).toMatch(/^input {8}y {5,}k {7}p {8}second {2}p {8}actual$/);
  expect(rows[0]).toMatch(/^shown\.csv:2 {2}\d[\d.]+ +(little|much) +\d+\.\d % {2}(little|much) +\d+\.\d % {2}little$/);
  expect(rows[2]).toMatch(/^shown\.csv:4 .* %$/);
  expect(rows[3]).toMatch(/^k: accuracy /);
  const half = Uint8Array.from({ length: 784 }, (_, i) => (i % 28 < 14 ? 255 : 0));
  rig.write('half.png', picture(half, [28, 28, 1]));
  const drawn = shown('idx', 'half.png').split('\n');
  expect(drawn.slice(0, 14)).toEqual(Array.from({ length: 14 }, () => '█'.repeat(14)));
  expect(drawn[15]).toMatch(/^\d +\d+\.\d % {2}█*$/);
  expect(drawn[21]).toMatch(/^input {5}label {2}p {8}second {2}p$/);
  expect(drawn[22]).toMatch(/^half\.png {2}\d {6,}/);
});
