import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PackedSamples, packSamples } from '../../src/cache/pack-samples.ts';
import { packedSource } from '../../src/cache/packed-source.ts';
import { type BatchSource, arraySource, firstRows, subsetOf } from '../../src/datasets/batch-source.ts';
import type { Batch } from '../../src/datasets/batches.ts';
import type { Samples } from '../../src/datasets/dataset.ts';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Pieces } from '../../src/datasets/pieces.ts';
import { Rig } from '../rig.ts';
import { takeAll } from '../take-all.ts';

/** Two inputs, a number and a category in the second, and two targets: each value says which sample it is of. */
const inBatch = {
  // Long and short rows may be copied in ways of their own.
  bytes: (id: number) => Array.from({ length: 20 }, (_, k) => (3 * id + 7 * k) % 256),
  coded: (id: number) => [id / 4, ...[0, 1, 2].map((category) => Number(id % 3 === category))],
  label: (id: number) => [id % 5],
  // float32 does not tell them apart.
  numbers: (id: number) => [1e9 + id / 8, -id],
};

/** Those samples in memory, where a category is an index. */
function samplesOf(ids: readonly number[]): Samples {
  return {
    inputs: [Uint8Array.from(ids.flatMap(inBatch.bytes)), Float32Array.from(ids.flatMap((id) => [id / 4, id % 3]))],
    coded: [undefined, [0, 3]],
    targets: [Uint8Array.from(ids.flatMap(inBatch.label)), Float64Array.from(ids.flatMap(inBatch.numbers))],
    count: ids.length,
  };
}

function batchOf(ids: readonly number[]): Batch {
  return {
    x: [Uint8Array.from(ids.flatMap(inBatch.bytes)), Float32Array.from(ids.flatMap(inBatch.coded))],
    y: [Int32Array.from(ids.flatMap(inBatch.label)), Float64Array.from(ids.flatMap(inBatch.numbers))],
    count: ids.length,
  };
}

/** A picture and numbers with a class, one at each of four places, numbers, and two labels, as they are packed. */
const packedParts = {
  inputs: [inBatch.bytes, (id: number) => [id / 4, -id, 0.5]],
  label: inBatch.label,
  mask: (id: number) => [0, 1, 2, 3].map((k) => (id + k) % 3),
  numbers: inBatch.numbers,
  tags: (id: number) => [id % 2, Number(id % 3 === 0)],
};

/** Those of some samples, one after the other, as sources have them. */
function packedOf(ids: readonly number[]) {
  const { inputs, label, mask, numbers, tags } = packedParts;
  return {
    x: [Uint8Array.from(ids.flatMap(inputs[0]!)), Float32Array.from(ids.flatMap(inputs[1]!))],
    y: [label, mask, numbers, tags].map((part) =>
      part === numbers ? Float64Array.from(ids.flatMap(part)) : Uint8Array.from(ids.flatMap(part)),
    ),
  };
}

const rig = new Rig();
let packed: PackedSamples;
beforeAll(async () => {
  const file = { name: 'all', sha256: createHash('sha256').update('all').digest('hex'), bytes: 3 };
  const path = rig.write('all', 'all');
  const pieces: Pieces = {
    name: 'some',
    spec: {
      inputs: [
        { name: 'picture', shape: [4, 5, 1], dtype: 'uint8', scale: 1 },
        { name: 'numbers', shape: [3], dtype: 'float32', scale: 1 },
      ],
      targets: [
        { kind: 'class', name: 'label', classes: [...'abcde'], shape: [] },
        { kind: 'class', name: 'mask', classes: [...'abc'], shape: [2, 2] },
        { kind: 'number', name: 'numbers', shape: [2] },
        { kind: 'class', name: 'tags', classes: ['no', 'yes'], shape: [2], several: { labels: ['even', 'third'] } },
      ],
    },
    folder: rig.folder,
    paths: Array.from({ length: 300 }, () => [path]),
    listed: 300,
    madeBy: null,
    place: () => ({ file: 'all' }),
    read: async (id) => {
      const { x, y } = packedOf([id]);
      return { values: [...x, ...y].map(({ buffer }) => new Uint8Array(buffer)), files: [file] };
    },
    divide: (usable) => ({ train: usable, test: usable }),
    describeFiles: () => [file],
  };
  packed = await packSamples(pieces, join(rig.folder, 'packed'));
});
afterAll(() => rig.remove());

interface SourceKind {
  /** Made of so many samples. */
  readonly make: (count: number) => BatchSource;
  readonly batchOf: (ids: readonly number[]) => Batch;
  readonly targetsOf: (ids: readonly number[]) => Samples['targets'];
}

const inArrays = { batchOf, targetsOf: (ids: readonly number[]) => samplesOf(ids).targets };

/** @param room as many batches are read ahead as that lets */
const onDisk = (room: number): SourceKind => ({
  make: (count) => packedSource({ ...packed, folder: join(rig.folder, 'packed'), room }, firstRows(count)),
  batchOf: (ids) => {
    const { x, y } = packedOf(ids);
    return { x, y: y.map((one) => (one instanceof Float64Array ? one : Int32Array.from(one))), count: ids.length };
  },
  targetsOf: (ids) => packedOf(ids).y,
});

/** Each kind of source. */
const sources: Readonly<Record<string, SourceKind>> = {
  'samples in memory': { ...inArrays, make: (count) => arraySource(samplesOf([...firstRows(count)])) },
  'a subset': {
    ...inArrays,
    make: (count) => {
      const [before, after] = [[900, 901], [902]];
      const all = arraySource(samplesOf([...before, ...firstRows(count).toReversed(), ...after]));
      return subsetOf(
        all,
        firstRows(count).map((id) => before.length + count - 1 - id),
      );
    },
  },
  'samples on the disk': onDisk(1e6),
  'samples on the disk, none of them read ahead': onDisk(0),
};

/** A number of samples, some of them in an order of their own, some more than once, and the size of a batch. */
const wanted = fc.integer({ min: 1, max: 60 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    rows: fc.array(fc.nat({ max: count - 1 }), { maxLength: 80 }).map((rows) => Uint32Array.from(rows)),
    size: fc.integer({ min: 1, max: 20 }),
  }),
);

describe.each(Object.entries(sources))('%s', (_, { make, batchOf: expected, targetsOf }) => {
  /** The batches that rows come in: each sample has the number of its row. */
  const batchesOf = (rows: Uint32Array, size: number): readonly Batch[] =>
    Array.from({ length: Math.ceil(rows.length / size) }, (__, k) =>
      expected([...rows.subarray(k * size, (k + 1) * size)]),
    );

  test('gives rows in their order, the last batch smaller where they do not divide', async () => {
    await fc.assert(
      fc.asyncProperty(wanted, async ({ count, rows, size }) => {
        expect(await takeAll(make(count).batches({ rows, size }))).toEqual(batchesOf(rows, size));
      }),
    );
  });

  test('knows how many samples it has, and what is to be predicted of each', () => {
    const source = make(300);
    expect(source.count).toBe(300);
    const all = targetsOf([...firstRows(300)]);
    expect(all.map((_, target) => source.labels(target))).toEqual(all);
    const some = [7, 0, 299, 7];
    expect(all.map((_, target) => source.labels(target, Uint32Array.from(some)))).toEqual(targetsOf(some));
  });

  test('goes on from any batch as if it had given those before', async () => {
    await fc.assert(
      fc.asyncProperty(wanted, fc.nat({ max: 90 }), async ({ count, rows, size }, from) => {
        expect(await takeAll(make(count).batches({ rows, size, from }))).toEqual(batchesOf(rows, size).slice(from));
      }),
    );
  });

  test('gives batches to several at once, in whatever turns they ask', async () => {
    await fc.assert(
      fc.asyncProperty(
        wanted,
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.boolean(), { maxLength: 40 }),
        async ({ count, rows, size }, other, turns) => {
          const source = make(count);
          const sizes = [size, other];
          const takers = sizes.map((each) => source.batches({ rows, size: each })[Symbol.asyncIterator]());
          const taken: Batch[][] = [[], []];
          for (const turn of turns) {
            const { value, done } = await takers[Number(turn)]!.next();
            if (done !== true) taken[Number(turn)]!.push(value);
          }
          taken.forEach((batches, k) => expect(batches).toEqual(batchesOf(rows, sizes[k]!).slice(0, batches.length)));
        },
      ),
    );
  });

  test('begins anew for who has left off', async () => {
    const source = make(10);
    const rows = firstRows(10);
    for await (const batch of source.batches({ rows, size: 4 })) {
      expect(batch).toEqual(expected([0, 1, 2, 3]));
      break;
    }
    expect(await takeAll(source.batches({ rows, size: 4 }))).toEqual(batchesOf(rows, 4));
  });

  test('leaves a batch to who takes it: neither changes what the other has', async () => {
    const source = make(10);
    const rows = firstRows(10);
    const held = await takeAll(source.batches({ rows, size: 3 }));
    expect(held).toEqual(batchesOf(rows, 3));
    for (const { x, y } of held) for (const values of [...x, ...y]) values.fill(99);
    expect(await takeAll(source.batches({ rows, size: 3 }))).toEqual(batchesOf(rows, 3));
  });

  test('gives the same to who needs each batch until the next alone, whatever becomes of it then', async () => {
    await fc.assert(
      fc.asyncProperty(wanted, async ({ count, rows, size }) => {
        const taken: Batch[] = [];
        for await (const batch of make(count).batches({ rows, size, passing: true })) {
          taken.push(structuredClone(batch));
          for (const values of [...batch.x, ...batch.y]) values.fill(99);
        }
        expect(taken).toEqual(batchesOf(rows, size));
      }),
    );
  });

  test('gives all rows in one batch where one is asked for that is larger than any memory', async () => {
    const rows = Uint32Array.of(2, 0);
    expect(await takeAll(make(3).batches({ rows, size: 2_147_483_647 }))).toEqual([expected([2, 0])]);
  });
});
