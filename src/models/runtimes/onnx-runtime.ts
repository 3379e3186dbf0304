import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readFileWithin } from '../../base/read-file.ts';
import { type Computed, type GoldenRun, NotThere, type Runtime } from './runtime.ts';

/** As much of ONNX Runtime's API as is used: it is installed by who wants it. */
interface OnnxRuntime {
  readonly InferenceSession: { create(model: Uint8Array): Promise<Session> };
  readonly Tensor: new (type: 'float32', values: Float32Array, shape: readonly number[]) => object;
  readonly env: { readonly wasm: { numThreads?: number } };
}

interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, object>>): Promise<Readonly<Record<string, { readonly data: Float32Array }>>>;
  release(): Promise<void>;
}

/** ONNX Runtime for Node, native or, where that is not there, in WebAssembly. */
export const onnxRuntime: Runtime = { name: 'ONNX Runtime', reads: 'model.onnx', compute };

async function compute({ folder, golden }: GoldenRun): Promise<Computed> {
  const { runtime, version } = await load();
  runtime.env.wasm.numThreads = 1;
  const session = await runtime.InferenceSession.create(readFileWithin(join(folder, 'model.onnx'), 2 ** 31));
  try {
    const feeds = golden.inputs.map(
      ({ values, shape }, k) =>
        [session.inputNames[k]!, new runtime.Tensor('float32', values as Float32Array, shape)] as const,
    );
    const told = await session.run(Object.fromEntries(feeds));
    return { version, outputs: session.outputNames.map((name) => told[name]!.data) };
  } finally {
    await session.release();
  }
}

/**
 * Looked for beside this program alone: what lies in the folder that the user stands in, which may be a project from
 * elsewhere, is not run.
 */
async function load(): Promise<{ readonly runtime: OnnxRuntime; readonly version: string }> {
  const require = createRequire(import.meta.url);
  for (const name of ['onnxruntime-node', 'onnxruntime-web']) {
    let path: string;
    try {
      path = require.resolve(name);
    } catch {
      continue;
    }
    const runtime = (await import(pathToFileURL(path).href)) as OnnxRuntime & { readonly default?: OnnxRuntime };
    return { runtime: runtime.default ?? runtime, version: `${name.slice(12)} ${versionAt(path, name)}` };
  }
  throw new NotThere('install onnxruntime-node beside layerline');
}

/** The version that the package says which a file lies in. */
function versionAt(path: string, name: string): string {
  const folder = path.slice(0, path.lastIndexOf(join('node_modules', name))) || dirname(path);
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return version;
}
