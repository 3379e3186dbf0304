import { cpus } from 'node:os';
import { basename } from 'node:path';
import { codeHash } from '../base/code-hash.ts';
import { coresToUse } from '../base/cores.ts';
import { packageVersion } from '../engine/install/engine-site.ts';
import { engineStatus } from '../engine/install/engine-status.ts';

/** What a machine brings to a run, as far as it can change what comes out: one line of text each. */
export interface Machine {
  readonly program: string;
  readonly node: string;
  readonly engine: string;
  readonly processor: string;
  readonly threads: string;
  /** Those variables that are set of the ones by which TensorFlow and its libraries compute otherwise. */
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
  const versions = (...names: readonly string[]) =>
    names.map((name) => `${name.replace(/^@[^/]*\//, '')} ${packageVersion(name)}`).join(', ');
  // The folder of the native engine is named after all that it is made of; of a stock install only the addon's size
  // tells.
  const native = kind === 'native' ? basename(folder) : `${bytes} bytes`;
  const binding = kind === 'wasm' ? '@tensorflow/tfjs-backend-wasm' : '@tensorflow/tfjs-node';
  return {
    program: `${version}, code ${codeHash().slice(0, 8)}`,
    node: process.version,
    engine: `${kind} (${native}), ${versions('@tensorflow/tfjs', binding)}`,
    processor: `${process.arch}, ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    threads: `${coresToUse()} cores, ${process.env[opThreads] ?? threadsPerOp} threads per op`,
    environment: Object.fromEntries(
      changesNumbers.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ),
    drawing: versions('vega', 'vega-lite', '@resvg/resvg-js', 'fast-png', '@expo-google-fonts/inter'),
  };
}

const opThreads = 'TF_NUM_INTRAOP_THREADS';

/**
 * The variables by which libtensorflow and the oneDNN and Eigen inside it compute otherwise on a CPU, from its code and
 * the strings of the library. By name, never by their beginning: others call their tokens `TF_...`, Terraform before
 * all. What those read for GPUs, logging, profiling or sizes of caches changes no number; the threads of an op are told
 * by themselves.
 */
const changesNumbers = [
  // An order of all threads when no other is given; nothing else of OpenMP is in the library.
  'OMP_NUM_THREADS',
  // Whether matrices are multiplied by oneDNN's or by Eigen's own kernel.
  'TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL',
  'TF_DETERMINISTIC_OPS',
  'TF_ENABLE_ONEDNN_OPTS',
  'TF_ENABLE_ONEDNN_SPMM',
  'TF_ENABLE_ZENDNN_OPTS',
  // Steps that run beside each other take threads from each other, and sums are divided by those that are free.
  'TF_NUM_INTEROP_THREADS',
  // Weights in another layout, for which other kernels are chosen.
  'TF_ONEDNN_ASSUME_FROZEN_WEIGHTS',
  'TF_ONEDNN_THREADPOOL_USE_CALLER_THREAD',
  'TF_OVERRIDE_GLOBAL_THREADPOOL',
  'TF_SET_ONEDNN_FPMATH_MODE',
  'TF_USE_DEEP_CONV2D',
  'TF_USE_EIGEN_PARALLEL_FOR_IN_WORK_SHARDER',
  // Compiles parts of a graph where told so.
  'TF_XLA_FLAGS',
  'XLA_FLAGS',
  // oneDNN knows each of its own by two names: instructions that it may use, and floats that it may shorten.
  ...['CPU_ISA_HINTS', 'DEFAULT_FPMATH_MODE', 'MAX_CPU_ISA'].flatMap((name) => [`DNNL_${name}`, `ONEDNN_${name}`]),
].toSorted();
