import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assert, asyncProperty, nat } from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostics.ts';
import { anything } from '../../src/base/json-form.ts';
import type { Fingerprint } from '../../src/cache/fingerprints.ts';
import { openRemoteStore } from '../../src/run/open-remote-store.ts';
import { keyOf } from '../../src/cache/remote/sign-entry.ts';
import { StageCache } from '../../src/cache/stage-cache.ts';
import { SharedOutcomes } from '../../src/run/shared-outcomes.ts';

let root: string;
let shared: string;
let warnings: Diagnostic[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'layerline-shared-'));
  shared = join(root, 'shared');
  mkdirSync(shared);
  warnings = [];
});
afterEach(() => rmSync(root, { recursive: true }));

const fingerprint = (of: string): Fingerprint => {
  const parts = [['train.epochs', of]] as const;
  return { stage: 'train', hash: createHash('sha256').update(of).digest('hex'), parts };
};
const weights = new Float32Array([1, Number.NaN, -0]);
const never = new AbortController().signal;
const there = (of: string) => join(shared, 'outcomes/train', fingerprint(of).hash);

/** One machine: a cache of its own, and the place that it shares. */
async function machine(name: string, key?: string) {
  const folder = join(root, name);
  const cache = new StageCache(folder, (warning) => warnings.push(warning));
  const outcomes = new SharedOutcomes(await openRemoteStore(pathToFileURL(shared).href), key, (warning) =>
    warnings.push(warning),
  );
  return {
    folder,
    outcomes,
    find: (of: string) => cache.find(fingerprint(of), anything),
    fetch: (of: string) => outcomes.fetch(folder, [{ fingerprint: fingerprint(of), form: anything }]),
    /** Its last: whoever has sent all closes the place. */
    async send(of: string, outcome: unknown = { weights }, replaces = false) {
      cache.keep(fingerprint(of), name, outcome);
      outcomes.send(fingerprint(of), cache.fileOf(fingerprint(of)), replaces);
      await outcomes.end(never);
    },
  };
}

test('what one machine has kept, another finds to the bit, and nothing is left beside it', async () => {
  await (await machine('one')).send('2');
  const other = await machine('other');
  expect(await other.fetch('2')).toEqual(new Set(['train']));
  expect(other.find('2')).toMatchObject({ runId: 'one', outcome: { weights } });
  expect(await other.fetch('3')).toEqual(new Set());
  // It is here now, and not fetched again.
  expect(await other.fetch('2')).toEqual(new Set());
  expect(readdirSync(join(other.folder, 'train'))).toEqual([`${fingerprint('2').hash}.outcome`]);
  expect(readdirSync(join(root, 'one/train'))).toHaveLength(1);
  expect(warnings).toEqual([]);
});

test('what lies there already stays, but where it is forced', async () => {
  await (await machine('one')).send('2');
  await (await machine('two')).send('2');
  await (await machine('reader')).fetch('2');
  expect(new StageCache(join(root, 'reader'), () => {}).find(fingerprint('2'), anything)?.runId).toBe('one');
  await (await machine('three')).send('2', { weights }, true);
  await (await machine('late')).fetch('2');
  expect(new StageCache(join(root, 'late'), () => {}).find(fingerprint('2'), anything)?.runId).toBe('three');
});

test('a bit that flipped anywhere is told, never used, and what the stage makes takes its place', async () => {
  await (await machine('one')).send('2');
  const whole = readFileSync(there('2'));
  let run = 0;
  const check = asyncProperty(nat(whole.length * 8 - 1), async (bit) => {
    run++;
    const bytes = Buffer.from(whole);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(there('2'), bytes);
    const other = await machine(`other${run}`);
    expect(await other.fetch('2')).toEqual(new Set());
    expect(other.find('2')).toBeUndefined();
    expect(warnings.splice(0)).toMatchObject([
      { code: 'remote-damaged', message: expect.stringContaining('keeps of train cannot be used') },
    ]);
    await other.send('2');
    expect(readFileSync(there('2')).length).toBeGreaterThan(100);
    expect(await (await machine(`next${run}`)).fetch('2')).toEqual(new Set(['train']));
  });
  await assert(check, { numRuns: 20 });
  for (const length of [0, 7, whole.length - 1]) {
    writeFileSync(there('2'), whole.subarray(0, length));
    expect(await (await machine(`short${length}`)).fetch('2')).toEqual(new Set());
    expect(warnings.splice(0)).toMatchObject([{ code: 'remote-damaged' }]);
  }
});

test('no trust in names: the whole outcome of something else is refused', async () => {
  await (await machine('one')).send('2');
  await (await machine('two')).send('3');
  copyFileSync(there('3'), there('2'));
  const other = await machine('other');
  expect(await other.fetch('2')).toEqual(new Set());
  // Renamed inside as well, it still says that it is made of something else.
  const cache = new StageCache(join(root, 'forger'), () => {});
  const forged = { ...fingerprint('3'), hash: fingerprint('2').hash };
  cache.keep(forged, 'forger', { weights });
  copyFileSync(cache.fileOf(forged), there('2'));
  expect(await other.fetch('2')).toEqual(new Set());
  expect(warnings.map(({ message }) => message)).toEqual([
    expect.stringContaining('is no outcome of train'),
    expect.stringContaining('made of something else'),
  ]);
  expect(other.find('2')).toBeUndefined();
});

test('signed outcomes are for those who have the key, and these take no others', async () => {
  const key = keyOf({ PIPELINE_CACHE_KEY: 'correct horse battery staple' })!;
  await (await machine('one', key)).send('2');
  const signed = readFileSync(there('2'));
  expect(await (await machine('friend', key)).fetch('2')).toEqual(new Set(['train']));
  expect(await (await machine('open')).fetch('2')).toEqual(new Set(['train']));
  expect(warnings).toEqual([]);
  const refuses = async (what: string) => {
    const stranger = await machine(`stranger ${what}`, what === 'other key' ? 'another key of enough length' : key);
    expect(await stranger.fetch('2'), what).toEqual(new Set());
    expect(warnings.splice(0), what).toMatchObject([{ code: 'remote-signature' }]);
    const before = readFileSync(there('2'));
    await stranger.send('2');
    expect(readFileSync(there('2')), what).toEqual(before);
  };
  await refuses('other key');
  writeFileSync(there('2'), signed.subarray(0, -40));
  await refuses('none');
  appendFileSync(there('2'), Buffer.concat([Buffer.from('LLSIGNED'), Buffer.alloc(32)]));
  await refuses('made up');
  await (await machine('two', key)).send('3');
  copyFileSync(there('3'), there('2'));
  await refuses('of another name');
  expect(() => keyOf({ PIPELINE_CACHE_KEY: 'short' })).toThrow('has 5 characters, of at least 16');
});

test('a place that does not answer costs one warning, however many stages there are', async () => {
  rmSync(shared, { recursive: true });
  const one = await machine('one');
  const wanted = ['2', '3', '4'].map((of) => ({ fingerprint: fingerprint(of), form: anything }));
  expect(await one.outcomes.fetch(one.folder, wanted)).toEqual(new Set());
  await one.send('2');
  expect(warnings).toMatchObject([
    { code: 'remote-unreachable', severity: 'warning', hint: expect.stringContaining('The run goes on without it.') },
  ]);
});

test('a damaged outcome here is replaced by that of another machine, and told', async () => {
  await (await machine('one')).send('2');
  const other = await machine('other');
  mkdirSync(join(other.folder, 'train'), { recursive: true });
  writeFileSync(join(other.folder, 'train', `${fingerprint('2').hash}.outcome`), 'damaged');
  expect(await other.fetch('2')).toEqual(new Set(['train']));
  expect(warnings).toMatchObject([{ code: 'cache-damaged', hint: expect.stringContaining('takes its place') }]);
  expect(other.find('2')?.runId).toBe('one');
});

test('many machines may send one outcome at a time', async () => {
  const machines = await Promise.all(Array.from({ length: 6 }, (_, index) => machine(`m${index}`)));
  await Promise.all(machines.map((one) => one.send('2', { weights }, true)));
  expect(await (await machine('reader')).fetch('2')).toEqual(new Set(['train']));
  expect(readdirSync(join(shared, 'outcomes/train'))).toEqual([fingerprint('2').hash]);
  expect(warnings).toEqual([]);
});
