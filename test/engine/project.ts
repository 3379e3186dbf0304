import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const repository = resolve(import.meta.dirname, '../..');

/** A folder with our engine code, bundled, and packages as `npm ci` leaves them: tfjs-node has no engine. */
export async function createProject(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'layerline-engine-'));
  linkPackages(join(repository, 'node_modules'), join(folder, 'node_modules'), '@tensorflow');
  linkPackages(join(repository, 'node_modules/@tensorflow'), join(folder, 'node_modules/@tensorflow'), 'tfjs-node');
  placeTfjsNode(folder);
  const bundle = await rolldown({ input: { install: join(repository, 'src/engine/install.ts'), load: join(repository, 'src/engine/load.ts') }, platform: 'node', external: /^[^./]/ });
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' });
  writeFileSync(join(folder, 'set-up.mjs'), `import { ensureEngine } from './install.mjs';
process.stdout.write(JSON.stringify(await ensureEngine({ emit: (event) => process.stdout.write(event.phase + '\\n') })));
`);
  writeFileSync(join(folder, 'compute.mjs'), `import { loadEngine } from './load.mjs';
const { tf, version } = await loadEngine();
process.stdout.write(version + ': ' + tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync().join());
`);
  return folder;
}

/** tfjs-node as npm unpacks it. */
export function placeTfjsNode(project: string): void {
  const isNpmOwn = (path: string): boolean => !/tfjs-node\/(deps|lib)$/.test(path);
  cpSync(join(repository, 'node_modules/@tensorflow/tfjs-node'), join(project, 'node_modules/@tensorflow/tfjs-node'), { recursive: true, filter: isNpmOwn });
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
export function start(project: string, script: string, env: NodeJS.ProcessEnv, node: string = process.execPath): Worker {
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
