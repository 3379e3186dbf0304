import { mistake, type Range, UserError } from '../../base/diagnostics.ts';
import type { Misfit } from '../../base/row.ts';
import { hideSecrets } from '../../base/secrets.ts';
import { shorten } from '../../base/shorten.ts';

/** What is wrong with what should be an address. */
export function wrongAddress(address: string, { problem, hint }: Misfit, range?: Range): UserError {
  const message = `'${shorten(hideSecrets(address), 200)}' is no place that several machines reach: ${problem}.`;
  return new UserError(mistake('remote-address', message, range, hint), 2);
}
