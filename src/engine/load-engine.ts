import { realpathSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import type { NodeBackend } from './node-backend.ts';
import { failure, UserError } from '../base/diagnostics.ts';
import { noexecMount } from '../base/noexec.ts';
import { shellWord } from '../base/shell-word.ts';
import { checkProcess, noMemory } from './check-process.ts';
import type { Engine, Tf } from './tensorflow.ts';
import { engineFailure } from './install/engine-failure.ts';
import { layout } from './install/engine-entry.ts';
import { createOps } from './native-ops.ts';
import { type EngineKind, engineKind, packageFolder } from './install/engine-site.ts';
import { engineStatus } from './install/engine-status.ts';
import { loadWasm } from './wasm/load-wasm.ts';

let loaded: Promise<Engine> | undefined;

/**
 * Loads TensorFlow into this process, once. Prints nothing.
 *
 * @param threadsPerOp left out: as many as there are cores; TF_NUM_INTRAOP_THREADS goes before it
 * @throws UserError when the engine is not set up (see `ensureEngine`) or does not load.
 */
export function loadEngine(threadsPerOp?: number): Promise<Engine> {
  // TensorFlow reads it at its first op, and has no other way in through tfjs-node.
  if (threadsPerOp !== undefined) process.env['TF_NUM_INTRAOP_THREADS'] ??= String(threadsPerOp);
  loaded ??= load().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function load(): Promise<Engine> {
  const kind = engineKind();
  if (kind === 'wasm') return loadWasm();
  const tf = await importTfjsNode(kind);
  const { binding } = tf.backend() as NodeBackend & { binding: { TF_Version: string } };
  return {
    tf,
    kind,
    version: `TensorFlow ${binding.TF_Version}, tfjs-node ${tf.version['tfjs-node']}`,
    ops: createOps(tf),
  };
}

type TfjsNode = Tf & { readonly version: { readonly 'tfjs-node': string } };

/** Imports tfjs-node with its native addon. @throws UserError when it does not load. */
export async function importTfjsNode(kind: EngineKind): Promise<TfjsNode> {
  checkProcess();
  const level = (process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2');
  restoreRemovedNodeFunctions();
  const { noDeprecation } = process;
  // punycode and url.parse, in what a stock install finds its addon with
  Object.assign(process, { noDeprecation: true });
  try {
    // Its module is CommonJS: loaders such as tsx give an import of it no `default`.
    const require = createRequire(import.meta.url);
    if (kind === 'stock') return require('@tensorflow/tfjs-node') as TfjsNode;
    const folder = readyFolder();
    if (Number(level) >= 2) require(join(folder, layout.quietLoad));
    return withAddon(join(folder, layout.addon), () => require('@tensorflow/tfjs-node') as TfjsNode);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    const mount = /failed to map segment/i.test(reason!)
      ? noexecMount(kind === 'stock' ? packageFolder('@tensorflow/tfjs-node') : engineStatus().folder)
      : undefined;
    if (mount !== undefined) throw notExecutable(mount, kind, error);
    if (/failed to map segment|cannot (allocate|apply additional) memory/i.test(reason!))
      throw noMemory(reason!, error);
    const message =
      kind === 'stock'
        ? `PIPELINE_ENGINE=stock, but the installed @tensorflow/tfjs-node does not load: ${reason}`
        : `The engine does not load: ${reason}`;
    throw engineFailure(
      'engine-load',
      message,
      kind === 'stock' ? 'Unset PIPELINE_ENGINE' : `Mend what that names (the engine lies in ${engineStatus().folder})`,
      error,
    );
  } finally {
    Object.assign(process, { noDeprecation });
  }
}

function notExecutable(mount: string, kind: EngineKind, cause: unknown): UserError {
  const message =
    `TensorFlow does not load: ${mount} is mounted with the option noexec, ` +
    'which keeps libraries from being loaded from there';
  return engineFailure(
    'engine-noexec',
    message,
    kind === 'stock'
      ? `Mount it without (\`mount -o remount,exec ${shellWord(mount)}\`)`
      : 'Set XDG_CACHE_HOME=FOLDER, to one that is on another mount',
    cause,
  );
}

function readyFolder(): string {
  const { state, folder } = engineStatus();
  if (state !== 'missing') return folder;
  throw failure('engine-missing', 'The engine is not set up', 'Run `pipeline engine install`.');
}

/**
 * tfjs-node asks node-pre-gyp for the path of its addon. Here it gets another answer, so that node_modules, which may
 * be another user's or read-only, need not have a link to it.
 */
function withAddon<T>(addon: string, load: () => T): T {
  const require = createRequire(join(realpathSync(packageFolder('@tensorflow/tfjs-node')), 'package.json'));
  const path = require.resolve('@mapbox/node-pre-gyp');
  const before = require.cache[path];
  require.cache[path] = Object.assign(new Module(path), {
    filename: path,
    loaded: true,
    exports: { find: () => addon },
  });
  try {
    return load();
  } finally {
    if (before === undefined) delete require.cache[path];
    else require.cache[path] = before;
  }
}

/** tfjs-node calls two functions that Node 22 warns about and Node 23 and later no longer have. */
function restoreRemovedNodeFunctions(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
}
