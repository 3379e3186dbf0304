import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, UserError } from '../base/diagnostics.ts';
import { writeFileAtomic } from '../base/files.ts';
import { hideSecrets, rememberSecrets } from '../base/secrets.ts';
import { userCache } from '../base/user-cache.ts';

/** The address of an MLflow server, and what may go there. */
export interface ServerAddress {
  /** `http:` or `https:`, with a path where the server lives under one. Credentials in it are for this address alone. */
  readonly uri: URL;
  /**
   * Whether the user himself named it, by a flag or a variable, or said that he trusts it. Only then is it the server that
   * the environment means: with its credentials, certificates and exceptions from TLS.
   */
  readonly isTrusted: boolean;
}

/** Parses an address; a password in it is hidden from then on. @throws UserError where it is none of a server's */
export function serverAddress(uri: string, isTrusted: boolean): ServerAddress {
  rememberSecrets(uri);
  if (!isServerUri(uri) || !URL.canParse(uri)) throw wrongUri(uri);
  return { uri: new URL(uri), isTrusted };
}

/** Whether a tracking URI is meant for a server, and not a folder. */
export function isServerUri(uri: string): boolean {
  return /^https?:/i.test(uri);
}

/** An address without credentials, as it is shown and compared: origin and path. */
export function plainAddress({ origin, pathname }: URL): string {
  return `${origin}${pathname.replace(/\/+$/, '')}`;
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

/** Remembers in the user's cache that he trusts an address; where that cannot be written, it holds for this run alone. */
export function trustUri(uri: string, warn: (warning: Diagnostic) => void): void {
  const address = plainAddress(serverAddress(uri, true).uri);
  try {
    writeFileAtomic(fileOf(address), `${address}\n`);
    warn({ code: 'tracking-trusted', severity: 'warning', message: `credentials go to ${address} from now on` });
  } catch (error) {
    const message = `that ${address} is trusted cannot be remembered: ${(error as Error).message}`;
    warn({ code: 'trust-not-kept', severity: 'warning', message, hint: 'it holds for this run; say it again with the next one' });
  }
}

/** What to say to a tracking URI that nothing can be recorded in. */
export function wrongUri(uri: string): UserError {
  const message = `cannot record runs in '${hideSecrets(uri)}'`;
  const hint = 'give the address of an MLflow server (http://...), or a folder, or leave it out; a server can keep its runs in a database (`mlflow server --backend-store-uri sqlite:///mlflow.db`)';
  return new UserError({ code: 'tracking-uri', severity: 'error', message, hint }, 2);
}

// One file for each address: two runs that write at once lose nothing.
function fileOf(address: string): string {
  return join(userCache(), 'trusted-servers', createHash('sha256').update(address).digest('hex').slice(0, 32));
}
