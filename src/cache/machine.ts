import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { basename, join } from 'node:path';
import { packageVersion } from '../engine/site.ts';
import { engineStatus } from '../engine/status.ts';

/** What a machine brings to a run, as far as it can change what comes out: one line of text each. */
export interface Machine {
  readonly program: string;
  readonly node: string;
  readonly engine: string;
  readonly processor: string;
  readonly threads: string;
  /** Variables that TensorFlow and its libraries read. */
  readonly environment: Readonly<Record<string, string>>;
  readonly drawing: string;
}

/**
 * Looks at this machine, without loading TensorFlow.
 *
 * @param threadsPerOp what TensorFlow is told where the environment does not say otherwise
 * @throws UserError when PIPELINE_ENGINE names none, or there is none for this machine
 */
export function thisMachine(version: string, threadsPerOp: number): Machine {
  const { kind, folder, bytes } = engineStatus();
  const versions = (...names: readonly string[]) => names.map((name) => `${name.replace(/^@[^/]*\//, '')} ${packageVersion(name)}`).join(', ');
  // The folder of the native engine is named after all that it is made of; of a stock install only the addon's size tells.
  const native = kind === 'native' ? basename(folder) : `${bytes} bytes`;
  return {
    program: `${version}, code ${codeHash().slice(0, 8)}`,
    node: process.version,
    engine: `${kind} (${native}), ${versions('@tensorflow/tfjs', kind === 'wasm' ? '@tensorflow/tfjs-backend-wasm' : '@tensorflow/tfjs-node')}`,
    processor: `${process.arch}, ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    threads: `${availableParallelism()} cores, ${process.env[opThreads] ?? threadsPerOp} threads per op`,
    environment: Object.fromEntries(Object.keys(process.env).filter((name) => readByTensorFlow.test(name) && !toldElsewhere.has(name)).toSorted((a, b) => (a < b ? -1 : 1)).map((name) => [name, process.env[name]!])),
    drawing: versions('vega', 'vega-lite', '@resvg/resvg-js', 'fast-png', '@expo-google-fonts/inter'),
  };
}

const readByTensorFlow = /^(TF|OMP|KMP|ONEDNN|DNNL|MKL)_/;
const opThreads = 'TF_NUM_INTRAOP_THREADS';
/** How much is logged changes no number; the threads are told by themselves. */
const toldElsewhere: ReadonlySet<string> = new Set([opThreads, 'TF_CPP_MIN_LOG_LEVEL', 'TF_CPP_MAX_VLOG_LEVEL']);

/** SHA-256 of this program's own code: the version stays the same while someone works on it. */
function codeHash(): string {
  const folder = import.meta.filename.endsWith('.ts') ? join(import.meta.dirname, '..') : import.meta.dirname;
  const hash = createHash('sha256');
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ts|js)$/.test(name)).toSorted((a, b) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify(file)).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex');
}
