import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import util from 'node:util';

process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
// tfjs-node calls two functions that Node 23 and later no longer have.
Object.assign(util, { isNullOrUndefined: (value) => value === null || value === undefined, isArray: Array.isArray });

/** tfjs-node as it is, with nothing of Layerline's on top; only its addon is built for TensorFlow 2.21 (see README.md). */
export const { default: tf } = await import('@tensorflow/tfjs-node');

/** The numbers of an idx file: [sizes, bytes]. */
export function readIdx(folder, name) {
  const file = readFileSync(join(folder, name));
  const sizes = Array.from({ length: file[3] }, (_, i) => file.readUInt32BE(4 + 4 * i));
  return [sizes, file.subarray(4 + 4 * sizes.length)];
}
