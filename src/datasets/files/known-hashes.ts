import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../../base/diagnostics.ts';
import { besideName, writeFileAtomic } from '../../base/files.ts';
import { hasForm, list, such, text } from '../../base/json-form.ts';
import { ownFolder } from '../../base/own-folder.ts';
import { readFileWithin } from '../../base/read-file.ts';

/** What the system says of a file, without which it cannot have changed. */
export type FileStamp = Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs' | 'ctimeNs'>;

/** Files of fewer bytes are hashed each time: that takes about a millisecond, and of those there may be very many. */
export const leastKnown = 1e6;

/** Files that are known at most; of more the others are hashed each time. */
const mostKnown = 20_000;

/** Characters of a path that is kept. */
const longestPath = 1000;

/** Bytes of the list, with all of them and paths of three bytes a character. */
const mostBytes = mostKnown * (3 * longestPath + 300);

/**
 * Milliseconds from a file's last change to its hashing, below which it may change once more under the same times:
 * clocks of file systems tick every 10 ms, those of FAT every two seconds.
 */
const tick = 2500;

interface Known {
  /** See stampOf. */
  readonly stamp: string;
  /** SHA-256, in hexadecimal digits. */
  readonly sha256: string;
}

const rowForm = such(list(text()), ({ length, 1: stamp = '', 2: sha256 = '' }) => {
  return length === 3 && /^\d+( \d+){4}$/.test(stamp) && /^[0-9a-f]{64}$/.test(sha256);
});
const form = list(rowForm);

/**
 * SHA-256 of large files of data by what the system says of them, from earlier runs and this one, so that what has not
 * changed is not read for its hash. An entry holds for one file on one machine: device, inode, size, and the times of
 * its last change, of which `touch` and `cp -p` set only one.
 */
export class KnownHashes {
  readonly file: string | undefined;
  readonly #kept: ReadonlyMap<string, Known>;
  /** Of this process, which has read them. */
  readonly #own = new Map<string, Known>();
  readonly #contradicted = new Set<string>();
  #isSaved = true;

  /** @param file where they are kept; undefined: only in memory. A damaged one counts as none. */
  constructor(file: string | undefined) {
    this.file = file;
    this.#kept = file === undefined ? new Map() : readKnown(file);
  }

  /** The hash of a file that is as it was when it was hashed. */
  find(path: string, stamp: FileStamp): string | undefined {
    if (stamp.size < leastKnown) return undefined;
    const key = resolve(path);
    const known = this.#own.get(key) ?? this.#kept.get(key);
    return known?.stamp === stampOf(stamp) ? known.sha256 : undefined;
  }

  /**
   * Notes what a file was hashed to, unless it may have changed meanwhile, or may yet under the same times.
   *
   * @param stamp from after it was read
   * @param began when its reading began, in milliseconds since 1970
   * @param size bytes that were read
   */
  add(path: string, stamp: FileStamp, { began, size, sha256 }: { began: number; size: number; sha256: string }): void {
    if (size < leastKnown || stamp.size !== BigInt(size)) return;
    const latest = stamp.mtimeNs > stamp.ctimeNs ? stamp.mtimeNs : stamp.ctimeNs;
    if (latest >= BigInt(began - tick) * 1_000_000n) return;
    const [key, known] = [resolve(path), { stamp: stampOf(stamp), sha256 }];
    const before = this.#own.get(key) ?? this.#kept.get(key);
    if (before?.stamp === known.stamp && before.sha256 === sha256) return;
    if (before?.stamp === known.stamp) this.#contradicted.add(key);
    this.#own.set(key, known);
    this.#isSaved = false;
  }

  /** Those of some files that were read and hold other bytes than were known of them, though all else is the same. */
  takeContradicted(paths: readonly string[]): readonly string[] {
    return paths.filter((path) => this.#contradicted.delete(resolve(path)));
  }

  /** Keeps what is new, beside what other processes have kept; nothing depends on whether that can be done. */
  save(): void {
    if (this.#isSaved || this.file === undefined) return;
    const all = new Map([...this.#own, ...[...readKnown(this.file)].filter(([path]) => !this.#own.has(path))]);
    const rows = [...all].filter(([path]) => path.length <= longestPath).slice(0, mostKnown);
    const body = JSON.stringify(rows.map(([path, { stamp, sha256 }]) => [path, stamp, sha256]));
    try {
      writeFileAtomic(join(dirname(this.file), '.gitignore'), '*\n');
      writeFileAtomic(this.file, `${proofOf(body)}\n${body}`, join(dirname(this.file), besideName()));
      this.#isSaved = true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  }
}

/** Equal for a file that has not changed. */
export const stampOf = ({ dev, ino, size, mtimeNs, ctimeNs }: FileStamp) =>
  [dev, ino, size, mtimeNs, ctimeNs].join(' ');

const proofOf = (body: string) => createHash('sha256').update(body).digest('hex');

/** What is kept in a file: nothing where it is not there, or not as it was written. */
function readKnown(file: string): ReadonlyMap<string, Known> {
  try {
    const whole = Buffer.from(readFileWithin(file, mostBytes)).toString();
    const [proof, body] = [whole.slice(0, 64), whole.slice(65)];
    const rows: unknown = proofOf(body) === proof ? JSON.parse(body) : [];
    if (!hasForm(form, rows)) return new Map();
    return new Map(rows.map(([path, stamp, sha256]) => [path!, { stamp: stamp!, sha256: sha256! }]));
  } catch {
    return new Map();
  }
}

/** Where hashes are kept, below the folder one works in. @throws UserError where it would lead elsewhere */
export function hashesFolder(): string {
  return ownFolder('.', '.layerline', 'hashes');
}

/** What the list is called there. */
export const hashesName = 'data.hashes';

let here: KnownHashes | undefined;

/** The hashes that are kept below the folder one works in. */
export function hashesHere(): KnownHashes {
  const file = hashesFile();
  if (here === undefined || here.file !== file) here = new KnownHashes(file);
  return here;
}

function hashesFile(): string | undefined {
  try {
    return resolve(hashesFolder(), hashesName);
  } catch (error) {
    // Who has something to write there says so.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
