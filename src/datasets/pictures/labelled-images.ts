import type { DatasetSpec } from '../dataset.ts';

/** What images of bytes with one class each are: grey values and colours become 0..1. */
export function labelledImages(
  shape: readonly number[],
  classes: readonly string[],
): Pick<DatasetSpec, 'inputs' | 'targets'> {
  return {
    inputs: [{ name: 'input', shape, dtype: 'uint8', scale: 1 / 255 }],
    targets: [{ kind: 'class', name: 'label', classes, shape: [] }],
  };
}
