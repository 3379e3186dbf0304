import { parquetWriteBuffer } from 'hyparquet-writer';
import { writeNpz } from '../../../src/models/formats/npz.ts';
import { tone, writeWav } from '../../datasets/wav.ts';
import { writePublished } from '../../datasets/write-published.ts';
import type { Rig } from '../../rig.ts';
import { picture } from '../asked-models.ts';

/** Whole numbers below a limit that look drawn. */
const drawn = (k: number, limit: number) => (Math.imul(k + 7, 2_654_435_761) >>> 8) % limit;
/** Numbers of the rows that are asked about. */
export const few = [0, 1, 2, 3, 4];

// A table with all that columns may be.
const colours = ['red', 'green', 'blue'];
/** A row of `whole.csv`, which has all that columns may be, without what is predicted. */
export const tableRow = (k: number) => ({
  size: k % 7 === 3 ? null : drawn(k, 90) / 8 - 3,
  price: 1 + drawn(k, 500),
  day: k % 11 === 5 ? null : `2024-${String((k % 12) + 1).padStart(2, '0')}-${String((k % 28) + 1).padStart(2, '0')}`,
  colour: k % 13 === 4 ? null : colours[drawn(k, 3)]!,
  shop: `shop ${drawn(k, 9)}`,
  year: 2000 + (k % 9),
  side: ['left', 'right'][k % 2]!,
});
type TableRow = ReturnType<typeof tableRow>;
function kindOf({ price, side }: TableRow): string {
  if (price > 250) return 'dear';
  return side === 'left' ? 'cheap' : "so-so, isn't it";
}
const told = (k: number) => {
  const row = tableRow(k);
  const tags = colours.filter((_, at) => drawn(k, at + 2) === 0);
  const marks = Object.fromEntries(colours.map((one) => [`is ${one}`, Number(tags.includes(one))]));
  const level = Math.min(3, Math.floor(row.price / 125));
  const worth = 5000 + 40 * row.price;
  return { kind: kindOf(row), worth, half: worth / 2, stars: level + 1, tags: tags.join('|'), ...marks };
};
const wholeRows = Array.from({ length: 120 }, (_, k) => ({ ...tableRow(k), ...told(k) }));
const cells = (rows: readonly object[], sign = ',') =>
  [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row).map((one) => one ?? ''))]
    .map((line) => `${line.map((one) => (String(one).includes(sign) ? `"${one}"` : one)).join(sign)}\n`)
    .join('');
/** A table without gaps. */
export const plain = wholeRows.map(({ price, worth, half, stars, kind, tags, side, ...marks }) => ({
  price,
  side,
  worth,
  half,
  stars,
  kind,
  tags,
  ...Object.fromEntries(Object.entries(marks).filter(([name]) => name.startsWith('is '))),
}));
/** Rows of `plain.csv`, `.jsonl` and `.parquet`. */
export const asksPrice = few.map((k) => ({ price: wholeRows[k]!.price, side: wholeRows[k]!.side }));
// Texts.
const words = ['tea', 'milk', 'Sugar', 'salt', 'rice', 'oil', 'the', 'café'];
const phrase = (k: number) =>
  Array.from({ length: 1 + drawn(k, 5) }, (_, at) => words[drawn(k * 5 + at, words.length)]!).join(' ');
const phrases = Array.from({ length: 90 }, (_, k) => ({
  text: phrase(k),
  topic: ['drink', 'food', 'else'][drawn(k, 3)]!,
  answer: `${drawn(k, 30)}-${drawn(k, 12)}`,
  reply: phrase(k + 3).toLowerCase(),
}));
/** What `story.txt` tells. */
export const story = Array.from({ length: 400 }, (_, k) => words[drawn(k, words.length)]!).join(' ');

// Two shops by the day.
const sold = Array.from({ length: 60 }, (_, k) =>
  ['north', 'south'].map((shop) => ({
    day: new Date(Date.UTC(2024, 0, 1 + k)).toISOString().slice(0, 10),
    shop,
    sold: 100 + k + drawn(k, 30),
    rain: k % 7 === 3 ? null : drawn(k, 9),
    sky: ['clear', 'grey'][drawn(k, 2)]!,
  })),
).flat();
/** Six days of a shop. */
export const windowOf = (from: number) => {
  const rows = sold.filter(({ shop }) => shop === 'north').slice(from, from + 6);
  return {
    sold: rows.map((row) => row.sold),
    rain: rows.map(({ rain }) => rain),
    sky: rows.map(({ sky }) => sky),
    day: rows.map(({ day }) => day),
  };
};
// Arrays.
const float = (name: string, shape: readonly number[]) => ({
  name,
  shape,
  dtype: 'float32' as const,
  values: Float32Array.from({ length: shape.reduce((all, one) => all * one, 1) }, (_, k) => drawn(k, 201) / 100 - 1),
});
const whole = (name: string, shape: readonly number[], limit: number) => ({
  ...float(name, shape),
  dtype: 'int32' as const,
  values: Int32Array.from({ length: shape.reduce((all, one) => all * one, 1) }, (_, k) => drawn(k, limit)),
});
/** Lists of numbers within lists. */
export const list = (...shape: readonly number[]): unknown =>
  shape.length === 0
    ? drawn(shape.length, 5)
    : Array.from({ length: shape[0]! }, (_, k) => (shape.length === 1 ? drawn(k, 90) / 60 : list(...shape.slice(1))));

// Pictures.
const bytes = (seed: number, length: number) => Uint8Array.from({ length }, (_, k) => drawn(seed * 31 + k, 256));
const kindsOfPictures = ['ant', 'bee', 'cow'];
/** Grey pictures. */
export const pictures = few.map((k) => `grey/ant/${k}.png`);
/** The same in colours. */
export const coloured = few.map((k) => `colours/bee/${k}.png`);

/** Writes all that the kinds learn from, and what is asked. */
export function writeData(rig: Rig): void {
  rig.writeDigits(120, 40);
  writePublished(rig);
  rig.write('whole.csv', cells(wholeRows));
  rig.write('plain.csv', cells(plain));
  rig.write(
    'commas.csv',
    cells(
      plain.map(({ price, side, worth }) => ({ price: `${price},5`, side, worth: `${worth},25` })),
      ';',
    ),
  );
  rig.write('plain.jsonl', plain.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const columnData = ['price', 'side', 'kind'].map((name) => ({
    name,
    data: plain.map((row) => row[name as 'price' | 'side' | 'kind']),
  }));
  rig.write('plain.parquet', new Uint8Array(parquetWriteBuffer({ columnData })));
  rig.write('phrases.csv', cells(phrases));
  rig.write('story.txt', story);
  rig.write('sold.csv', cells(sold));
  const n = 40;
  const [x, y] = [float('x', [n, 3]), float('y', [n])];
  const places = whole('places', [n, 4, 4], 3);
  rig.write(
    'arrays.npz',
    writeNpz([
      x,
      whole('y', [n], 4),
      float('grid', [n, 2, 2]),
      float('single', [n, 1, 1]),
      float('steps', [n, 4, 2]),
      float('volume', [n, 2, 2, 4, 1]),
      places,
    ]),
  );
  for (const { name, shape, values } of [x, y]) rig.write(`${name}.npy`, npy('<f4', shape, values));
  rig.write('p.npy', npy('|u1', [n, 4, 5], bytes(1, n * 20)));
  for (const [k, kind] of kindsOfPictures.entries())
    for (let i = 0; i < 8; i++) {
      rig.write(`grey/${kind}/${i}.png`, picture(bytes(k * 9 + i, 20), [4, 5, 1]));
      rig.write(`colours/${kind}/${i}.png`, picture(bytes(k * 9 + i, 60), [4, 5, 3]));
      const mask = bytes(k * 9 + i, 20).map((value) => (value > 128 ? 255 : 0));
      if (k === 0) rig.write(`masks/${i}.png`, picture(mask, [4, 5, 1]));
    }
  rig.write('small.png', picture(bytes(5, 18), [2, 3, 3]));
  rig.write('shape.png', picture(bytes(3, 64), [8, 8, 1]));
  rig.write('photo.png', picture(bytes(6, 32 * 32 * 3), [32, 32, 3]));
  for (const k of [1, 2]) rig.write(`digit-${k}.png`, picture(bytes(k, 784), [28, 28, 1]));
  const table = few.concat(5, 6, 7).flatMap((k) => kindsOfPictures.map((kind) => ({ kind, k })));
  rig.write(
    'grey.csv',
    cells(
      table.map(({ kind, k }, at) => ({
        file: `grey/${kind}/${k}.png`,
        width: 50 + 10 * k,
        tags: ['a', 'b', 'a;b'][at % 3],
      })),
    ),
  );
  for (const [name, hertz] of [
    ['high', 2000],
    ['low', 300],
  ] as const)
    for (let k = 0; k < 8; k++)
      rig.write(`sounds/${name}/${k}.wav`, writeWav(tone(hertz + 40 * k, 0.1, { rate: 8000 }), { rate: 8000 }));
}

/** As numpy.save writes numbers. */
function npy(descr: string, shape: readonly number[], values: Uint8Array | Float32Array): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`.padEnd(117);
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY\x01\0', 'latin1');
  head.writeUInt16LE(118, 8);
  return Buffer.concat([head, Buffer.from(`${text}\n`), new Uint8Array(values.buffer)]);
}
