import fc from 'fast-check';
import { snappyUncompress } from 'hyparquet/src/snappy.js';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import { expect, test } from 'vitest';
import { unpackSnappy } from '../../src/datasets/tables/unpack-snappy.ts';
import { draws } from '../draws.ts';

/** What is unpacked of bytes; undefined where they are refused. */
function unpackedBy(unpack: (packed: Uint8Array, bytes: Uint8Array) => void, packed: Uint8Array, size: number) {
  const bytes = new Uint8Array(size);
  try {
    unpack(packed, bytes);
    return bytes;
  } catch {
    return undefined;
  }
}

/** Bytes of which some come again, near and far. */
const repeating = fc
  .array(fc.tuple(fc.uint8Array({ maxLength: 100 }), fc.nat(70_000), fc.nat(200)), { maxLength: 12 })
  .map((pieces) => {
    let bytes = Buffer.alloc(0);
    for (const [own, back, length] of pieces) {
      const from = Math.max(0, bytes.length - back);
      bytes = Buffer.concat([bytes, own, bytes.subarray(from, from + length), Buffer.alloc(back % 400, own[0] ?? 0)]);
    }
    return new Uint8Array(bytes);
  });

test('what Snappy has packed is unpacked', () => {
  fc.assert(
    fc.property(repeating, (bytes) => {
      const packed = snappyCompress(bytes);
      expect(unpackedBy(unpackSnappy, packed, bytes.length)).toEqual(bytes);
      expect(unpackedBy(unpackSnappy, packed, bytes.length + 1)).toBeUndefined();
    }),
    { numRuns: draws(300) },
  );
});

test('literals and copies of every length that the format has are unpacked', () => {
  const noise = Uint8Array.from({ length: 70_000 }, (_, k) => Math.imul(k + 1, 0x9e37_79b1) >>> 24);
  // Lengths of one to three bytes, then copies by each of the three kinds, one of which copies what it writes.
  for (const [tag, size] of [
    [[60 << 2, 255], 256],
    [[61 << 2, 0xff, 0x03], 1024],
    [[62 << 2, 0x6f, 0x11, 0x01], 70_000],
  ] as const) {
    const literal = noise.subarray(0, size);
    const copies = [0b000_111_01, 3, (63 << 2) | 2, 200, 0, (9 << 2) | 3, 1, 0, 0, 0];
    const packed = Uint8Array.from([0, ...tag, ...literal, ...copies]);
    const wanted = [...literal];
    for (const [length, back] of [
      [11, 3],
      [64, 200],
      [10, 1],
    ] as const)
      for (let k = 0; k < length; k++) wanted.push(wanted.at(-back)!);
    expect(unpackedBy(unpackSnappy, packed, wanted.length)).toEqual(Uint8Array.from(wanted));
  }
});

test('damaged bytes are refused, or read as hyparquet reads them', () => {
  let refused = 0;
  fc.assert(
    fc.property(
      repeating,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }),
      (bytes, changes) => {
        const packed = snappyCompress(bytes);
        for (const [at, byte] of changes) packed[at % packed.length] = byte;
        const [own, theirs] = [unpackSnappy, snappyUncompress].map((unpack) =>
          unpackedBy(unpack, packed, bytes.length),
        );
        if (own === undefined || theirs === undefined) refused++;
        else expect(own).toEqual(theirs);
      },
    ),
    { numRuns: draws(300) },
  );
  expect(refused).toBeGreaterThan(10);
});
