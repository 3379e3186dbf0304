import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, misuse, UserError, warning } from '../../base/diagnostics.ts';
import { writeFileAtomic } from '../../base/files.ts';
import type { Misfit } from '../../base/row.ts';
import { hideSecrets, rememberSecrets } from '../../base/secrets.ts';
import { shellWord } from '../../base/shell-word.ts';
import { shorten } from '../../base/shorten.ts';
import { userCache } from '../../base/user-cache.ts';

/** The address of an MLflow server, and what may go there. */
export interface ServerAddress {
  /**
   * `http:` or `https:`, with a path where the server lives under one. Credentials in it are for this address alone.
   */
  readonly uri: URL;
  /**
   * Whether the user himself named it, by a flag (`--set` too) or a variable, or said that he trusts it. Only then is
   * it the server that the environment means: with its credentials, certificates and exceptions from TLS.
   */
  readonly isTrusted: boolean;
}

/** Parses an address; a password in it is hidden from then on. @throws UserError where it is none of a server's */
export function serverAddress(uri: string, isTrusted: boolean): ServerAddress {
  rememberSecrets(uri);
  const misfit = addressMisfit(uri);
  if (misfit !== undefined) throw misspelt(uri, misfit);
  return { uri: new URL(uri), isTrusted };
}

/** Says of what should be the address of a server what is wrong with it. */
export function misspelt(uri: string, { problem, hint }: Misfit): UserError {
  return misuse('tracking-uri', `'${showAddress(uri)}' is not the address of a server: ${problem}`, hint);
}

/** An address without what a careless copy leaves around it. */
export function bareAddress(uri: string): string {
  // A pattern for the end would look from each of many blanks.
  let [start, end] = [0, uri.length];
  while (start < end && /[\s"'`<]/.test(uri[start]!)) start++;
  while (end > start && /[\s"'`>]/.test(uri[end - 1]!)) end--;
  return uri.slice(start, end);
}

/**
 * Whether a tracking URI is meant for a server: `127.0.0.1:5000` and `htp://host` too, which are none yet.
 *
 * @param bare without blanks and quotation marks
 */
export function isForServer(bare: string): boolean {
  return (
    slippedScheme.test(bare) || /^((localhost|\d+\.\d+\.\d+\.\d+|\[[^\]]*\])(:|\/|$)|[^\s/:@]+:\d+(\/|$))/i.test(bare)
  );
}

/** `http:` and what fingers make of it, such as `htp://`; `//host` too. */
const slippedScheme = /^(https?:|[htps]{2,7}[:;]?\/\/|\/\/(?!\/))[/\\]*/i;

/** `mlflow.example.org/path`: a folder may be called so, but hardly a new one. */
export function isHostName(bare: string): boolean {
  return /^([a-z0-9-]+\.)+[a-z]{2,}(\/|$)/i.test(bare);
}

/** `http://HOST:PORT` where that can be made of what was written, and no part of it can be a password. */
function likelyAddress(uri: string): string | undefined {
  const bare = bareAddress(uri);
  if (!isForServer(bare) && !isHostName(bare)) return undefined;
  const address = `${/^h[tp]+s[:;]?\//i.test(bare) ? 'https' : 'http'}://${bare.replace(slippedScheme, '')}`;
  return /[@?#]/.test(address) || addressMisfit(address) !== undefined ? undefined : address;
}

/** What a port, a host and the rest of an address are made of; that it is one, `new URL` alone can say. */
export const addressPattern =
  '^[Hh][Tt][Tt][Pp][Ss]?://([^/?#\\\\\\x00-\\x1f\\x7f]*@)?' +
  '(\\[[0-9A-Fa-f:.]+\\]|[^\\s/?#@:\\\\\\[\\]<>^|]+)' +
  '(:(0*([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5]))?)?' +
  '([/?#]([^\\\\\\x00-\\x1f\\x7f]*[^\\s\\\\\\x00-\\x1f\\x7f])?)?$';

const inPassword = 'in a user name or password, write / as %2F, \\ as %5C, ? as %3F, # as %23, @ as %40, : as %3A';

/**
 * Why something is not the address of a server: `new URL` corrects much, so that a request would go to another place
 * than the text says. Quotes no part of it, as each may be of a password.
 */
export function addressMisfit(uri: string): Misfit | undefined {
  const form = 'Write it as http://HOST:PORT, and behind it the path where the server has one.';
  if (!/^https?:\/\//i.test(uri)) {
    const likely = likelyAddress(uri);
    return {
      problem: 'it does not begin with http:// or https://',
      hint: likely === undefined ? form : `Did you mean \`${likely}\`?`,
    };
  }
  if (/\p{Cc}/u.test(uri))
    return { problem: 'it holds a control character, such as a line break or a tab', hint: 'Remove it.' };
  if (uri !== uri.trim()) return { problem: 'there is a space before or after it', hint: 'Remove it.' };
  if (uri !== bareAddress(uri)) return { problem: 'there is a quotation mark after it', hint: 'Remove it.' };
  if (uri.includes('\\'))
    return { problem: 'it holds a backslash', hint: `Write / between the parts of a path; ${inPassword}.` };
  const named = /^https?:\/\/([^/?#]*)/i.exec(uri)![1]!;
  const [hasUser, place] = [named.includes('@'), named.slice(named.lastIndexOf('@') + 1)];
  const also = hasUser || uri.includes('@') ? ` ${inPassword.charAt(0).toUpperCase()}${inPassword.slice(1)}.` : '';
  const [, host = '', rest = ''] = /^(\[[^\]]*\]|[^:]*)(.*)$/s.exec(place)!;
  if (host === '') return { problem: 'it names no host', hint: `${form}${also}` };
  if (host.startsWith('[') && !URL.canParse(`http://${host}`))
    return { problem: 'what is in brackets is no IPv6 address', hint: `Write it as http://[::1]:5000.${also}` };
  if (/\s/.test(host) || !URL.canParse(`http://${host}`))
    return {
      problem: 'its host is neither a name nor an IP address',
      hint: `A name has letters, digits, dots and dashes; an IPv6 address stands in brackets.${also}`,
    };
  if (!/^(:\d*)?$/.test(rest) || Number(rest.slice(1) || 1) < 1 || Number(rest.slice(1)) > 65_535)
    return { problem: 'its port is not a number from 1 to 65535', hint: `${form}${also}` };
  return URL.canParse(uri) ? undefined : { problem: 'it cannot be read', hint: `${form}${also}` };
}

/**
 * An address that is none, for a message: without what may be a password, however it is misspelt; that is hidden from
 * then on.
 */
export function showAddress(uri: string): string {
  rememberSecrets(`http://${uri.replace(/^\s*(https?)?:?[/\\]*/i, '')}`);
  return shorten(hideSecrets(uri).replace(/^(\s*https?:?[/\\]*)?.*@/is, '$1***@'), longestShown);
}

const longestShown = 200;

/** An address as a word of a command; ADDRESS where it is none that we write. */
export function addressWord(address: string): string {
  const isOurs =
    address.length <= longestShown &&
    addressMisfit(address) === undefined &&
    plainAddress(new URL(address)) === address;
  return isOurs ? shellWord(address) : 'ADDRESS';
}

/** An address without credentials, as it is shown and compared: origin and path. */
export function plainAddress({ origin, pathname }: URL): string {
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

/**
 * The same for each way to spell the address of one server: this machine has three names.
 *
 * @param address as `plainAddress` gives it
 */
export function oneSpelling(address: string): string {
  return address.replace(/^(https?:\/\/)(localhost|\[::1\])(?=[:/]|$)/, '$1127.0.0.1');
}

/** Whether the user has said of an address that only files name that he trusts it. */
export function isTrustedUri(uri: string): boolean {
  try {
    const address = plainAddress(new URL(uri));
    return readFileSync(fileOf(address), 'utf8').trim() === address;
  } catch {
    // Never said, or no address at all.
    return false;
  }
}

/**
 * Remembers in the user's cache that he trusts an address; where that cannot be written, it holds for this run alone.
 */
export function trustUri(uri: string, warn: (warning: Diagnostic) => void): void {
  const address = plainAddress(serverAddress(uri, true).uri);
  try {
    writeFileAtomic(fileOf(address), `${address}\n`);
    warn(warning('tracking-trusted', `credentials go to ${address} from now on`));
  } catch (error) {
    const message = `that ${address} is trusted cannot be remembered: ${(error as Error).message}`;
    warn(warning('trust-not-kept', message, 'it holds for this run; say it again with the next one'));
  }
}

/** What to say to a tracking URI that nothing can be recorded in. @param folder what may also be a folder's name */
export function wrongUri(uri: string, folder?: string): UserError {
  const message = `no runs can be kept in '${showAddress(uri)}'`;
  const also =
    folder !== undefined && /^[\w-]+(:[\w-]+(\/[\w-]+)*)?$/.test(folder)
      ? `; a folder of this name is \`./${folder}\``
      : '';
  const hint =
    'give the address of an MLflow server (http://...), or a folder, or leave it out; ' +
    'a server can keep its runs in a database (`mlflow server --backend-store-uri sqlite:///mlflow.db`)';
  return misuse('unsupported-tracking-uri', message, `${hint}${also}`);
}

// One file for each address: two runs that write at once lose nothing.
function fileOf(address: string): string {
  return join(userCache(), 'trusted-servers', createHash('sha256').update(address).digest('hex').slice(0, 32));
}
