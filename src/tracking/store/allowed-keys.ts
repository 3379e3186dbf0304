import { createHash } from 'node:crypto';

// MLflow's own rule (`validate_param_and_metric_name`): Unicode letters and digits, and these.
const refused = /[^/\p{L}\p{N}_.\- :]/gu;
// MLflow allows 250 characters, a file name 255 bytes; the rest is for the mark and an extension.
const longestKey = 235;

/**
 * Turns keys into ones that MLflow takes and that can live beside each other as files of one folder. A key that is
 * fine stays; any other gets a mark from its own hash, so that two different keys never become one.
 */
export class AllowedKeys {
  readonly #given = new Map<string, string>();
  readonly #names = new Set<string>();
  readonly #folders = new Set<string>();

  /** @param taken keys that files of the folder have already */
  constructor(taken: readonly string[] = []) {
    for (const key of taken) {
      this.#given.set(key, key);
      this.#take(key);
    }
  }

  /** Whether `key` has been asked for before. */
  has(key: string): boolean {
    return this.#given.has(key);
  }

  /** The key to write for `key`: always the same one. */
  allow(key: string): string {
    const known = this.#given.get(key);
    if (known !== undefined) return known;
    const clean = cleanKey(key);
    const staysAsItIs = clean === key && hasRoom(key) && !this.#collides(key);
    const allowed = staysAsItIs ? key : `${cutBytes(clean.replaceAll('/', '.'), longestKey)}-${mark(key)}`;
    this.#given.set(key, allowed);
    this.#take(allowed);
    return allowed;
  }

  #take(allowed: string): void {
    this.#names.add(allowed);
    for (const folder of foldersOf(allowed)) this.#folders.add(folder);
  }

  // `loss` and `loss/train` cannot both exist: one would be a file, the other a folder.
  #collides(key: string): boolean {
    return this.#folders.has(key) || this.#names.has(key) || foldersOf(key).some((folder) => this.#names.has(folder));
  }
}

function cleanKey(key: string): string {
  const segments = key
    .replace(refused, '_')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return segments.join('/').replace(/^\.\./, '__') || '_';
}

function hasRoom(key: string): boolean {
  return key.length <= longestKey && key.split('/').every((segment) => Buffer.byteLength(segment) <= longestKey);
}

function cutBytes(text: string, bytes: number): string {
  // A character cut in the middle decodes to U+FFFD, which is dropped.
  return Buffer.from(text)
    .subarray(0, bytes)
    .toString()
    .replace(/\ufffd$/, '');
}

function foldersOf(key: string): string[] {
  const segments = key.split('/');
  return segments.slice(1).map((_, i) => segments.slice(0, i + 1).join('/'));
}

function mark(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
