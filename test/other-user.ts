import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';

/** A user that has neither a name nor a home. */
export const stranger = 12_345;

/** Why nothing can be run as another user here; undefined where it can. */
export const noOtherUser: string | undefined =
  process.platform === 'linux' && process.getuid?.() === 0 ? undefined : 'needs to be root on Linux';

/** Why the machine's cache cannot be another here; undefined where it can. */
export const noOtherCache: string | undefined =
  noOtherUser ??
  (spawnSync('unshare', ['--mount', 'true']).status === 0 ? undefined : 'needs the right to make namespaces');

/** The command that runs another as a user. */
export function asUser(user: number): readonly string[] {
  return ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
}

/** The command that runs another where the cache of the machine, `/var/cache`, is a folder. */
export function withMachineCache(cache: string): readonly string[] {
  return ['unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /var/cache && exec "$@"', cache];
}

/** A folder of a user's, with `runs`, and `read-only`, which he cannot write to either. */
export function makeUserFolder(within: string, user: number): string {
  const home = mkdtempSync(join(within, 'home-'));
  for (const name of ['', 'runs', 'read-only']) {
    mkdirSync(join(home, name), { recursive: true });
    chownSync(join(home, name), user, user);
  }
  chmodSync(join(home, 'read-only'), 0o555);
  return home;
}
