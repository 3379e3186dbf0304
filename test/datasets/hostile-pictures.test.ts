import { constants, crc32, deflateRawSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { isMisfit } from '../../src/base/row.ts';
import { images } from '../../src/datasets/pictures/images.ts';
import { readPicture } from '../../src/datasets/pictures/png-files.ts';
import { glanceAt } from '../../src/datasets/pictures/glance-picture.ts';
import { shapeOf } from '../../src/datasets/pictures/png-header.ts';
import { Rig } from '../rig.ts';
import { filesOf, kinds } from './png-corpus.ts';
import { type Png, png } from './png.ts';
import { adam7 } from './png-corpus.ts';

let rig: Rig;
beforeEach(() => void (rig = new Rig()));
afterEach(() => rig.remove());

const grey: Png = { width: 2, depth: 8, color: 0, rows: [[1, 2]] };
const options = { folder: 'all', classes: [] as string[], test: 0.5 };

/** Four pictures, the first of them one's own. */
function write(first: Png | Buffer, others: Png = grey): void {
  rig.write('all/cat/0.png', Buffer.isBuffer(first) ? first : png(first));
  for (const path of ['cat/1', 'dog/0', 'dog/1']) rig.write(`all/${path}.png`, png(others));
}

/** Zlib data of a few thousand bytes that unpacks to so many million. */
function bomb(megabytes: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(1e6), { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array.from({ length: megabytes }, () => block)]);
}

const colours = { ...grey, color: 3, rows: [[0, 0]], palette: [1, 2, 3] };

test.each<[string, () => Png | Buffer, string | undefined, Png?]>([
  [
    'pixels that unpack to more than the header says',
    () => ({ ...grey, packed: bomb(1500) }),
    'is damaged: it unpacks to more pixels than its header says',
  ],
  [
    'fewer pixels than the header says',
    () => ({ ...grey, packed: Buffer.from('789c030000000001', 'hex') }),
    'is damaged: it has fewer pixels than its header says',
  ],
  [
    'a profile that unpacks to gigabytes is left alone',
    () => ({ ...grey, more: [['iCCP', Buffer.concat([Buffer.from('x\0\0'), bomb(1500)])]] }),
    undefined,
  ],
  [
    'so are texts',
    () => ({
      ...grey,
      more: [
        ['zTXt', Buffer.concat([Buffer.from('x\0\0'), bomb(1500)])],
        ['iTXt', Buffer.from('x\0\u0001\0\0\0')],
      ],
    }),
    undefined,
  ],
  [
    'a second header, of another size',
    () => ({ ...grey, more: [['IHDR', Buffer.from([0, 0, 0x70, 0, 0, 0, 0x70, 0, 8, 2, 0, 0, 0])]] }),
    undefined,
  ],
  [
    'millions of colours',
    () => ({ width: 2, depth: 8, color: 3, rows: [[0, 0]], more: [['PLTE', Buffer.alloc(30e6)]] }),
    'is damaged: its chunk PLTE is too large',
    colours,
  ],
  [
    'a hundred thousand chunks of nothing',
    () => ({ ...grey, more: Array.from({ length: 100_000 }, () => ['IDAT', Buffer.alloc(0)] as const) }),
    'is damaged: it has more than 100000 chunks',
  ],
  [
    'as many as there may be',
    () => ({ ...grey, more: Array.from({ length: 99_997 }, () => ['IDAT', Buffer.alloc(0)] as const) }),
    undefined,
  ],
  [
    'a wrong checksum',
    () => {
      const bytes = png(grey);
      return bytes.fill(1, bytes.length - 2);
    },
    'is damaged: the checksum of its chunk "IEND" is wrong',
  ],
])('%s', async (_, first, problem, others) => {
  write(first(), others);
  const before = process.resourceUsage().maxRSS;
  const loading = images.load(options, rig.folder, 1);
  if (problem === undefined) expect((await loading).train.count).toBe(2);
  else await expect(loading).rejects.toThrow(`cat/0.png ${problem}`);
  // Kilobytes.
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(200_000);
});

test.each<[string, Png, string]>([
  [
    'more pixels than any net learns from',
    { ...grey, width: 40_000, height: 40_000 },
    'all/cat/0.png is 40000 x 40000 pixels, 1.6 GB of values: a picture may have 100.0 MB',
  ],
  ['of few bits', { ...grey, depth: 1, width: 4_294_967_295, height: 1 }, '4294967295 x 1 pixels'],
  ['of many', { ...grey, depth: 16, width: 8_000, height: 8_000 }, '128.0 MB of values'],
  ['in colours', { ...colours, width: 8_000, height: 8_000 }, '192.0 MB of values'],
  ['no pixel at all', { ...grey, width: 0 }, 'its header is none of a PNG file'],
  ['a kind of colours that there is not', { ...grey, color: 5 }, 'its header is none of a PNG file'],
])('a header that promises %s is found before the run', (_, first, problem) => {
  write(first);
  const spec = images.describe(options, rig.folder);
  expect(isMisfit(spec) ? spec.problem : 'nothing').toContain(problem);
});

test('an interlaced picture is what it is without', async () => {
  // 5 x 3 pixels that count up, as the seven passes have them (PNG specification, 8.2).
  const value = (x: number, y: number) => 5 * y + x;
  const rows = adam7.flatMap(([x0, y0, dx, dy]) => {
    const lines: number[][] = [];
    for (let y = y0; y < 3; y += dy) {
      const line: number[] = [];
      for (let x: number = x0; x < 5; x += dx) line.push(value(x, y));
      if (line.length > 0) lines.push(line);
    }
    return lines;
  });
  const plain: Png = {
    width: 5,
    depth: 8,
    color: 0,
    rows: [0, 1, 2].map((y) => [0, 1, 2, 3, 4].map((x) => value(x, y))),
  };
  write(plain, plain);
  const wanted = (await images.load(options, rig.folder, 1)).train.inputs[0];
  const interlaced: Png = { ...plain, height: 3, interlaced: true, rows };
  write(interlaced, interlaced);
  expect((await images.load(options, rig.folder, 1)).train.inputs[0]).toEqual(wanted);
});

/** What a library's own error would say, or JavaScript's. */
const innards =
  /offset|bound|view|buffer|undefined|null|NaN|zlib|inflate|distance|invalid|unexpected|object|function|cannot read prop|assert|length mismatch|\bdecod/i;

/** What reading a file says, the file's name left out; undefined where it is read. */
function said(bytes: Uint8Array): string | undefined {
  const path = rig.write('one.png', bytes);
  try {
    readPicture(path, shapeOf(glanceAt(path).head.png!));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [{ message, hint }] = error.diagnostics as unknown as [{ message: string; hint: string }];
    expect(message.startsWith(`${path} `)).toBe(true);
    expect(message.slice(path.length)).not.toMatch(innards);
    expect(hint).toMatch(/\S\.$/);
    return message.slice(path.length + 1);
  }
  return undefined;
}

/** Puts right checksums into the chunks that are whole. */
function mend(bytes: Buffer): Buffer {
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) break;
    bytes.writeUInt32BE(crc32(bytes.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return bytes;
}

const samples = kinds
  .filter(({ depth }) => depth < 16)
  .flatMap((kind) =>
    filesOf(kind)
      .slice(18, 80)
      .filter((_, i) => i % 20 === 0),
  );

test('a file cut anywhere is told to be cut', () => {
  for (const bytes of samples.slice(0, 24).filter((_, i) => i % 5 === 0)) {
    expect(said(bytes)).toSatisfy((message) => message === undefined || String(message).startsWith('has transparency'));
    for (let length = 0; length < bytes.length; length++)
      expect(said(bytes.subarray(0, length))).toMatch(length === 0 ? /^is empty$/ : /cut short/);
  }
});

test('damage of any kind is told in words of pictures, or changes nothing', () => {
  const place = fc.nat({ max: 400 });
  const change = fc.oneof(
    fc.tuple(fc.constant('put'), place, fc.nat({ max: 255 })),
    fc.tuple(fc.constant('flip'), place, fc.nat({ max: 7 })),
    fc.tuple(fc.constant('remove'), place, fc.integer({ min: 1, max: 60 })),
    fc.tuple(fc.constant('insert'), place, fc.integer({ min: 1, max: 60 })),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      (original, changes, mended) => {
        let bytes = Buffer.from(original);
        for (const [how, at, value] of changes) {
          const k = at % bytes.length;
          if (how === 'put') bytes[k] = value;
          else if (how === 'flip') bytes[k]! ^= 1 << value;
          else
            bytes = Buffer.concat([
              bytes.subarray(0, k),
              how === 'insert' ? Buffer.alloc(value, value) : Buffer.alloc(0),
              bytes.subarray(how === 'insert' ? k : k + value),
            ]);
          if (bytes.length === 0) break;
        }
        said(mended ? mend(bytes) : bytes);
      },
    ),
    { numRuns: 1000 },
  );
});

const without = (type: string, bytes = png(colours)) => {
  const at = bytes.indexOf(type) - 4;
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 12 + bytes.readUInt32BE(at))]);
};
const named = (begin: string) => Buffer.concat([Buffer.from(begin, 'latin1'), Buffer.alloc(64)]);

test.each<[string, Buffer, string]>([
  ['nothing', Buffer.alloc(0), 'is empty'],
  [
    'a web page',
    Buffer.from('\n<!doctype HTML><title>404</title>'),
    'is not a PNG file, but a web page, such as a login or an error in its place',
  ],
  ['a JPEG file', named('\xff\xd8\xff\xe0\0\x10JFIF'), 'is damaged: a segment of its head does not begin as one'],
  ['a WebP file', named('RIFF\x10\0\0\0WEBPVP8 '), 'is damaged: it has no size'],
  ['a BMP file', named('BM'), 'is not a PNG file, but a BMP file'],
  ['a HEIC file', named('\0\0\0\x18ftypheic'), 'is not a PNG file, but an AVIF or HEIC file'],
  [
    'a pointer of Git LFS',
    named('version https://git-lfs.github.com/spec/v1\n'),
    'is not a PNG file, but what Git LFS puts in its place',
  ],
  ['an SVG file', named('<?xml version="1.0"?>'), 'is not a PNG file, but an SVG or XML file'],
  [
    'line ends of Unix',
    Buffer.concat([Buffer.from('89504e470a1a0a', 'hex'), png(colours).subarray(8)]),
    'is not a PNG file, but one that was changed on the way, as by a transfer as text',
  ],
  ['zeros', Buffer.alloc(100), 'is not a PNG file'],
  ['no header', without('IHDR'), 'is damaged: it does not begin with a header (chunk IHDR)'],
  ['no palette', without('PLTE'), 'is damaged: it has no palette (chunk PLTE)'],
  ['no pixels', without('IDAT'), 'is damaged: it has no pixels (chunk IDAT)'],
  ['no end', without('IEND'), 'is damaged: it is cut short: its end (chunk IEND) is missing'],
  ['a damaged header', png(colours).fill(1, 20, 22), 'is damaged: the checksum of its header (chunk IHDR) is wrong'],
  ['a depth that there is not', png({ ...grey, depth: 3 }), 'is damaged: its header is none of a PNG file'],
  [
    'a depth that colours do not have',
    png({ ...grey, color: 2, depth: 4 }),
    'is damaged: its header is none of a PNG file',
  ],
  [
    'a filter that there is not',
    png({ ...grey, packed: deflateSync(Buffer.of(5, 1, 2)) }),
    'is damaged: a row of its pixels names the filter 5: there are 0 to 4',
  ],
  [
    'pixels that are no zlib data',
    png({ ...grey, packed: Buffer.from('not packed at all') }),
    'is damaged: its pixels cannot be unpacked',
  ],
  [
    'pixels that end early',
    png({ ...grey, packed: deflateSync(Buffer.of(0, 1, 2)).subarray(0, -5) }),
    'is damaged: its pixels end too early',
  ],
])('%s is told', (_, bytes, message) => {
  expect(said(bytes)).toBe(message);
});
