import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Emit } from '../base/events.ts';
import { buildAddon, checkAddon, findCompiler } from './addon.ts';
import { downloadWheel, extractWheel, findPython, verifyWheel } from './download.ts';
import { diskFull, explainFileError } from './engine-failure.ts';
import { isLinked, linkEntry, seal, sizeOfWhole } from './entry.ts';
import { importTfjsNode } from './load.ts';
import { withLock } from './lock.ts';
import { engineKind, engineSite, type EngineSite } from './site.ts';
import { engineStatus, type EngineStatus } from './status.ts';
import { tensorflowVersion } from './wheels.ts';

/**
 * Sets up what the chosen engine lacks: downloads and builds into the per-user cache, links it into the installed
 * tfjs-node. Does nothing, within milliseconds, where all is there.
 *
 * @param options.emit receives `engine-progress` with the phases wait, download, verify, extract, build, check and link
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
  try {
    if (sizeOfWhole(site.entry) === undefined) {
      mkdirSync(dirname(site.entry), { recursive: true });
      const makeUnlessMade = async (): Promise<void> => {
        if (sizeOfWhole(site.entry) === undefined) await makeEntry(site, progress);
      };
      await withLock(`${site.entry}.lock`, makeUnlessMade, () => progress('wait', 0));
    }
    if (!isLinked(site)) {
      linkEntry(site);
      progress('link', 1);
    }
  } catch (error) {
    throw explainFileError(error, dirname(site.entry));
  }
}

type Progress = (phase: string, fraction: number) => void;

/** Makes the entry beside its final place and gives it its name when it is whole. */
async function makeEntry(site: EngineSite, progress: Progress): Promise<void> {
  removeLeftovers(site.entry);
  const staging = `${site.entry}.${randomUUID()}.tmp`;
  mkdirSync(staging);
  try {
    await fillEntry(staging, site, progress);
    seal(staging, site);
    const broken = `${staging}.old.tmp`;
    if (readdirSync(dirname(site.entry)).includes(basename(site.entry))) renameSync(site.entry, broken);
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

async function step<T>(phase: string, work: (onFraction: (fraction: number) => void) => Promise<T>, progress: Progress): Promise<T> {
  progress(phase, 0);
  const result = await work((fraction) => progress(phase, fraction));
  progress(phase, 1);
  return result;
}

/** What killed processes left of this entry: whoever holds the lock is the only one at work, in whichever container. */
function removeLeftovers(entry: string): void {
  const folder = dirname(entry);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${basename(entry)}.`) && name.endsWith('.tmp')) rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 5 });
  }
}
