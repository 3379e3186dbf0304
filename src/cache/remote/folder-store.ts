import { type FileHandle, constants, lstat, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, type UserError } from '../../base/diagnostics.ts';
import { createFile, isLeftover, touch } from '../../base/files.ts';
import type { RemoteName, RemoteStore } from '../remote-store.ts';
import { receiveFile, tooMuch } from './receive-file.ts';
import { partsOfName } from './remote-names.ts';

/** The file by which a folder says that it is ours to write in. */
const marker = 'layerline-store';
const mark = 'Layerline keeps outcomes of stages here, for all machines that reach this folder.\n';

/** Bytes that are read at a time. */
const piece = 1 << 20;

/**
 * A folder that several machines reach. It has to be there; what a file names is written to only where it is empty, or
 * where one of us has said before that it is ours, and never where a link leads.
 *
 * @param folder with all of its path
 */
export function openFolderStore(folder: string, address: string): RemoteStore {
  const failed = (error: unknown, doing: string): Error => {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === undefined ? (error as Error) : explain({ folder, address, doing, code, message }, error);
  };
  let isClosed = false;
  /** What is read there, with errors that say so: where it is written to has others. */
  async function* explained(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      for await (const one of pieces) {
        if (isClosed) throw failure('remote-unreachable', `${address} was closed meanwhile`);
        yield one;
      }
    } catch (error) {
      throw failed(error, 'read from');
    }
  }
  return {
    address,
    async read(name, file, limit) {
      const from = `${address}/${name}`;
      const handle = await openIn(folder, name).catch((error: unknown) => {
        throw failed(error, 'read from');
      });
      if (handle === undefined) return false;
      try {
        if ((await handle.stat()).size > limit) throw tooMuch(from, limit);
        const pieces = piecesOf(handle);
        await receiveFile(explained(pieces), file, { from, limit });
        // Whoever makes room there goes by that time.
        touch(join(folder, name));
        return true;
      } finally {
        await handle.close();
      }
    },
    async write(name, file) {
      try {
        await claim(folder, address);
        const target = await ownPath(folder, name, true);
        const handle = await open(file, constants.O_RDONLY);
        try {
          await receiveFile(explained(piecesOf(handle)), target, { from: file, limit: Infinity });
        } finally {
          await handle.close();
        }
      } catch (error) {
        throw failed(error, 'written to');
      }
    },
    async has(name) {
      try {
        const handle = await openIn(folder, name);
        await handle?.close();
        return handle !== undefined;
      } catch (error) {
        throw failed(error, 'read from');
      }
    },
    close() {
      isClosed = true;
      return Promise.resolve();
    },
  };
}

/** Opens a file of ours; undefined where there is none. @throws the file system's own error; UserError */
async function openIn(folder: string, name: RemoteName): Promise<FileHandle | undefined> {
  // One that is not there is told apart from one that holds nothing under the name.
  if (!(await lstat(`${folder}/`)).isDirectory()) throw notOurs(folder, 'it is no folder');
  const path = await ownPath(folder, name, false);
  try {
    // Without waiting for what writes into a pipe; Windows has neither flag.
    const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
    const handle = await open(path, flags);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    throw notOurs(path, 'it is no file');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw code === 'ELOOP' ? notOurs(path, 'it is a link') : error;
  }
}

/**
 * The path of what lies under a name, of which no part is a link: others may write here too.
 *
 * @param isMade whether folders on the way are made
 */
async function ownPath(folder: string, name: RemoteName, isMade: boolean): Promise<string> {
  const parts = partsOfName(name);
  let path = folder;
  for (const part of parts.slice(0, -1)) {
    path = join(path, part);
    if (isMade) await mkdir(path).catch(unlessThere);
    const stat = await lstat(path).catch(() => undefined);
    if (stat?.isDirectory() === false) throw notOurs(path, stat.isSymbolicLink() ? 'it is a link' : 'it is no folder');
  }
  return join(path, parts.at(-1)!);
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** Sees to it that a folder is ours. @throws UserError where it holds what is not ours */
async function claim(folder: string, address: string): Promise<void> {
  if (await isMarked(folder)) return;
  const others = (await readdir(folder)).filter((name) => !isLeftover(name));
  // Another first writer may have been between the two looks.
  if (others.length > 0 && !(await isMarked(folder)))
    throw failure(
      'remote-not-ours',
      `${folder} holds what Layerline did not put there: nothing is written to it`,
      `Make an empty folder for kept outcomes, and name that: ${address}/NAME.`,
    );
  createFile(join(folder, marker), mark);
}

async function isMarked(folder: string): Promise<boolean> {
  const stat = await lstat(join(folder, marker)).catch(() => undefined);
  return stat?.isFile() === true;
}

async function* piecesOf(handle: FileHandle): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(piece), 0, piece, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function notOurs(path: string, why: string): UserError {
  return failure('remote-not-ours', `${path} is not ours: ${why}`, 'Remove it, or name another folder.');
}

interface Failed {
  readonly folder: string;
  readonly address: string;
  readonly doing: string;
  readonly code: string;
  readonly message: string;
}

function explain({ folder, address, doing, code, message }: Failed, cause: unknown): UserError {
  const ways: Readonly<Record<string, string>> = {
    ENOENT: `Make the folder ${folder}, or mount what it is on: it is never made here.`,
    ENOTDIR: `Name a folder: ${folder} is none.`,
    ENOSPC: `Make room in ${folder}.`,
    EDQUOT: `Make room in ${folder}.`,
    ESTALE: `Mount ${folder} anew.`,
  };
  const rights = `Give this user the right to read and write in ${folder}.`;
  return failure(
    'remote-unreachable',
    `${address} cannot be ${doing}: ${message}`,
    ways[code] ?? (['EACCES', 'EPERM', 'EROFS'].includes(code) ? rights : undefined),
    cause,
  );
}
