import { BlockList, isIP } from 'node:net';
import { failure } from './diagnostics.ts';
import { hideSecrets } from './secrets.ts';

/** The proxy on the way to a server. */
export interface Proxy {
  readonly url: URL;
  /** The variable that names it. */
  readonly variable: string;
}

/** Environment variables, as `process.env` has them. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for an address, as curl and Python's requests read it: HTTPS_PROXY or HTTP_PROXY
 * by its scheme, else ALL_PROXY, small letters before large ones. NO_PROXY counts for localhost too: nothing is left
 * out by itself.
 *
 * @returns undefined where the way is direct
 * @throws UserError when the variable holds no http or https proxy
 */
export function proxyFor(target: URL, env: Environment): Proxy | undefined {
  const variable = [`${target.protocol.slice(0, -1)}_PROXY`.toUpperCase(), 'ALL_PROXY']
    .flatMap((name) => [name.toLowerCase(), name])
    .find((name) => env[name]);
  if (variable === undefined || isExcepted(target, env['no_proxy'] || env['NO_PROXY'] || '')) return undefined;
  const text = env[variable]!;
  const address = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw failure(
      'proxy',
      `${variable} names '${hideSecrets(address)}', which is no http proxy`,
      `Give it as ${variable}=http://HOST:PORT, or unset it.`,
    );
  }
  return { url, variable };
}

/**
 * Whether NO_PROXY takes an address out: `*`, a host with all below it, an IP address, a network such as 10.0.0.0/8,
 * each with a port or without.
 */
function isExcepted({ hostname, port, protocol }: URL, exceptions: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const ownPort = port || (protocol === 'https:' ? '443' : '80');
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .some((word) => {
      const [, name, only] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(word) ?? [undefined, word, undefined];
      if (only !== undefined && only !== ownPort) return false;
      const bare = name!.replace(/^\[|\]$/g, '');
      if (bare === '*') return true;
      if (isIP(host) !== 0) return isWithin(host, bare);
      const domain = bare.replace(/^\*?\./, '').replace(/\.$/, '');
      return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
    });
}

/** @param network `10.1.2.3`, `10.0.0.0/8`, `fd00::/8` */
function isWithin(address: string, network: string): boolean {
  const [base = '', bits, ...rest] = network.split('/');
  const version = isIP(base);
  const widest = version === 4 ? 32 : 128;
  const width = bits === undefined ? widest : Number(bits);
  if (version === 0 || rest.length > 0 || !Number.isInteger(width) || width < 0 || width > widest) return false;
  const list = new BlockList();
  list.addSubnet(base, width, version === 4 ? 'ipv4' : 'ipv6');
  return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** A proxy's address as it may be shown. */
export function showProxy({ url }: Proxy): string {
  return url.origin;
}
