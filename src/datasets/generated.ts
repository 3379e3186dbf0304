import { createHash } from 'node:crypto';
import { showBytes } from '../base/quantities.ts';
import type { DataFile } from './files/data-file.ts';
import type { InParts } from '../base/turns.ts';
import { bytesOf, type DatasetSpec, type Samples, type DataMisfit } from './dataset.ts';

/** Bytes that samples may take: all of them are held in memory. */
const limit = 2e9;

/** Values that are hashed without a pause. */
const part = 1 << 22;

/** What stands for files where samples are made from the seed: all their bytes, and the SHA-256 of them. */
export function* generatedFile(name: string, parts: readonly Samples[]): InParts<DataFile> {
  const arrays = parts.flatMap(({ inputs, targets }) => [...inputs, ...targets]);
  const hash = createHash('sha256');
  for (const values of arrays) {
    for (let start = 0; start < values.length; start += part) {
      hash.update(values.subarray(start, start + part));
      yield;
    }
  }
  return {
    name: `generated ${name}`,
    sha256: hash.digest('hex'),
    bytes: arrays.reduce((sum, { byteLength }) => sum + byteLength, 0),
  };
}

/** The spec of samples that all are held in memory, or why there are too many of them. */
export function withinMemory(spec: DatasetSpec): DatasetSpec | DataMisfit {
  const each = bytesOf({ ...spec, count: { train: 1, test: 0 } });
  const { train, test } = spec.count!;
  const bytes = bytesOf(spec);
  return bytes <= limit
    ? spec
    : {
        code: 'too-many-samples',
        problem: `${train + test} samples of ${each} bytes are ${showBytes(bytes)}, and all of them must be in memory`,
        hint: `No more than ${Math.floor(limit / each)} of them fit.`,
      };
}
