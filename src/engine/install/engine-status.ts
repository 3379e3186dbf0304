import { statSync } from 'node:fs';
import { join } from 'node:path';
import { findEntry, isLinked, layout, sizeOfWhole } from './engine-entry.ts';
import { type EngineKind, engineKind, engineSite, packageFolder, packageVersion } from './engine-site.ts';
import { tensorflowVersion } from './wheels.ts';

/** The engine as `pipeline engine status` shows it. */
export interface EngineStatus {
  readonly kind: EngineKind;
  /** `not linked`: this program finds it, but an import of tfjs-node by another does not. */
  readonly state: 'ready' | 'not linked' | 'missing';
  /** What the kind of engine is made of. `tensorflow` is null for a stock install: only loading it tells. */
  readonly versions: {
    readonly tensorflow?: string | null;
    readonly tfjsNode?: string;
    readonly tfjsBackendWasm?: string;
    readonly node: string;
  };
  /** Where the engine is, or will be. */
  readonly folder: string;
  /** Size of what is there, in bytes. */
  readonly bytes: number;
}

const wasmPackage = '@tensorflow/tfjs-backend-wasm';

/**
 * Looks at the chosen engine without loading it.
 *
 * @throws UserError when PIPELINE_ENGINE names none, or there is none for this machine.
 */
export function engineStatus(): EngineStatus {
  const kind = engineKind();
  const { node } = process.versions;
  if (kind === 'wasm')
    return {
      kind,
      state: 'ready',
      versions: { tfjsBackendWasm: packageVersion(wasmPackage), node },
      folder: packageFolder(wasmPackage),
      bytes: wasmBytes(),
    };
  const versions = { tfjsNode: packageVersion('@tensorflow/tfjs-node'), node };
  if (kind === 'stock') {
    const folder = packageFolder('@tensorflow/tfjs-node');
    const bytes = statSync(join(folder, layout.addon), { throwIfNoEntry: false })?.size;
    return {
      kind,
      state: bytes === undefined ? 'missing' : 'ready',
      versions: { tensorflow: null, ...versions },
      folder,
      bytes: bytes ?? 0,
    };
  }
  const site = engineSite();
  const entry = findEntry(site);
  const found = entry !== undefined && isLinked(site, entry) ? 'ready' : 'not linked';
  const folder = entry ?? site.entry;
  return {
    kind,
    state: entry === undefined ? 'missing' : found,
    versions: { tensorflow: tensorflowVersion, ...versions },
    folder,
    bytes: sizeOfWhole(folder, site.wheel) ?? 0,
  };
}

function wasmBytes(): number {
  return statSync(join(packageFolder(wasmPackage), 'dist/tfjs-backend-wasm-simd.wasm')).size;
}
