import { readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type Diagnostic, failure, UserError, warning } from '../base/diagnostics.ts';
import { besideName, makeFolder, touch, writeFileAtomic } from '../base/files.ts';
import { type Form, hasForm, list, object, optional, text, whole } from '../base/json-form.ts';
import { ownFolder } from '../base/own-folder.ts';
import {
  bytesOfJson,
  loadCheckpoint,
  type NamedArray,
  parseBytes,
  peekCheckpoint,
  saveCheckpoint,
} from '../checkpoints/checkpoint-file.ts';
import type { Fingerprint } from './fingerprints.ts';
import { pack, unpack } from './pack-outcome.ts';

/** What is known of an outcome without reading all of it. */
export interface EntryFacts {
  readonly fingerprint: Fingerprint;
  /** The run that made it. */
  readonly runId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The pipeline files that were run with it, by their way from the cache: both may move together. */
  readonly files?: readonly string[];
}

/** The kept outcome of a stage. */
export interface Entry<Outcome> extends EntryFacts {
  readonly outcome: Outcome;
}

/**
 * Where the cache of a local store lies: beside it, as MLflow takes every folder in a store for an experiment. Each
 * store has its own, so that the runs which outcomes come from can be looked at there.
 *
 * @throws UserError where it would lead elsewhere
 */
export function cacheFolder(runsDirectory: string): string {
  const store = resolve(runsDirectory);
  return ownFolder(dirname(store), '.layerline', 'cache', basename(store));
}

/**
 * The outcomes of stages, each one file under its fingerprint: written aside and renamed, so that two processes see
 * each other's whole entries or none, and need no lock. Nothing in it is the only copy of anything.
 */
export class StageCache {
  readonly #folder: string;
  readonly #warn: (warning: Diagnostic) => void;
  readonly #file: string | undefined;
  /** Why something was not kept, as it was told already. */
  readonly #told = new Set<string>();

  /** @param file the pipeline file that outcomes are kept for */
  constructor(folder: string, warn: (warning: Diagnostic) => void, file?: string) {
    this.#folder = folder;
    this.#file = file === undefined ? undefined : relative(folder, resolve(file));
    this.#warn = warn;
  }

  /**
   * The outcome that was kept under a fingerprint, proven by its hash and its form.
   *
   * @returns undefined where there is none, or a damaged one, which is warned of
   */
  find<Outcome>(fingerprint: Fingerprint, form: Form<Outcome>): Entry<Outcome> | undefined {
    try {
      const path = this.fileOf(fingerprint);
      const found = prove(path, fingerprint, form);
      touch(path);
      return found;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      if (code === undefined && !(error instanceof UserError)) throw error;
      this.#warn(
        warning(
          'cache-damaged',
          `the kept outcome of ${fingerprint.stage} cannot be used: ${(error as Error).message}`,
          'The stage runs again and replaces it.',
        ),
      );
      return undefined;
    }
  }

  /**
   * Takes an outcome that another machine has kept, proven as `find` does, and to be made of the very parts that are
   * asked for: a name says nothing of what lies under it.
   *
   * @param fetch puts it into a file; whether there is any
   * @returns whether it is kept here now
   * @throws UserError where it is none; what `fetch` throws; the file system's own error
   */
  async take(
    fingerprint: Fingerprint,
    form: Form<unknown>,
    fetch: (file: string) => Promise<boolean>,
  ): Promise<boolean> {
    const path = this.fileOf(fingerprint);
    makeFolder(dirname(path));
    const aside = join(dirname(path), besideName());
    try {
      if (!(await fetch(aside))) return false;
      const { fingerprint: proven } = prove(aside, fingerprint, form);
      if (JSON.stringify(proven.parts) !== JSON.stringify(fingerprint.parts))
        throw failure('cache-damaged', 'it says that it is made of something else than its name does');
      writeFileAtomic(join(this.#folder, '.gitignore'), '*\n');
      renameSync(aside, path);
      return true;
    } finally {
      rmSync(aside, { force: true });
    }
  }

  /** Whether an outcome was run with the pipeline file. */
  isOwn({ files = [] }: EntryFacts): boolean {
    return this.#file !== undefined && files.includes(this.#file);
  }

  /**
   * Keeps an outcome, of what `pack` takes; where that fails, it is warned of, once for each reason.
   *
   * @param before files that it was kept for already
   */
  keep(fingerprint: Fingerprint, runId: string, outcome: unknown, before: readonly string[] = []): void {
    const { json, arrays } = pack(outcome);
    try {
      // Everything in the folder can be made again: version control should not see it.
      writeFileAtomic(join(this.#folder, '.gitignore'), '*\n');
      // The outcome's own JSON is an array as well: who looks for an entry reads only what stands before.
      const values = bytesOfJson(json);
      const files = [...before, ...(this.#file === undefined ? [] : [this.#file])];
      const facts: EntryFacts = { fingerprint, runId, createdAt: Date.now(), files };
      saveCheckpoint(this.fileOf(fingerprint), {
        state: facts,
        arrays: [...arrays, { name: 'outcome', shape: [values.length], values }],
      });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined && !(error instanceof UserError)) throw error;
      if (this.#told.has(code ?? message)) return;
      this.#told.add(code ?? message);
      this.#warn(
        warning(
          'cache-not-written',
          `outcomes of stages are not kept, that of ${fingerprint.stage} first: ${message}`,
          `The run goes on; the next one has to run these stages again. ${this.#wayOut(code)}`,
        ),
      );
    }
  }

  #wayOut(code: string | undefined): string {
    if (code === undefined) return 'Mend what that names, and they are kept.';
    const folder = dirname(dirname(this.#folder));
    if (['ENOSPC', 'EDQUOT'].includes(code)) return `Make room in ${folder}, and they are kept.`;
    return `Give this user a folder ${folder} to write in, and they are kept (in a container: a volume there).`;
  }

  /** Everything that is kept of a stage, newest first, without proof that it is whole. */
  list(stage: string): readonly EntryFacts[] {
    return namesIn(join(this.#folder, stage))
      .flatMap((name) => {
        try {
          const facts = peekCheckpoint(join(ownFolder(this.#folder, stage), name));
          return isWhole(facts, stage, name) ? [facts] : [];
        } catch {
          return []; // removed in this moment, or damaged: no one looks for it
        }
      })
      .toSorted((a, b) => b.createdAt - a.createdAt);
  }

  /** Where an outcome lies, or would. @throws UserError where the folder leads elsewhere */
  fileOf({ stage, hash }: Fingerprint): string {
    return join(ownFolder(this.#folder, stage), `${hash}${entryEnding}`);
  }
}

/** Reads an entry. @throws UserError where it is none; the file system's own error */
function prove<Outcome>(path: string, { stage, hash }: Fingerprint, form: Form<Outcome>): Entry<Outcome> {
  const { state, arrays } = loadCheckpoint(path);
  if (!isWhole(state, stage, `${hash}${entryEnding}`))
    throw failure('cache-damaged', `${path} is no outcome of ${stage}`);
  const outcome = ifWhole(arrays);
  const fault = form(outcome);
  if (fault !== undefined)
    throw failure(
      'cache-damaged',
      `${path} is no outcome of ${stage}${fault === '' ? '' : `: ${fault} cannot be what it is`}`,
    );
  return { ...state, outcome: outcome as Outcome };
}

const entry = object({
  fingerprint: object({ stage: text(), hash: text(), parts: list(list(text())) }),
  runId: text(/^[\w-]+$/),
  createdAt: whole,
  files: optional(list(text())),
});

/**
 * Whether an entry is the one of its name: a flipped bit may have renamed anything in it, and a cache from elsewhere
 * may hold anything.
 */
function isWhole(value: unknown, stage: string, name: string): value is EntryFacts {
  if (!hasForm(entry, value)) return false;
  const {
    createdAt,
    fingerprint: { hash, parts, stage: of },
  } = value;
  const isOfName = of === stage && name === `${hash}${entryEnding}`;
  return isOfName && parts.every((part) => part.length === 2) && Number.isFinite(new Date(createdAt).getTime());
}

/** What the arrays of an entry hold; undefined, which no outcome is, where it is none of ours. */
function ifWhole(arrays: readonly NamedArray[]): unknown {
  try {
    const json = arrays.at(-1)?.values;
    return json instanceof Uint8Array ? unpack({ json: parseBytes(json), arrays: arrays.slice(0, -1) }) : undefined;
  } catch {
    return undefined;
  }
}

/** How names of entries end. */
export const entryEnding = '.outcome';

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter(
      (name) => /^[0-9a-f]{64}$/.test(name.slice(0, -entryEnding.length)) && name.endsWith(entryEnding),
    );
  } catch {
    return [];
  }
}
