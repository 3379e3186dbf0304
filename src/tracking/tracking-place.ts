import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { misuse, UserError } from '../base/diagnostics.ts';
import type { Misfit } from '../base/row.ts';
import { rememberSecrets } from '../base/secrets.ts';
import {
  addressMisfit,
  bareAddress,
  isForServer,
  isHostName,
  misspelt,
  showAddress,
  wrongUri,
} from './server/server-address.ts';

/** Where a tracking URI leads to: an MLflow server, or a folder of this machine. */
export type TrackingPlace =
  | { readonly server: string; readonly folder?: never }
  | { readonly folder: string; readonly server?: never };

/**
 * Reads a tracking URI, of whichever flag, variable or program. A folder of any name can be one; so what looks like
 * anything else is refused, as its runs would lie where nobody looks for them.
 *
 * @throws UserError with the way out, for what is neither
 */
export function trackingPlace(uri: string): TrackingPlace {
  rememberSecrets(uri);
  const bare = bareAddress(uri);
  if (isForServer(bare) || (isHostName(bare) && !existsSync(uri))) {
    const misfit = addressMisfit(uri);
    if (misfit !== undefined)
      throw misspelt(uri, isHostName(bare) || /^[\w-]+:\d+$/.test(bare) ? orFolder(misfit, bare) : misfit);
    return { server: uri };
  }
  if (isForeign(bare)) throw wrongUri(uri, bare);
  if (bare !== uri)
    throw neither(uri, {
      problem: 'there is a space or a quotation mark before or after it',
      hint: bare === '' ? 'Write it as http://HOST:PORT, or name a folder.' : `Did you mean '${showAddress(bare)}'?`,
    });
  if (/\p{Cc}/u.test(uri))
    throw neither(uri, { problem: 'it holds a control character, such as a line break or a tab', hint: 'Remove it.' });
  if (/^(~|\$)/.test(uri))
    throw neither(uri, {
      problem: 'no shell has replaced what it begins with',
      hint: `Write the folder in full${inFull(uri)}; one of just this name is \`./${uri}\`.`,
    });
  const odd = /^-|[\\*?"<>|]/.exec(uri);
  if (odd !== null && !/^(file:|\.{0,2}\/)/i.test(uri) && !existsSync(uri)) {
    const meaning = odd[0] === '\\' ? 'is no / between the parts of a path' : 'means something else in commands';
    throw neither(uri, {
      problem: `\`${odd[0]}\` in it ${meaning}`,
      hint: `Write another name; a new folder of just this one is \`./${showAddress(uri)}\`.`,
    });
  }
  return { folder: /^file:/i.test(uri) ? folderOf(uri) : uri };
}

/**
 * MLflow's own names for what is spoken neither here nor by a folder: databases, Databricks, Unity Catalog, object
 * stores.
 */
function isForeign(bare: string): boolean {
  return /^(databricks|databricks-uc|uc)$/i.test(bare) || (/^[a-z][a-z0-9+.-]*:/i.test(bare) && !/^file:/i.test(bare));
}

function orFolder({ problem, hint = '' }: Misfit, bare: string): Misfit {
  return { problem, hint: `${hint} A new folder of this name: \`./${bare}\`.` };
}

function folderOf(uri: string): string {
  const encode = 'Write % as %25, # as %23, ? as %3F in it, or give the path alone.';
  const [, host, path = ''] = /^file:(?:\/\/([^/]*))?(.*)$/is.exec(uri)!;
  if (host !== undefined && host !== '' && host.toLowerCase() !== 'localhost') throw wrongUri(uri);
  if (path === '')
    throw neither(uri, { problem: 'it names no folder', hint: 'Write it as file:///PATH, or give the path alone.' });
  // What is behind them would be left out without a word.
  if (/[?#]/.test(path))
    throw neither(uri, { problem: 'it holds a ? or #, which end the path of an address', hint: encode });
  try {
    const folder = decodeURIComponent(path);
    if (!/\p{Cc}/u.test(folder)) return folder;
  } catch {
    throw neither(uri, { problem: 'a % in it does not begin the code of a character', hint: encode });
  }
  throw neither(uri, { problem: 'it holds a control character, such as a line break or a tab', hint: 'Remove it.' });
}

/** The folder that a shell would have made of it. */
function inFull(uri: string): string {
  return /^(~|\$HOME)\//.test(uri) ? `: \`${homedir()}${uri.slice(uri.indexOf('/'))}\`` : '';
}

function neither(uri: string, { problem, hint }: Misfit): UserError {
  return misuse(
    'tracking-uri',
    `'${showAddress(uri)}' is neither the address of a server nor a folder: ${problem}`,
    hint,
  );
}
