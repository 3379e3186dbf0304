import { fileURLToPath } from 'node:url';
import type { Misfit } from '../../base/row.ts';

/** What an address of a place that several machines reach says. */
interface RemoteAddress {
  /** With all of its path. */
  readonly folder: string;
}

/** How addresses begin; that one is whole, `readRemoteAddress` says. */
export const remotePattern = '^[Ff][Ii][Ll][Ee]://(localhost)?/\\S';

const form = 'Write it as file:///FOLDER, a folder that all machines have mounted.';

/** What an address says, or why it is none. Quotes no part of it, as each may be of a password. */
export function readRemoteAddress(address: string): RemoteAddress | Misfit {
  if (/\p{Cc}/u.test(address) || address !== address.trim())
    return { problem: 'there is a blank or a control character in it', hint: form };
  if (/^file:/i.test(address)) return folderOf(address);
  if (/^[./~]|^[a-z]:[\\/]/i.test(address))
    return {
      problem: 'it is a path',
      hint: 'Write a folder with all of its path behind file://, as in file:///mnt/cache.',
    };
  return { problem: 'it does not begin with file:///', hint: form };
}

function folderOf(address: string): RemoteAddress | Misfit {
  if (!/^file:\/\/(localhost)?\//i.test(address))
    return {
      problem: 'it names no folder with all of its path',
      hint: 'Three strokes stand before the path, as in file:///mnt/cache.',
    };
  if (/[?#\\]/.test(address))
    return { problem: 'there is one of ?, # and \\ in it', hint: 'Write them as %3F, %23 and %5C.' };
  // `new URL` would go up without a word.
  if (/(^|\/)(\.|%2e){1,2}(\/|$)/i.test(address))
    return { problem: '. or .. is on its way', hint: 'Write the path that it leads to.' };
  try {
    return { folder: fileURLToPath(address) };
  } catch {
    return { problem: 'its path cannot be read', hint: 'Write % as %25, and no stroke as %2F.' };
  }
}
