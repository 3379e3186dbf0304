import { lstatSync, mkdirSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '../base/files.ts';
import type { EngineSite } from './site.ts';
import { headers } from './wheels.ts';

/** Paths inside an entry. The addon finds the libraries at `../../deps/lib`, seen from its own real place. */
export const layout = { libraries: 'deps/lib', headers: 'deps/include', addon: 'lib/napi-v8/tfjs_binding.node', quietLoad: 'lib/napi-v8/quiet_load.node' } as const;

const sealName = 'engine.json';

/** Notes the size of every file of a finished folder, as the last thing before it gets its final name. */
export function seal(folder: string, site: EngineSite): void {
  const files = [
    ...Object.keys(site.wheel.libraries).map((name) => `${layout.libraries}/${name}`),
    ...headers.map((name) => `${layout.headers}/${name}`),
    layout.addon,
    layout.quietLoad,
  ];
  const sizes = Object.fromEntries(files.map((file) => [file, statSync(join(folder, file)).size]));
  writeFileAtomic(join(folder, sealName), `${JSON.stringify({ wheel: site.wheel.file, sha256: site.wheel.sha256, files: sizes }, undefined, 2)}\n`);
}

/** Bytes of a whole entry, or undefined where something is missing or has another size than when it was sealed. */
export function sizeOfWhole(entry: string): number | undefined {
  try {
    const { files } = JSON.parse(readFileSync(join(entry, sealName), 'utf8')) as { files: Record<string, number> };
    const sizes = Object.entries(files);
    if (sizes.some(([file, bytes]) => statSync(join(entry, file)).size !== bytes)) return undefined;
    return sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  } catch {
    return undefined; // absent, or broken in a way that setting it up again mends
  }
}

/** Whether the installed tfjs-node leads to the entry. */
export function isLinked(site: EngineSite): boolean {
  return linksOf(site).every(({ from, to }) => readLink(from) === to);
}

/** Makes the installed tfjs-node lead to the entry. What a stock install left there is kept beside it, as `*.stock`. */
export function linkEntry(site: EngineSite): void {
  for (const { from, to } of linksOf(site)) {
    if (readLink(from) === to) continue;
    mkdirSync(dirname(from), { recursive: true });
    if (lstatSync(from, { throwIfNoEntry: false })?.isSymbolicLink() === false) {
      rmSync(`${from}.stock`, { recursive: true, force: true });
      renameSync(from, `${from}.stock`);
    }
    const aside = `${from}.${process.pid}.tmp`;
    rmSync(aside, { force: true });
    symlinkSync(to, aside);
    renameSync(aside, from);
  }
}

function linksOf(site: EngineSite): { from: string; to: string }[] {
  // Several ways may lead to one cache, and a link by one of them must not seem wrong by another.
  const entry = realpathSync.native(site.entry);
  return ['deps', layout.addon].map((path) => ({ from: join(site.tfjsNode, path), to: join(entry, path) }));
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
