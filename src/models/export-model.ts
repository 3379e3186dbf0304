import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { claim } from '../base/claim.ts';
import { UserError, failure } from '../base/diagnostics.ts';
import type { Emit } from '../base/events.ts';
import {
  besideName,
  makeFolder,
  realPath,
  removeLeftovers,
  statOf,
  syncFolder,
  writeFileAtomic,
} from '../base/files.ts';
import { readFileWithin } from '../base/read-file.ts';
import { modelFiles } from '../layers/save-model.ts';
import { type ExportFormat, type FormatName, formats } from './formats/formats.ts';
import { goldenFiles, proveHashes, readGolden, sha256Of } from './golden.ts';
import { loadTrainedModel, readTrainedModel } from './load-trained-model.ts';

/** Files by their ways from the folder that holds them. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** A model in another format. */
export interface ExportedModel {
  /** What its pipeline is called. */
  readonly name: string;
  readonly files: Files;
}

/**
 * Makes the files of a model in a format, with the golden rows that prove them and `model.yaml`, where the model has
 * them.
 *
 * @param folder of the model
 * @throws UserError where it is damaged, or the format has no equal of a layer
 */
export async function exportFiles(folder: string, to: FormatName, emit: Emit): Promise<ExportedModel> {
  const model = readTrainedModel(folder);
  const kept = await proveModel(folder, emit);
  const format: ExportFormat = formats[to];
  const made = await format.files(model);
  const own = to === 'tfjs' ? copyOf(folder, modelFiles) : made;
  return { name: model.pipeline.name, files: { ...own, ...copyOf(folder, kept) } };
}

/**
 * Proves by their hash that the weights are those that were trained.
 *
 * @returns the files that say more of the model, where it has them: versions before recorded none
 * @throws UserError where they are not
 */
export async function proveModel(folder: string, emit: Emit): Promise<readonly string[]> {
  if (!existsSync(join(folder, 'golden'))) {
    (await loadTrainedModel(folder, emit)).dispose();
    return [];
  }
  const { sha256 } = readGolden(folder);
  if (modelFiles.some((name) => sha256[name] === undefined)) throw unproven(folder);
  proveHashes(folder, sha256);
  return [...goldenFiles.map((name) => `golden/${name}`), 'model.yaml'];
}

const unproven = (folder: string): UserError =>
  failure(
    'model-damaged',
    `${join(folder, 'golden/golden.json')} does not say the SHA-256 of ${modelFiles.join(' and ')}`,
    'Take the whole folder from the run again.',
  );

/** Files of a folder, as they are. */
export function copyOf(folder: string, names: readonly string[]): Files {
  return Object.fromEntries(names.map((name) => [name, readFileWithin(join(folder, name), 4e9)]));
}

/**
 * Writes a folder as a whole: it is made under another name, and there is none of its own before all of it is on the
 * disk.
 *
 * @returns whether it was written; false: it is there, with the same content
 * @throws UserError `export-exists` where something else is there, `export-not-written` where it cannot be written
 */
export function writeExport(path: string, files: Files): boolean {
  const folder = realPath(path);
  // The name may be as long as one can be.
  const work = join(dirname(folder), `.export-${sha256Of(basename(folder)).slice(0, 16)}`);
  try {
    const isThere = isExported(path, folder, files);
    const mine = claim(work);
    if (mine === undefined)
      throw failure(
        'export-not-written',
        `another process writes ${path}`,
        'Wait for its end, or name another folder.',
      );
    try {
      // Of a process that was killed: this one alone is at it now.
      removeLeftovers(dirname(work), basename(work));
      if (!isThere) placeFolder(join(dirname(work), besideName(basename(work))), folder, files);
    } finally {
      mine.release();
    }
    return !isThere;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw failure(
      'export-not-written',
      `${path} cannot be written: ${(error as Error).message}`,
      'Name a folder that can be made by `--out`, and make room for it.',
      error,
    );
  }
}

/** Whether a folder holds just these files. @throws UserError where it holds something else */
function isExported(path: string, folder: string, files: Files): boolean {
  const about = statOf(folder);
  if (about !== undefined && !about.isDirectory())
    throw failure('export-exists', `${path} is no folder, but a file`, 'Name a folder by `--out`.');
  const there = about === undefined ? [] : readdirSync(folder);
  if (there.length === 0) return false;
  if (isSame(folder, there, files)) return true;
  throw failure(
    'export-exists',
    `${path} is there, and holds something else`,
    'Name another folder by `--out`, or remove it.',
  );
}

function placeFolder(aside: string, folder: string, files: Files): void {
  try {
    makeFolder(aside);
    for (const [name, bytes] of Object.entries(files)) writeFileAtomic(join(aside, name), bytes);
    syncFolder(aside);
    renameSync(aside, folder);
    syncFolder(dirname(folder));
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    throw error;
  }
}

function isSame(folder: string, there: readonly string[], files: Files): boolean {
  const names = Object.keys(files);
  const tops = new Set(names.map((name) => name.split('/')[0]!));
  if (there.length !== tops.size || !there.every((name) => tops.has(name))) return false;
  return names.every((name) => {
    try {
      return Buffer.from(readFileWithin(join(folder, name), files[name]!.length)).equals(files[name]!);
    } catch {
      return false;
    }
  });
}

/** The folder that a model is exported to where none is named, such as `digits-onnx`. */
export function exportFolder(name: string, to: FormatName | 'package'): string {
  const plain = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+/, '');
  return `${plain || 'model'}-${to}`;
}
