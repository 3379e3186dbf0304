import { adamOptimizers } from './adam-optimizers.ts';
import { adaptiveOptimizers } from './adaptive-optimizers.ts';
import { descentOptimizers } from './descent-optimizers.ts';
import type { OptimizerRow } from './optimizer.ts';

/** All optimizers. */
export const optimizers = { ...descentOptimizers, ...adaptiveOptimizers, ...adamOptimizers } as const satisfies Record<
  string,
  OptimizerRow
>;

/** The row of an optimizer that the check has let through. */
export function optimizerRow(type: string): OptimizerRow {
  return optimizers[type as keyof typeof optimizers];
}
