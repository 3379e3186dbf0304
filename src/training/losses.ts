import { crossentropyLosses } from './crossentropy-losses.ts';
import { differenceLosses } from './difference-losses.ts';
import type { LossRow } from './loss.ts';
import { marginLosses } from './margin-losses.ts';

/** All losses. */
export const losses = { ...crossentropyLosses, ...differenceLosses, ...marginLosses } as const satisfies Record<
  string,
  LossRow
>;

/** The row of a loss that the check has let through. */
export function lossRow(type: string): LossRow {
  return losses[type as keyof typeof losses];
}
