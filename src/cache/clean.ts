import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stageNames } from '../base/events.ts';

/** What may stay. */
export interface CacheLimits {
  /** Bytes of all entries together; the least recently used go first. */
  readonly bytes?: number;
  /** Milliseconds since an entry was last used. */
  readonly age?: number;
}

/** What was removed, and what is left. */
export interface Cleaned {
  readonly removed: { readonly entries: number; readonly bytes: number };
  readonly left: { readonly entries: number; readonly bytes: number };
}

/** A file that a kill left half-written is no one's any more after so many milliseconds. */
const abandoned = 3_600_000;

/**
 * Removes kept outcomes, least recently used first, until the limits hold; without limits, all of them. Touches nothing
 * but the cache.
 *
 * @param folder see cacheFolder
 * @throws the file system's own error
 */
export function cleanCache(folder: string, limits: CacheLimits): Cleaned {
  const now = Date.now();
  const files = filesIn(folder).toSorted((a, b) => b.usedAt - a.usedAt);
  const [cleaned, none] = [{ removed: { entries: 0, bytes: 0 }, left: { entries: 0, bytes: 0 } }, limits.bytes === undefined && limits.age === undefined];
  for (const { path, bytes, usedAt, whole } of files) {
    if (!whole && now - usedAt < abandoned) continue; // someone is writing it
    const tooOld = now - usedAt > (limits.age ?? Infinity);
    const tooLarge = cleaned.left.bytes + bytes > (limits.bytes ?? Infinity);
    const goes = none || !whole || tooOld || tooLarge;
    if (goes) rmSync(path, { force: true });
    const side = goes ? cleaned.removed : cleaned.left;
    side.entries++;
    side.bytes += bytes;
  }
  return cleaned;
}

function filesIn(folder: string): readonly { readonly path: string; readonly bytes: number; readonly usedAt: number; readonly whole: boolean }[] {
  return stageNames.flatMap((stage) => namesIn(join(folder, stage)).flatMap((name) => {
    const path = join(folder, stage, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    // A file being written has a name that begins with a dot.
    return stat === undefined ? [] : [{ path, bytes: stat.size, usedAt: stat.mtimeMs, whole: !name.startsWith('.') }];
  }));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
