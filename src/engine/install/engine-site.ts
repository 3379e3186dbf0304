import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { failure } from '../../base/diagnostics.ts';
import { userCache } from '../../base/user-cache.ts';
import { addonRecipe } from './addon-recipe.ts';
import { tensorflowVersion, type Wheel, wheelFor } from './wheels.ts';

/** Where an engine is made from and put. */
export interface EngineSite {
  readonly wheel: Wheel;
  /** The folder in a cache that it is set up in. Its name changes with anything that goes into it. */
  readonly entry: string;
  /** Where it is looked for in caches, the best first. */
  readonly places: readonly string[];
  /** The installed package @tensorflow/tfjs-node, which gets links to the entry. */
  readonly tfjsNode: string;
  /** Folder with node_api.h. */
  readonly nodeHeaders: string;
}

/** The engines that PIPELINE_ENGINE can name. */
export const engineKinds = ['native', 'stock', 'wasm'] as const;
/**
 * `native`: libtensorflow from the PyPI wheel, set up by this program. `stock`: an install of tfjs-node that already
 * works. `wasm`: TensorFlow.js' WebAssembly backend, which needs neither, and some 15 times as long.
 */
export type EngineKind = (typeof engineKinds)[number];

/** Why steps are not compiled on an engine; undefined where they are. */
export function whyEager(kind: EngineKind): string | undefined {
  return kind === 'wasm' ? 'the wasm engine has no graphs' : undefined;
}

/** How steps run: as one graph, or op by op, which adds in another order. */
export type StepKind = 'compiled' | 'eager';

/**
 * How steps are expected to run on the chosen engine.
 *
 * @param wanted what the file asks for
 * @throws UserError when PIPELINE_ENGINE names no engine
 */
export function expectedStep(wanted: 'auto' | StepKind): StepKind {
  return wanted === 'eager' || whyEager(engineKind()) !== undefined ? 'eager' : 'compiled';
}

/** The engine that the user chose. @throws UserError when PIPELINE_ENGINE names none. */
export function engineKind(): EngineKind {
  const wanted = process.env['PIPELINE_ENGINE'] || 'native';
  const kind = engineKinds.find((name) => name === wanted);
  if (kind) return kind;
  throw failure(
    'unknown-engine',
    `PIPELINE_ENGINE=${wanted} is not an engine`,
    `Set it to ${new Intl.ListFormat('en', { type: 'disjunction' }).format(engineKinds)}, ` +
      'or leave it unset for native.',
  );
}

/**
 * The site for this machine and this install of the program.
 *
 * @throws UserError when there is no wheel for the machine.
 */
export function engineSite(): EngineSite {
  const wheel = wheelFor(process.platform, process.arch, hasMusl() ? 'musl' : 'glibc');
  const tfjsNode = packageFolder('@tensorflow/tfjs-node');
  const recipe = createHash('sha256')
    .update(JSON.stringify([wheel.sha256, packageVersion('@tensorflow/tfjs-node'), addonRecipe]))
    .digest('hex');
  const name = join(
    'engine',
    `tensorflow-${tensorflowVersion}-${process.platform}-${process.arch}-${recipe.slice(0, 8)}`,
  );
  const [own, shared] = [join(userCache(), name), join(machineCache, name)];
  return {
    wheel,
    entry: isForAll() ? shared : own,
    places: isOfRoot(machineCache) ? [own, shared] : [own],
    tfjsNode,
    nodeHeaders: join(packageFolder('node-api-headers'), 'include'),
  };
}

/** What root sets up for all users of a machine: nobody else can look into root's home. */
const machineCache = '/var/cache/layerline';

/** What another user put there might be anything. */
function isOfRoot(folder: string): boolean {
  return process.platform === 'linux' && statSync(folder, { throwIfNoEntry: false })?.uid === 0;
}

/** Whether an entry is one that all users of the machine are to read. */
export function isMachineWide(entry: string): boolean {
  return entry.startsWith(join(machineCache, '/'));
}

function isForAll(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || process.env['XDG_CACHE_HOME']) return false;
  try {
    accessSync(dirname(machineCache), constants.W_OK);
    return true;
  } catch {
    return false; // read-only
  }
}

/** The version of an installed package. */
export function packageVersion(name: string): string {
  const manifest = JSON.parse(readFileSync(join(packageFolder(name), 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

/** Folder of an installed package, as this program sees it: in its own checkout, or beside it as a dependency. */
export function packageFolder(name: string): string {
  // Not by resolving its package.json, which a package may keep to itself.
  const folder = createRequire(import.meta.url)
    .resolve.paths(name)
    ?.map((modules) => join(modules, name))
    .find((path) => existsSync(join(path, 'package.json')));
  if (folder === undefined)
    throw failure(
      'package-missing',
      `the package ${name} is not installed`,
      'Install Layerline again, with its dependencies.',
    );
  return folder;
}

/** Whether Node runs on musl, whose loader is mapped then. Node's report says it too, but takes some 20 ms. */
function hasMusl(): boolean {
  try {
    return process.platform === 'linux' && readFileSync('/proc/self/maps', 'utf8').includes('/ld-musl-');
  } catch {
    return false; // without /proc TensorFlow is not loaded either
  }
}
