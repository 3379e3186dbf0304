import { createHash, timingSafeEqual } from 'node:crypto';

const hashOf = (text: string) => createHash('sha256').update(text).digest();

/**
 * Whether an `Authorization` header has the token. How long it takes tells nothing of the token.
 *
 * @param header as it came; undefined: none
 */
export function hasToken(header: string | undefined, token: string): boolean {
  const [, given = ''] = /^Bearer +(.+)$/is.exec(header ?? '') ?? [];
  // Of equal length, as timingSafeEqual asks for.
  return timingSafeEqual(hashOf(given.trim()), hashOf(token));
}

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Whether a `Host` header names this machine itself: a page of the web can make a name of its own lead here, and would
 * then be taken for a page of this server.
 */
export function namesLoopback(header: string | undefined): boolean {
  const [, host] = /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(header ?? '') ?? [];
  return host !== undefined && isLoopback(host.replace(/^\[(.*)\]$/, '$1').toLowerCase());
}
