import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import {
  type ArrayValues,
  type Checkpoint,
  loadCheckpoint,
  peekCheckpoint,
  saveCheckpoint,
} from '../../src/checkpoints/checkpoint-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerline-checkpoint-'));
const path = join(folder, 'one.ckpt');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bits = (values: ArrayValues) => [
  values.constructor.name,
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex'),
];
const comparable = ({ state, arrays }: Checkpoint<unknown>) => ({
  state,
  arrays: arrays.map(({ name, shape, values }) => ({ name, shape, bits: bits(values) })),
});

// Of any bits: NaN of every kind, the infinities, -0.
const values = fc.oneof(
  fc
    .uint8Array({ maxLength: 40 })
    .map((bytes) => new Float32Array(bytes.slice(0, bytes.length - (bytes.length % 4)).buffer)),
  fc
    .uint8Array({ maxLength: 40 })
    .map((bytes) => new Float64Array(bytes.slice(0, bytes.length - (bytes.length % 8)).buffer)),
  fc.int32Array({ maxLength: 9 }),
  fc.uint8Array({ maxLength: 9 }),
);
const checkpoints = fc.record({
  state: fc.json().map((text) => JSON.parse(text) as unknown),
  arrays: fc.array(
    fc
      .record({ name: fc.string({ unit: 'grapheme' }), values })
      .map(({ name, values: held }) => ({ name, shape: [held.length], values: held })),
    { maxLength: 5 },
  ),
});

test('what is read is what was written, to the bit; nothing else is left in the folder', () => {
  fc.assert(
    fc.property(checkpoints, (checkpoint) => {
      saveCheckpoint(path, checkpoint);
      expect(comparable(loadCheckpoint(path))).toEqual(JSON.parse(JSON.stringify(comparable(checkpoint))));
      expect(readdirSync(folder)).toEqual(['one.ckpt']);
    }),
    { numRuns: 50 },
  );
});

const expectDamaged = () =>
  expect(() => loadCheckpoint(path)).toThrow(
    expect.objectContaining({ diagnostics: [expect.objectContaining({ code: 'damaged-checkpoint' })] }) as UserError,
  );

test('any flipped bit, any missing end, anything appended is found', () => {
  saveCheckpoint(path, {
    state: { step: 3 },
    arrays: [{ name: 'w', shape: [2, 3], values: Float32Array.from([1, 2, 3, 4, 5, 6]) }],
  });
  const whole = readFileSync(path);
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const broken = Buffer.from(whole);
    broken[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(path, broken);
    expectDamaged();
  }
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(path, whole);
    truncateSync(path, length);
    expectDamaged();
  }
  writeFileSync(path, Buffer.concat([whole, Buffer.alloc(8)]));
  expectDamaged();
});

test("a checkpoint that is not there is the file system's error", () => {
  expect(() => loadCheckpoint(join(folder, 'none.ckpt'))).toThrow(/ENOENT/);
});

/** A file with a header of one's own. */
function plant(json: string): void {
  const head = Buffer.alloc(12 + Math.ceil((json.length + 4) / 8) * 8 - 4, ' ');
  head.write('LLCHECK1');
  head.writeUInt32LE(head.length - 12, 8);
  head.write(json, 12);
  writeFileSync(path, Buffer.concat([head, createHash('sha256').update(head).digest()]));
}

test.each<[string, (length: number) => string]>([
  ['empty objects', (length) => `[{}${',{}'.repeat(length / 3)}]`],
  ['empty lists', (length) => `[[]${',[]'.repeat(length / 3)}]`],
  ['numbers', (length) => `[0${',0'.repeat(length / 2)}]`],
  ['lists in each other', (length) => `${'['.repeat(length / 2)}${']'.repeat(length / 2)}`],
])(
  'a header of many %s is damaged, and not unpacked to find that out',
  (many, state) => {
    plant(`{"state":${state(30)},"arrays":[]}`);
    expect(loadCheckpoint(path).state).toEqual(JSON.parse(state(30)));
    expect(peekCheckpoint(path)).toEqual(JSON.parse(state(30)));
    const before = process.memoryUsage().rss;
    // Of its length nothing but the length is asked.
    if (many === 'empty objects') {
      plant(`{"state":${state(150e6)},"arrays":[]}`);
      expectDamaged();
      expect(() => peekCheckpoint(path)).toThrow('it is too large');
    }
    plant(`{"state":${state(7e6)},"arrays":[]}`);
    expect(() => peekCheckpoint(path)).toThrow('it unpacks to too much');
    expect(process.memoryUsage().rss - before).toBeLessThan(1e9);
  },
  60_000,
);

test('what could not be read again is not written', () => {
  saveCheckpoint(path, { state: 1, arrays: [] });
  expect(() => saveCheckpoint(path, { state: Array.from({ length: 5_000_000 }, () => []), arrays: [] })).toThrow(
    expect.objectContaining({ code: 'EFBIG' }) as Error,
  );
  expect(loadCheckpoint(path).state).toBe(1);
  expect(readdirSync(folder)).toEqual(['one.ckpt']);
});
