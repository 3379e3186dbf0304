import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { png } from '../datasets/png.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const width = 128;
const noise = (k: number) => (Math.imul(k + 1, 0x9e37_79b1) >>> 8) % 256;

/** PNG files of noise: 49 kB of pixels each. */
function writePictures(count: number): string {
  for (let seed = 0; seed < count; seed++) {
    const pixels = Uint8Array.from({ length: width * (1 + 3 * width) }, (_, i) =>
      i % (1 + 3 * width) === 0 ? 0 : noise(i + 7 * seed),
    );
    const packed = deflateSync(pixels, { level: 1 });
    rig.write(
      `${count}/${seed % 2 === 0 ? 'a' : 'b'}/${seed}.png`,
      png({ width, height: width, depth: 8, color: 2, rows: [], packed }),
    );
  }
  return `images: { folder: '${count}' }`;
}

/** An array of float32 with 49 kB for each sample, as numpy.save writes it. */
function writeArray(count: number): string {
  const head = (descr: string, shape: string) =>
    Buffer.from(
      `\x93NUMPY\x01\0\x76\0${`{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117)}\n`,
      'latin1',
    );
  const file = openSync(rig.write(`x${count}.npy`, head('<f4', `${count}, ${width}, ${width}, 3`)), 'a');
  const sample = new Float32Array(3 * width ** 2);
  for (let k = 0; k < count; k++) writeSync(file, new Uint8Array(sample.fill(k / count).buffer));
  closeSync(file);
  const labels = Uint8Array.from({ length: count }, (_, k) => k % 2);
  rig.write(`y${count}.npy`, Buffer.concat([head('|u1', `${count},`), labels]));
  return `npy: { files: { x: x${count}.npy, y: y${count}.npy }, targets: { y: ['0', '1'] } }`;
}

/** A table of 90 columns of numbers. */
function writeTable(rows: number): string {
  const names = Array.from({ length: 90 }, (_, k) => `c${k}`);
  const file = openSync(rig.write(`t${rows}.csv`, `${names.join()},y\n`), 'a');
  for (let row = 0; row < rows; row++) {
    const numbers = names.map((_, k) => (noise(90 * row + k) / 256).toFixed(5));
    writeSync(file, `${numbers.join()},${numbers[0]}\n`);
  }
  closeSync(file);
  return `csv: { file: t${rows}.csv, targets: { y: number }, test: 0.1 }`;
}

const pictured = `
model: { layers: [maxpool 8x8, flatten, dense 2] }
train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 16, epochs: 1 }
`;

/** Batches of many rows, of which each is read for itself. */
const tabled = `
model: { layers: [dense 1] }
train: { optimizer: adam, loss: meanSquaredError, batchSize: 8192, epochs: 1 }
`;

/** Bytes of the most memory that a run on a source ever had, as Linux keeps it. */
async function peakOf(source: string, memory: string, training = pictured): Promise<number> {
  rig.write(
    'p.yaml',
    `name: p\nseed: 1\ndata:\n  source: { ${source} }\n  memory: ${memory}\n  split: { validation: 0.1 }` +
      `${training}visualize: { figures: [] }\n`,
  );
  const { child, ended } = rig.start(['run', 'p.yaml', '--force', '--json']);
  let peak = 0;
  const watch = setInterval(() => {
    try {
      const told = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
      peak = told === null ? peak : 1024 * Number(told[1]);
    } catch {
      // It has ended.
    }
  }, 50);
  const { code, stderr } = await ended.finally(() => clearInterval(watch));
  expect([code, stderr]).toEqual([0, '']);
  return peak;
}

// What decoding leaves, some 150 MB, is there from about a thousand pictures on.
test.skipIf(process.platform !== 'linux').each([
  ['pictures', writePictures, [1500, 4500], 1],
  ['arrays', writeArray, [250, 1000], 4],
] as const)('data.memory bounds what a run on %s takes, however many they are', async (_, write, [few, many], each) => {
  const sources = [write(few), write(many)] as const;
  const [small, large] = [await peakOf(sources[0], '20MB'), await peakOf(sources[1], '20MB')];
  const whole = await peakOf(sources[1], '2GB');
  const more = (many - few) * 3 * width ** 2 * each;
  const told = [small, large, whole].map((bytes) => `${Math.round(bytes / 1e6)} MB`).join(', ');
  // Packed, what is known of each is all that more of them take.
  expect(large - small, told).toBeLessThan(0.6 * more);
  expect(whole - large, told).toBeGreaterThan(0.5 * more);
});

test.skipIf(process.platform !== 'linux')(
  'batches of many rows of a packed table leave nothing behind that grows with them',
  async () => {
    const [few, many] = [writeTable(30_000), writeTable(200_000)];
    // What packing takes is another matter: the run that is measured finds its rows packed.
    await peakOf(many, '64MB', tabled);
    const [small, large] = [await peakOf(few, '2GB', tabled), await peakOf(many, '64MB', tabled)];
    // V8 lets garbage of up to 64 MB pile up outside of its heap, whatever data.memory says: some of it is in either.
    expect(large - small, `${Math.round(small / 1e6)} MB, ${Math.round(large / 1e6)} MB`).toBeLessThan(1.5 * 64e6);
  },
);
