import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mount = (path: string, options: string) =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { encoding: 'utf8' });

/** Why there can be no disks of our own here; undefined where there can. */
export const noDisks: string | undefined = (() => {
  const path = mkdtempSync(join(tmpdir(), 'layerline-disk-'));
  const { status, error, stderr } = mount(path, 'size=64k');
  if (status === 0) execFileSync('umount', [path]);
  rmdirSync(path);
  return status === 0 ? undefined : `needs the right to mount a file system: ${error?.message ?? stderr.trim()}`;
})();

/**
 * Mounts a small disk at a path while something is done.
 *
 * @param options of mount, such as `size=64k,ro`
 * @throws Error where it cannot be mounted
 */
export async function withDisk<T>(path: string, options: string, work: () => Promise<T>): Promise<T> {
  if (noDisks !== undefined) throw new Error(noDisks);
  mkdirSync(path, { recursive: true });
  mount(path, options);
  try {
    return await work();
  } finally {
    execFileSync('umount', ['-l', path]);
  }
}
