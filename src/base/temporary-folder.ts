import { type Stats, lstatSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

// Longer than any work in one takes: nothing tells of another container's folder in a shared `/tmp` whether it is used.
const abandonedAfter = 30 * 24 * 3600e3;

/**
 * Makes a folder for a while, which its maker removes; those that killed processes of this user left behind a month ago
 * go first.
 *
 * @param purpose what its name begins with, after `layerline-`
 * @throws the file system's own error
 */
export function temporaryFolder(purpose: string): string {
  const prefix = join(tmpdir(), `layerline-${purpose}-`);
  const folder = mkdtempSync(prefix);
  try {
    removeAbandoned(prefix, statSync(folder));
  } catch {
    // The folder above may be one that may be written and not read, and others remove what is there too.
  }
  return folder;
}

/** @param made the newest of them */
function removeAbandoned(prefix: string, { uid, mtimeMs: now }: Stats): void {
  for (const name of readdirSync(dirname(prefix))) {
    const path = join(dirname(prefix), name);
    if (!path.startsWith(prefix)) continue;
    const entry = lstatSync(path);
    if (entry.isDirectory() && entry.uid === uid && now - entry.mtimeMs > abandonedAfter)
      // Nobody works in it any more.
      rmSync(path, { recursive: true, force: true });
  }
}
