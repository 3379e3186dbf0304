import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { failure, UserError, warning } from '../../base/diagnostics.ts';
import type { Emit } from '../../base/events.ts';
import { touch, writeFileAtomic } from '../../base/files.ts';
import { hideSecrets } from '../../base/secrets.ts';
import { type DataPlace, addressesIn, locate } from './data-file.ts';
import { download } from './download-file.ts';
import { readBytes } from './read-bytes.ts';

/** Who is told of what is fetched, and who may stop it. */
export interface Fetching {
  readonly emit: Emit;
  readonly signal?: AbortSignal;
}

/**
 * Fetches the files of a data set that have addresses and are not kept yet, or no longer as they were. A file is
 * written once all of it is there and has the hash that it must have.
 *
 * @param files as the row of the data set names them; others than those with addresses are passed over
 * @throws UserError when one does not come, is another, or cannot be kept; the signal's reason when it is aborted
 */
export async function fetchFiles(files: unknown, fetching: Fetching): Promise<void> {
  for (const { address } of addressesIn(files)) {
    const place = locate(address, '.');
    if (place.url !== undefined && !isKept(place, fetching)) await fetchFile({ ...place, url: place.url }, fetching);
  }
}

function isKept(place: DataPlace, { emit }: Fetching): boolean {
  try {
    readBytes(place);
    touch(place.path);
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (existsSync(place.path))
      emit({
        type: 'diagnostic',
        diagnostic: warning('kept-copy-damaged', error.message, 'It is fetched again.'),
      });
    return false;
  }
}

async function fetchFile(
  { path, url, sha256 }: DataPlace & { readonly url: string },
  { emit, signal }: Fetching,
): Promise<void> {
  const onFraction = (fraction: number) => emit({ type: 'fetch-progress', url: hideSecrets(url), fraction });
  onFraction(0);
  const bytes = await download(url, { onFraction, ...(signal && { signal }) });
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256)
    throw failure(
      'data-hash-mismatch',
      `${url} is another file: its SHA-256 is ${found} instead of ${sha256}`,
      'Where it was replaced rightly, look at it and write its new `sha256`.',
    );
  try {
    // Version control should not see what can be fetched again.
    writeFileAtomic(join(dirname(path), '.gitignore'), '*\n');
    writeFileAtomic(path, bytes);
  } catch (error) {
    throw failure(
      'data-not-kept',
      `${url} cannot be kept: ${(error as Error).message}`,
      'Make `.layerline/data` writable, and room there.',
      error,
    );
  }
  onFraction(1);
}
