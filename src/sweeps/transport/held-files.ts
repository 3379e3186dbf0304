import { copyFileSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { failure } from '../../base/diagnostics.ts';
import { besideName, makeFolder } from '../../base/files.ts';
import { type Formed, object, such, text, whole } from '../../base/json-form.ts';
import { temporaryFolder } from '../../base/temporary-folder.ts';
import { inTurns } from '../../base/turns.ts';
import type { RemoteStore } from '../../cache/remote-store.ts';
import { hashFile } from '../../datasets/files/read-bytes.ts';
import { plainPath } from '../../tracking/store/run-folder.ts';

/** Form of HeldFile: its path leads nowhere but down. */
export const heldFile = object({
  path: text(plainPath),
  sha256: text(/^[0-9a-f]{64}$/),
  bytes: such(whole, (bytes) => bytes >= 0),
});

/** A file as it goes from one machine to another: where it is to lie below a folder, and what it must be. */
export type HeldFile = Formed<typeof heldFile>;

/** The regular files below some folders, by their hashes. @param folder paths count from @param inside left out: all */
export async function filesBelow(folder: string, inside = ''): Promise<readonly HeldFile[]> {
  const files: HeldFile[] = [];
  const entries = readdirSync(join(folder, inside), { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files.push(await heldAs(relative(folder, path).split(sep).join('/'), path));
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * A file of this machine; a large one that has not changed since it was hashed is not read again.
 *
 * @param path where it is to lie
 * @throws the file system's own error
 */
export async function heldAs(path: string, file: string): Promise<HeldFile> {
  const sha256 = await inTurns(hashFile(file));
  return { path, sha256, bytes: statSync(file).size };
}

const hashOf = (file: string) => inTurns(hashFile(file, { anew: true }));

/**
 * Brings a file to the store, under its hash, where it is not there yet. A copy is made and proven first: what changes
 * meanwhile would stand under a hash that is not its own for ever.
 *
 * @throws UserError where it is no longer what it was, or the store takes it not
 */
export async function pushFile(store: RemoteStore, file: string, { sha256 }: Pick<HeldFile, 'sha256'>): Promise<void> {
  if (await store.has(`data/${sha256}`)) return;
  const folder = temporaryFolder('push');
  try {
    const copy = join(folder, 'file');
    copyFileSync(file, copy);
    if ((await hashOf(copy)) !== sha256)
      throw failure(
        'data-changed-meanwhile',
        `${file} changed while it was brought to ${store.address}`,
        'Give the same command again when nothing writes there any more.',
      );
    await store.write(`data/${sha256}`, copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Brings a file from the store to its place, proven by its hash.
 *
 * @throws UserError `job-file-missing` where it is not there, `job-file-damaged` where it is another one
 */
export async function pullFile(store: RemoteStore, held: Omit<HeldFile, 'path'>, target: string): Promise<void> {
  makeFolder(dirname(target));
  const aside = join(dirname(target), besideName());
  try {
    if (!(await store.read(`data/${held.sha256}`, aside, held.bytes)))
      throw failure('job-file-missing', `${store.address} does not hold data/${held.sha256}`, again);
    if ((await hashOf(aside)) !== held.sha256) throw damaged(store, held.sha256);
    renameSync(aside, target);
  } finally {
    rmSync(aside, { force: true });
  }
}

const again = 'Give the command again that sent the job: what is not there is brought again.';

function damaged({ address }: RemoteStore, sha256: string): Error {
  return failure(
    'job-file-damaged',
    `what ${address} holds as data/${sha256} has another hash: it did not arrive whole, or was changed`,
    'Remove it there, and give the command again that sent the job.',
  );
}

/**
 * As pullFile, by way of this machine's cache: the next job on the machine finds it there. It is read, and never
 * written to.
 *
 * @param cache a folder
 */
export async function pullKept(
  store: RemoteStore,
  held: Omit<HeldFile, 'path'>,
  { cache, target }: { readonly cache: string; readonly target: string },
): Promise<void> {
  const kept = join(cache, held.sha256);
  if (!(await isWhole(kept, held))) await pullFile(store, held, kept);
  mkdirSync(dirname(target), { recursive: true });
  try {
    linkSync(kept, target);
  } catch {
    // Another disk, or one without links.
    copyFileSync(kept, target);
  }
}

async function isWhole(path: string, { sha256, bytes }: Omit<HeldFile, 'path'>): Promise<boolean> {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.size === bytes && (await hashOf(path)) === sha256;
}
