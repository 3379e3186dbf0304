import { createHash } from 'node:crypto';
import type { DataFile, Samples } from './dataset.ts';

/** What stands for the files of data that are generated: the values themselves, and their SHA-256. */
export function generatedFile(name: string, parts: readonly Samples[]): DataFile {
  const arrays = parts.flatMap(({ inputs, targets }) => [...inputs, ...targets]);
  const hash = createHash('sha256');
  for (const values of arrays) hash.update(values);
  return { name, sha256: hash.digest('hex'), bytes: arrays.reduce((sum, { byteLength }) => sum + byteLength, 0) };
}
