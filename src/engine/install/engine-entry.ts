import { createHash } from 'node:crypto';
import {
  createReadStream,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { besideName, writeFileAtomic } from '../../base/files.ts';
import { type Formed, hasForm, object, optional, record, text, whole } from '../../base/json-form.ts';
import { noexecMount } from '../../base/noexec.ts';
import type { EngineSite } from './engine-site.ts';
import { headers, type Wheel } from './wheels.ts';

/** Paths inside an entry. The addon finds the libraries at `../../deps/lib`, seen from its own real place. */
export const layout = {
  libraries: 'deps/lib',
  headers: 'deps/include',
  addon: 'lib/napi-v8/tfjs_binding.node',
  quietLoad: 'lib/napi-v8/quiet_load.node',
} as const;

const sealName = 'engine.json';

/** Bytes of a file that is read in less than a millisecond. */
const small = 1e6;

/** Entries that this process has found damaged. */
const damagedEntries = new Set<string>();

const sha256 = text(/^[0-9a-f]{64}$/);

/**
 * `changed`: when the file was last changed, as it was hashed: whole seconds since 1970, as archives and images keep
 * them.
 */
const hashed = object({ sha256, changed: whole });

/**
 * What is noted of every file of a finished folder, by the path inside: bytes, and hashes. Those are absent of an
 * engine that was set up before they were kept, until it is first looked at.
 */
const sealForm = object({ wheel: text(), sha256: text(), files: record(whole), hashes: optional(record(hashed)) });

type Seal = Formed<typeof sealForm>;
type Hashed = Formed<typeof hashed>;

/** Notes size and SHA-256 of every file of a finished folder, as the last thing before it gets its final name. */
export async function seal(folder: string, { wheel }: EngineSite): Promise<void> {
  const files = filesOf(wheel);
  const sizes = Object.fromEntries(files.map((file) => [file, statSync(join(folder, file)).size]));
  writeSeal(folder, { wheel: wheel.file, sha256: wheel.sha256, files: sizes, hashes: await hashAll(folder, files) });
}

const filesOf = ({ libraries }: Wheel) => [
  ...Object.keys(libraries).map((name) => `${layout.libraries}/${name}`),
  ...headers.map((name) => `${layout.headers}/${name}`),
  layout.addon,
  layout.quietLoad,
];

/**
 * Bytes of a whole entry, or undefined where something is missing, cannot be read, or has another size than when it was
 * sealed.
 */
export function sizeOfWhole(entry: string, wheel: Wheel): number | undefined {
  try {
    const sealed = readSeal(entry, wheel);
    if (sealed === undefined) return undefined;
    const sizes = Object.entries(sealed.files);
    if (sizes.some(([file, bytes]) => statSync(join(entry, file)).size !== bytes)) return undefined;
    return sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  } catch {
    return undefined; // absent, or broken in a way that setting it up again mends
  }
}

/**
 * The first file of an entry that is not what it was when it was sealed; undefined where there is none. Of the
 * libraries, only one that was changed since it was last looked at is read: both take seconds.
 *
 * @param thorough reads them all
 * @throws the file system's own error where there is no entry, or it cannot be read
 */
export async function damagedFile(entry: string, wheel: Wheel, thorough = false): Promise<string | undefined> {
  const sealed = readSeal(entry, wheel);
  const damaged =
    sealed === undefined
      ? sealName
      : (fileOfOtherSize(entry, sealed) ?? (await fileOfOtherHash(entry, sealed, thorough)));
  if (damaged === undefined) damagedEntries.delete(entry);
  else damagedEntries.add(entry);
  return damaged;
}

function fileOfOtherSize(entry: string, { files }: Seal): string | undefined {
  return Object.keys(files).find(
    (file) => statSync(join(entry, file), { throwIfNoEntry: false })?.size !== files[file],
  );
}

async function fileOfOtherHash(entry: string, sealed: Seal, thorough: boolean): Promise<string | undefined> {
  const { files, hashes } = sealed;
  const isChanged = (file: string) => hashes?.[file]?.changed !== changeOf(join(entry, file));
  const now = await hashAll(
    entry,
    Object.keys(files).filter((file) => thorough || files[file]! < small || isChanged(file)),
  );
  const other = Object.keys(now).find(
    (file) => hashes?.[file] !== undefined && hashes[file].sha256 !== now[file]!.sha256,
  );
  if (other === undefined && Object.keys(files).some(isChanged))
    remember(entry, { ...sealed, hashes: { ...hashes, ...now } });
  return other;
}

function remember(entry: string, sealed: Seal): void {
  try {
    writeSeal(entry, sealed);
  } catch {
    // Another user's, or read-only: what was changed is read again each time.
  }
}

async function hashAll(folder: string, files: readonly string[]): Promise<Record<string, Hashed>> {
  const hashed: Record<string, Hashed> = {};
  for (const file of files) {
    const path = join(folder, file);
    const hash = createHash('sha256');
    const changed = changeOf(path);
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
    hashed[file] = { sha256: hash.digest('hex'), changed };
  }
  return hashed;
}

const changeOf = (path: string) => Math.floor(statSync(path).mtimeMs / 1000);

/** undefined: it is damaged, or another engine's, and says nothing of all that an engine needs. */
function readSeal(entry: string, wheel: Wheel): Seal | undefined {
  const written = readFileSync(join(entry, sealName), 'utf8');
  try {
    const sealed: unknown = JSON.parse(written);
    if (!hasForm(sealForm, sealed) || sealed.wheel !== wheel.file || sealed.sha256 !== wheel.sha256) return undefined;
    return isDeepStrictEqual(new Set(Object.keys(sealed.files)), new Set(filesOf(wheel))) ? sealed : undefined;
  } catch {
    return undefined;
  }
}

const writeSeal = (entry: string, sealed: Seal) =>
  writeFileAtomic(join(entry, sealName), `${JSON.stringify(sealed, undefined, 2)}\n`);

/**
 * Where an engine may be, the best first: the caches, then where the installed tfjs-node leads, which may be another
 * user's. Where nothing can be loaded from counts only as the place that one is set up in, and last: else it would be
 * in the way of one that is set up elsewhere for that reason.
 */
export function placesOf({ places, entry, tfjsNode }: EngineSite): readonly string[] {
  const linked = dirname(readLink(join(tfjsNode, 'deps')) ?? '');
  const all = basename(linked) === basename(entry) && !places.includes(linked) ? [...places, linked] : places;
  const loadable = all.filter((place) => noexecMount(place) === undefined);
  return loadable.includes(entry) ? loadable : [...loadable, entry];
}

/** The best place that has all of an engine, which this user can read; none that this process found damaged. */
export function findEntry(site: EngineSite): string | undefined {
  return placesOf(site).find((place) => !damagedEntries.has(place) && sizeOfWhole(place, site.wheel) !== undefined);
}

/** Whether the installed tfjs-node leads to the entry. */
export function isLinked({ tfjsNode }: EngineSite, entry: string): boolean {
  return linksOf(tfjsNode, entry).every(({ from, to }) => readLink(from) === to);
}

/**
 * Makes the installed tfjs-node lead to the entry. What a stock install left there is kept beside it, as `*.stock`.
 *
 * @throws the file system's own error
 */
export function linkEntry({ tfjsNode }: EngineSite, entry: string): void {
  for (const { from, to } of linksOf(tfjsNode, entry)) {
    if (readLink(from) === to) continue;
    mkdirSync(dirname(from), { recursive: true });
    if (lstatSync(from, { throwIfNoEntry: false })?.isSymbolicLink() === false) {
      rmSync(`${from}.stock`, { recursive: true, force: true });
      renameSync(from, `${from}.stock`);
    }
    const aside = join(dirname(from), besideName());
    symlinkSync(to, aside);
    renameSync(aside, from);
  }
}

function linksOf(tfjsNode: string, given: string): { from: string; to: string }[] {
  // Several ways may lead to one cache, and a link by one of them must not seem wrong by another.
  const entry = realpathSync.native(given);
  return ['deps', layout.addon].map((path) => ({ from: join(tfjsNode, path), to: join(entry, path) }));
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
