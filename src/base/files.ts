import { randomUUID } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * Writes a file so that a reader, or a kill half-way, sees the old content or the new and never a part of it.
 *
 * @param data in one piece, or in pieces that follow each other and need not be in memory at a time
 * @param aside where it is written first, on the same disk; left out: beside it
 * @throws the file system's own error (ENOSPC, EROFS, EACCES, ...); nothing is left behind then.
 */
export function writeFileAtomic(
  path: string,
  data: string | Uint8Array | Generator<Uint8Array>,
  aside = join(dirname(path), besideName()),
): void {
  place(path, data, aside, true);
}

/**
 * The name of a file that is written before it takes the place of another. It does not hold that one's, which may be as
 * long as a name can be.
 *
 * @param of what it is made for, where a folder holds several things that processes write each on its own
 */
export function besideName(of = ''): string {
  return `${of}.${randomUUID()}.tmp`;
}

/** Whether a file has such a name: it stays where a process is killed meanwhile. @param name without its folder */
export function isLeftover(name: string): boolean {
  return /^\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/.test(name);
}

/**
 * Removes what killed processes have left half-written.
 *
 * @param folder no process writes to it now, or to what is below it
 * @param of only what was made for this goes, in the folder itself, as versions before named it too, and whole folders:
 * no process makes it now
 * @throws the file system's own error
 */
export function removeLeftovers(folder: string, of?: string): void {
  const isOne = (name: string) =>
    of === undefined ? isLeftover(name) : name.startsWith(`${of}.`) && name.endsWith('.tmp');
  for (const entry of readdirSync(folder, { recursive: of === undefined, withFileTypes: true })) {
    if (isOne(entry.name))
      rmSync(join(entry.parentPath, entry.name), { recursive: of !== undefined, force: true, maxRetries: 5 });
  }
}

/**
 * As writeFileAtomic, for one of many small files: until `flushFiles` has ended, a loss of power may leave it empty.
 * One hundred that are flushed one by one take as long as thousands that are flushed together.
 */
export function writeFileUnflushed(path: string, data: string | Uint8Array, aside: string): void {
  place(path, data, aside, false);
}

function place(path: string, data: string | Uint8Array | Generator<Uint8Array>, aside: string, flush: boolean): void {
  makeFolder(dirname(path));
  try {
    if (typeof data === 'string' || data instanceof Uint8Array) writeFileSync(aside, data, { flush });
    else writePieces(aside, data);
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/**
 * Makes a folder, and those above it that are not there. Node's own `recursive` reports a read-only file system as
 * ENOENT.
 *
 * @throws the file system's own error
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (!existsSync(path)) throw error; // another process may have made it
  }
}

/** What the system says of a path; undefined where it says nothing, which whoever reads there will tell. */
export function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/** A path without links; of what is not made yet, those on the way to it are followed. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const whole = resolve(path);
    return dirname(whole) === whole ? whole : join(realPath(dirname(whole)), basename(whole));
  }
}

function writePieces(path: string, pieces: Generator<Uint8Array>): void {
  const file = openSync(path, 'w');
  try {
    for (const piece of pieces) writeFileSync(file, piece);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Notes that a kept file was used: `pipeline clean` goes by that time. */
export function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Read-only, or removed in this moment: what was read is right all the same.
  }
}

/** Files that are flushed at a time: each is open meanwhile, and a process may open about a thousand. */
const together = 64;

/**
 * Brings files to the disk, many at a time and beside other work; one that is no longer there is passed over.
 *
 * @throws the file system's own error
 */
export async function flushFiles(paths: readonly string[]): Promise<void> {
  for (let first = 0; first < paths.length; first += together) {
    await Promise.all(paths.slice(first, first + together).map(flushFile));
  }
}

async function flushFile(path: string): Promise<void> {
  try {
    const file = await open(path, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/**
 * Makes the names in a folder outlast a loss of power: without it, a file that was just renamed into place, itself
 * flushed, may be gone. Does nothing where folders cannot be flushed: on Windows, and on some network file systems.
 *
 * @throws the file system's own error
 */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    closeSync(folder);
  }
}

/**
 * Appends a text whole or not at all.
 *
 * @param file open for appending, by this process alone
 * @throws the file system's own error; no part of the text is left then
 */
export function appendWhole(file: number, text: string): void {
  const { size } = fstatSync(file);
  const bytes = Buffer.from(text);
  try {
    // A disk that fills up takes a part of the bytes without an error.
    if (writeSync(file, bytes) < bytes.length)
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  } catch (error) {
    ftruncateSync(file, size);
    throw error;
  }
}

/**
 * Makes a file that was not there: of several processes, one.
 *
 * @returns whether it was this one
 * @throws the file system's own error
 */
export function createFile(path: string, content: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(file, content);
  } catch (error) {
    // Left empty on a full disk, it would seem to be another's.
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return true;
}
