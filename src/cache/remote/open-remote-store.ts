import { mistake, type Range, UserError } from '../../base/diagnostics.ts';
import { isMisfit } from '../../base/row.ts';
import { hideSecrets } from '../../base/secrets.ts';
import { shorten } from '../../base/shorten.ts';
import type { RemoteStore } from '../remote-store.ts';
import { openFolderStore } from './folder-store.ts';
import { readRemoteAddress } from './remote-address.ts';

/**
 * Opens a place that several machines reach, without asking it for anything yet. Who names it is trusted with what is
 * sent there: whoever takes an address from a file decides that.
 *
 * @param address `file:///FOLDER`
 * @param range where the address stands in a file
 * @throws UserError where it is none
 */
export function openRemoteStore(address: string, range?: Range): Promise<RemoteStore> {
  const read = readRemoteAddress(address);
  if (isMisfit(read)) return Promise.reject(wrongAddress(address, read, range));
  return Promise.resolve(openFolderStore(read.folder, address.replace(/\/+$/, '')));
}

/** What is wrong with what should be an address. */
export function wrongAddress(
  address: string,
  { problem, hint }: { readonly problem: string; readonly hint?: string },
  range?: Range,
): UserError {
  const message = `'${shorten(hideSecrets(address), 200)}' is no place that several machines reach: ${problem}.`;
  return new UserError(mistake('remote-address', message, range, hint), 2);
}
