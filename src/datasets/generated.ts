import { createHash } from 'node:crypto';
import type { Misfit } from '../base/row.ts';
import type { DataFile, DatasetSpec, Samples } from './dataset.ts';

/** Bytes that samples made from the seed may take: all of them are held in memory. */
const limit = 2e9;

/** What stands for files where samples are made from the seed: all their bytes, and the SHA-256 of them. */
export function generatedFile(name: string, parts: readonly Samples[]): DataFile {
  const arrays = parts.flatMap(({ inputs, targets }) => [...inputs, ...targets]);
  const hash = createHash('sha256');
  for (const values of arrays) hash.update(values);
  return { name: `generated ${name}`, sha256: hash.digest('hex'), bytes: arrays.reduce((sum, { byteLength }) => sum + byteLength, 0) };
}

/** The spec of samples of bytes that are to be made, or why there are too many of them. */
export function withinMemory(spec: DatasetSpec): DatasetSpec | Misfit {
  const each = [...spec.inputs, ...spec.targets].reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  const { train, test } = spec.count!;
  const bytes = each * (train + test);
  return bytes <= limit ? spec : { problem: `${train + test} samples of ${each} bytes are ${(bytes / 1e9).toFixed(1)} GB, and all of them must be in memory`, hint: `Ask for no more than ${Math.floor(limit / each)}.` };
}
