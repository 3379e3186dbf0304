import { readFileSync } from 'node:fs';
import { realPath } from './files.ts';

/**
 * The mount that a folder lies in, where no program and no library can be loaded from it (`noexec`); undefined where
 * they can, or nobody tells.
 */
export function noexecMount(folder: string): string | undefined {
  const path = realPath(folder);
  // proc(5): the mount point in field 5, with blanks and the like in octal, its options in field 6. Later ones lie over
  // earlier ones.
  const mounts = mountinfo()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, , , , at = '', options = '']) => ({
      at: at.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
      isNoexec: options.split(',').includes('noexec'),
    }))
    .filter(({ at }) => at !== '' && `${path}/`.startsWith(at === '/' ? at : `${at}/`));
  const most = Math.max(...mounts.map(({ at }) => at.length));
  const mount = mounts.findLast(({ at }) => at.length === most);
  return mount?.isNoexec === true ? mount.at : undefined;
}

function mountinfo(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}
