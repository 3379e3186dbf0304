import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Static, Type } from 'typebox';
import { nearest } from '../../base/did-you-mean.ts';
import { failure, type UserError } from '../../base/diagnostics.ts';
import { ownFolder } from '../../base/own-folder.ts';
import { EXPECTED } from '../../base/row.ts';

const address = Type.Object(
  {
    url: Type.String({
      description:
        'Where the file is: an https:// address, ' +
        'from which it is fetched once and kept in `.layerline/data/`, or a file:/// one.',
      pattern: '^(https://[^\\s/?#@\\\\]+([/?#]\\S*)?|file:///\\S+)$',
      [EXPECTED]:
        'an https:// address without a name and password in it ' +
        '(anyone on the way can read and change what http:// brings), or a file:/// one',
    }),
    sha256: Type.String({
      description: 'SHA-256 of the file, as `sha256sum FILE` prints it: another file is refused.',
      pattern: '^[0-9a-f]{64}$',
      [EXPECTED]: 'a SHA-256: 64 hexadecimal digits, in lower case',
    }),
  },
  { additionalProperties: false },
);

type Address = Static<typeof address>;

/** A file of data, as users write it: its path, or its address and what it must be. */
export type DataFileOption = string | Address;

/** Schema of a file of data. @param description what it holds, as a sentence without its end */
export function dataFileOption(description: string) {
  return Type.Union([Type.String({ minLength: 1 }), address], {
    description:
      `${description}: its path, from the folder of the pipeline file, ` + 'or `{ url: https://..., sha256: ... }`.',
  });
}

/** A file of data, on this machine or to be fetched to it. */
export interface DataPlace {
  readonly path: string;
  /** What the file must be, where that is known. */
  readonly sha256?: string;
  /** Where it is fetched from; left out: it is this machine's own. */
  readonly url?: string;
}

/** Whether a file is named by its address. */
export function isAddress(value: unknown): value is Address {
  if (typeof value !== 'object' || value === null) return false;
  const { url, sha256 } = value as Partial<Record<string, unknown>>;
  // A table may have columns of these names.
  return typeof url === 'string' && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256);
}

/** The files in the options of a data set that are named by their addresses, and where in them. */
export function addressesIn(
  value: unknown,
  path: readonly string[] = [],
): readonly { readonly path: readonly string[]; readonly address: Address }[] {
  if (isAddress(value)) return [{ path, address: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => addressesIn(inner, [...path, key]));
}

/** Options without addresses: of a file that has one, its hash says which it is, wherever it comes from. */
export function withoutAddresses(options: unknown): unknown {
  return JSON.parse(
    JSON.stringify(options, (_, value: unknown) => (isAddress(value) ? { sha256: value.sha256 } : value)),
  );
}

/** Where fetched files are kept, below the folder that one works in. @throws UserError where it would lead elsewhere */
export function fetchedFolder(): string {
  return ownFolder('.', '.layerline', 'data');
}

/**
 * Where a file of data is on this machine, or will be once it is fetched: in `.layerline/data/` of the folder that one
 * works in, under its hash, so that an address never names a file.
 *
 * @param folder that paths count from
 * @throws UserError when the address is none, or fetched files would lie elsewhere
 */
export function locate(file: DataFileOption, folder: string): DataPlace {
  if (typeof file === 'string') {
    if (/^\w[\w+.-]+:\/\//.test(file))
      throw failure(
        'address-without-hash',
        `${file} is an address, and stands where a path would`,
        'Say what it must be, too: `{ url: ..., sha256: ... }`.',
      );
    return { path: resolve(folder, file) };
  }
  const { url, sha256 } = file;
  try {
    if (new URL(url).protocol === 'file:') return { path: fileURLToPath(url), sha256 };
  } catch (error) {
    throw failure(
      'bad-address',
      `${url} is no address of a file: ${(error as Error).message}`,
      'Correct `url`.',
      error,
    );
  }
  return { path: resolve(fetchedFolder(), sha256), sha256, url };
}

/** What a file is called in messages and records: the last part of its path or address. */
export function nameOf({ path, url }: DataPlace): string {
  return basename(url === undefined ? path : new URL(url).pathname) || basename(path);
}

/** A file that was read, with what proves which one it was. */
export interface DataFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * The way out where a path leads to nothing: what its first missing part was meant to be, as far as that can be told.
 */
export function wayToMissing(path: string): string {
  const [folder, missing] = firstMissing(path);
  if (/^[~$]/.test(missing)) return `No shell replaces \`${missing}\` in a file: write the path in full.`;
  if (/^\w{2,}:$/.test(missing)) return 'It looks like an address: of one, write `{ url: ..., sha256: ... }`.';
  if (missing.includes('\\')) return 'Write / between the parts of a path.';
  const names = namesIn(folder);
  if (names.includes(missing)) return `The link \`${missing}\` leads nowhere: mend or remove it.`;
  const meant = nearest(missing, names);
  return meant === undefined
    ? 'Check the path; it counts from the folder of the pipeline file.'
    : `Did you mean \`${meant}\`?`;
}

/** That a path cannot be followed, as its first part that is not there is a link in a circle. */
export function circularLink(path: string, error: unknown): UserError {
  const link = join(...firstMissing(path));
  return failure('dead-data-link', `the link ${link} leads in a circle`, 'Mend or remove it.', error);
}

/** The last part of a path that is there, and the one after it. */
function firstMissing(path: string): readonly [folder: string, missing: string] {
  const folder = dirname(path);
  return folder === path || existsSync(folder) ? [folder, basename(path)] : firstMissing(folder);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
