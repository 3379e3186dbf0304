import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { claim } from '../../src/base/claim.ts';
import { clean } from '../../src/cache/clean-cache.ts';
import { packSamples } from '../../src/cache/pack-samples.ts';
import { type BatchSource, arraySource, firstRows } from '../../src/datasets/batch-source.ts';
import { piecesOf } from '../../src/datasets/datasets.ts';
import { examineData } from '../../src/datasets/findings/examine-data.ts';
import { dataWarnings } from '../../src/datasets/findings/data-warnings.ts';
import { inMemory } from '../../src/datasets/pieces.ts';
import { viewOf } from '../../src/datasets/findings/sample-view.ts';
import { atOnce } from '../../src/base/turns.ts';
import { loadPacked } from '../../src/stages/load-packed.ts';
import { Rig } from '../rig.ts';
import { takeAll } from '../take-all.ts';

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => rig.remove());

const packedIn = () => join(rig.folder, 'packed');

/** A grey picture of 4 x 4 by some numbers. */
const picture = (path: string, seed: number, levels = 256) =>
  rig.write(
    path,
    encode({
      width: 4,
      height: 4,
      channels: 1,
      data: Uint8Array.from({ length: 16 }, (_, k) => (seed * 37 + k * 11) % levels),
    }),
  );

/** Two classes of ten; one is a copy of another, in the other class. */
function writeImages(): object {
  for (let i = 0; i < 10; i++) {
    picture(`all/cat/${i}.png`, i);
    picture(`all/dog/${i}.png`, i === 3 ? 4 : 20 + i);
  }
  return { folder: 'all', classes: [], test: 0.2, onError: 'fail' };
}

function writeMasks(): object {
  for (let i = 0; i < 9; i++) {
    picture(`images/${i}.png`, i);
    picture(`masks/${i}.png`, i, 3);
  }
  return { images: 'images', masks: 'masks', classes: { a: 0, b: 1, c: 2 }, test: 0.3, onError: 'fail' };
}

/** Pictures with two labels, numbers and a mark each; one is a copy of another, with other labels. */
function writeTable(): object {
  const lines = Array.from({ length: 20 }, (_, i) => {
    picture(`all/${i}.png`, i === 3 ? 4 : i);
    return `all/${i}.png,${i % 2 === 0 ? 'low' : 'low|high'},${1e9 + i / 8},${(i % 3) + 1}\n`;
  });
  rig.write('all.csv', `file,tags,price,stars\n${lines.join('')}`);
  const targets = {
    tags: { labels: 'fromData', separator: '|' },
    price: 'number',
    stars: { ordinal: ['1', '2', '3'] },
  };
  return { table: 'all.csv', targets, classes: [], test: 0.2, onError: 'fail' };
}

const split = { validation: 0.25, stratified: true };

/** The samples of a source, told by what they are. */
async function all(source: BatchSource, targets = 1) {
  const rows = firstRows(source.count);
  return {
    batches: await takeAll(source.batches({ rows, size: 3 })),
    labels: Array.from(firstRows(targets), (target) => source.labels(target)),
  };
}

for (const [type, what, write] of [
  ['images', 'in folders', writeImages],
  ['images', 'with labels, numbers and marks', writeTable],
  ['masks', 'of each pixel', writeMasks],
] as const) {
  test(`${type} ${what} on the disk are those in memory, bit for bit, and told of alike`, async () => {
    const options = write();
    const pieces = () => piecesOf(type)!.open(options, rig.folder, 5, split);
    const held = await inMemory(pieces());
    const rows = { train: firstRows(held.train.count).slice(2), validation: firstRows(2) };
    const lookAt = (data: Parameters<typeof examineData>[0], view: ReturnType<typeof viewOf>) => [
      atOnce(examineData(data, rows, view)),
      dataWarnings(data, rows, view),
    ];
    const told = lookAt(held, viewOf(held));
    // The second time they are taken as they were packed.
    for (const { dataset, view } of [
      await loadPacked(pieces(), 1e6, undefined, packedIn()),
      await loadPacked(pieces(), 1e6, undefined, packedIn()),
    ]) {
      const targets = dataset.spec.targets.length;
      expect(await all(dataset.train, targets)).toEqual(await all(arraySource(held.train), targets));
      expect(await all(dataset.test, targets)).toEqual(await all(arraySource(held.test), targets));
      const { spec, files, name } = dataset;
      expect({ spec, files, name }).toEqual({ spec: held.spec, files: held.files, name: held.name });
      expect(dataset.origin!.place('test', 1)).toEqual(held.origin!.place('test', 1));
      expect(lookAt(dataset, view)).toEqual(told);
    }
    if (type === 'images') expect(JSON.stringify(told)).toContain('"code":"one-input-two-labels"');
    expect(readdirSync(packedIn()).length).toBe(2);
  });
}

/** Counts what is decoded. */
function counted(options: object, type = 'images') {
  const pieces = piecesOf(type)!.open(options, rig.folder, 1, split);
  const counts = { read: 0 };
  return {
    counts,
    pieces: {
      ...pieces,
      read: async (sample: number) => {
        counts.read++;
        return pieces.read(sample);
      },
    },
  };
}

const file = (ending: string) =>
  join(
    packedIn(),
    readdirSync(packedIn()).find((name) => name.endsWith(ending))!,
  );

test('what was packed is taken by another seed, and made anew where a file is another', async () => {
  const options = writeImages();
  const first = counted(options);
  await packSamples(first.pieces, packedIn());
  const again = counted(options);
  await packSamples(again.pieces, packedIn());
  picture('all/cat/1.png', 99);
  const other = counted(options);
  await packSamples(other.pieces, packedIn());
  expect([first, again, other].map(({ counts }) => counts.read)).toEqual([20, 0, 20]);
});

test('a picture that is skipped is skipped again without being read, and told alike', async () => {
  const options = { ...writeImages(), onError: 'skip' };
  const bytes = readFileSync(join(rig.folder, 'all/cat/5.png'));
  bytes[bytes.length - 20]! ^= 255;
  rig.write('all/cat/5.png', bytes);
  const held = await inMemory(piecesOf('images')!.open(options, rig.folder, 1));
  const { dataset } = await loadPacked(counted(options).pieces, 1e6, undefined, packedIn());
  const again = counted(options);
  const { dataset: second } = await loadPacked(again.pieces, 1e6, undefined, packedIn());
  expect(again.counts.read).toBe(0);
  expect(held.spec.count).toEqual({ train: 16, test: 3 });
  for (const { spec, files } of [dataset, second])
    expect({ spec, files }).toEqual({ spec: held.spec, files: held.files });
  // The folder of all moves: what is told names no place that is no more.
  const moved = `${rig.folder}-moved`;
  renameSync(rig.folder, moved);
  try {
    const pieces = piecesOf('images')!.open(options, moved, 1);
    const { dataset: third } = await loadPacked(pieces, 1e6, undefined, join(moved, 'packed'));
    expect(third.spec.warnings).toEqual(held.spec.warnings);
    expect(JSON.stringify(third.spec.warnings)).not.toContain(rig.folder);
  } finally {
    renameSync(moved, rig.folder);
  }
});

test('what `clean` removes is read to the end by a run that has begun', async () => {
  const options = writeImages();
  const { dataset } = await loadPacked(counted(options).pieces, 1e6, undefined, packedIn());
  const before = await all(dataset.test);
  const { removed } = clean({
    cache: packedIn(),
    data: packedIn(),
    packed: packedIn(),
    hashes: packedIn(),
    dryRun: false,
  });
  expect([removed.packed.bytes > 0, readdirSync(packedIn())]).toEqual([true, []]);
  expect(await all(dataset.test)).toEqual(before);
  expect((await all(dataset.train)).batches.length).toBe(6);
});

test('a flipped bit is told and never trained on; the next run packs anew', async () => {
  const options = writeImages();
  const { dataset } = await loadPacked(counted(options).pieces, 1e6, undefined, packedIn());
  const bytes = readFileSync(file('.rows'));
  bytes[100]! ^= 1;
  writeFileSync(file('.rows'), bytes);
  await expect(Promise.all([all(dataset.train), all(dataset.test)])).rejects.toThrow(
    /sample 7 in .*\.rows is not what was packed/,
  );
  const again = counted(options);
  const { dataset: mended } = await loadPacked(again.pieces, 1e6, undefined, packedIn());
  expect(again.counts.read).toBe(20);
  expect((await all(mended.train)).batches.length).toBe(6);
});

test.each([
  ['rows cut short', () => writeFileSync(file('.rows'), readFileSync(file('.rows')).subarray(1))],
  ['rows without an index', () => rmSync(file('.index'))],
  ['an index without rows', () => rmSync(file('.rows'))],
  ['a damaged index', () => writeFileSync(file('.index'), readFileSync(file('.index')).fill(1, 60, 70))],
])('%s: packed anew', async (_, damage) => {
  const options = writeImages();
  await packSamples(counted(options).pieces, packedIn());
  damage();
  const again = counted(options);
  await packSamples(again.pieces, packedIn());
  expect(again.counts.read).toBe(20);
});

test('an end half-way leaves nothing that looks whole, and what a kill left is removed', async () => {
  const options = writeImages();
  const { pieces } = counted(options);
  const broken = {
    ...pieces,
    read: async (sample: number) => {
      if (sample === 12) throw new Error('ended');
      return pieces.read(sample);
    },
  };
  await expect(packSamples(broken, packedIn())).rejects.toThrow('ended');
  expect(readdirSync(packedIn())).toEqual([]);
  const { key } = await packSamples(pieces, packedIn());
  rmSync(file('.index'));
  writeFileSync(join(packedIn(), `${key}.00000000-0000-4000-8000-000000000000.tmp`), 'half');
  await packSamples(pieces, packedIn());
  expect(readdirSync(packedIn()).toSorted()).toEqual([`${key}.index`, `${key}.rows`]);
});

test('who packs is waited for', async () => {
  const options = writeImages();
  const { key } = await packSamples(counted(options).pieces, packedIn());
  const [rows, index] = [readFileSync(file('.rows')), readFileSync(file('.index'))];
  rmSync(packedIn(), { recursive: true });
  const other = claim(join(packedIn(), key))!;
  const waiting = counted(options);
  const packing = packSamples(waiting.pieces, packedIn());
  writeFileSync(join(packedIn(), `${key}.rows`), rows);
  writeFileSync(join(packedIn(), `${key}.index`), index);
  other.release();
  expect((await packing).index.files).toHaveLength(1);
  expect(waiting.counts.read).toBe(0);
});

test('what cannot be written, changes meanwhile or does not fit is told', async () => {
  const options = writeImages();
  rig.write('packed', 'a file in the place of the folder');
  await expect(packSamples(counted(options).pieces, packedIn())).rejects.toThrow(/cannot be packed in .*packed:/);
  rmSync(packedIn());
  const { pieces } = counted(options);
  const changing = {
    ...pieces,
    read: async (sample: number) => {
      if (sample === 4) picture('all/cat/4.png', 77);
      return pieces.read(sample);
    },
  };
  await expect(packSamples(changing, packedIn())).rejects.toThrow(/4\.png changed while the data was packed/);
  const error = await loadPacked(pieces, 1000, undefined, packedIn()).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).diagnostics[0]!.message).toContain('what is known of 20 samples takes');
});

test('what was left out when it was packed is not left out where that is a mistake', async () => {
  const options = writeImages();
  rig.write('all/cat/7.png', readFileSync(join(rig.folder, 'all/cat/7.png')).subarray(0, 60));
  const packed = async (onError: string) =>
    loadPacked(piecesOf('images')!.open({ ...options, onError }, rig.folder, 5, split), 1e6, undefined, packedIn());
  const { dataset } = await packed('skip');
  expect(dataset.train.count + dataset.test.count).toBe(19);
  await expect(packed('fail')).rejects.toThrow('7.png');
});
