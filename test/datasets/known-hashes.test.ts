import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hashFiles } from '../../src/cache/hash-files.ts';
import { type FileStamp, KnownHashes, leastKnown } from '../../src/datasets/files/known-hashes.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'layerline-known-'))));
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const list = () => join(folder, '.layerline/hashes/data.hashes');
const known = () => new KnownHashes(list());
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A file of data that was last changed a minute ago, as the clock of this process has it. */
function write(name: string, fill: number, bytes = leastKnown): string {
  const path = join(folder, name);
  writeFileSync(path, Buffer.alloc(bytes, fill));
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
  return path;
}

const hash = async (path: string, verify = false) =>
  Object.values(await hashFiles([path], folder, { known: known(), verify }))[0];

/** Changes what is kept, and its proof as well: what a file would hold that is as it should be. */
function rewrite(change: (text: string) => string): void {
  const body = change(readFileSync(list(), 'utf8').slice(65));
  writeFileSync(list(), `${sha256(body)}\n${body}`);
}

const other = 'f'.repeat(64);
/** Has another hash kept, which shows where it is taken from. */
const keepOther = () => rewrite((text) => text.replaceAll(/[0-9a-f]{64}/g, other));

test('a large file that is the same by size, times and inode is not read again', async () => {
  const path = write('large', 1);
  const first = await hash(path);
  expect(first).toBe(sha256(readFileSync(path)));
  expect(await hash(path)).toBe(first);
  keepOther();
  expect(await hash(path)).toBe(other);
  // Other files, and the same bytes in another file, are read.
  const copy = write('copy', 1);
  expect(await hash(copy)).toBe(first);
  expect(await hash(path)).toBe(other);
  expect(readFileSync(join(folder, '.layerline/hashes/.gitignore'), 'utf8')).toBe('*\n');
});

test('a file that changed in any of them is read, though its time was set back', async () => {
  const path = write('large', 1);
  await hash(path);
  const { atime, mtime } = statSync(path);
  writeFileSync(path, Buffer.alloc(leastKnown, 2));
  utimesSync(path, atime, mtime);
  expect(await hash(path)).toBe(sha256(Buffer.alloc(leastKnown, 2)));
  writeFileSync(path, Buffer.alloc(leastKnown + 1, 2));
  expect(await hash(path)).toBe(sha256(Buffer.alloc(leastKnown + 1, 2)));
});

test('other bytes under the same size and times are named when all is verified, and taken from then on', async () => {
  const path = write('large', 1);
  await hash(path);
  const stamp = () => Object.values(pick(statSync(path, { bigint: true }))).join(' ');
  const before = stamp();
  writeFileSync(path, Buffer.alloc(leastKnown, 2));
  // As a failing disk would leave it.
  rewrite((text) => text.replace(before, stamp()));
  expect(await hash(path)).toBe(sha256(Buffer.alloc(leastKnown, 1)));
  await expect(hash(path, true)).rejects.toMatchObject({
    diagnostics: [{ code: 'data-changed-unseen', message: expect.stringContaining(`${path} holds other bytes`) }],
  });
  expect(await hash(path, true)).toBe(sha256(Buffer.alloc(leastKnown, 2)));
});

const pick = ({ dev, ino, size, mtimeNs, ctimeNs }: FileStamp) => ({ dev, ino, size, mtimeNs, ctimeNs });

test('what was changed just now is not kept: it may change once more within a tick of the clock', async () => {
  const path = write('large', 1);
  vi.useRealTimers();
  await hash(path);
  expect(existsSync(list())).toBe(false);
});

test('a file that is newer than the clock, has another size than was read, or is small, is not kept', () => {
  const now = Date.now();
  const at = (mtime: number, size = leastKnown): FileStamp => ({
    dev: 1n,
    ino: 2n,
    size: BigInt(size),
    mtimeNs: BigInt(mtime) * 1_000_000n,
    ctimeNs: BigInt(now - 60_000) * 1_000_000n,
  });
  const isKept = (stamp: FileStamp, size = leastKnown) => {
    const hashes = new KnownHashes(undefined);
    hashes.add('x', stamp, { began: now, size, sha256: other });
    return hashes.find('x', stamp) === other;
  };
  expect(isKept(at(now - 60_000))).toBe(true);
  expect(isKept({ ...at(now - 60_000), ctimeNs: BigInt(now - 1000) * 1_000_000n })).toBe(false);
  expect([now - 1000, now, now + 1e9].map((time) => isKept(at(time)))).toEqual([false, false, false]);
  expect(isKept(at(now - 60_000), leastKnown + 1)).toBe(false);
  expect(isKept(at(now - 60_000, 10), 10)).toBe(false);
});

test('a list that is damaged, cut off or foreign is as none, and is written anew', async () => {
  const path = write('large', 1);
  const right = await hash(path);
  keepOther();
  const whole = readFileSync(list());
  const flipped = (at: number) => whole.with(at, whole[at]! ^ 1);
  const foreign = (body: string) => Buffer.from(`${sha256(body)}\n${body}`);
  const row = `["${path}","1 2 1000000 3 4",`;
  for (const bytes of [
    whole.subarray(0, whole.length - 1),
    whole.subarray(0, 65),
    Buffer.alloc(0),
    ...[0, 70, whole.length - 10].map(flipped),
    ...['{}', 'null', '[[]]', '[["x"]]', `[${row}1]]`, `[${row}"${other}"]]`, `[${row}"../x"]]`].map(foreign),
  ]) {
    writeFileSync(list(), bytes);
    expect(await hash(path)).toBe(right);
  }
  rmSync(list());
  mkdirSync(list());
  expect(await hash(path)).toBe(right);
  expect(readdirSync(join(folder, '.layerline/hashes')).toSorted()).toEqual(['.gitignore', 'data.hashes']);
});

test('processes at once keep what the others have kept', () => {
  const stamp: FileStamp = { dev: 1n, ino: 2n, size: BigInt(leastKnown), mtimeNs: 3n, ctimeNs: 4n };
  const [one, two] = [known(), known()];
  for (const [hashes, name] of [
    [one, 'a'],
    [two, 'b'],
  ] as const) {
    hashes.add(name, stamp, { began: Date.now(), size: leastKnown, sha256: other });
    hashes.save();
  }
  expect(['a', 'b'].map((name) => known().find(name, stamp))).toEqual([other, other]);
});

test('the list is bounded, and those known first stay', () => {
  const stamp: FileStamp = { dev: 1n, ino: 2n, size: BigInt(leastKnown), mtimeNs: 3n, ctimeNs: 4n };
  const add = (hashes: KnownHashes, name: string) =>
    hashes.add(name, stamp, { began: Date.now(), size: leastKnown, sha256: other });
  const hashes = known();
  for (let i = 0; i < 20_010; i++) add(hashes, `f${i}`);
  add(hashes, 'x'.repeat(1001));
  hashes.save();
  const kept = known();
  expect(['f0', 'f19999', 'f20000'].map((name) => kept.find(name, stamp))).toEqual([other, other, undefined]);
  expect(kept.find('x'.repeat(1001), stamp)).toBeUndefined();
});
