import { fileURLToPath } from 'node:url';
import type { Misfit } from '../../base/row.ts';

/** What an address of a place that several machines reach says. */
export type RemoteAddress =
  /** A folder, with all of its path. */
  | { readonly kind: 'folder'; readonly folder: string }
  /** A bucket, and what its keys begin with: nothing, or `PREFIX/`. */
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string }
  /** A folder of the artifact store of the tracking server. */
  | { readonly kind: 'artifacts'; readonly folder: string };

/** How addresses begin; that one is whole, `readRemoteAddress` says. */
export const remotePattern = '^([Ff][Ii][Ll][Ee]://(localhost)?/\\S|s3://[a-z0-9]|mlflow-artifacts:/[\\w])';

const form =
  'Write it as file:///FOLDER, a folder that all machines have mounted, as s3://BUCKET/PREFIX, ' +
  'or as mlflow-artifacts:/FOLDER.';

/** What an address says, or why it is none. Quotes no part of it, as each may be of a password. */
export function readRemoteAddress(address: string): RemoteAddress | Misfit {
  if (/\p{Cc}/u.test(address) || address !== address.trim())
    return { problem: 'there is a blank or a control character in it', hint: form };
  if (/^file:/i.test(address)) return folderOf(address);
  if (/^s3:/i.test(address)) return bucketOf(address);
  if (/^mlflow-artifacts:/i.test(address)) return artifactsOf(address);
  if (/^[./~]|^[a-z]:[\\/]/i.test(address))
    return {
      problem: 'it is a path',
      hint: 'Write a folder with all of its path behind file://, as in file:///mnt/cache.',
    };
  return { problem: 'it does not begin with file:///, s3:// or mlflow-artifacts:/', hint: form };
}

/** Parts that need no encoding, and of which none leads up. */
const plainParts = String.raw`(?!\.{1,2}(?:/|$))[\w.-]+(?:/(?!\.{1,2}(?:/|$))[\w.-]+)*`;
const bucketPattern = new RegExp(String.raw`^s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(${plainParts})?)?/?$`);
const artifactsPattern = new RegExp(String.raw`^mlflow-artifacts:/(${plainParts})/?$`);

function bucketOf(address: string): RemoteAddress | Misfit {
  const [whole, bucket = '', prefix] = bucketPattern.exec(address) ?? [];
  if (whole === undefined)
    return {
      problem: 'it names no bucket, or its prefix has other characters than letters, digits and _ . - /',
      hint: 'Write it as s3://BUCKET/PREFIX; credentials, region and endpoint come from the environment (AWS_...).',
    };
  return { kind: 's3', bucket, prefix: prefix === undefined ? '' : `${prefix}/` };
}

function artifactsOf(address: string): RemoteAddress | Misfit {
  const folder = artifactsPattern.exec(address)?.[1];
  if (folder === undefined)
    return {
      problem: 'it names no folder of an artifact store, or one with other characters than letters, digits and _ . - /',
      hint: 'Write it as mlflow-artifacts:/FOLDER; the server is the one that runs are recorded on.',
    };
  return { kind: 'artifacts', folder };
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
