import { fileURLToPath } from 'node:url';
import type { Misfit } from '../../base/row.ts';

/** What an address of a place that several machines reach says. */
export type RemoteAddress =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string };

const form = 'Write it as file:///FOLDER or s3://BUCKET/PREFIX.';

/** What an address says, or why it is none. Quotes no part of it, as any may be of a password. */
export function readRemoteAddress(address: string): RemoteAddress | Misfit {
  if (/\p{Cc}/u.test(address) || address !== address.trim())
    return { problem: 'there is a blank or a control character in it', hint: form };
  if (/^file:/i.test(address)) return folderOf(address);
  if (/^s3:/i.test(address)) return bucketOf(address);
  if (/^[./~]|^[a-z]:[\\/]/i.test(address))
    return {
      problem: 'it is a path',
      hint: 'Write a folder with all of its path behind file://, as in file:///mnt/cache.',
    };
  return { problem: 'it does not begin with file:// or s3://', hint: form };
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
    return { kind: 'folder', folder: fileURLToPath(address) };
  } catch {
    return { problem: 'its path cannot be read', hint: 'Write % as %25, and no stroke as %2F.' };
  }
}

function bucketOf(address: string): RemoteAddress | Misfit {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/i.exec(address) ?? [];
  if (bucket === undefined || bucket !== bucket.toLowerCase())
    return {
      problem: 'it names no bucket',
      hint: 'Write it as s3://BUCKET/PREFIX; a bucket has 3 to 63 small letters, digits, dots and dashes.',
    };
  const path = prefix.replace(/\/+$/, '');
  if (path !== '' && !path.split('/').every((part) => /^[\w.-]{1,100}$/.test(part) && !/^\.+$/.test(part)))
    return {
      problem: 'its prefix has what names of ours have not',
      hint: 'Letters, digits, dots, dashes and _ are allowed, with a single / between parts.',
    };
  return { kind: 's3', bucket, prefix: path };
}
