import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isLeftover, statOf } from '../base/files.ts';
import { hashesName } from '../datasets/files/known-hashes.ts';
import { entryEnding } from './stage-cache.ts';

/**
 * What lies in `.layerline/`: outcomes of stages, samples that were packed, files that were fetched, hashes of files,
 * and what killed processes left half-written.
 */
export const keptKinds = ['outcomes', 'packed', 'fetched', 'hashes', 'leftovers'] as const;
export type KeptKind = (typeof keptKinds)[number];

/** What may stay. */
export interface Limits {
  /** Bytes of all together; the least recently used go first. */
  readonly bytes?: number;
  /** Milliseconds since a file was last used. */
  readonly age?: number;
}

/** What is asked of `clean`. */
export interface CleanRequest extends Limits {
  /** See cacheFolder. */
  readonly cache: string;
  /** The folder of fetched data. */
  readonly data: string;
  /** The folder of packed samples. */
  readonly packed: string;
  /** The folder of hashes. */
  readonly hashes: string;
  /** Whether nothing is removed, only told of. */
  readonly dryRun: boolean;
}

type Amounts = Readonly<Record<KeptKind, { files: number; bytes: number }>>;

/** What was removed, and what is left. */
export interface Cleaned {
  readonly removed: Amounts;
  readonly left: Amounts;
}

interface Kept {
  readonly kind: KeptKind;
  readonly path: string;
  readonly bytes: number;
  readonly usedAt: number;
}

/** A file that a kill left half-written is no one's any more after so many milliseconds. */
const abandoned = 3_600_000;

/**
 * Removes what is kept, least recently used first, until the limits hold. Without limits all goes that can be made
 * again; a fetched file goes by limits alone, as its address may be gone. Half-written files go when no one can be
 * writing them any more. Touches nothing else.
 *
 * @throws the file system's own error
 */
export function clean({ cache, data, packed, hashes, dryRun, ...limits }: CleanRequest): Cleaned {
  const now = Date.now();
  const cleaned: Cleaned = { removed: nothing(), left: nothing() };
  const all = limits.bytes === undefined && limits.age === undefined;
  let stays = 0;
  for (const { kind, path, bytes, usedAt } of [cache, data, packed, hashes]
    .flatMap(filesIn)
    .toSorted((a, b) => b.usedAt - a.usedAt)) {
    const goes =
      kind === 'leftovers'
        ? now - usedAt > abandoned
        : (all && kind !== 'fetched') ||
          now - usedAt > (limits.age ?? Infinity) ||
          stays + bytes > (limits.bytes ?? Infinity);
    if (goes && !dryRun) rmSync(path, { force: true });
    if (!goes) stays += bytes;
    const amount = cleaned[goes ? 'removed' : 'left'][kind];
    amount.files++;
    amount.bytes += bytes;
  }
  return cleaned;
}

function nothing(): Amounts {
  const none = () => ({ files: 0, bytes: 0 });
  return { outcomes: none(), packed: none(), fetched: none(), hashes: none(), leftovers: none() };
}

function filesIn(folder: string): readonly Kept[] {
  if (statOf(folder)?.isDirectory() !== true) return [];
  // Without links: where they lead, nothing is ours.
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap(({ name, parentPath }) => {
      const kind = kindOf(name);
      const path = join(parentPath, name);
      const stat = kind === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
      return stat === undefined ? [] : [{ kind: kind!, path, bytes: stat.size, usedAt: stat.mtimeMs }];
    });
}

/** undefined: nothing of ours. */
function kindOf(name: string): KeptKind | undefined {
  // Samples that are being packed are called after what they will be.
  if (isLeftover(name.replace(/^[0-9a-f]{64}(?=\.)/, ''))) return 'leftovers';
  if (/^[0-9a-f]{64}\.(rows|index|cells)$/.test(name)) return 'packed';
  if (name === hashesName) return 'hashes';
  if (name.endsWith(entryEnding)) return 'outcomes';
  return /^[0-9a-f]{64}$/.test(name) ? 'fetched' : undefined;
}
