/** Variables whose values are secrets. */
const variables = [
  'MLFLOW_TRACKING_TOKEN',
  'MLFLOW_TRACKING_PASSWORD',
  'PIPELINE_CACHE_KEY',
  'PIPELINE_SERVE_TOKEN',
  'RAY_AUTH_TOKEN',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
] as const;
/** Variables that hold addresses, perhaps with a password; each is read in small letters too. */
const addresses = [
  'MLFLOW_TRACKING_URI',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'ALL_PROXY',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_S3',
] as const;

// A shorter one would be found in innocent words; in an address it is hidden by its place.
const shortestSecret = 6;

/** Passwords that were met in addresses of files and flags. */
const known = new Set<string>();

// After a host comes a port; what is no number there is a password.
const password = String.raw`[^\s/?#:@'"<>]*:(?!\d*(?:[/?#\s'"<>\`)\],.;]|$))`;
/**
 * An address alone, or a text that begins with one: its user info ends at the last `@` before the path, whatever it
 * holds.
 */
const wholeAddress = new RegExp(String.raw`^\s*([a-z][a-z0-9+.-]*:\/\/)(?:([^/?#]*)@|(${password}.*)@)`, 'is');
/** An address within a text. */
const innerAddress = new RegExp(
  String.raw`(?<=[a-z][a-z0-9+.-]*:\/\/)(?:[^\s/'"<>]*|${password}(?:(?!:\/\/)[^\n])*)@`,
  'gi',
);
/** A value in the query of an address whose name says that it is secret. */
const secretWords = 'token|secret|pass|pwd|key|sig|credential|auth|jwt|hmac|hdn';
const secretName = String.raw`(?<=[?&])(?=[\w.-]*(?:${secretWords}))([\w.-]+=)`;
const innerQuery = new RegExp(String.raw`${secretName}[^&\s'"#<>]+`, 'gi');
const wholeQuery = new RegExp(String.raw`${secretName}[^&#]+`, 'gi');

/**
 * A text with `***` in place of passwords and tokens: for all that is shown, recorded or sent. What is encoded
 * afterwards, as JSON or HTML, is to be hidden before; see hideSecretsIn.
 */
export function hideSecrets(text: string): string {
  return hide(text, secrets());
}

function hide(text: string, all: readonly string[]): string {
  const shown = all.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  // Nearly all texts hold no address, and the search for one is slow.
  if (!shown.includes('://') && !shown.includes('=')) return shown;
  const isAddress = /^\s*[a-z][a-z0-9+.-]*:\/\//i.test(shown) && !shown.trim().includes('\n');
  const outside = isAddress ? shown.replace(wholeAddress, '$1***@') : shown;
  return outside
    .replace(innerAddress, '***@')
    .replace(isAddress && !/\s/.test(outside.trim()) ? wholeQuery : innerQuery, '$1***');
}

/** A tree as JSON has it, with secrets hidden in each of its texts and keys: for what is encoded next. */
export function hideSecretsIn<Tree>(tree: Tree): Tree {
  return hideIn(tree, secrets()) as Tree;
}

/** @param all see secrets: a tree may have a hundred thousand texts, so they are asked for once */
function hideIn(tree: unknown, all: readonly string[]): unknown {
  if (typeof tree === 'string') return hide(tree, all);
  if (typeof tree !== 'object' || tree === null || ArrayBuffer.isView(tree)) return tree;
  if (Array.isArray(tree)) return tree.map((one) => hideIn(one, all));
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [hide(key, all), hideIn(value, all)]));
}

/** Learns the passwords of all addresses in a tree: from then on they are hidden wherever they turn up. */
export function rememberSecrets(tree: unknown): void {
  if (typeof tree === 'string') for (const secret of secretsOf(tree)) known.add(secret);
  else if (typeof tree === 'object' && tree !== null && !ArrayBuffer.isView(tree))
    Object.values(tree).forEach(rememberSecrets);
}

/**
 * Who someone is by an address, as bytes: `%FF` is one, whether or not it is a letter; a `%` that begins no code stands
 * for itself.
 */
export function userInfoOf({ username, password: word }: URL): { readonly user: Buffer; readonly password: Buffer } {
  return { user: bytesOf(username), password: bytesOf(word) };
}

/** What an `Authorization` header has behind `Basic`. */
export function basicCredentials(user: string | Buffer, word: string | Buffer): string {
  return Buffer.concat([Buffer.from(user), Buffer.from(':'), Buffer.from(word)]).toString('base64');
}

/** The user's password, and the two as an `Authorization` header has them; a user alone is a token. */
function secretsOf(address: string): readonly string[] {
  const [, , whole, rest] = wholeAddress.exec(address) ?? [];
  const info = whole ?? rest;
  if (info === undefined) return [];
  const colon = info.indexOf(':');
  const [user, word] = [info.slice(0, Math.max(colon, 0)), info.slice(colon + 1)];
  return [word, basicCredentials(bytesOf(user), bytesOf(word))];
}

/** Each secret in each of its spellings, the longest first. */
function secrets(): readonly string[] {
  const { env } = process;
  const inAddresses = addresses
    .flatMap((name) => [env[name], env[name.toLowerCase()]])
    .flatMap((address) => (address ? secretsOf(address) : []));
  const { MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: word } = env;
  const basic = user && word ? [basicCredentials(user, word)] : [];
  const words = [...variables.flatMap((name) => env[name]?.trim() ?? []), ...inAddresses, ...basic, ...known];
  const key = words.join('\n');
  if (spelt?.key !== key)
    spelt = {
      key,
      all: [...new Set(words.flatMap(spellings))]
        .filter(({ length }) => length >= shortestSecret)
        .toSorted((one, other) => other.length - one.length),
    };
  return spelt.all;
}

/** The last answer: what is secret hardly ever changes, and each text is asked for. */
let spelt: { readonly key: string; readonly all: readonly string[] } | undefined;

/**
 * As errors and other programs may write it: percent-encoded or not, read as Latin-1 (HTTP's headers are), within JSON,
 * YAML or HTML.
 */
function spellings(secret: string): readonly string[] {
  const plain = [...new Set([secret, decoded(secret), bytesOf(secret).toString('latin1')])];
  return plain.flatMap((text) => [
    text,
    encodeURIComponent(Buffer.from(text).toString()),
    inUserInfo(text),
    JSON.stringify(text).slice(1, -1),
    text.replaceAll("'", "''"),
    text.replace(/[&<>"']/g, (mark) => entities[mark]!),
    text.replace(/[&<>]/g, (mark) => entities[mark]!),
  ]);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** As `new URL()` writes it between the scheme and the host. */
function inUserInfo(text: string): string {
  const url = new URL('http://host');
  url.password = text;
  return url.password;
}

/** As text; bytes that are no letter are left as marks of that. */
function decoded(text: string): string {
  return bytesOf(text).toString();
}

function bytesOf(text: string): Buffer {
  return Buffer.from(
    Buffer.from(text)
      .toString('latin1')
      .replace(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    'latin1',
  );
}
