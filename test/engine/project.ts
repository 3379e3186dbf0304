import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { findEntry } from '../../src/engine/install/engine-entry.ts';
import { engineSite } from '../../src/engine/install/engine-site.ts';

const repository = resolve(import.meta.dirname, '../..');

/**
 * A folder with our engine code, bundled, and packages as `npm ci` leaves them: tfjs-node has no engine.
 *
 * @param ownEngine whether it needs one of its own, which is set up nowhere
 */
export async function createProject({ ownEngine = false } = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'layerline-engine-'));
  linkPackages(join(repository, 'node_modules'), join(folder, 'node_modules'), '@tensorflow');
  linkPackages(join(repository, 'node_modules/@tensorflow'), join(folder, 'node_modules/@tensorflow'), 'tfjs-node');
  placeTfjsNode(folder, { ownEngine });
  const bundle = await rolldown({
    input: {
      install: join(repository, 'src/engine/install/install-engine.ts'),
      load: join(repository, 'src/engine/load-engine.ts'),
    },
    platform: 'node',
    external: /^[^./]/,
  });
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' });
  writeFileSync(
    join(folder, 'set-up.mjs'),
    `import { ensureEngine } from './install.mjs';
const outcome = await ensureEngine({ emit: (event) => process.stdout.write(event.phase + '\\n') });
process.stdout.write(JSON.stringify(outcome));
`,
  );
  writeFileSync(
    join(folder, 'compute.mjs'),
    `import { loadEngine } from './load.mjs';
const { tf, version } = await loadEngine();
process.stdout.write(version + ': ' + tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync().join());
`,
  );
  return folder;
}

/**
 * The built program in a folder that all users may read, with packages as `npm ci` leaves them.
 *
 * @param ownEngine whether it needs an engine of its own, which is set up nowhere
 */
export function copyProgram({ ownEngine = false } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'layerline-program-'));
  chmodSync(folder, 0o755);
  linkPackages(join(repository, 'node_modules'), join(folder, 'node_modules'), '@tensorflow');
  linkPackages(join(repository, 'node_modules/@tensorflow'), join(folder, 'node_modules/@tensorflow'), 'tfjs-node');
  placeTfjsNode(folder, { ownEngine });
  for (const name of ['dist', 'package.json']) cpSync(join(repository, name), join(folder, name), { recursive: true });
  return folder;
}

/**
 * Lays the engine of this machine into a cache of its own, without its 850 MB where that can be.
 *
 * @param cache as XDG_CACHE_HOME names it
 * @returns its folder there
 */
export function copyEngine(cache: string): string {
  const entry = findEntry(engineSite())!;
  const copy = join(cache, 'layerline/engine', basename(entry));
  for (const file of readdirSync(entry, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())) {
    const from = join(file.parentPath, file.name);
    const to = join(copy, from.slice(entry.length));
    mkdirSync(dirname(to), { recursive: true });
    try {
      linkSync(from, to);
    } catch {
      cpSync(from, to, { preserveTimestamps: true });
    }
  }
  return copy;
}

/** tfjs-node as npm unpacks it. @param ownEngine whether it needs an engine of its own, which is set up nowhere */
export function placeTfjsNode(project: string, { ownEngine }: { readonly ownEngine: boolean }): void {
  const isNpmOwn = (path: string): boolean => !/tfjs-node\/(deps|lib)$/.test(path);
  cpSync(join(repository, 'node_modules/@tensorflow/tfjs-node'), join(project, 'node_modules/@tensorflow/tfjs-node'), {
    recursive: true,
    filter: isNpmOwn,
  });
  const manifest = join(project, 'node_modules/@tensorflow/tfjs-node/package.json');
  // An engine is known by all that it is made of, this version too.
  if (ownEngine)
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"version": "4.22.0"', '"version": "4.22.0-own"'));
}

function linkPackages(from: string, to: string, except: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) if (name !== except) symlinkSync(join(from, name), join(to, name));
}

/** A script of the project at work. */
export interface Worker {
  readonly kill: () => void;
  /** Called with everything printed so far, each time something is. */
  onOutput: (output: string) => void;
  readonly end: Promise<{ exitCode: number | null; stdout: string; stderr: string }>;
}

/** Starts a script of the project with `node`, or another Node. */
export function start(
  project: string,
  script: string,
  env: NodeJS.ProcessEnv,
  node: string = process.execPath,
): Worker {
  const child = spawn(node, [join(project, script)], { env: { ...process.env, ...env } });
  let stdout = '';
  let stderr = '';
  const end = new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolveEnd) => {
    child.on('close', (exitCode) => resolveEnd({ exitCode, stdout, stderr }));
  });
  const worker: Worker = { kill: () => void child.kill('SIGKILL'), onOutput: () => {}, end };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    worker.onOutput(stdout);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return worker;
}
