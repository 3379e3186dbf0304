import { accessSync, constants, mkdirSync, readdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../base/diagnostics.ts';
import type { Emit } from '../../base/events.ts';
import { besideName, removeLeftovers } from '../../base/files.ts';
import { buildAddon, checkAddon, findCompiler } from './build-addon.ts';
import { downloadWheel, extractWheel, findPython, verifyWheel } from './download-engine.ts';
import { diskFull, engineDamaged, explainFileError, unreadableEngine } from './engine-failure.ts';
import { damagedFile, isLinked, layout, linkEntry, placesOf, seal } from './engine-entry.ts';
import { importTfjsNode } from '../load-engine.ts';
import { withLock } from './engine-lock.ts';
import { engineKind, engineSite, type EngineSite, isMachineWide } from './engine-site.ts';
import { engineStatus, type EngineStatus } from './engine-status.ts';
import { tensorflowVersion } from './wheels.ts';

/**
 * Sets up what the chosen engine lacks: downloads and builds into the cache, links it into the installed tfjs-node
 * where that can be written. Does nothing, within milliseconds, where all is there.
 *
 * @param options.emit receives `engine-progress` with the phases wait, download, verify, extract, build, check and
 * link, and a warning where an engine is damaged
 * @throws UserError with the three ways on when that fails.
 */
export async function ensureEngine(options: { readonly emit: Emit }): Promise<EngineStatus> {
  const kind = engineKind();
  if (kind === 'native') await setUpEngine(engineSite(), options.emit);
  if (kind === 'stock') await importTfjsNode(kind);
  return engineStatus();
}

/** As {@link ensureEngine}, for one site. */
export async function setUpEngine(site: EngineSite, emit: Emit): Promise<void> {
  const progress = (phase: string, fraction: number): void => emit({ type: 'engine-progress', phase, fraction });
  const entry = (await soundEntry(site, emit)) ?? (await withOpenMask(site, () => setUpEntry(site, progress)));
  if (!isToBeLinked(site, entry)) return;
  try {
    linkEntry(site, entry);
    progress('link', 1);
  } catch {
    // Such as a full disk: `pipeline engine status` tells that it is not linked.
  }
}

/**
 * Whether links to the entry lack in node_modules. Where it cannot be written, this program finds the engine without
 * them.
 */
function isToBeLinked(site: EngineSite, entry: string): boolean {
  return !isLinked(site, entry) && isAllowed(site.tfjsNode, constants.W_OK) === true;
}

type Progress = (phase: string, fraction: number) => void;

/**
 * The best place that has a whole engine, to its last byte; what is damaged is told. All of it is read where it is
 * about to be linked.
 */
async function soundEntry(site: EngineSite, emit: Emit): Promise<string | undefined> {
  for (const place of placesOf(site)) {
    try {
      const damaged = await damagedFile(place, site.wheel, isToBeLinked(site, place));
      if (damaged === undefined) return place;
      emit({ type: 'diagnostic', diagnostic: engineDamaged(join(place, damaged), place === site.entry) });
      if (place === site.entry) return undefined;
    } catch {
      // There is none, or none that this user can read.
    }
  }
  return undefined;
}

async function setUpEntry(site: EngineSite, progress: Progress): Promise<string> {
  const { entry } = site;
  try {
    mkdirSync(dirname(entry), { recursive: true });
    await withLock(
      `${entry}.lock`,
      async () => {
        const isSound = await damagedFile(entry, site.wheel, true).then(
          (damaged) => damaged === undefined,
          () => false,
        );
        if (!isSound) await makeEntry(site, progress);
      },
      () => progress('wait', 0),
    );
    return entry;
  } catch (error) {
    const explained = explainFileError(error, dirname(entry));
    const hidden = placesOf(site).find(
      (place) => place !== entry && isAllowed(join(place, layout.addon), constants.R_OK) === false,
    );
    throw hidden === undefined || !(explained instanceof UserError) ? explained : unreadableEngine(hidden, explained);
  }
}

/** What all users of a machine are to read must not depend on what its maker hides from others. */
async function withOpenMask<T>(site: EngineSite, work: () => Promise<T>): Promise<T> {
  if (!isMachineWide(site.entry)) return work();
  const mask = process.umask(0o022);
  try {
    return await work();
  } finally {
    process.umask(mask);
  }
}

/** Whether this user may read or write a path; undefined where that is not the question. */
function isAllowed(path: string, mode: number): boolean | undefined {
  try {
    accessSync(path, mode);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? false : undefined;
  }
}

/** Makes the entry beside its final place and gives it its name when it is whole. */
async function makeEntry(site: EngineSite, progress: Progress): Promise<void> {
  const [folder, name] = [dirname(site.entry), basename(site.entry)];
  // Whoever holds the lock is the only one at work on this entry, in whichever container.
  removeLeftovers(folder, name);
  const staging = join(folder, besideName(name));
  mkdirSync(staging);
  try {
    await fillEntry(staging, site, progress);
    await seal(staging, site);
    const broken = join(folder, besideName(name));
    if (readdirSync(folder).includes(name)) renameSync(site.entry, broken);
    renameSync(staging, site.entry);
    rmSync(broken, { recursive: true, force: true });
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

async function fillEntry(folder: string, site: EngineSite, progress: Progress): Promise<void> {
  const { wheel } = site;
  const python = await findPython();
  const compiler = await findCompiler();
  const room = statfsSync(folder);
  const needed = Object.values(wheel.libraries).reduce((sum, bytes) => sum + bytes, wheel.bytes);
  if (room.bavail * room.bsize < needed) throw diskFull(dirname(folder));

  const parts = join(folder, 'download');
  const path = await step('download', (on) => downloadWheel(python, wheel, parts, on), progress);
  await step('verify', (on) => verifyWheel(path, wheel, on), progress);
  await step('extract', (on) => extractWheel(python, path, wheel, folder, on), progress);
  rmSync(parts, { recursive: true });
  await step('build', () => buildAddon(folder, site, compiler), progress);
  await step('check', () => checkAddon(folder, tensorflowVersion), progress);
}

async function step<T>(
  phase: string,
  work: (onFraction: (fraction: number) => void) => Promise<T>,
  progress: Progress,
): Promise<T> {
  progress(phase, 0);
  const result = await work((fraction) => progress(phase, fraction));
  progress(phase, 1);
  return result;
}
