import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deflateSync } from 'node:zlib';
import type { MemoryEstimate } from '../../src/plan/planned-model.ts';
import { png } from '../datasets/png.ts';
import { Rig } from '../rig.ts';

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => rig.remove());

/** Lines of numbers that repeat: what they are does not matter. */
function table(megabytes: number, columns: number, last = ''): string {
  const names = Array.from({ length: columns }, (_, c) => `c${c}`);
  const row = (r: number) => {
    const numbers = names.map((_, c) => Math.sin(r * columns + c).toFixed(6));
    return `${numbers.join(',')}${last === '' ? '' : `,${['a', 'b'][r % 2]}`}\n`;
  };
  const some = Array.from({ length: 1000 }, (_, r) => row(r)).join('');
  return `${names.join(',')}${last}\n${some.repeat(Math.ceil((megabytes * 1e6) / some.length))}`;
}

const noise = (size: number, values = 256) =>
  Uint8Array.from({ length: size }, (_, i) => Math.abs(Math.imul(i + 7, 0x9e37_79b1) >> 8) % values);

/** A PNG file of noise. */
function picture(width: number, channels: 1 | 3, values = 256): Buffer {
  const pixels = noise(width * (1 + width * channels), values);
  for (let row = 0; row < width; row++) pixels[row * (1 + width * channels)] = 0;
  return png({
    width,
    height: width,
    depth: 8,
    color: channels === 3 ? 2 : 0,
    rows: [],
    packed: deflateSync(pixels, { level: 1 }),
  });
}

function writeIdx(count: number): string {
  for (const [part, images] of [
    ['train', count],
    ['test', count / 5],
  ] as const) {
    const [head, labels] = [
      Buffer.from('0000080300000000000000200000002000', 'hex').subarray(0, 16),
      Buffer.from('0000080100000000', 'hex'),
    ];
    head.writeUInt32BE(images, 4);
    labels.writeUInt32BE(images, 4);
    rig.write(`${part}-images`, Buffer.concat([head, Buffer.alloc(images * 1024, noise(4096))]));
    rig.write(`${part}-labels`, Buffer.concat([labels, noise(images, 10)]));
  }
  return '{ trainImages: train-images, trainLabels: train-labels, testImages: test-images, testLabels: test-labels }';
}

interface Case {
  readonly source: string;
  readonly layers: string;
  readonly batchSize?: number;
}

const pooled = (units: number) => `[maxpool 4x4, flatten, dense ${units}]`;
const csv = (text: string): Case => {
  rig.write('data.csv', text);
  return {
    source: '{ csv: { file: data.csv, targets: { c0: number } } }',
    layers: '[dense 8 relu, dense 1]',
    batchSize: 4096,
  };
};

const cases: Readonly<Record<string, () => Case>> = {
  'csv, next to nothing': () => csv(table(0.01, 4)),
  'csv, few columns': () => csv(table(60, 4)),
  'csv, many columns': () => csv(table(60, 200)),
  'csv, classes': () => {
    csv(table(60, 6, ',kind'));
    return { source: '{ csv: { file: data.csv, targets: { kind: [a, b] } } }', layers: '[dense 2]', batchSize: 4096 };
  },
  'csv, rows of many categories': () => {
    const kinds = Array.from({ length: 256 }, (_, k) => `k${k}`);
    rig.write(
      'data.csv',
      `c,d,y\n${Array.from({ length: 2_000_000 }, (_, row) => `k${row % 256},k${row % 251},${row % 10}`).join('\n')}\n`,
    );
    const categories = `{ c: [${kinds.join(', ')}], d: [${kinds.join(', ')}] }`;
    return {
      source: `{ csv: { file: data.csv, targets: { y: number }, categories: ${categories} } }`,
      layers: '[dense 1]',
      batchSize: 4096,
    };
  },
  images: () => {
    for (let i = 0; i < 1500; i++) rig.write(`pictures/${i % 2}/${i}.png`, picture(128, 3));
    return { source: '{ images: { folder: pictures } }', layers: pooled(2), batchSize: 16 };
  },
  masks: () => {
    for (let i = 0; i < 400; i++) {
      rig.write(`images/${i}.png`, picture(128, 3));
      rig.write(`masks/${i}.png`, picture(128, 1, 2));
    }
    return {
      source: '{ masks: { images: images, masks: masks, classes: { a: 0, b: 1 } } }',
      layers: '[conv 1x1x2]',
      batchSize: 16,
    };
  },
  idx: () => ({ source: `{ idx: ${writeIdx(100_000)} }`, layers: pooled(10), batchSize: 512 }),
  pairs: () => ({
    source: `{ pairs: { of: { idx: ${writeIdx(20_000)} }, train: 50000, test: 10000 } }`,
    layers: `[{ concatenate: {}, from: [left, right] }, maxpool 4x4, flatten, dense 2]`,
    batchSize: 512,
  }),
  text: () => {
    rig.write(
      'text.txt',
      Buffer.alloc(
        10e6,
        noise(5000, 26).map((letter) => 97 + letter),
      ),
    );
    return { source: '{ text: { file: text.txt } }', layers: '[embedding 40x4, dense 26]', batchSize: 1024 };
  },
};

/** Bytes of the most that a run ever had, as Linux keeps it. */
async function peakOf(args: readonly string[]): Promise<number> {
  const { child, ended } = rig.start(args);
  let peak = 0;
  const watch = setInterval(() => {
    try {
      peak =
        1024 * Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? peak / 1024);
    } catch {
      // It has ended.
    }
  }, 50);
  const { code, stderr } = await ended.finally(() => clearInterval(watch));
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return peak;
}

test.skipIf(process.platform !== 'linux').each(Object.keys(cases))(
  '%s: a run takes about the memory that is foretold',
  async (name) => {
    const { source, layers, batchSize } = cases[name]!();
    rig.write(
      'p.yaml',
      `name: p\nseed: 1\ndata:\n  source: ${source}\n  split: { validation: 0.1 }\n` +
        `model:\n  layers: ${layers}\ntrain:\n  optimizer: adam\n` +
        `  loss: ${layers.endsWith('dense 1]') ? 'meanSquaredError' : 'softmaxCrossEntropy'}\n` +
        `  batchSize: ${batchSize}\n  epochs: 1\n`,
    );
    const { stdout } = await rig.run(['plan', 'p.yaml', '--json']);
    const foretold = Object.values((JSON.parse(stdout) as { readonly memory: MemoryEstimate }).memory).reduce(
      (sum: number, part: number) => sum + part,
      0,
    );
    const peak = await peakOf(['run', 'p.yaml', '--json']);
    const megabytes = `${Math.round(foretold / 1e6)} MB foretold, ${Math.round(peak / 1e6)} MB at the peak`;
    expect(foretold / peak, megabytes).toBeGreaterThan(0.88);
    expect(foretold / peak, megabytes).toBeLessThan(1.5);
  },
);
