import { constants, deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { images } from '../../src/datasets/images.ts';
import { Rig } from '../rig.ts';
import { type Png, png } from './png.ts';

let rig: Rig;
beforeEach(() => void (rig = new Rig()));
afterEach(() => rig.remove());

const grey: Png = { width: 2, depth: 8, color: 0, rows: [[1, 2]] };
const options = { folder: 'all', classes: [] as string[], test: 0.5 };

/** Four pictures, the first of them one's own. */
function write(first: Png | Buffer, others: Png = grey): void {
  for (const [i, path] of ['cat/0', 'cat/1', 'dog/0', 'dog/1'].entries()) rig.write(`all/${path}.png`, i > 0 ? png(others) : Buffer.isBuffer(first) ? first : png(first));
}

/** Zlib data of a few thousand bytes that unpacks to so many million. */
function bomb(megabytes: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(1e6), { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array.from({ length: megabytes }, () => block)]);
}

const colours = { ...grey, color: 3, rows: [[0, 0]], palette: [1, 2, 3] };

test.each<[string, () => Png | Buffer, string | undefined, Png?]>([
  ['pixels that unpack to more than the header says', () => ({ ...grey, packed: bomb(1500) }), 'is damaged: it unpacks to more pixels than its header says'],
  ['fewer pixels than the header says', () => ({ ...grey, packed: Buffer.from('789c030000000001', 'hex') }), 'is damaged: it has fewer pixels than its header says'],
  ['a profile that unpacks to gigabytes is left alone', () => ({ ...grey, more: [['iCCP', Buffer.concat([Buffer.from('x\0\0'), bomb(1500)])]] }), undefined],
  ['so are texts', () => ({ ...grey, more: [['zTXt', Buffer.concat([Buffer.from('x\0\0'), bomb(1500)])], ['iTXt', Buffer.from('x\0\u0001\0\0\0')]] }), undefined],
  ['a second header, of another size', () => ({ ...grey, more: [['IHDR', Buffer.from([0, 0, 0x70, 0, 0, 0, 0x70, 0, 8, 2, 0, 0, 0])]] }), undefined],
  ['millions of colours', () => ({ width: 2, depth: 8, color: 3, rows: [[0, 0]], more: [['PLTE', Buffer.alloc(30e6)]] }), 'is damaged: its chunk PLTE is too large', colours],
  ['a hundred thousand chunks of nothing', () => ({ ...grey, more: Array.from({ length: 100_000 }, () => ['IDAT', Buffer.alloc(0)] as const) }), 'is damaged: it has more than 100000 chunks'],
  ['as many as there may be', () => ({ ...grey, more: Array.from({ length: 99_997 }, () => ['IDAT', Buffer.alloc(0)] as const) }), undefined],
  ['a wrong checksum', () => { const bytes = png(grey); return bytes.fill(1, bytes.length - 2); }, 'is damaged: the checksum of its chunk "IEND" is wrong'],
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
  ['more pixels than any net learns from', { ...grey, width: 40_000, height: 40_000 }, 'all/cat/0.png is 40000 x 40000 pixels, 1.6 GB of values: a picture may have 100.0 MB'],
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
  const adam7 = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]] as const;
  const rows = adam7.flatMap(([x0, y0, dx, dy]) => {
    const lines: number[][] = [];
    for (let y = y0; y < 3; y += dy) {
      const line: number[] = [];
      for (let x: number = x0; x < 5; x += dx) line.push(value(x, y));
      if (line.length > 0) lines.push(line);
    }
    return lines;
  });
  const plain: Png = { width: 5, depth: 8, color: 0, rows: [0, 1, 2].map((y) => [0, 1, 2, 3, 4].map((x) => value(x, y))) };
  write(plain, plain);
  const wanted = (await images.load(options, rig.folder, 1)).train.inputs[0];
  const interlaced: Png = { ...plain, height: 3, interlaced: true, rows };
  write(interlaced, interlaced);
  expect((await images.load(options, rig.folder, 1)).train.inputs[0]).toEqual(wanted);
});
