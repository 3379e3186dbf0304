import { coresToUse } from '../base/cores.ts';
import type { ModelGraph } from '../layers/build-model.ts';
import { layerRow } from '../layers/layers.ts';
import type { TrainOptions } from './training-options.ts';

/** Fewer samples than this are not worth ops of their own (measured: bench/README.md). */
const leastSamples = 16;

/**
 * How many parts of a batch are computed side by side, a thread for each: as many as there are cores, where samples do
 * not depend on each other.
 */
export function countTowers({
  graph: { layers },
  batchSize,
  step,
}: Pick<TrainOptions, 'batchSize' | 'step'> & { readonly graph: Pick<ModelGraph, 'layers'> }): number {
  if (step === 'eager' || layers.some(({ type, options }) => layerRow(type).mixesSamples?.(options))) return 1;
  return Math.max(1, Math.min(coresToUse(), Math.floor(batchSize / leastSamples)));
}

/** Threads of each op, so that the towers keep all cores busy. */
export function threadsPerOp(towers: number): number {
  return Math.ceil(coresToUse() / towers);
}
