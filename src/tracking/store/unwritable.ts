import { basename, dirname } from 'node:path';
import { claimedBy } from '../../base/claim.ts';
import { warning } from '../../base/diagnostics.ts';
import type { Shortfall } from '../tracker.ts';
import { reasonOf } from './write-reason.ts';

/**
 * Says of a run that nothing can be done for it, as its files cannot be written; undefined for any other error.
 *
 * @param directory the run's folder
 */
export function tellOfUnwritable(directory: string, error: unknown): Shortfall | undefined {
  const { code = '', path = dirname(directory) } = error as NodeJS.ErrnoException;
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'].includes(code)) return undefined;
  const reason = reasonOf(error);
  // A claim's file is not there yet.
  const where = claimedBy(basename(path)) === undefined ? path : dirname(path);
  const wayOut = ['ENOSPC', 'EDQUOT'].includes(code)
    ? 'make room there, and run `pipeline sync`'
    : 'make it writable, or run `pipeline sync` as a user who may write there';
  return {
    ...warning(
      'not-writable',
      `the run ${basename(directory)} is left as it is: ${where}: ${reason}`,
      `nothing is lost: ${wayOut}`,
    ),
    ofMany: { cause: reason, message: `left as they are in ${dirname(dirname(directory))}: ${reason}` },
  };
}
